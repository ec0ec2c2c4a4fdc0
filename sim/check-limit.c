/* S15: how much a queue holds, and what becomes of the rest. */
#include "sim/check-death.h"

/* Whether so many messages and bytes are more than it may hold. */
static bool
is_above(const GmqCheckQueue *queue, uint64_t messages, uint64_t bytes)
{
    const GmqCheckSettings *settings = &queue->settings;

    return (settings->length_max >= 0 && messages > (uint64_t)settings->length_max) ||
           (settings->bytes_max >= 0 && bytes > (uint64_t)settings->bytes_max);
}

static bool
is_full_for(const GmqCheckQueue *queue, const GmqCheckMessage *message)
{
    return is_above(queue, queue->n_ready + 1, queue->bytes_ready + message->content->body_size);
}

/* "ready 3, at most 2; bytes 24, at most 100"; the caller frees it. */
static char *
describe(const GmqCheckQueue *queue)
{
    const GmqCheckSettings *settings = &queue->settings;
    bool has_both                    = settings->length_max >= 0 && settings->bytes_max >= 0;
    GString *text                    = g_string_new(NULL);

    if (settings->length_max >= 0)
        g_string_append_printf(text, "ready %" G_GUINT64_FORMAT ", at most %" G_GINT64_FORMAT,
                               (guint64)queue->n_ready, settings->length_max);
    if (has_both)
        g_string_append(text, "; ");
    if (settings->bytes_max >= 0)
        g_string_append_printf(text, "bytes %" G_GUINT64_FORMAT ", at most %" G_GINT64_FORMAT,
                               (guint64)queue->bytes_ready, settings->bytes_max);
    if (text->len == 0)
        g_string_append(text, "it has no limit");
    return g_string_free(text, FALSE);
}

/* ---- what enters ---- */

/* One that refuses looks before it looks for a consumer. */
void
gmq_check_has_room(GmqCheck *check, const GmqCheckQueue *queue, const GmqCheckMessage *message)
{
    if (queue->settings.overflow == GMQ_CHECK_DROP_HEAD || !is_full_for(queue, message))
        return;
    g_autofree char *how = describe(queue);
    gmq_check_break(check, queue->name,
                    "S15 broken: queue %s took message %s at event %" G_GUINT64_FORMAT
                    " and should have refused it: %s.",
                    queue->name, message->name, (guint64)check->event, how);
}

static void
take_refusal(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    GmqCheckMessage *message = gmq_check_publish_of(check, event);

    if (message == NULL)
        return;
    if (message->refused == NULL)
        message->refused = g_ptr_array_new();
    g_ptr_array_add(message->refused, queue);
    if (queue->settings.overflow == GMQ_CHECK_DROP_HEAD || !is_full_for(queue, message)) {
        g_autofree char *how = describe(queue);

        gmq_check_break(check, queue->name,
                        "S15 broken: queue %s refused message %s at event %" G_GUINT64_FORMAT
                        " without need: %s.",
                        queue->name, message->name, (guint64)check->event, how);
    }
    if (queue->settings.overflow == GMQ_CHECK_REJECT_PUBLISH_DLX)
        gmq_check_death(check, message, queue, NULL, "maxlen");
}

bool
gmq_check_was_refused(const GmqCheckMessage *message, const char *queue)
{
    for (unsigned i = 0; message->refused != NULL && i < message->refused->len; i++) {
        const GmqCheckQueue *by = message->refused->pdata[i];

        if (strcmp(by->name, queue) == 0)
            return true;
    }
    return false;
}

/* ---- what is dropped ---- */

static void
check_drop(GmqCheck *check, const GmqCheckQueue *queue, const GmqCheckCopy *copy)
{
    const GmqCheckCopy *head = gmq_check_ready_head(queue);

    if (queue->settings.overflow != GMQ_CHECK_DROP_HEAD ||
        !is_above(queue, queue->n_ready, queue->bytes_ready)) {
        g_autofree char *how = describe(queue);

        gmq_check_break(check, queue->name,
                        "S15 broken: queue %s dropped message %s at event %" G_GUINT64_FORMAT
                        " without need: %s.",
                        queue->name, copy->message->name, (guint64)check->event, how);
    } else if (head != copy && head != NULL) {
        gmq_check_break(check, queue->name,
                        "S15 broken: queue %s dropped message %s (place %" G_GUINT64_FORMAT
                        ") at event %" G_GUINT64_FORMAT " although %s (place %" G_GUINT64_FORMAT
                        ") is its head.",
                        queue->name, copy->message->name, (guint64)copy->place,
                        (guint64)check->event, head->message->name, (guint64)head->place);
    }
}

static void
take_drop(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    GmqCheckCopy *copy = gmq_check_leaving_copy(check, event, queue);

    if (copy == NULL)
        return;
    gmq_check_is_there(check, copy, "nobody");
    if (copy->where == GMQ_CHECK_READY)
        check_drop(check, queue, copy);
    gmq_check_ready_remove(copy);
    gmq_check_set_gone(check, copy);
    gmq_check_death(check, copy->message, queue, copy, "maxlen");
}

/* One delivery failed too often (AMQP.md E1). */
static void
on_given_up(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    GmqCheckCopy *copy = gmq_check_returning_copy(check, event, queue);
    int64_t limit      = queue->settings.delivery_limit;

    if (copy == NULL)
        return;
    if (limit < 0 || (copy->failures != (uint64_t)limit && !copy->was_recovered))
        gmq_check_break(check, queue->name,
                        "S13 broken: queue %s gave message %s up at event %" G_GUINT64_FORMAT
                        " after %" G_GUINT64_FORMAT " failed deliveries, and its limit is "
                        "%" G_GINT64_FORMAT ".",
                        queue->name, copy->message->name, (guint64)check->event,
                        (guint64)copy->failures + 1, limit);
    gmq_check_come_back(check, event, copy);
    gmq_check_set_gone(check, copy);
    gmq_check_death(check, copy->message, queue, copy, "delivery_limit");
}

void
gmq_check_dropped(GmqCheck *check, const GmqEvent *event)
{
    if (gmq_slice_equal(event->text, GMQ_SLICE("maxlen")))
        take_drop(check, event, gmq_check_queue(check, event->who));
    else if (gmq_slice_equal(event->text, GMQ_SLICE("refused")))
        take_refusal(check, event, gmq_check_queue(check, event->who));
    else if (gmq_slice_equal(event->text, GMQ_SLICE("delivery_limit")))
        on_given_up(check, event, gmq_check_queue(check, event->who));
}

/* ---- after a turn ---- */

/* What came back may fill a queue that refuses above its limit. */
void
gmq_check_is_within(GmqCheck *check, const GmqCheckQueue *queue)
{
    if (queue->settings.overflow != GMQ_CHECK_DROP_HEAD ||
        !is_above(queue, queue->n_ready, queue->bytes_ready))
        return;
    g_autofree char *how = describe(queue);
    gmq_check_break(check, queue->name,
                    "S15 broken: queue %s is above its limit after event %" G_GUINT64_FORMAT
                    ": %s.",
                    queue->name, (guint64)check->event, how);
}

void
gmq_check_answer(GmqCheck *check, const GmqCheckMessage *message, bool is_ack)
{
    const GmqCheckQueue *by = message->refused == NULL ? NULL : message->refused->pdata[0];

    if (is_ack && by != NULL)
        gmq_check_break(check, message->name,
                        "S15 broken: message %s was confirmed at event %" G_GUINT64_FORMAT
                        " although queue %s had refused it.",
                        message->name, (guint64)check->event, by->name);
    else if (!is_ack && by == NULL && !check->has_disk_failed)
        gmq_check_break(check, message->name,
                        "S15 broken: message %s was nacked at event %" G_GUINT64_FORMAT
                        " although no queue had refused it.",
                        message->name, (guint64)check->event);
}
