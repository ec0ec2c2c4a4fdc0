#include "core/broker/snapshot.h"

#include "core/broker/vhost.h"

#define TEXTS_BLOCK 4096

GmqSnapshot *
gmq_snapshot_new(size_t row_size)
{
    GmqSnapshot *snapshot = g_new(GmqSnapshot, 1);

    snapshot->rows  = g_array_new(FALSE, FALSE, (guint)row_size);
    snapshot->texts = g_string_chunk_new(TEXTS_BLOCK);
    return snapshot;
}

void
gmq_snapshot_free(GmqSnapshot *snapshot)
{
    g_array_unref(snapshot->rows);
    g_string_chunk_free(snapshot->texts);
    g_free(snapshot);
}

GmqSlice
gmq_snapshot_keep(GmqSnapshot *snapshot, GmqSlice text)
{
    if (text.size == 0)
        return (GmqSlice){0};

    const char *kept =
        g_string_chunk_insert_len(snapshot->texts, (const char *)text.data, (gssize)text.size);
    return (GmqSlice){(const uint8_t *)kept, text.size};
}

/* ---- virtual hosts ---- */

/* Adds the rows of one virtual host, whose name is kept already. */
typedef void (*FillFunc)(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name);

/* The rows of one virtual host, or of all. */
static GmqSnapshot *
fill(const GmqBroker *broker, GmqSlice only, size_t row_size, FillFunc add)
{
    GmqSnapshot *snapshot = gmq_snapshot_new(row_size);

    for (const GList *link = gmq_broker_vhosts(broker)->head; link != NULL; link = link->next) {
        const GmqVhost *vhost = link->data;

        if (only.data == NULL || gmq_slice_equal(only, vhost->name))
            add(snapshot, vhost, gmq_snapshot_keep(snapshot, vhost->name));
    }
    return snapshot;
}

static uint64_t
count_messages(const GmqQueue *queue)
{
    return gmq_queue_ready_count(queue) + queue->unacked;
}

static void
add_vhost(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    GmqVhostView view = {
        .name      = name,
        .queues    = vhost->queue_list.length,
        .exchanges = vhost->exchange_list.length,
    };

    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next)
        view.messages += count_messages(link->data);
    g_array_append_val(snapshot->rows, view);
}

GmqSnapshot *
gmq_snapshot_vhosts(const GmqBroker *broker)
{
    return fill(broker, (GmqSlice){0}, sizeof(GmqVhostView), add_vhost);
}

/* ---- exchanges ---- */

static void
add_exchanges(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    for (const GList *link = vhost->exchange_list.head; link != NULL; link = link->next) {
        const GmqExchange *exchange = link->data;
        GmqExchangeView view        = {
                   .vhost          = name,
                   .name           = gmq_snapshot_keep(snapshot, exchange->name),
                   .type           = gmq_slice_of(exchange->type->name),
                   .arguments      = gmq_snapshot_keep(snapshot, exchange->arguments),
                   .is_durable     = exchange->is_durable,
                   .is_auto_delete = exchange->is_auto_delete,
                   .is_internal    = exchange->is_internal,
                   .is_predeclared = exchange->is_predeclared,
        };
        g_array_append_val(snapshot->rows, view);
    }
}

GmqSnapshot *
gmq_snapshot_exchanges(const GmqBroker *broker, GmqSlice vhost)
{
    return fill(broker, vhost, sizeof(GmqExchangeView), add_exchanges);
}

/* ---- queues ---- */

static void
add_queues(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next) {
        const GmqQueue *queue = link->data;
        GmqQueueView view     = {
                .vhost          = name,
                .name           = gmq_snapshot_keep(snapshot, queue->name),
                .arguments      = gmq_snapshot_keep(snapshot, queue->arguments),
                .state          = GMQ_SLICE("running"),
                .is_durable     = queue->is_durable,
                .is_auto_delete = queue->is_auto_delete,
                .is_exclusive   = queue->is_exclusive,
                .ready          = gmq_queue_ready_count(queue),
                .unacked        = queue->unacked,
                .messages       = count_messages(queue),
                .message_bytes  = queue->backlog.bytes,
                .consumers      = queue->consumers.length,
        };
        g_array_append_val(snapshot->rows, view);
    }
}

GmqSnapshot *
gmq_snapshot_queues(const GmqBroker *broker, GmqSlice vhost)
{
    return fill(broker, vhost, sizeof(GmqQueueView), add_queues);
}

/* ---- bindings ---- */

static bool
is_lasting(const GmqBinding *binding)
{
    bool is_target_durable =
        binding->queue != NULL ? binding->queue->is_durable : binding->exchange->is_durable;

    return binding->source->is_durable && is_target_durable;
}

static void
add_binding(GmqSnapshot *snapshot, const GmqBinding *binding, GmqSlice vhost, GmqSlice source)
{
    GmqBindingView view = {
        .vhost              = vhost,
        .source             = source,
        .target             = gmq_snapshot_keep(snapshot, gmq_binding_target(binding)),
        .target_kind        = gmq_slice_of(gmq_binding_target_type(binding)),
        .key                = gmq_snapshot_keep(snapshot, binding->key),
        .arguments          = gmq_snapshot_keep(snapshot, binding->arguments),
        .source_kind        = GMQ_SLICE("exchange"),
        .is_between_lasting = is_lasting(binding),
    };

    g_array_append_val(snapshot->rows, view);
}

/* The default exchange finds queues by their names; its bindings are only ever listed. */
static void
add_default_bindings(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next) {
        const GmqQueue *queue = link->data;
        GmqSlice target       = gmq_snapshot_keep(snapshot, queue->name);
        GmqBindingView view   = {
              .vhost              = name,
              .target             = target,
              .target_kind        = GMQ_SLICE("queue"),
              .key                = target,
              .source_kind        = GMQ_SLICE("exchange"),
              .is_default         = true,
              .is_between_lasting = queue->is_durable,
        };
        g_array_append_val(snapshot->rows, view);
    }
}

static void
add_bindings(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    add_default_bindings(snapshot, vhost, name);
    for (const GList *link = vhost->exchange_list.head; link != NULL; link = link->next) {
        const GmqExchange *exchange = link->data;
        GmqSlice source             = gmq_snapshot_keep(snapshot, exchange->name);

        for (const GList *each = exchange->bindings.head; each != NULL; each = each->next)
            add_binding(snapshot, each->data, name, source);
    }
}

GmqSnapshot *
gmq_snapshot_bindings(const GmqBroker *broker, GmqSlice vhost)
{
    return fill(broker, vhost, sizeof(GmqBindingView), add_bindings);
}
