/* What must be there again after the broker was gone: S1, S3, S5 and S21. */
#include "core/base/limits.h"
#include "sim/check-route.h"

/* With so many syncs of the disk after it, a change has been in one of them: one may have been
 * under way, and files are begun by a sync of their own. */
#ifdef GMQ_SITES
#define SYNCS_MAX 64 /* a batch may be one message: core/base/site.h */
#else
#define SYNCS_MAX 4
#endif

/* ... and after this time nothing that it had to wait for is left. */
#define SETTLED_NS (2 * (GMQ_COMMIT_WAIT_MS + GMQ_SETTLE_WAIT_MS) * INT64_C(1000000))

/* An exchange, a queue or a binding that was declared. */
typedef struct {
    const char *kind;
    char *name; /* of a binding its source */
    char *to;   /* of a binding; "" for the others */
    char *key;
    bool is_queue; /* of a binding: leads to a queue */
    bool is_durable;
    bool is_answered; /* its declarer knows that it is there */
    bool is_gone;
    uint64_t gone_at;
    uint64_t gone_syncs;
    int64_t gone_ns;
    bool is_found; /* in this start */
} Thing;

struct GmqCheckThings {
    GPtrArray *all; /* of Thing, in the order of their first declaration; owned */
};

static void
free_thing(void *data)
{
    Thing *thing = data;

    g_free(thing->name);
    g_free(thing->to);
    g_free(thing->key);
    g_free(thing);
}

GmqCheckThings *
gmq_check_things_new(void)
{
    GmqCheckThings *things = g_new0(GmqCheckThings, 1);

    things->all = g_ptr_array_new_with_free_func(free_thing);
    return things;
}

void
gmq_check_things_free(GmqCheckThings *things)
{
    g_ptr_array_unref(things->all);
    g_free(things);
}

uint64_t
gmq_check_syncs(const GmqCheck *check)
{
    return check->disk == NULL ? 0 : gmq_sim_disk_syncs(check->disk);
}

int64_t
gmq_check_now(const GmqCheck *check)
{
    return check->disk == NULL ? 0 : gmq_sim_disk_now(check->disk);
}

/* Whether a change that old must have reached the disk before the broker was gone. */
static bool
is_settled(const GmqCheck *check, uint64_t syncs, int64_t time_ns)
{
    return check->was_clean ||
           (check->gone_syncs >= syncs + SYNCS_MAX && check->gone_ns - time_ns >= SETTLED_NS);
}

/* ---- definitions ---- */

/* "queue q", "the binding from x to q"; the caller frees it. */
static char *
describe(const Thing *thing)
{
    if (*thing->to == '\0')
        return g_strdup_printf("%s %s", thing->kind, thing->name);
    return g_strdup_printf("the binding from %s to %s", thing->name, thing->to);
}

static Thing *
find_thing(const GmqCheck *check, const char *kind, GmqSlice name, GmqSlice to, GmqSlice key)
{
    for (unsigned i = 0; i < check->things->all->len; i++) {
        Thing *thing = check->things->all->pdata[i];

        if (strcmp(thing->kind, kind) == 0 && gmq_slice_equal(gmq_slice_of(thing->name), name) &&
            gmq_slice_equal(gmq_slice_of(thing->to), to) &&
            gmq_slice_equal(gmq_slice_of(thing->key), key))
            return thing;
    }
    return NULL;
}

/* It is there after a start: it was, and was durable. */
static void
check_found(GmqCheck *check, Thing *thing)
{
    g_autofree char *what = describe(thing);

    thing->is_found = true;
    if (!thing->is_durable)
        gmq_check_break(check, thing->name,
                        "S21 broken: %s is there after the start, and was not durable.", what);
    else if (thing->is_gone && is_settled(check, thing->gone_syncs, thing->gone_ns))
        gmq_check_break(check, thing->name,
                        "S21 broken: %s was deleted at event %" G_GUINT64_FORMAT
                        " and is there again after the start.",
                        what, (guint64)thing->gone_at);
    thing->is_gone = false;
}

static void
declare(GmqCheck *check, const char *kind, const GmqEvent *event, bool is_durable)
{
    bool is_binding = strcmp(kind, "binding") == 0;
    GmqSlice to     = is_binding ? event->to : GMQ_SLICE("");
    GmqSlice key    = is_binding ? event->key : GMQ_SLICE("");
    Thing *thing    = find_thing(check, kind, event->who, to, key);

    if (check->is_starting && thing != NULL) {
        check_found(check, thing);
        return;
    }
    if (check->is_starting) {
        gmq_check_break(check, gmq_check_text(check, event->who),
                        "S21 broken: after the start there is a %s called %s, which nobody "
                        "declared.",
                        kind, gmq_check_text(check, event->who));
    }
    if (thing == NULL) {
        thing       = g_new0(Thing, 1);
        thing->kind = kind;
        thing->name = gmq_slice_dup(event->who);
        thing->to   = gmq_slice_dup(to);
        thing->key  = gmq_slice_dup(key);
        g_ptr_array_add(check->things->all, thing);
    }
    thing->is_durable = is_durable;
    thing->is_gone    = false;
    thing->is_queue   = gmq_slice_equal(event->text, GMQ_SLICE("queue"));
}

/* The broker's own are always there. */
static bool
is_predeclared(GmqSlice name)
{
    return name.size == 0 || (name.size >= 4 && memcmp(name.data, "amq.", 4) == 0);
}

void
gmq_check_exchange_declared(GmqCheck *check, const GmqEvent *event)
{
    if (is_predeclared(event->who))
        return;
    declare(check, "exchange", event, (event->count & 1) != 0);
    gmq_check_routes_declared(check, event);
}

void
gmq_check_queue_declared(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = check->is_starting ? gmq_check_queue_again(check, event->who) : NULL;

    if (queue == NULL) {
        queue = gmq_check_queue(check, event->who);
        gmq_check_queue_made(check, queue);
    }
    queue->is_there       = true;
    queue->is_durable     = (event->count & 1) != 0;
    queue->used_ns        = check->now_ns;
    queue->is_auto_delete = (event->count & 2) != 0;
    gmq_check_own_queue(check, queue, (event->count & 4) != 0);
    declare(check, "queue", event, queue->is_durable);
}

static bool
is_durable_end(const GmqCheck *check, const char *kind, GmqSlice name)
{
    const Thing *thing = find_thing(check, kind, name, GMQ_SLICE(""), GMQ_SLICE(""));
    return thing == NULL ? is_predeclared(name) : thing->is_durable;
}

void
gmq_check_bound(GmqCheck *check, const GmqEvent *event)
{
    const char *kind = gmq_slice_equal(event->text, GMQ_SLICE("queue")) ? "queue" : "exchange";

    if (event->who.size == 0)
        return;
    declare(check, "binding", event,
            is_durable_end(check, "exchange", event->who) &&
                is_durable_end(check, kind, event->to));
    gmq_check_routes_bound(check, event);
}

static void
set_gone(const GmqCheck *check, Thing *thing)
{
    if (thing == NULL || thing->is_gone)
        return;
    thing->is_gone    = true;
    thing->gone_at    = check->event;
    thing->gone_syncs = gmq_check_syncs(check);
    thing->gone_ns    = gmq_check_now(check);
}

/* Its bindings go with it. */
void
gmq_check_thing_deleted(GmqCheck *check, const char *kind, GmqSlice name)
{
    bool is_queue = strcmp(kind, "queue") == 0;

    set_gone(check, find_thing(check, kind, name, GMQ_SLICE(""), GMQ_SLICE("")));
    for (unsigned i = 0; i < check->things->all->len; i++) {
        Thing *thing = check->things->all->pdata[i];
        bool is_to   = thing->is_queue == is_queue && *thing->to != '\0' &&
                     gmq_slice_equal(gmq_slice_of(thing->to), name);
        bool is_from =
            !is_queue && *thing->to != '\0' && gmq_slice_equal(gmq_slice_of(thing->name), name);

        if (is_to || is_from)
            set_gone(check, thing);
    }
}

void
gmq_check_unbound(GmqCheck *check, const GmqEvent *event)
{
    set_gone(check, find_thing(check, "binding", event->who, event->to, event->key));
    gmq_check_routes_unbound(check, event);
}

void
gmq_check_all_answered(GmqCheck *check)
{
    for (unsigned i = 0; i < check->things->all->len; i++)
        ((Thing *)check->things->all->pdata[i])->is_answered = true;
}

/* What was there and should be is. */
static void
check_things(GmqCheck *check)
{
    for (unsigned i = 0; i < check->things->all->len; i++) {
        Thing *thing          = check->things->all->pdata[i];
        g_autofree char *what = describe(thing);

        if (!thing->is_found && thing->is_durable && thing->is_answered && !thing->is_gone)
            gmq_check_break(check, thing->name,
                            "S21 broken: %s was durable, and is not there after the start.", what);
        thing->is_gone |= !thing->is_found;
        thing->is_found = false;
    }
}

/* ---- messages ---- */

/* What was settled may come back only while that was not on the disk. */
static void
check_return(GmqCheck *check, const GmqCheckCopy *copy)
{
    if (copy->where != GMQ_CHECK_AWAY)
        gmq_check_break(check, copy->queue->name,
                        "S4 broken: message %s came back to queue %s twice.", copy->message->name,
                        copy->queue->name);
    else if (copy->was == GMQ_CHECK_GONE && is_settled(check, copy->gone_syncs, copy->gone_ns))
        gmq_check_break(check, copy->queue->name,
                        "S3 broken: message %s left queue %s for good at event %" G_GUINT64_FORMAT
                        " and is there again after the start.",
                        copy->message->name, copy->queue->name, (guint64)copy->gone_at);
}

/* After a crash whatever somebody had is marked, and all else may be; after a stop the mark is as
 * it was. */
static void
check_mark(GmqCheck *check, const GmqCheckCopy *copy, bool is_marked)
{
    bool is_wrong =
        check->was_clean ? is_marked != copy->was_requeued : copy->was_delivered && !is_marked;

    if (is_wrong)
        gmq_check_break(check, copy->queue->name,
                        "S5 broken: message %s came back to queue %s with redelivered=%d after %s.",
                        copy->message->name, copy->queue->name, is_marked,
                        check->was_clean ? "an orderly stop" : "a crash");
}

static void
check_place(GmqCheck *check, const GmqCheckCopy *copy)
{
    const GmqCheckCopy *last = gmq_check_ready_tail(copy->queue, copy->level);

    if (last != NULL && last->place > copy->place)
        gmq_check_break(check, copy->queue->name,
                        "S6 broken: message %s came back to queue %s behind %s, which came later.",
                        copy->message->name, copy->queue->name, last->message->name);
}

void
gmq_check_recovered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckMessage *message =
        event->message < check->messages->len ? check->messages->pdata[event->message] : NULL;
    GmqCheckCopy *copy = message == NULL ? NULL : gmq_check_find_away(message, queue);

    if (copy == NULL) {
        gmq_check_break(check, queue->name,
                        "S2 broken: message number %" G_GUINT64_FORMAT
                        " came back to queue %s, which never had it.",
                        (guint64)event->message, queue->name);
        return;
    }
    check_return(check, copy);
    if (copy->where != GMQ_CHECK_AWAY)
        return;
    check_mark(check, copy, event->redelivered);
    check_place(check, copy);
    message->is_away    = false;
    copy->was           = GMQ_CHECK_READY;
    copy->station       = check->event;
    copy->since         = check->event;
    copy->was_requeued  = event->redelivered;
    copy->was_recovered = true;
    copy->where         = GMQ_CHECK_READY;
    gmq_check_ready_add(copy);
    gmq_check_ready(check, queue, event->count);
}

/* Whether a crash must leave the copy, as far as what it is and where it was tell. */
static bool
must_survive(const GmqCheckCopy *copy)
{
    return copy->message->is_persistent && copy->queue->is_durable && !copy->queue->is_gone;
}

bool
gmq_check_is_promised(const GmqCheckMessage *message)
{
    const GmqCheckCopy *died = message->died;

    if (message->waited_ms > 0)
        return false;
    if (message->reason == NULL)
        return true;
    return died != NULL && died->queue->is_durable && gmq_check_is_promised(died->message);
}

/* A letter and the news of the death come to the disk together, or the letter first: it may be lost
 * when what died comes back, and when that was to be lost anyway. What an exchange held back was in
 * memory alone when its confirm was sent. */
static bool
is_excused(const GmqCheckMessage *letter)
{
    const GmqCheckCopy *died = letter->died;

    if (letter->waited_ms > 0)
        return true;
    if (letter->reason == NULL)
        return false;
    return died == NULL || !must_survive(died) || died->where != GMQ_CHECK_AWAY ||
           is_excused(died->message);
}

/* A copy that did not come back: nobody was promised that it would, or it is lost. */
static void
check_absence(GmqCheck *check, GmqCheckCopy *copy)
{
    const GmqCheckMessage *message = copy->message;
    const GmqCheckQueue *queue     = copy->queue;
    bool was_there                 = copy->was != GMQ_CHECK_GONE;

    copy->was = GMQ_CHECK_GONE;
    if (!was_there || !must_survive(copy))
        return;
    if (check->was_clean)
        gmq_check_break(check, queue->name,
                        "S1 broken: message %s was in queue %s when the broker stopped, and is not "
                        "there after the start.",
                        message->name, queue->name);
    else if (message->root->confirmed_at > 0 && !is_excused(message))
        gmq_check_break(check, queue->name,
                        "S1 broken: message %s was confirmed at event %" G_GUINT64_FORMAT
                        ", and is not in queue %s after the crash.",
                        message->name, (guint64)message->root->confirmed_at, queue->name);
}

void
gmq_check_started(GmqCheck *check, const GmqEvent *event)
{
    (void)event;
    for (unsigned i = 0; i < check->messages->len; i++) {
        const GmqCheckMessage *message = check->messages->pdata[i];

        for (unsigned j = 0; message != NULL && j < message->copies->len; j++) {
            GmqCheckCopy *copy = message->copies->pdata[j];

            if (copy->where == GMQ_CHECK_AWAY)
                check_absence(check, copy);
        }
    }
    if (check->is_starting)
        check_things(check);
    gmq_check_routes_started(check->routes);
    check->is_starting = false;
    gmq_check_live_broker(check, true);
}

void
gmq_check_refused(GmqCheck *check, const char *why, bool is_damaged)
{
    if (check == NULL)
        return;

    if (!is_damaged)
        gmq_check_break(check, "broker",
                        "S1 broken: the broker does not start, although nothing has damaged its "
                        "disk: %s.",
                        why);
}

/* ---- the end of a broker ---- */

static void
take_away(GmqCheckMessage *message)
{
    message->is_away = true;
    for (unsigned i = 0; i < message->copies->len; i++) {
        GmqCheckCopy *copy = message->copies->pdata[i];

        if (copy->where != GMQ_CHECK_AWAY)
            copy->was = copy->where;
        copy->where = GMQ_CHECK_AWAY;
    }
}

void
gmq_check_take_all_away(GmqCheck *check, bool was_clean)
{
    check->was_clean   = was_clean;
    check->gone_syncs  = gmq_check_syncs(check);
    check->gone_ns     = gmq_check_now(check);
    check->is_starting = true;
    for (unsigned i = 0; i < check->messages->len; i++) {
        if (check->messages->pdata[i] != NULL)
            take_away(check->messages->pdata[i]);
    }
    for (unsigned i = 0; i < check->all_queues->len; i++) {
        GmqCheckQueue *queue = check->all_queues->pdata[i];

        gmq_check_ready_clear(queue);
        g_hash_table_remove_all(queue->last_of);
        if (queue->is_durable || queue->is_gone)
            continue;
        queue->is_gone = true;
        g_hash_table_remove(check->queues, queue->name);
    }
    gmq_check_routes_reset(check->routes);
}
