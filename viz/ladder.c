#include "viz/ladder.h"

#include <string.h>

#include "sim/language.h"
#include "viz/ladder-part.h"

#define NOWHERE UINT_MAX

/* ---- columns ---- */

/* Who asks stands where requests come from, though it consumes the replies. */
static bool
is_right(const GmqPictureClient *client)
{
    return client->consumes && strcmp(client->role, gmq_role_name(GMQ_ROLE_RPC_CLIENT)) != 0;
}

static void
add_columns(GmqLadder *ladder, bool at_right)
{
    const GmqPicture *whole = ladder->stage->whole;

    for (unsigned i = 0; i < whole->clients->len; i++) {
        const GmqPictureClient *client = gmq_picture_client(whole, i);
        GmqLadderColumn column         = {.name = client->name, .place = {GMQ_PLACE_CLIENT, i}};
        if (is_right(client) == at_right)
            g_array_append_val(ladder->columns, column);
    }
}

/* ---- order and waits ---- */

static int
compare_rungs(const void *a, const void *b)
{
    const GmqRung *one   = a;
    const GmqRung *other = b;
    bool is_moving       = one->end == GMQ_ARROW_MOVING;

    if (is_moving != (other->end == GMQ_ARROW_MOVING))
        return is_moving ? 1 : -1;
    if (!is_moving && one->last_event != other->last_event)
        return one->last_event < other->last_event ? -1 : 1;
    return one->event < other->event ? -1 : one->event > other->event;
}

/* Where the message of a rung is behind it; NOWHERE when its life may be over. */
static unsigned
place_after(const GmqLadder *ladder, const GmqRung *rung, unsigned before)
{
    GmqEventKind kind = gmq_trace_event(ladder->stage->trace, rung->last_event)->kind;

    if (rung->kind == GMQ_RUNG_SPAN || kind == GMQ_EVENT_CLIENT_CONFIRMED ||
        kind == GMQ_EVENT_CONFIRMED || kind == GMQ_EVENT_STORED)
        return before;
    if (kind == GMQ_EVENT_ACKED || kind == GMQ_EVENT_FAULT_CRASH || kind == GMQ_EVENT_DROPPED ||
        kind == GMQ_EVENT_CLIENT_RETURNED || rung->end != GMQ_ARROW_ARRIVED)
        return NOWHERE;
    return rung->to;
}

static void
add_wait(GArray *rungs, int64_t from_ns, const GmqRung *next, unsigned column, const char *message)
{
    bool is_sent     = next->kind == GMQ_RUNG_ARROW && next->time_ns > from_ns;
    int64_t until_ns = is_sent ? next->time_ns : next->last_ns;
    GmqRung wait     = {.kind       = GMQ_RUNG_WAIT,
                        .end        = GMQ_ARROW_ARRIVED,
                        .event      = next->last_event,
                        .last_event = next->last_event,
                        .time_ns    = from_ns,
                        .last_ns    = until_ns,
                        .from       = column,
                        .to         = column,
                        .message    = message,
                        .n_messages = 1};

    if (column != NOWHERE && wait.last_ns - wait.time_ns > GMQ_LADDER_WAIT_NS)
        g_array_append_val(rungs, wait);
}

/* Puts the times in which nothing happens between the rungs, and the one since the last. */
static void
add_waits(GmqLadder *ladder, const char *message, int64_t now_ns)
{
    GArray *rungs   = g_array_new(FALSE, FALSE, sizeof(GmqRung));
    unsigned place  = message == NULL ? ladder->broker : NOWHERE;
    const char *who = message == NULL ? "" : message;
    int64_t last_ns = 0;
    bool is_moving  = false;

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);

        is_moving |= rung->end == GMQ_ARROW_MOVING;
        if (i > 0 && !is_moving)
            add_wait(rungs, last_ns, rung, place, who);
        g_array_append_val(rungs, *rung);
        last_ns = rung->last_ns;
        if (message != NULL)
            place = place_after(ladder, rung, place);
    }
    GmqRung now = {.last_ns = now_ns};
    if (message != NULL && !is_moving && ladder->rungs->len > 0)
        add_wait(rungs, last_ns, &now, place, who);
    g_array_free(ladder->rungs, TRUE);
    ladder->rungs = rungs;
}

/* The moving arrow in the list that is like this one; NULL without any. */
static GmqRung *
find_alike(const GmqLadder *ladder, GArray *rungs, const GmqRung *rung)
{
    const GmqTrace *trace = ladder->stage->trace;
    GmqEventKind kind     = gmq_trace_event(trace, rung->event)->kind;

    for (unsigned i = rungs->len; i > 0; i--) {
        GmqRung *other = &g_array_index(rungs, GmqRung, i - 1);
        if (other->end != GMQ_ARROW_MOVING)
            return NULL;
        if (other->from == rung->from && other->to == rung->to &&
            gmq_trace_event(trace, other->event)->kind == kind)
            return other;
    }
    return NULL;
}

static void
bundle(GmqLadder *ladder)
{
    GArray *rungs = g_array_new(FALSE, FALSE, sizeof(GmqRung));

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        GmqRung *alike = rung->end == GMQ_ARROW_MOVING ? find_alike(ladder, rungs, rung) : NULL;
        if (alike != NULL)
            alike->n_more++;
        else
            g_array_append_val(rungs, *rung);
    }
    g_array_free(ladder->rungs, TRUE);
    ladder->rungs = rungs;
}

GmqLadder *
gmq_ladder_new(const GmqStage *stage, const GmqLadderWish *wish)
{
    GmqLadder *ladder      = g_new0(GmqLadder, 1);
    uint64_t last          = MIN(wish->to, gmq_trace_length(stage->trace));
    GmqLadderColumn broker = {.name = _("broker"), .is_used = true};

    ladder->stage   = stage;
    ladder->columns = g_array_new(FALSE, FALSE, sizeof(GmqLadderColumn));
    ladder->rungs   = g_array_new(FALSE, FALSE, sizeof(GmqRung));
    add_columns(ladder, false);
    ladder->broker = ladder->columns->len;
    g_array_append_val(ladder->columns, broker);
    add_columns(ladder, true);
    if (last < MAX(wish->from, 1))
        return ladder;

    gmq_ladder_make(ladder, wish, last);
    g_array_sort(ladder->rungs, compare_rungs);
    if (wish->is_bundled)
        bundle(ladder);
    add_waits(ladder, wish->message, gmq_trace_event(stage->trace, last)->time_ns);
    return ladder;
}

void
gmq_ladder_free(GmqLadder *ladder)
{
    g_array_free(ladder->columns, TRUE);
    g_array_free(ladder->rungs, TRUE);
    g_free(ladder);
}

const GmqRung *
gmq_ladder_rung(const GmqLadder *ladder, unsigned index)
{
    g_assert(index < ladder->rungs->len);

    return &g_array_index(ladder->rungs, GmqRung, index);
}

const GmqLadderColumn *
gmq_ladder_column(const GmqLadder *ladder, unsigned index)
{
    g_assert(index < ladder->columns->len);

    return &g_array_index(ladder->columns, GmqLadderColumn, index);
}
