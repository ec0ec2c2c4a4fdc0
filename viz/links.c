#include "viz/links.h"

#include <string.h>

#include "sim/language.h"
#include "sim/units.h"

#define TO_BROKER " to broker"
#define FROM_BROKER "broker to "

/* ---- faults that last ---- */

/* What each kind does to what lasts: it begins something, or ends all of one kind. */
typedef struct {
    bool begins;
    GmqEventKind ends; /* the kind that began it; GMQ_N_EVENTS: nothing */
} Lasting;

static Lasting
lasting(GmqEventKind kind)
{
    switch (kind) {
    case GMQ_EVENT_FAULT_CRASH:
    case GMQ_EVENT_FAULT_CUT:
    case GMQ_EVENT_FAULT_CLOG:
    case GMQ_EVENT_FAULT_FREEZE:
    case GMQ_EVENT_FAULT_DISK:
        return (Lasting){true, GMQ_N_EVENTS};
    case GMQ_EVENT_FAULT_HEALED:
        return (Lasting){false, GMQ_EVENT_FAULT_CUT};
    case GMQ_EVENT_FAULT_UNCLOG:
        return (Lasting){false, GMQ_EVENT_FAULT_CLOG};
    case GMQ_EVENT_FAULT_THAW:
        return (Lasting){false, GMQ_EVENT_FAULT_FREEZE};
    case GMQ_EVENT_FAULT_START:
        return (Lasting){false, GMQ_EVENT_FAULT_CRASH};
    default:
        return (Lasting){false, GMQ_N_EVENTS};
    }
}

static const GmqTraceEvent *
event_of(const GmqStage *stage, const GArray *faults, unsigned index)
{
    return gmq_trace_event(stage->trace, g_array_index(faults, GmqFaultNow, index).event);
}

/* Ends the faults of that kind of that entity; of all when it is "all". */
static void
end_faults(const GmqStage *stage, GArray *faults, GmqEventKind kind, const char *who)
{
    for (unsigned i = faults->len; i > 0; i--) {
        const GmqTraceEvent *event = event_of(stage, faults, i - 1);
        if (event->kind == kind && (strcmp(who, "all") == 0 || strcmp(event->who, who) == 0))
            g_array_remove_index(faults, i - 1);
    }
}

/* A link is set, or the last setting of that name is undone. */
static void
see_link(const GmqStage *stage, GArray *faults, const GmqTraceEvent *event)
{
    GmqFaultNow fault = {event->number, event->who};

    if (*event->text != '\0') {
        g_array_append_val(faults, fault);
        return;
    }
    for (unsigned i = faults->len; i > 0; i--) {
        const GmqTraceEvent *known = event_of(stage, faults, i - 1);
        if (known->kind == event->kind && strcmp(known->who, event->who) == 0) {
            g_array_remove_index(faults, i - 1);
            return;
        }
    }
}

/* How long a sync takes, where the words say so; -1 otherwise. */
static int64_t
sync_in(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 3);
    int64_t sync_ns     = -1;

    if (!g_str_has_prefix(text, "needs ") || words[1] == NULL ||
        !gmq_read_duration(words[1], &sync_ns))
        return -1;
    return sync_ns;
}

/* The last word on the disk is what counts: that all is well again, or what lasts. */
static void
see_disk(const GmqStage *stage, GArray *faults, const GmqTraceEvent *event)
{
    static const char *const lasts[] = {"is full", "says from now on", "fails to", "needs "};
    GmqFaultNow fault                = {event->number, event->who};
    bool is_usual =
        stage->scenario != NULL && sync_in(event->text) == stage->scenario->broker.sync_ns;

    end_faults(stage, faults, event->kind, event->who);
    for (size_t i = 0; i < G_N_ELEMENTS(lasts) && !is_usual; i++) {
        if (g_str_has_prefix(event->text, lasts[i]))
            g_array_append_val(faults, fault);
    }
}

static void
see_fault(const GmqStage *stage, GArray *faults, const GmqTraceEvent *event)
{
    Lasting lasts     = lasting(event->kind);
    GmqFaultNow fault = {event->number, event->who};

    if (event->kind == GMQ_EVENT_CALM) {
        for (GmqEventKind kind = 0; kind < GMQ_N_EVENTS; kind++)
            end_faults(stage, faults, kind, "all");
    } else if (event->kind == GMQ_EVENT_FAULT_LINK) {
        see_link(stage, faults, event);
    } else if (event->kind == GMQ_EVENT_FAULT_DISK) {
        see_disk(stage, faults, event);
    } else if (lasts.begins) {
        end_faults(stage, faults, event->kind, event->who);
        g_array_append_val(faults, fault);
    } else if (lasts.ends != GMQ_N_EVENTS) {
        end_faults(stage, faults, lasts.ends, event->who);
    }
}

static bool
is_link_bad(const GmqStage *stage, const GArray *faults)
{
    for (unsigned i = 0; i < faults->len; i++) {
        GmqEventKind kind = event_of(stage, faults, i)->kind;
        if (kind == GMQ_EVENT_FAULT_CUT || kind == GMQ_EVENT_FAULT_CLOG ||
            kind == GMQ_EVENT_FAULT_LINK)
            return true;
    }
    return false;
}

GArray *
gmq_links_bad_times(const GmqStage *stage)
{
    g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(GmqFaultNow));
    GArray *times            = g_array_new(FALSE, FALSE, sizeof(GmqGap));
    bool was_bad             = false;

    for (unsigned i = 0; i < stage->marks->len; i++) {
        const GmqTraceEvent *event =
            gmq_trace_event(stage->trace, g_array_index(stage->marks, uint64_t, i));
        see_fault(stage, faults, event);
        bool is_bad = is_link_bad(stage, faults);
        GmqGap time = {event->time_ns, stage->end_ns};
        if (is_bad && !was_bad)
            g_array_append_val(times, time);
        if (!is_bad && was_bad)
            g_array_index(times, GmqGap, times->len - 1).to_ns = event->time_ns;
        was_bad = is_bad;
    }
    return times;
}

/* ---- links ---- */

/* Sets in the link what one part of a change says: "loss 10%". */
static void
change_link(GmqLinkSpec *link, const char *said)
{
    g_auto(GStrv) words = g_strsplit(said, " ", 2);
    const char *value   = words[0] != NULL && words[1] != NULL ? words[1] : "";
    bool is_exponential;

    if (words[0] == NULL)
        return;
    if (strcmp(words[0], "latency") == 0)
        gmq_read_duration(value, &link->latency_ns);
    else if (strcmp(words[0], "jitter") == 0)
        gmq_read_delay(value, &is_exponential, &link->jitter_ns);
    else if (strcmp(words[0], "loss") == 0)
        gmq_read_percent(value, &link->loss);
    else if (strcmp(words[0], "rate") == 0)
        gmq_read_rate(value, &link->rate);
}

/* Whether the name in a change means that client and direction. */
static bool
is_about(const char *name, const GmqClientSpec *client, bool to_broker)
{
    g_autofree char *who = NULL;

    if (strcmp(name, "default") == 0)
        return true;
    if (g_str_has_suffix(name, TO_BROKER)) {
        if (!to_broker)
            return false;
        who = g_strndup(name, strlen(name) - strlen(TO_BROKER));
    } else if (g_str_has_prefix(name, FROM_BROKER)) {
        if (to_broker)
            return false;
        who = g_strdup(name + strlen(FROM_BROKER));
    } else {
        who = g_strdup(name);
    }
    return strcmp(who, client->name) == 0 || strcmp(who, client->family) == 0;
}

static void
apply_changes(const GmqStage *stage, const GArray *faults, const GmqClientSpec *client,
              GmqLinkNow *link)
{
    for (unsigned i = 0; i < faults->len; i++) {
        const GmqTraceEvent *event = event_of(stage, faults, i);
        if (event->kind != GMQ_EVENT_FAULT_LINK)
            continue;
        g_auto(GStrv) parts = g_strsplit(event->text, ", ", -1);
        for (int side = 0; side < 2; side++) {
            if (!is_about(event->who, client, side == 0))
                continue;
            link->event = MAX(link->event, event->number);
            link->state = GMQ_LINK_WORSE;
            for (size_t p = 0; parts[p] != NULL; p++)
                change_link(&link->both[side], parts[p]);
        }
    }
}

static bool
is_same(const GmqLinkSpec *a, const GmqLinkSpec *b)
{
    return a->latency_ns == b->latency_ns && a->jitter_ns == b->jitter_ns && a->rate == b->rate &&
           a->loss == b->loss;
}

static void
count_moving(const GmqPicture *now, GmqLinkNow *link)
{
    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        bool is_publish            = edge->kind == GMQ_EDGE_PUBLISH;
        GmqPlace client            = is_publish ? edge->from : edge->to;

        if ((!is_publish && edge->kind != GMQ_EDGE_CONSUME) || client.kind != GMQ_PLACE_CLIENT ||
            client.index != link->client)
            continue;
        link->n_to_broker += is_publish ? edge->forth.length : edge->back.length;
        link->n_from_broker += is_publish ? edge->back.length : edge->forth.length;
    }
}

static GmqLinkState
state_of(const GmqPictureClient *client, const GmqLinkNow *link)
{
    if (client->state == GMQ_CLIENT_CRASHED)
        return GMQ_LINK_CRASHED;
    if (client->troubles & GMQ_TROUBLE_CUT)
        return GMQ_LINK_CUT;
    if (client->troubles & GMQ_TROUBLE_FROZEN)
        return GMQ_LINK_FROZEN;
    if (client->troubles & GMQ_TROUBLE_LATE)
        return GMQ_LINK_LATE;
    if (client->state != GMQ_CLIENT_CONNECTED)
        return GMQ_LINK_WAITING;
    return link->both[0].loss > 0 || link->both[1].loss > 0 ? GMQ_LINK_WORSE : link->state;
}

static const char *
word_of(const GmqPictureClient *client, const GmqLinkNow *link)
{
    static const char *const words[] = {
        [GMQ_LINK_OK]      = NULL,
        [GMQ_LINK_WAITING] = N_("not connected"),
        [GMQ_LINK_WORSE]   = N_("bad"),
        [GMQ_LINK_LATE]    = N_("LATE"),
        [GMQ_LINK_FROZEN]  = N_("FROZEN"),
        [GMQ_LINK_CUT]     = N_("CUT"),
        [GMQ_LINK_CRASHED] = N_("CRASHED"),
    };

    if (link->state == GMQ_LINK_CUT && strcmp(client->cut_only, "from broker") == 0)
        return _("CUT from broker");
    if (link->state == GMQ_LINK_CUT && strcmp(client->cut_only, "to broker") == 0)
        return _("CUT to broker");
    return words[link->state] == NULL ? C_("line", "ok") : _(words[link->state]);
}

static void
add_link(GmqLinks *links, const GmqStage *stage, const GmqPicture *now, const GmqClientSpec *spec)
{
    GmqPlace place  = gmq_picture_find(now, GMQ_PLACE_CLIENT, spec->name);
    GmqLinkNow link = {.client = place.index};

    if (place.kind == GMQ_PLACE_NONE)
        return;
    for (unsigned side = 0; side < 2; side++)
        link.both[side] =
            g_array_index(stage->scenario->links, GmqLinkSpec, 2 * spec->index + side);
    apply_changes(stage, links->faults, spec, &link);
    for (unsigned i = 0; i < links->faults->len; i++) {
        const GmqFaultNow *fault = &g_array_index(links->faults, GmqFaultNow, i);
        if (strcmp(fault->who, spec->name) == 0 || strcmp(fault->who, "all") == 0)
            link.event = MAX(link.event, fault->event);
    }
    count_moving(now, &link);
    link.is_same = is_same(&link.both[0], &link.both[1]);
    link.state   = state_of(gmq_picture_client(now, place.index), &link);
    link.word    = word_of(gmq_picture_client(now, place.index), &link);
    g_array_append_val(links->links, link);
}

/* ---- the whole ---- */

/* Those that come from the file: a check that will break is no fault to be told before. */
static bool
is_planned(GmqEventKind kind)
{
    return kind != GMQ_EVENT_CHECK_BROKEN && gmq_stage_is_fault(kind);
}

static void
see_disk_times(GmqLinks *links, const GmqStage *stage, const GmqPicture *now)
{
    for (uint64_t n = 1; n <= now->event; n++) {
        const GmqTraceEvent *event = gmq_trace_event(stage->trace, n);
        if (event->kind != GMQ_EVENT_STORED)
            continue;
        links->n_stored++;
        links->last_sync_ns = event->time_ns;
    }
}

static int64_t
sync_now(const GmqLinks *links, const GmqStage *stage)
{
    for (unsigned i = 0; i < links->faults->len; i++) {
        int64_t sync_ns = sync_in(event_of(stage, links->faults, i)->text);
        if (sync_ns >= 0)
            return sync_ns;
    }
    return stage->scenario->broker.sync_ns;
}

GmqLinks *
gmq_links_new(const GmqStage *stage, const GmqPicture *now)
{
    GmqLinks *links = g_new0(GmqLinks, 1);

    links->links        = g_array_new(FALSE, FALSE, sizeof(GmqLinkNow));
    links->faults       = g_array_new(FALSE, FALSE, sizeof(GmqFaultNow));
    links->last_sync_ns = -1;
    for (unsigned i = 0; i < stage->marks->len && links->next == 0; i++) {
        const GmqTraceEvent *event =
            gmq_trace_event(stage->trace, g_array_index(stage->marks, uint64_t, i));
        if (event->number <= now->event)
            see_fault(stage, links->faults, event);
        else if (is_planned(event->kind))
            links->next = event->number;
    }
    see_disk_times(links, stage, now);
    if (stage->scenario == NULL)
        return links;
    links->sync_ns = sync_now(links, stage);
    for (unsigned i = 0; i < stage->scenario->clients->len; i++)
        add_link(links, stage, now, stage->scenario->clients->pdata[i]);
    return links;
}

void
gmq_links_free(GmqLinks *links)
{
    g_array_free(links->links, TRUE);
    g_array_free(links->faults, TRUE);
    g_free(links);
}
