#include "core/broker/snapshot.h"

#include "core/broker/label.h"
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

GmqSlice
gmq_snapshot_keep_tags(GmqSnapshot *snapshot, const GPtrArray *tags)
{
    g_auto(GmqBuffer) array = {0};

    gmq_tags_write(tags, &array);
    return gmq_snapshot_keep(snapshot, gmq_buffer_slice(&array));
}

GmqSlice
gmq_snapshot_keep_limits(GmqSnapshot *snapshot, const int64_t *limits, unsigned n_limits,
                         const char *(*name)(unsigned limit))
{
    g_auto(GmqBuffer) table = {0};

    gmq_limits_write(limits, n_limits, name, &table);
    return gmq_snapshot_keep(snapshot, gmq_buffer_slice(&table));
}

/* ---- virtual hosts ---- */

GmqSnapshot *
gmq_snapshot_of_vhosts(const GmqBroker *broker, GmqSlice only, size_t row_size, GmqSnapshotFunc add)
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

static const char *
limit_name(unsigned limit)
{
    return gmq_vhost_limit_name((GmqVhostLimit)limit);
}

static void
add_vhost(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    GmqVhostView view = {
        .name        = name,
        .queues      = vhost->queue_list.length,
        .exchanges   = vhost->exchange_list.length,
        .description = gmq_snapshot_keep(snapshot, gmq_slice_of(vhost->description)),
        .tags        = gmq_snapshot_keep_tags(snapshot, vhost->tags),
        .limits = gmq_snapshot_keep_limits(snapshot, vhost->limits, GMQ_N_VHOST_LIMITS, limit_name),
    };

    view.has_limits = view.limits.size > 0;
    view.is_tracing = vhost->is_tracing;

    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next)
        view.messages += count_messages(link->data);
    g_array_append_val(snapshot->rows, view);
}

GmqSnapshot *
gmq_snapshot_vhosts(const GmqBroker *broker)
{
    return gmq_snapshot_of_vhosts(broker, (GmqSlice){0}, sizeof(GmqVhostView), add_vhost);
}

/* ---- policies ---- */

static GmqSlice
policy_name(GmqSnapshot *snapshot, const GmqPolicy *policy)
{
    return policy == NULL ? (GmqSlice){0} : gmq_snapshot_keep(snapshot, policy->spec.name);
}

static void
add_policies_of(GmqSnapshot *snapshot, const GPtrArray *policies, GmqSlice vhost)
{
    for (unsigned i = 0; i < policies->len; i++) {
        const GmqPolicySpec *spec = &((const GmqPolicy *)g_ptr_array_index(policies, i))->spec;
        GmqSlice apply_to         = gmq_snapshot_keep(snapshot, spec->apply_to);
        GmqPolicyView view        = {
                   .vhost      = vhost,
                   .name       = gmq_snapshot_keep(snapshot, spec->name),
                   .pattern    = gmq_snapshot_keep(snapshot, spec->pattern),
                   .apply_to   = apply_to.size == 0 ? GMQ_SLICE("all") : apply_to,
                   .definition = gmq_snapshot_keep(snapshot, spec->definition),
                   .priority   = spec->priority,
        };
        g_array_append_val(snapshot->rows, view);
    }
}

static void
add_policies(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    add_policies_of(snapshot, vhost->policies[GMQ_POLICY_USER], name);
}

static void
add_operator_policies(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    add_policies_of(snapshot, vhost->policies[GMQ_POLICY_OPERATOR], name);
}

GmqSnapshot *
gmq_snapshot_policies(const GmqBroker *broker, GmqSlice vhost)
{
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqPolicyView), add_policies);
}

GmqSnapshot *
gmq_snapshot_operator_policies(const GmqBroker *broker, GmqSlice vhost)
{
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqPolicyView), add_operator_policies);
}

/* ---- exchanges ---- */

/* One without a name differs from none. */
static GmqSlice
keep_alternate(GmqSnapshot *snapshot, GmqSlice name)
{
    return name.data != NULL && name.size == 0 ? GMQ_SLICE("") : gmq_snapshot_keep(snapshot, name);
}

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
                   .alternate      = keep_alternate(snapshot, exchange->alternate),
                   .policy         = policy_name(snapshot, exchange->policies[GMQ_POLICY_USER]),
        };
        g_array_append_val(snapshot->rows, view);
    }
}

GmqSnapshot *
gmq_snapshot_exchanges(const GmqBroker *broker, GmqSlice vhost)
{
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqExchangeView), add_exchanges);
}

/* ---- queues ---- */

static void
add_queues(GmqSnapshot *snapshot, const GmqVhost *vhost, GmqSlice name)
{
    for (const GList *link = vhost->queue_list.head; link != NULL; link = link->next) {
        const GmqQueue *queue = link->data;
        GmqQueueView view     = {
                .vhost           = name,
                .name            = gmq_snapshot_keep(snapshot, queue->name),
                .arguments       = gmq_snapshot_keep(snapshot, queue->arguments),
                .state           = queue->is_paused ? GMQ_SLICE("paused") : GMQ_SLICE("running"),
                .is_durable      = queue->is_durable,
                .is_auto_delete  = queue->is_auto_delete,
                .is_exclusive    = queue->is_exclusive,
                .ready           = gmq_queue_ready_count(queue),
                .unacked         = queue->unacked,
                .messages        = count_messages(queue),
                .message_bytes   = queue->backlog.bytes,
                .consumers       = queue->consumers.length,
                .policy          = policy_name(snapshot, queue->policies[GMQ_POLICY_USER]),
                .operator_policy = policy_name(snapshot, queue->policies[GMQ_POLICY_OPERATOR]),
        };
        g_array_append_val(snapshot->rows, view);
    }
}

GmqSnapshot *
gmq_snapshot_queues(const GmqBroker *broker, GmqSlice vhost)
{
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqQueueView), add_queues);
}

/* ---- bindings ---- */

static void
add_binding(GmqSnapshot *snapshot, const GmqBinding *binding, GmqSlice vhost, GmqSlice source)
{
    GmqBindingView view = {
        .vhost           = vhost,
        .source          = source,
        .target          = gmq_snapshot_keep(snapshot, gmq_binding_target(binding)),
        .target_kind     = gmq_slice_of(gmq_binding_target_type(binding)),
        .key             = gmq_snapshot_keep(snapshot, binding->key),
        .arguments       = gmq_snapshot_keep(snapshot, binding->arguments),
        .source_kind     = GMQ_SLICE("exchange"),
        .is_to_exclusive = binding->queue != NULL && binding->queue->is_exclusive,
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
              .vhost           = name,
              .target          = target,
              .target_kind     = GMQ_SLICE("queue"),
              .key             = target,
              .source_kind     = GMQ_SLICE("exchange"),
              .is_default      = true,
              .is_to_exclusive = queue->is_exclusive,
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
    return gmq_snapshot_of_vhosts(broker, vhost, sizeof(GmqBindingView), add_bindings);
}
