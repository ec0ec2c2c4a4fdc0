/* Which copy an event is about. The number of a message is that of its letters too, and so several
 * copies may be in one queue: the cause of the event says which. */
#include "sim/check-private.h"

GmqCheckMessage *
gmq_check_publish_of(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckMessage *root = gmq_check_message(check, event->message);

    if (root == NULL || root->letters == NULL || event->cause == root->event)
        return root;
    for (unsigned i = root->letters->len; i-- > 0;) {
        GmqCheckMessage *letter = root->letters->pdata[i];

        if (letter->event != event->cause)
            continue;
        gmq_check_let_go(check, letter);
        return letter;
    }
    return root;
}

GmqCheckCopy *
gmq_check_find_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue)
{
    const GPtrArray *copies = message->root->copies;

    for (unsigned i = copies->len; i-- > 0;) {
        GmqCheckCopy *copy = copies->pdata[i];

        if (copy->queue == queue && copy->message == message)
            return copy;
    }
    return NULL;
}

static GmqCheckCopy *
break_unknown(GmqCheck *check, const GmqCheckMessage *root, const GmqCheckQueue *queue)
{
    gmq_check_break(check, queue->name, "S4 broken: queue %s never had message %s.", queue->name,
                    root->name);
    return NULL;
}

/* How well a copy fits: that which the cause names, or one that is where it should be, or any;
 * of equal ones the oldest. */
typedef unsigned (*Fits)(const GmqCheckCopy *copy, const GmqEvent *event);

static GmqCheckCopy *
find_best(GmqCheck *check, const GmqEvent *event, const GmqCheckQueue *queue, Fits fits)
{
    const GmqCheckMessage *root = gmq_check_message(check, event->message);
    GmqCheckCopy *best          = NULL;
    unsigned best_fit           = 0;

    if (root == NULL)
        return NULL;
    for (unsigned i = root->copies->len; i-- > 0;) {
        GmqCheckCopy *copy = root->copies->pdata[i];
        unsigned fit       = copy->queue == queue ? fits(copy, event) : 0;

        if (fit == 0 || fit < best_fit)
            continue;
        best     = copy;
        best_fit = fit;
    }
    return best == NULL ? break_unknown(check, root, queue) : best;
}

static unsigned
fits_leaving(const GmqCheckCopy *copy, const GmqEvent *event)
{
    if (copy->where != GMQ_CHECK_READY && copy->where != GMQ_CHECK_HANDED)
        return 1;
    return event->cause != 0 && copy->station == event->cause ? 3 : 2;
}

GmqCheckCopy *
gmq_check_leaving_copy(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    return find_best(check, event, queue, fits_leaving);
}

/* What a connection had that has ended comes back before what others have. */
static unsigned
fits_returning(const GmqCheckCopy *copy, const GmqEvent *event)
{
    if (copy->where != GMQ_CHECK_UNACKED && copy->where != GMQ_CHECK_REFUSED)
        return 1;
    if (event->cause != 0 && copy->station == event->cause)
        return 4;
    return copy->where == GMQ_CHECK_REFUSED || copy->connection->is_over ? 3 : 2;
}

GmqCheckCopy *
gmq_check_returning_copy(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    return find_best(check, event, queue, fits_returning);
}

GmqCheckCopy *
gmq_check_find_away(GmqCheckMessage *root, const GmqCheckQueue *queue)
{
    GmqCheckCopy *best = NULL;
    unsigned best_fit  = 0;
    unsigned n_away    = 0;

    for (unsigned i = root->copies->len; i-- > 0;) {
        GmqCheckCopy *copy = root->copies->pdata[i];
        unsigned fit = copy->where != GMQ_CHECK_AWAY ? 1 : copy->was == GMQ_CHECK_GONE ? 2 : 3;

        if (copy->queue != queue)
            continue;
        n_away += fit > 1;
        /* Of those that had left it, the last one: what became of it may not be on the disk. */
        if (fit < best_fit || (fit == 2 && best_fit == 2 && copy->gone_at < best->gone_at))
            continue;
        best     = copy;
        best_fit = fit;
    }
    root->is_doubtful |= n_away > 1;
    return best;
}

void
gmq_check_set_gone(const GmqCheck *check, GmqCheckCopy *copy)
{
    copy->where      = GMQ_CHECK_GONE;
    copy->gone_at    = check->event;
    copy->gone_syncs = gmq_check_syncs(check);
    copy->gone_ns    = gmq_check_now(check);
}

void
gmq_check_is_there(GmqCheck *check, const GmqCheckCopy *copy, const char *whom)
{
    static const char *const places[] = {
        [GMQ_CHECK_READY] = "ready",     [GMQ_CHECK_HANDED] = "on its way",
        [GMQ_CHECK_UNACKED] = "unacked", [GMQ_CHECK_REFUSED] = "rejected",
        [GMQ_CHECK_GONE] = "gone",       [GMQ_CHECK_AWAY] = "lost",
    };

    if (copy->where != GMQ_CHECK_READY && copy->where != GMQ_CHECK_HANDED)
        gmq_check_break(check, copy->queue->name,
                        "S4 broken: queue %s gave message %s to %s although it was %s.",
                        copy->queue->name, copy->message->name, whom, places[copy->where]);
}
