/* Writing definitions. Keys as RabbitMQ 3.10 has them. */
#include "core/broker/snapshot.h"
#include "core/broker/user.h"
#include "core/server/definitions.h"

/* Whose format this is. Importers look at it. */
#define FORMAT_VERSION "3.10.8"

static void
begin_list(GmqJson *json, const char *key)
{
    gmq_json_key(json, key);
    gmq_json_open(json, '[');
}

static void
add_table(GmqJson *json, const char *key, GmqSlice table)
{
    gmq_json_key(json, key);
    gmq_json_put_table(json, table);
}

/* ---- users and virtual hosts ---- */

static void
put_user(GmqJson *json, const GmqUserView *user)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "name", user->name);
    gmq_json_add_text_member(json, "password_hash", user->password_hash);
    gmq_json_add_text_member(json, "hashing_algorithm", GMQ_SLICE(GMQ_HASHING_ALGORITHM));
    gmq_json_key(json, "tags");
    gmq_json_put_array(json, user->tags);
    add_table(json, "limits", user->limits);
    gmq_json_close(json, '}');
}

static void
put_vhost(GmqJson *json, const GmqVhostView *vhost)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "name", vhost->name);
    gmq_json_key(json, "metadata");
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "description", vhost->description);
    gmq_json_key(json, "tags");
    gmq_json_put_array(json, vhost->tags);
    gmq_json_close(json, '}');
    gmq_json_close(json, '}');
}

static void
put_permission(GmqJson *json, const GmqPermissionView *permission)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "user", permission->user);
    gmq_json_add_text_member(json, "vhost", permission->vhost);
    gmq_json_add_text_member(json, "configure", permission->configure);
    gmq_json_add_text_member(json, "write", permission->write);
    gmq_json_add_text_member(json, "read", permission->read);
    gmq_json_close(json, '}');
}

static void
put_topic_permission(GmqJson *json, const GmqPermissionView *permission)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "user", permission->user);
    gmq_json_add_text_member(json, "vhost", permission->vhost);
    gmq_json_add_text_member(json, "exchange", permission->exchange);
    gmq_json_add_text_member(json, "write", permission->write);
    gmq_json_add_text_member(json, "read", permission->read);
    gmq_json_close(json, '}');
}

/* ---- parameters and policies ---- */

static void
add_policy_members(GmqJson *json, const GmqPolicyView *policy)
{
    gmq_json_add_text_member(json, "pattern", policy->pattern);
    gmq_json_add_text_member(json, "apply-to", policy->apply_to);
    add_table(json, "definition", policy->definition);
    gmq_json_key(json, "priority");
    gmq_json_put_integer(json, policy->priority);
}

static void
put_policy(GmqJson *json, const GmqPolicyView *policy)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "vhost", policy->vhost);
    gmq_json_add_text_member(json, "name", policy->name);
    add_policy_members(json, policy);
    gmq_json_close(json, '}');
}

static void
begin_parameter(GmqJson *json, const char *component, GmqSlice name, GmqSlice vhost)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "component", gmq_slice_of(component));
    gmq_json_add_text_member(json, "name", name);
    gmq_json_add_text_member(json, "vhost", vhost);
    gmq_json_key(json, "value");
}

static void
put_operator_policy(GmqJson *json, const GmqPolicyView *policy)
{
    begin_parameter(json, "operator_policy", policy->name, policy->vhost);
    gmq_json_open(json, '{');
    add_policy_members(json, policy);
    gmq_json_close(json, '}');
    gmq_json_close(json, '}');
}

static void
put_vhost_limits(GmqJson *json, const GmqVhostView *vhost)
{
    if (!vhost->has_limits)
        return;
    begin_parameter(json, "vhost-limits", GMQ_SLICE("limits"), vhost->name);
    gmq_json_put_table(json, vhost->limits);
    gmq_json_close(json, '}');
}

/* ---- exchanges, queues, bindings ---- */

static void
put_exchange(GmqJson *json, const GmqExchangeView *exchange)
{
    if (exchange->is_predeclared)
        return;
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "name", exchange->name);
    gmq_json_add_text_member(json, "vhost", exchange->vhost);
    gmq_json_add_text_member(json, "type", exchange->type);
    gmq_json_add_bool(json, "durable", exchange->is_durable);
    gmq_json_add_bool(json, "auto_delete", exchange->is_auto_delete);
    gmq_json_add_bool(json, "internal", exchange->is_internal);
    add_table(json, "arguments", exchange->arguments);
    gmq_json_close(json, '}');
}

static void
put_queue(GmqJson *json, const GmqQueueView *queue)
{
    if (queue->is_exclusive)
        return;
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "name", queue->name);
    gmq_json_add_text_member(json, "vhost", queue->vhost);
    gmq_json_add_bool(json, "durable", queue->is_durable);
    gmq_json_add_bool(json, "auto_delete", queue->is_auto_delete);
    add_table(json, "arguments", queue->arguments);
    gmq_json_close(json, '}');
}

static void
put_binding(GmqJson *json, const GmqBindingView *binding)
{
    if (binding->is_default || binding->is_to_exclusive)
        return;
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "source", binding->source);
    gmq_json_add_text_member(json, "vhost", binding->vhost);
    gmq_json_add_text_member(json, "destination", binding->target);
    gmq_json_add_text_member(json, "destination_type", binding->target_kind);
    gmq_json_add_text_member(json, "routing_key", binding->key);
    add_table(json, "arguments", binding->arguments);
    gmq_json_close(json, '}');
}

/* ---- the whole ---- */

/* Puts all rows of a snapshot, which is freed. */
#define PUT_ROWS(json, View, put, make)                                                            \
    do {                                                                                           \
        g_autoptr(GmqSnapshot) snapshot = (make);                                                  \
        for (unsigned i = 0; i < snapshot->rows->len; i++)                                         \
            put(json, &g_array_index(snapshot->rows, View, i));                                    \
    } while (0)

#define PUT_LIST(json, key, View, put, make)                                                       \
    do {                                                                                           \
        begin_list(json, key);                                                                     \
        PUT_ROWS(json, View, put, make);                                                           \
        gmq_json_close(json, ']');                                                                 \
    } while (0)

static void
put_people(const GmqBroker *broker, GmqJson *json)
{
    const GmqSlice all = {0};

    PUT_LIST(json, "users", GmqUserView, put_user, gmq_snapshot_users(broker));
    PUT_LIST(json, "vhosts", GmqVhostView, put_vhost, gmq_snapshot_vhosts(broker));
    PUT_LIST(json, "permissions", GmqPermissionView, put_permission,
             gmq_snapshot_permissions(broker, all));
    PUT_LIST(json, "topic_permissions", GmqPermissionView, put_topic_permission,
             gmq_snapshot_topic_permissions(broker, all));
}

static void
put_settings(const GmqBroker *broker, GmqJson *json)
{
    const GmqSlice all = {0};

    begin_list(json, "parameters");
    PUT_ROWS(json, GmqPolicyView, put_operator_policy, gmq_snapshot_operator_policies(broker, all));
    PUT_ROWS(json, GmqVhostView, put_vhost_limits, gmq_snapshot_vhosts(broker));
    gmq_json_close(json, ']');
    begin_list(json, "global_parameters");
    gmq_json_close(json, ']');
    PUT_LIST(json, "policies", GmqPolicyView, put_policy, gmq_snapshot_policies(broker, all));
}

static void
put_topology(const GmqBroker *broker, GmqJson *json)
{
    const GmqSlice all = {0};

    PUT_LIST(json, "queues", GmqQueueView, put_queue, gmq_snapshot_queues(broker, all));
    PUT_LIST(json, "exchanges", GmqExchangeView, put_exchange, gmq_snapshot_exchanges(broker, all));
    PUT_LIST(json, "bindings", GmqBindingView, put_binding, gmq_snapshot_bindings(broker, all));
}

void
gmq_definitions_export(const GmqBroker *broker, GmqJson *json)
{
    gmq_json_open(json, '{');
    gmq_json_add_text_member(json, "rabbit_version", GMQ_SLICE(FORMAT_VERSION));
    gmq_json_add_text_member(json, "rabbitmq_version", GMQ_SLICE(FORMAT_VERSION));
    gmq_json_add_text_member(json, "product_name", GMQ_SLICE("GlassMQ"));
    gmq_json_add_text_member(json, "product_version", GMQ_SLICE(GMQ_VERSION));
    put_people(broker, json);
    put_settings(broker, json);
    put_topology(broker, json);
    gmq_json_close(json, '}');
}
