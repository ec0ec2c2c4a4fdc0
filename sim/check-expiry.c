/* S14: what lives for a time, and no longer. */
#include "sim/check-death.h"

#define NS_PER_MS INT64_C(1000000)

/* A broker that starts knows times in ms. */
#define SLACK_NS NS_PER_MS

/* So much later a timer may fire. */
#define LATE_NS (3 * NS_PER_MS)

/* ---- messages ---- */

static void
watch(GmqCheck *check, GmqCheckQueue *queue)
{
    if (queue->is_watched)
        return;
    queue->is_watched = true;
    g_ptr_array_add(check->watched, queue);
}

int64_t
gmq_check_expiry_of(GmqCheck *check, GmqCheckQueue *queue, const GmqCheckMessage *message)
{
    int64_t ttl_ms = queue->settings.ttl_ms;

    if (ttl_ms < 0 || (message->ttl_ms >= 0 && message->ttl_ms < ttl_ms))
        ttl_ms = message->ttl_ms;
    if (ttl_ms < 0)
        return INT64_MAX;
    watch(check, queue);
    return check->now_ns + ttl_ms * NS_PER_MS;
}

static int64_t
slack_of(const GmqCheckCopy *copy)
{
    return copy->was_recovered ? SLACK_NS : 0;
}

/* "12.5 ms" of so many ns; the caller frees it. */
static char *
format_ms(int64_t time_ns)
{
    int64_t us = time_ns / 1000;

    if (us % 1000 == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " ms", us / 1000);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%03u ms", us / 1000, (unsigned)(us % 1000));
}

/* What had no time at all may still go to a consumer that waits. */
void
gmq_check_is_alive(GmqCheck *check, const GmqCheckCopy *copy, const char *client)
{
    int64_t late_ns = check->now_ns - copy->expires_ns;

    if (copy->expires_ns == INT64_MAX || late_ns < slack_of(copy) ||
        copy->where == GMQ_CHECK_HANDED)
        return;
    g_autofree char *late = format_ms(late_ns);
    gmq_check_break(check, copy->queue->name,
                    "S14 broken: queue %s gave message %s to %s at event %" G_GUINT64_FORMAT
                    ", %s after it had expired.",
                    copy->queue->name, copy->message->name, client, (guint64)check->event, late);
}

static void
check_time(GmqCheck *check, const GmqCheckCopy *copy)
{
    const char *queue = copy->queue->name;
    const char *name  = copy->message->name;

    if (copy->expires_ns == INT64_MAX) {
        gmq_check_break(check, queue,
                        "S14 broken: message %s expired in queue %s at event %" G_GUINT64_FORMAT
                        ", and nothing says that it may.",
                        name, queue, (guint64)check->event);
    } else if (check->now_ns < copy->expires_ns - slack_of(copy) &&
               !copy->message->root->is_doubtful) {
        g_autofree char *early = format_ms(copy->expires_ns - check->now_ns);

        gmq_check_break(check, queue,
                        "S14 broken: message %s expired in queue %s at event %" G_GUINT64_FORMAT
                        ", %s too early.",
                        name, queue, (guint64)check->event, early);
    }
}

void
gmq_check_expired(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckCopy *copy   = gmq_check_leaving_copy(check, event, queue);

    if (copy == NULL)
        return;
    const GmqCheckCopy *head = gmq_check_ready_head(queue);
    gmq_check_is_there(check, copy, "nobody");
    check_time(check, copy);
    if (head != NULL && head != copy)
        gmq_check_break(check, queue->name,
                        "S14 broken: message %s expired in queue %s at event %" G_GUINT64_FORMAT
                        " behind %s, which is ready since event %" G_GUINT64_FORMAT ".",
                        copy->message->name, queue->name, (guint64)check->event,
                        head->message->name, (guint64)head->since);
    gmq_check_ready_remove(copy);
    gmq_check_set_gone(check, copy);
    gmq_check_death(check, copy->message, queue, copy, "expired");
}

/* A broker that stood still has its first turn late: only what is still there afterwards is too
 * old. */
void
gmq_check_is_fresh(GmqCheck *check, GmqCheckQueue *queue)
{
    const GmqCheckCopy *head = gmq_check_ready_head(queue);
    int64_t now_ns           = MAX(check->now_ns, gmq_check_now(check));

    if (head == NULL || head->expires_ns >= now_ns) {
        queue->overdue_ns = 0;
        return;
    }
    if (queue->overdue_ns == 0)
        queue->overdue_ns = now_ns;
    if (now_ns <= queue->overdue_ns + LATE_NS)
        return;
    g_autofree char *late = format_ms(now_ns - head->expires_ns);
    gmq_check_break(check, queue->name,
                    "S14 broken: message %s is still first in queue %s after event "
                    "%" G_GUINT64_FORMAT ", %s after it had expired.",
                    head->message->name, queue->name, (guint64)check->event, late);
    queue->overdue_ns = INT64_MAX - LATE_NS; /* that is told once */
}

/* ---- queues ---- */

void
gmq_check_lease_over(GmqCheck *check, const GmqCheckQueue *queue)
{
    int64_t expires_ms = queue->settings.expires_ms;
    int64_t unused_ns  = check->now_ns - queue->used_ns;

    if (expires_ms < 0)
        gmq_check_break(check, queue->name,
                        "S14 broken: queue %s expired at event %" G_GUINT64_FORMAT
                        ", and nothing says that it may.",
                        queue->name, (guint64)check->event);
    else if (queue->consumers->len > 0)
        gmq_check_break(check, queue->name,
                        "S14 broken: queue %s expired at event %" G_GUINT64_FORMAT
                        " although it had a consumer.",
                        queue->name, (guint64)check->event);
    else if (unused_ns < expires_ms * NS_PER_MS)
        gmq_check_break(check, queue->name,
                        "S14 broken: queue %s expired at event %" G_GUINT64_FORMAT
                        " although it had been used %" G_GINT64_FORMAT " ms before.",
                        queue->name, (guint64)check->event, unused_ns / NS_PER_MS);
}
