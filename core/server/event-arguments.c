#include "core/server/event-arguments.h"

#include "core/broker/policy.h"
#include "core/broker/vhost.h"
#include "core/server/json.h"

bool
gmq_event_arguments(const GmqQueue *queue, GString *out, GmqEvent *event)
{
    g_auto(GmqBuffer) table = {0};
    GmqJson json            = {.out = out};

    gmq_buffer_add(&table, queue->arguments.data, queue->arguments.size);
    gmq_policy_write_effective(queue->policies, &table);
    if (table.size == 0)
        return false;

    g_string_truncate(out, 0);
    gmq_json_put_table(&json, gmq_buffer_slice(&table));
    *event = (GmqEvent){
        .kind  = GMQ_EVENT_QUEUE_ARGUMENTS,
        .who   = queue->name,
        .to    = queue->settings.dead_letter_exchange,
        .key   = queue->settings.dead_letter_key,
        .count = queue->settings.dead_letter_exchange.data != NULL,
        .text  = {(const uint8_t *)out->str, out->len},
    };
    return true;
}

/* The snapshot outlives the queue. */
static void
keep(GmqSnapshot *snapshot, GmqEvent *event)
{
    GmqSlice *texts[] = {&event->who, &event->to, &event->key, &event->text};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = gmq_snapshot_keep(snapshot, *texts[i]);
    g_array_append_val(snapshot->rows, *event);
}

static void
add_queues(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    GmqEvent event;

    (void)name;
    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next) {
        if (gmq_event_arguments(link->data, text, &event))
            keep(snapshot, &event);
    }
}

GmqSnapshot *
gmq_event_arguments_snapshot(const GmqBroker *broker, GmqSlice vhost)
{
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqEvent), add_queues);
}
