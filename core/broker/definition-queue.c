/* Definitions of durable queues. Their numbers are what copies of messages know them by. */
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/broker/storage.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice vhost;
    GmqSlice name;
    int64_t number;
    bool is_auto_delete;
    GmqSlice arguments;
} Words;

static const GmqKey keys[] = {
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"name", GMQ_KEY_NAME, offsetof(Words, name)},
    {"number", GMQ_KEY_NUMBER, offsetof(Words, number)},
    {"auto_delete", GMQ_KEY_FLAG, offsetof(Words, is_auto_delete)},
    {"arguments", GMQ_KEY_TABLE, offsetof(Words, arguments)},
    {0},
};

void
gmq_definition_keep_queue(GmqQueue *queue)
{
    GmqBroker *broker = queue->vhost->broker;

    if (!queue->is_durable || !gmq_definition_is_kept(broker))
        return;
    if (queue->number == 0)
        queue->number = gmq_storage_next_queue_number(gmq_broker_storage(broker));

    const Words words = {
        .vhost          = queue->vhost->name,
        .name           = queue->name,
        .number         = queue->number,
        .is_auto_delete = queue->is_auto_delete,
        .arguments      = queue->arguments,
    };
    gmq_definition_put(broker, &queue->record, &gmq_definition_queue, &words);
}

void
gmq_definition_drop_queue(GmqQueue *queue)
{
    GmqBroker *broker             = queue->vhost->broker;
    const GmqRestoring *restoring = gmq_broker_restoring(broker);

    if (restoring != NULL)
        g_hash_table_remove(restoring->queues, GUINT_TO_POINTER(queue->number));
    gmq_definition_drop(broker, &queue->record);
}

static bool
refuse(GError **error, const char *why)
{
    g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, why);
    return false;
}

static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words      = values;
    GmqRestoring *restoring = gmq_broker_restoring(broker);
    GmqFault fault          = {0};
    GmqVhost *vhost         = gmq_broker_need_vhost(broker, words->vhost, error);

    if (vhost == NULL)
        return false;
    if (words->number < 1 || words->number > UINT32_MAX)
        return refuse(error, "key 'number' is out of range");
    if (gmq_definitions_find_queue(broker, (uint32_t)words->number) != NULL)
        return refuse(error, "key 'number' is that of another queue");
    /* One of that name that is there was deleted before. */
    GmqQueue *old = gmq_vhost_find_queue(vhost, words->name);
    if (old != NULL)
        gmq_vhost_remove_queue(vhost, old, "deleted");

    const GmqQueueSpec spec = {
        .name           = words->name,
        .arguments      = words->arguments,
        .is_durable     = true,
        .is_auto_delete = words->is_auto_delete,
        .number         = (uint32_t)words->number,
    };
    GmqQueue *queue = gmq_vhost_restore_queue(vhost, &spec, &fault);
    if (queue == NULL)
        return refuse(error, fault.text);
    g_hash_table_insert(restoring->queues, GUINT_TO_POINTER(queue->number), queue);
    restoring->queue_max = MAX(restoring->queue_max, queue->number);
    return true;
}

const GmqDefinitionType gmq_definition_queue = {"queue", keys, sizeof(Words), apply};
