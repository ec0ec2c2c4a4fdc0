#include "lessons/mistake.h"

#include "sim/language.h"

/* Whoever gives one message back so often does so for ever. */
#define REQUEUES_MAX 4

/* ---- programs that take messages ---- */

/* The first task of which that is so. */
static const GmqHistoryTask *
find_task(const GmqHistory *history, bool (*is_so)(const GmqHistory *, const GmqHistoryTask *))
{
    for (unsigned i = 0; i < history->tasks->len; i++) {
        if (is_so(history, history->tasks->pdata[i]))
            return history->tasks->pdata[i];
    }
    return NULL;
}

static long
ms_between(const GmqTraceEvent *first, const GmqTraceEvent *second)
{
    return (long)((second->time_ns - first->time_ns) / 1000000);
}

static bool
is_unasked(const GmqHistory *history, const GmqHistoryTask *task)
{
    return history->client->ack == GMQ_ACK_MANUAL && task->unasked != NULL;
}

static char *
tell_no_acks(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_unasked);

    (void)is_over;
    if (task == NULL)
        return NULL;
    return g_strdup_printf(
        _("It does not ask for acks: the broker forgot %s (\"%s\") as soon as it was sent (event "
          "%u). If the program dies now, the message is lost. Consume without "
          "\"no ack\", and ack each message when its work is done."),
        task->name, task->body, (unsigned)task->unasked->number);
}

static bool
is_early(const GmqHistory *history, const GmqHistoryTask *task)
{
    (void)history;
    return task->early != NULL;
}

static char *
tell_early_ack(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_early);

    (void)is_over;
    if (task == NULL)
        return NULL;
    if (task->early->time_ns - task->received->time_ns >= task->work_ns)
        return g_strdup_printf(
            _("It acks too early: %s (\"%s\") was acked at event %u, and its result was not sent "
              "yet. If the program dies in between, nobody will send it. Ack at the very end."),
            task->name, task->body, (unsigned)task->early->number);
    return g_strdup_printf(
        _("It acks too early: %s (\"%s\") was acked %ld ms after it came (event %u), before its "
          "work of %ld ms was done. If the program dies in "
          "between, nobody does this work again. Ack at the very end."),
        task->name, task->body, ms_between(task->received, task->early),
        (unsigned)task->early->number, (long)(task->work_ns / 1000000));
}

static bool
is_hurried(const GmqHistory *history, const GmqHistoryTask *task)
{
    (void)history;
    return task->hurried != NULL;
}

static char *
tell_hurry(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_hurried);

    (void)is_over;
    if (task == NULL)
        return NULL;
    return g_strdup_printf(_("It does not do the work: the result of %s (\"%s\") came after %ld ms "
                             "(event %u), and its work takes %ld ms."),
                           task->name, task->body, ms_between(task->received, task->hurried),
                           (unsigned)task->hurried->number, (long)(task->work_ns / 1000000));
}

static bool
is_requeued_for_ever(const GmqHistory *history, const GmqHistoryTask *task)
{
    (void)history;
    return task->n_requeued > REQUEUES_MAX;
}

static char *
tell_requeues(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_requeued_for_ever);

    (void)is_over;
    if (task == NULL)
        return NULL;
    return g_strdup_printf(
        _("It requeues for ever: %s (\"%s\") went back into the queue %u times (the last time at "
          "event %u), came again each time, and will never be good. Reject it "
          "with requeue off, so that it becomes a dead letter."),
        task->name, task->body, task->n_requeued, (unsigned)task->requeued->number);
}

static bool
is_bad_one_acked(const GmqHistory *history, const GmqHistoryTask *task)
{
    (void)history;
    return task->is_to_drop && task->acked != NULL;
}

static char *
tell_acked_bad_one(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_bad_one_acked);

    (void)is_over;
    if (task == NULL)
        return NULL;
    return g_strdup_printf(_("It acks what it should reject: with the ack of %s (\"%s\", event %u) "
                             "the broker took the work as done, and nobody will ever look at it."),
                           task->name, task->body, (unsigned)task->acked->number);
}

static bool
is_done_twice(const GmqHistory *history, const GmqHistoryTask *task)
{
    return task->n_results > 1 &&
           (history->client->dedupe == GMQ_DEDUPE_BY_MESSAGE_ID || task->n_received == 1);
}

static char *
tell_twice(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = find_task(history, is_done_twice);

    (void)is_over;
    if (task == NULL)
        return NULL;
    if (task->n_received == 1)
        return g_strdup_printf(_("It does one message twice: %s (\"%s\") came once and has a "
                                 "second result at event %u."),
                               task->name, task->body, (unsigned)task->again->number);
    return g_strdup_printf(
        _("It does not know what it has done: %s (\"%s\") came again with the same message id, and "
          "was done again (event %u). Remember the ids, and only ack what "
          "comes a second time."),
        task->name, task->body, (unsigned)task->again->number);
}

static char *
tell_crowd(const GmqHistory *history, bool is_over)
{
    (void)is_over;
    if (history->crowded == NULL)
        return NULL;
    return g_strdup_printf(
        _("It takes too many at a time: with %s (event %u) it holds more than "
          "%u that wait for an ack. Set the prefetch (basic.qos) to %u, before it consumes."),
        history->crowded->message, (unsigned)history->crowded->number,
        (unsigned)history->client->prefetch, (unsigned)history->client->prefetch);
}

static bool
is_unacked(const GmqHistory *history, const GmqHistoryTask *task)
{
    bool is_done = task->result != NULL || !task->is_to_send;

    return history->client->ack == GMQ_ACK_MANUAL && is_done && task->acked == NULL &&
           task->rejected == NULL && task->requeued == NULL && task->unasked == NULL;
}

static char *
tell_unacked(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = is_over ? find_task(history, is_unacked) : NULL;

    if (task == NULL)
        return NULL;
    if (history->n_acks == 0)
        return g_strdup_printf(
            _("It never acks: it got %s (\"%s\") at event %u and said nothing "
              "more of it. The broker waits, and will give this work to somebody else."),
            task->name, task->body, (unsigned)task->received->number);
    return g_strdup_printf(
        _("It forgets an ack: it got %s (\"%s\") at event %u and said nothing more of it."),
        task->name, task->body, (unsigned)task->received->number);
}

static bool
is_without_result(const GmqHistory *history, const GmqHistoryTask *task)
{
    (void)history;
    return task->is_to_send && task->result == NULL;
}

static char *
tell_no_result(const GmqHistory *history, bool is_over)
{
    const GmqHistoryTask *task = is_over ? find_task(history, is_without_result) : NULL;

    if (task == NULL)
        return NULL;
    return g_strdup_printf(_("It sends no result of %s (\"%s\"), which it got at event %u. A "
                             "result has the same text as its task."),
                           task->name, task->body, (unsigned)task->received->number);
}

static char *
tell_idle(const GmqHistory *history, bool is_over)
{
    if (!is_over || history->client->role == GMQ_ROLE_PRODUCER || history->tasks->len > 0)
        return NULL;
    if (history->listens != NULL)
        return NULL;
    return g_strdup_printf(_("It never asks for messages: it is connected, and takes nothing from "
                             "the queue %s. The name is in the environment variable "
                             "GLASSMQ_QUEUE."),
                           history->client->from);
}

/* ---- programs that send messages ---- */

static const GmqHistoryOrder *
find_order(const GmqHistory *history, bool (*is_so)(const GmqHistory *, const GmqHistoryOrder *))
{
    for (unsigned i = 0; i < history->orders->len; i++) {
        if (is_so(history, history->orders->pdata[i]))
            return history->orders->pdata[i];
    }
    return NULL;
}

static bool
is_unconfirmable(const GmqHistory *history, const GmqHistoryOrder *order)
{
    return history->client->window > 0 && order->unasked != NULL;
}

static char *
tell_no_confirms(const GmqHistory *history, bool is_over)
{
    const GmqHistoryOrder *order = find_order(history, is_unconfirmable);

    (void)is_over;
    if (order == NULL)
        return NULL;
    return g_strdup_printf(
        _("It asks for no confirms: \"%s\" (%s, event %u) was sent on a channel "
          "without them, so nobody will tell the program whether it arrived. Select confirms on "
          "the channel first."),
        order->body, order->name, (unsigned)order->unasked->number);
}

static bool
is_forgetful(const GmqHistory *history, const GmqHistoryOrder *order)
{
    return history->client->publish.message.persistent == GMQ_YES && order->volatile_ != NULL;
}

static char *
tell_not_persistent(const GmqHistory *history, bool is_over)
{
    const GmqHistoryOrder *order = find_order(history, is_forgetful);

    (void)is_over;
    if (order == NULL)
        return NULL;
    return g_strdup_printf(
        _("It sends messages that are not persistent: \"%s\" (%s, event %u). Set delivery mode 2."),
        order->body, order->name, (unsigned)order->volatile_->number);
}

static bool
is_refused(const GmqHistory *history, const GmqHistoryOrder *order)
{
    (void)history;
    return order->nacked != NULL && order->confirmed == NULL;
}

static char *
tell_refused(const GmqHistory *history, bool is_over)
{
    const GmqHistoryOrder *order = is_over ? find_order(history, is_refused) : NULL;

    if (order == NULL)
        return NULL;
    return g_strdup_printf(_("It ignores a nack: the broker refused \"%s\" (%s, event %u), and the "
                             "program did not send it again."),
                           order->body, order->name, (unsigned)order->nacked->number);
}

static bool
is_lost(const GmqHistory *history, const GmqHistoryOrder *order)
{
    return order->sent != NULL && order->nacked == NULL &&
           (history->client->window > 0 ? order->confirmed == NULL : order->arrived == NULL);
}

static char *
tell_lost(const GmqHistory *history, bool is_over)
{
    const GmqHistoryOrder *order = is_over ? find_order(history, is_lost) : NULL;

    if (order == NULL)
        return NULL;
    if (history->client->window > 0)
        return g_strdup_printf(_("It gives up a message: no confirm of \"%s\" (%s, sent at event "
                                 "%u) came, and the program did not send it again."),
                               order->body, order->name, (unsigned)order->sent->number);
    return g_strdup_printf(
        _("It loses a message: \"%s\" (%s, sent at event %u) did not arrive at the broker."),
        order->body, order->name, (unsigned)order->sent->number);
}

static bool
is_unsent(const GmqHistory *history, const GmqHistoryOrder *order)
{
    (void)history;
    return order->sent == NULL;
}

static char *
tell_unsent(const GmqHistory *history, bool is_over)
{
    const GmqHistoryOrder *order = is_over ? find_order(history, is_unsent) : NULL;

    if (order == NULL)
        return NULL;
    return g_strdup_printf(_("It never sends \"%s\"."), order->body);
}

/* ---- all programs ---- */

static char *
tell_closed(const GmqHistory *history, bool is_over)
{
    if (!is_over || history->closed == NULL)
        return NULL;
    return g_strdup_printf(
        _("It ignores a closed channel: the broker closed it with %u (\"%s\", event %u), and the "
          "program never opened another one. What it says on a "
          "closed channel nobody hears."),
        (unsigned)history->closed->count, history->closed->text, (unsigned)history->closed->number);
}

static char *
tell_gone(const GmqHistory *history, bool is_over)
{
    if (!is_over || history->gone == NULL)
        return NULL;
    return g_strdup_printf(
        _("It does not notice that its connection is dead: for the broker it ended at event %u, "
          "and "
          "the program still waits on it. Ask for heartbeats, and connect again when none come."),
        (unsigned)history->gone->number);
}

/* The order is that in which they are told: causes before what follows from them. */
static char *(*const mistakes[])(const GmqHistory *history, bool is_over) = {
    tell_no_acks,   tell_early_ack, tell_hurry,       tell_requeues,       tell_acked_bad_one,
    tell_twice,     tell_crowd,     tell_closed,      tell_gone,           tell_unacked,
    tell_no_result, tell_idle,      tell_no_confirms, tell_not_persistent, tell_refused,
    tell_lost,      tell_unsent,
};

/* What follows from a mistake that was made is not told as one more. */
GPtrArray *
gmq_mistakes_find(const GmqHistory *history, bool is_over)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

    for (unsigned later = 0; later <= is_over && found->len == 0; later++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(mistakes); i++) {
            char *sentence = mistakes[i](history, later != 0);

            if (sentence != NULL)
                g_ptr_array_add(found, sentence);
        }
    }
    return found;
}
