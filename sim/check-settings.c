/* What a queue was asked to be, and its end. */
#include "sim/check-asked.h"
#include "sim/check-field.h"
#include "sim/check-route.h"

/* ---- arguments ---- */

static GmqCheckOverflow
read_overflow(GmqSlice arguments)
{
    g_autofree char *overflow = gmq_check_find_text(arguments, "x-overflow");

    if (g_strcmp0(overflow, "reject-publish") == 0)
        return GMQ_CHECK_REJECT_PUBLISH;
    return g_strcmp0(overflow, "reject-publish-dlx") == 0 ? GMQ_CHECK_REJECT_PUBLISH_DLX
                                                          : GMQ_CHECK_DROP_HEAD;
}

void
gmq_check_read_settings(GmqSlice arguments, GmqCheckSettings *settings)
{
    *settings = (GmqCheckSettings){
        .ttl_ms               = gmq_check_find_integer(arguments, "x-message-ttl", -1),
        .expires_ms           = gmq_check_find_integer(arguments, "x-expires", -1),
        .length_max           = gmq_check_find_integer(arguments, "x-max-length", -1),
        .bytes_max            = gmq_check_find_integer(arguments, "x-max-length-bytes", -1),
        .delivery_limit       = gmq_check_find_integer(arguments, "x-delivery-limit", -1),
        .priority_max         = (unsigned)gmq_check_find_integer(arguments, "x-max-priority", 0),
        .overflow             = read_overflow(arguments),
        .dead_letter_exchange = gmq_check_find_text(arguments, "x-dead-letter-exchange"),
        .dead_letter_key      = gmq_check_find_text(arguments, "x-dead-letter-routing-key"),
        .is_single_active     = gmq_check_find_truth(arguments, "x-single-active-consumer"),
    };
}

void
gmq_check_clear_settings(GmqCheckSettings *settings)
{
    g_free(settings->dead_letter_exchange);
    g_free(settings->dead_letter_key);
}

/* ---- life ---- */

static void
watch(GmqCheck *check, GmqCheckQueue *queue)
{
    const GmqCheckSettings *settings = &queue->settings;

    if (queue->is_watched || (settings->length_max < 0 && settings->bytes_max < 0))
        return;
    queue->is_watched = true;
    g_ptr_array_add(check->watched, queue);
}

/* A name that the broker chose was asked for without one. */
void
gmq_check_queue_made(GmqCheck *check, GmqCheckQueue *queue)
{
    const GmqCheckWish *wish =
        gmq_check_find_wish(check, GMQ_CHECK_QUEUE, gmq_slice_of(queue->name));

    if (wish == NULL)
        wish = gmq_check_find_wish(check, GMQ_CHECK_QUEUE, GMQ_SLICE(""));
    queue->used_ns = check->now_ns;
    if (wish == NULL)
        return;
    gmq_check_ready_clear(queue);
    g_free(queue->levels);
    gmq_check_clear_settings(&queue->settings);
    gmq_check_read_settings((GmqSlice){wish->arguments, wish->size}, &queue->settings);
    gmq_check_ready_init(queue);
    watch(check, queue);
}

GmqCheckQueue *
gmq_check_queue_again(GmqCheck *check, GmqSlice name)
{
    for (unsigned i = check->all_queues->len; i-- > 0;) {
        GmqCheckQueue *queue = check->all_queues->pdata[i];

        if (!gmq_slice_equal(gmq_slice_of(queue->name), name))
            continue;
        queue->is_gone = false;
        g_hash_table_insert(check->queues, queue->name, queue);
        return queue;
    }
    return NULL;
}

void
gmq_check_emptied(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckCopy *copy;

    gmq_check_ready(check, queue, event->count);
    while ((copy = gmq_check_ready_head(queue)) != NULL) {
        gmq_check_ready_remove(copy);
        gmq_check_set_gone(check, copy);
    }
    if (event->kind != GMQ_EVENT_QUEUE_DELETED)
        return;
    if (gmq_slice_equal(event->text, GMQ_SLICE("expired")))
        gmq_check_lease_over(check, queue);
    queue->is_gone    = true;
    queue->deleted_at = check->event;
    g_hash_table_remove(check->queues, queue->name);
    gmq_check_routes_drop_queue(check->routes, queue->name);
    gmq_check_thing_deleted(check, "queue", event->who);
}
