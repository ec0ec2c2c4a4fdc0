#include "core/server/announcer.h"

#include "core/base/event-json.h"
#include "core/base/json.h"
#include "core/broker/vhost.h"
#include "core/net/clock.h"
#include "core/server/event-arguments.h"
#include "core/server/event-ring.h"
#include "core/server/event-snapshot.h"

/* The share of the broker's time that listeners get, and how much of it may be saved up: for so
 * long events are heard at a time when there are more than can be told. */
#define SHARE 40
#define NS_PER_MS G_GINT64_CONSTANT(1000000)
#define CREDIT_MAX_NS (20 * NS_PER_MS)

/* What there has to be before a listener that missed something is told anew. */
#define BEGIN_NS (10 * NS_PER_MS)

/* A turn without an event that took so long was nothing but waiting, and all of it is spare. */
#define IDLE_NS NS_PER_MS

/* When to look again, at the latest, while there is something to tell. */
#define LOOK_NS (10 * NS_PER_MS)

/* What an event costs the broker that is heard: it is put together, taken the long way and copied.
 * A figure of one machine; on a slower one the share is a little larger. */
#define HEARD_NS 150

/* The most at the end of one turn, so that nobody waits long for the next one. */
#define WORK_NS (NS_PER_MS / 4)
#define LINES_BETWEEN_CLOCKS 16

struct GmqAnnouncer {
    GmqNet *net;
    GmqLoop *loop;
    GmqHost *host;
    const GmqServing *serving;
    GQueue hearers; /* of GmqHearer; intrusive */
    unsigned n_recording;
    uint64_t number;  /* of the last event, heard or not */
    uint64_t n_heard; /* in this turn */
    uint64_t n_seen;  /* events up to the turn before */
    int64_t credit_ns;
    int64_t seen_ns;     /* when the last turn ended */
    int64_t seen_cpu_ns; /* time of the processor up to then */
};

struct GmqHearer {
    GmqAnnouncer *announcer;
    GmqHearing hearing;
    GList link;
    char *vhost;
    GmqEventRing *ring;
    GmqEventSnapshot *snapshot; /* being told; NULL: it was */
    uint64_t n_told;            /* lines of it */
    bool is_recording;          /* events go to the ring */
    bool has_begun;
    bool is_blocked;   /* output has to leave first */
    uint64_t last;     /* number of the last event before it missed some */
    GPtrArray *mended; /* texts of the event that is told */
};

/* ---- hearing ---- */

static void
let_core_speak(GmqAnnouncer *announcer)
{
    if (gmq_host_is_heard(announcer->host))
        return;
    announcer->number += (uint64_t)announcer->host->unheard;
    announcer->host->unheard = GMQ_HEARD;
}

static void
stop_recording(GmqHearer *hearer, uint64_t last)
{
    GmqAnnouncer *announcer = hearer->announcer;

    if (!hearer->is_recording)
        return;
    hearer->is_recording = false;
    hearer->last         = last;
    announcer->n_recording--;
    if (announcer->n_recording == 0)
        announcer->host->unheard = 0;
}

static bool
concerns(const GmqHearer *hearer, const GmqEvent *event)
{
    return event->vhost == NULL || gmq_slice_equal(*event->vhost, gmq_slice_of(hearer->vhost));
}

/* Returns its number. */
static uint64_t
record(GmqAnnouncer *announcer, const GmqEvent *event)
{
    GmqEvent copy = *event;

    copy.number  = ++announcer->number;
    copy.time_ns = announcer->host->now(announcer->host);
    announcer->n_heard++;
    for (GList *each = announcer->hearers.head; each != NULL; each = each->next) {
        GmqHearer *hearer = each->data;

        if (hearer->is_recording && concerns(hearer, event) &&
            !gmq_event_ring_push(hearer->ring, &copy))
            stop_recording(hearer, copy.number - 1);
    }
    return copy.number;
}

/* The core says that there is a queue; what was asked for with it is put behind that. */
static void
record_arguments(GmqAnnouncer *announcer, const GmqEvent *event, uint64_t cause)
{
    GmqVhost *vhost         = gmq_broker_find_vhost(announcer->serving->broker, *event->vhost);
    const GmqQueue *queue   = vhost == NULL ? NULL : gmq_vhost_find_queue(vhost, event->who);
    g_autoptr(GString) text = g_string_new(NULL);
    GmqEvent arguments;

    if (queue == NULL || !gmq_event_arguments(queue, text, &arguments))
        return;
    arguments.vhost = event->vhost;
    arguments.cause = cause;
    record(announcer, &arguments);
}

/* Called by the core for each event while somebody records. */
static uint64_t
hear(void *user, const GmqEvent *event)
{
    uint64_t number = record(user, event);

    if (event->kind == GMQ_EVENT_QUEUE_DECLARED)
        record_arguments(user, event, number);
    return number;
}

/* ---- telling ---- */

/* A text that can stand in JSON; lent until the next event is told. */
static GmqSlice
mend(GmqHearer *hearer, GmqSlice text)
{
    if (text.size == 0 || g_utf8_validate_len((const char *)text.data, text.size, NULL))
        return text;

    char *valid = g_utf8_make_valid((const char *)text.data, (gssize)text.size);
    g_ptr_array_add(hearer->mended, valid);
    return gmq_slice_of(valid);
}

static void
mend_all(GmqHearer *hearer, GmqEvent *event)
{
    g_ptr_array_set_size(hearer->mended, 0);
    event->who        = mend(hearer, event->who);
    event->to         = mend(hearer, event->to);
    event->key        = mend(hearer, event->key);
    event->message_id = mend(hearer, event->message_id);
    event->text       = mend(hearer, event->text);
}

/* Causes are kept in 32 bits by whoever has many: the latest event that ends so is meant. */
static uint64_t
whole_cause(const GmqEvent *event)
{
    uint64_t cause = (event->number & ~(uint64_t)UINT32_MAX) | event->cause;

    if (event->cause == 0 || event->cause > UINT32_MAX)
        return event->cause;
    if (cause < event->number)
        return cause;
    return cause > UINT32_MAX ? cause - UINT32_MAX - 1 : 0;
}

/* The name that the message's own id is, is for the reader of the lines to give. */
static void
add_event(GmqHearer *hearer, GmqEvent *event)
{
    GString *out = hearer->hearing.output;
    char name[32];

    mend_all(hearer, event);
    event->cause = whole_cause(event);
    g_snprintf(name, sizeof name, "m%" G_GUINT64_FORMAT, event->message);
    gmq_event_to_json(event, gmq_slice_of(event->message == 0 ? "" : name), out);
    if (event->message_id.size == 0)
        return;

    g_string_truncate(out, out->len - 2);
    g_string_append(out, ",\"id\":");
    char *at = gmq_json_reserve(out, gmq_json_text_max(event->message_id.size));
    gmq_json_commit(out, gmq_json_write_text(at, event->message_id));
    g_string_append(out, "}\n");
}

static void
add_count(GString *out, const char *key, uint64_t count)
{
    g_string_append_printf(out, "{\"%s\":%" G_GUINT64_FORMAT "}\n", key, count);
}

/* What there is, at this moment; from here on events are heard. */
static void
begin(GmqHearer *hearer)
{
    GmqAnnouncer *announcer = hearer->announcer;

    let_core_speak(announcer);
    if (hearer->has_begun)
        add_count(hearer->hearing.output, "missed", announcer->number - hearer->last);
    hearer->has_begun    = true;
    hearer->is_recording = true;
    hearer->n_told       = 0;
    hearer->snapshot     = gmq_event_snapshot_new(announcer->serving, gmq_slice_of(hearer->vhost));
    announcer->n_recording++;
}

/* The next line. False when there is none for now. */
static bool
tell_next(GmqHearer *hearer)
{
    GmqEvent event;

    if (hearer->snapshot != NULL) {
        if (gmq_event_snapshot_next(hearer->snapshot, &event)) {
            add_event(hearer, &event);
            hearer->n_told++;
        } else {
            add_count(hearer->hearing.output, "snapshot", hearer->n_told);
            g_clear_pointer(&hearer->snapshot, gmq_event_snapshot_free);
        }
        return true;
    }
    if (gmq_event_ring_peek(hearer->ring, &event)) {
        add_event(hearer, &event);
        gmq_event_ring_drop(hearer->ring);
        return true;
    }
    if (hearer->is_recording || hearer->announcer->credit_ns < BEGIN_NS)
        return false;
    begin(hearer);
    return true;
}

/* Makes lines until the time has come, then sends them: whereby the hearer may end. */
static void
tell(GmqHearer *hearer, int64_t until_ns)
{
    GString *out = hearer->hearing.output;
    unsigned n   = 0;

    while (out->len < GMQ_LISTENER_OUTPUT_SIZE && tell_next(hearer)) {
        if (++n % LINES_BETWEEN_CLOCKS == 0 && gmq_loop_clock(hearer->announcer->loop) >= until_ns)
            break;
    }
    if (out->len == 0)
        return;
    hearer->is_blocked = true;
    hearer->hearing.send(hearer->hearing.user);
}

/* ---- the ends of turns ---- */

/* All events so far, heard or not. */
static uint64_t
count_events(const GmqAnnouncer *announcer)
{
    int64_t unheard = announcer->host->unheard;

    return announcer->number + (unheard > 0 ? (uint64_t)unheard : 0);
}

/* Counts what came in, and what hearing has cost. A wait in which nothing happened counts whole; of
 * others and of the time that the broker works, as far as it has a processor, it is a share. */
static void
count_credit(GmqAnnouncer *announcer, int64_t cpu_ns)
{
    int64_t waited_ns = gmq_loop_now(announcer->loop) - announcer->seen_ns;
    int64_t worked_ns = cpu_ns - announcer->seen_cpu_ns;
    uint64_t n_events = count_events(announcer);
    bool was_idle     = waited_ns > IDLE_NS && n_events == announcer->n_seen;

    announcer->credit_ns += was_idle ? waited_ns : (waited_ns + worked_ns) / SHARE;
    announcer->credit_ns = MIN(announcer->credit_ns, CREDIT_MAX_NS);
    announcer->credit_ns -= (int64_t)announcer->n_heard * HEARD_NS;
    announcer->n_heard = 0;
    announcer->n_seen  = n_events;
}

/* Up to here the time is counted. */
static void
mark_time(GmqAnnouncer *announcer)
{
    announcer->seen_ns     = gmq_loop_clock(announcer->loop);
    announcer->seen_cpu_ns = gmq_clock_cpu_ns();
}

static void
stop_all(GmqAnnouncer *announcer)
{
    for (GList *each = announcer->hearers.head; each != NULL; each = each->next)
        stop_recording(each->data, announcer->number);
}

/* One after the other; whoever was first is the last the next time. */
static void
tell_all(GmqAnnouncer *announcer, int64_t until_ns)
{
    for (unsigned n = announcer->hearers.length; n > 0 && announcer->hearers.length > 0; n--) {
        GList *link       = g_queue_pop_head_link(&announcer->hearers);
        GmqHearer *hearer = link->data;

        g_queue_push_tail_link(&announcer->hearers, link);
        if (hearer->is_blocked)
            continue;
        tell(hearer, until_ns);
        if (gmq_loop_clock(announcer->loop) >= until_ns)
            return;
    }
}

/* When there will be enough credit for what is to be told, or to begin anew. */
static int64_t
wait_for_credit(const GmqAnnouncer *announcer)
{
    int64_t wanted_ns = INT64_MAX;

    for (const GList *each = announcer->hearers.head; each != NULL; each = each->next) {
        const GmqHearer *hearer = each->data;

        if (hearer->is_blocked)
            continue;
        if (hearer->snapshot != NULL || !gmq_event_ring_is_empty(hearer->ring))
            wanted_ns = 0;
        else if (!hearer->is_recording)
            wanted_ns = MIN(wanted_ns, BEGIN_NS);
    }
    if (wanted_ns == INT64_MAX)
        return INT64_MAX;
    return MIN(MAX(wanted_ns - announcer->credit_ns, 0) * SHARE, LOOK_NS);
}

/* Returns how long the loop may wait. */
static int64_t
turned(void *user)
{
    GmqAnnouncer *announcer = user;
    int64_t start_ns        = gmq_loop_clock(announcer->loop);
    int64_t start_cpu_ns    = gmq_clock_cpu_ns();

    count_credit(announcer, start_cpu_ns);
    if (announcer->credit_ns < 0)
        stop_all(announcer);
    else
        tell_all(announcer, start_ns + MIN(announcer->credit_ns, WORK_NS));
    mark_time(announcer);
    announcer->credit_ns -= announcer->seen_cpu_ns - start_cpu_ns;
    return wait_for_credit(announcer);
}

/* ---- life ---- */

GmqAnnouncer *
gmq_announcer_new(GmqNet *net, const GmqServing *serving)
{
    GmqAnnouncer *announcer = g_new0(GmqAnnouncer, 1);

    announcer->net     = net;
    announcer->loop    = gmq_net_loop(net);
    announcer->host    = gmq_net_host(net);
    announcer->serving = serving;
    return announcer;
}

void
gmq_announcer_free(GmqAnnouncer *announcer)
{
    if (announcer == NULL)
        return;
    g_assert(announcer->hearers.length == 0);
    g_free(announcer);
}

/* Somebody is there: from now on each turn ends here. */
static void
attach(GmqAnnouncer *announcer)
{
    mark_time(announcer);
    announcer->credit_ns = CREDIT_MAX_NS;
    gmq_net_set_audience(announcer->net, &(GmqAudience){hear, turned, announcer});
}

GmqHearer *
gmq_hearer_new(GmqAnnouncer *announcer, GmqSlice vhost, const GmqHearing *hearing, GError **error)
{
    if (announcer->hearers.length == GMQ_LISTENERS_MAX) {
        gmq_command_refuse(error, "%d listeners are told of events already, which is the most",
                           GMQ_LISTENERS_MAX);
        return NULL;
    }
    if (announcer->hearers.length == 0)
        attach(announcer);

    GmqHearer *hearer = g_new0(GmqHearer, 1);
    hearer->announcer = announcer;
    hearer->hearing   = *hearing;
    hearer->link.data = hearer;
    hearer->vhost     = gmq_slice_dup(vhost);
    hearer->ring      = gmq_event_ring_new(GMQ_LISTENER_RING_SIZE);
    hearer->mended    = g_ptr_array_new_with_free_func(g_free);
    g_queue_push_tail_link(&announcer->hearers, &hearer->link);
    return hearer;
}

void
gmq_hearer_free(GmqHearer *hearer)
{
    if (hearer == NULL)
        return;

    GmqAnnouncer *announcer = hearer->announcer;
    stop_recording(hearer, 0);
    g_queue_unlink(&announcer->hearers, &hearer->link);
    if (announcer->hearers.length == 0)
        gmq_net_set_audience(announcer->net, NULL);
    gmq_event_ring_free(hearer->ring);
    gmq_event_snapshot_free(hearer->snapshot);
    g_ptr_array_unref(hearer->mended);
    g_free(hearer->vhost);
    g_free(hearer);
}

void
gmq_hearer_resume(GmqHearer *hearer)
{
    hearer->is_blocked = false;
}
