#include "core/broker/definition-private.h"

#include "core/broker/error.h"
#include "core/broker/permission.h"
#include "core/broker/storage.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

static const GmqDefinitionType *const types[] = {
    &gmq_definition_broker,
    &gmq_definition_vhost,
    &gmq_definition_vhost_settings,
    &gmq_definition_user,
    &gmq_definition_user_settings,
    &gmq_definition_permission,
    &gmq_definition_topic_permission,
    &gmq_definition_policy,
    &gmq_definition_operator_policy,
    &gmq_definition_exchange,
    &gmq_definition_queue,
    &gmq_definition_binding,
    NULL,
};

/* ---- records ---- */

bool
gmq_definition_is_kept(const GmqBroker *broker)
{
    return gmq_broker_storage(broker) != NULL || gmq_broker_restoring(broker) != NULL;
}

/* Nothing is written before all is found: what is dropped until then goes in the end. */
void
gmq_definition_drop(GmqBroker *broker, uint64_t *record)
{
    const GmqRestoring *restoring = gmq_broker_restoring(broker);
    GmqStorage *storage           = gmq_broker_storage(broker);

    if (*record == 0)
        return;
    if (restoring != NULL)
        g_array_append_val(restoring->leftovers, *record);
    else if (storage != NULL)
        gmq_storage_drop_definition(storage, *record);
    *record = 0;
}

static uint64_t
add(GmqStorage *storage, const GmqDefinitionType *type, const void *values)
{
    g_auto(GmqBuffer) table = {0};

    gmq_definition_write(type, values, &table);
    return gmq_storage_add_definition(storage, gmq_buffer_slice(&table));
}

void
gmq_definition_put(GmqBroker *broker, uint64_t *record, const GmqDefinitionType *type,
                   const void *values)
{
    const GmqRestoring *restoring = gmq_broker_restoring(broker);
    GmqStorage *storage           = gmq_broker_storage(broker);
    uint64_t old                  = *record;

    if (restoring != NULL)
        *record = restoring->id;
    else if (storage != NULL)
        *record = add(storage, type, values);
    if (old != *record)
        gmq_definition_drop(broker, &old);
}

/* ---- restoring ---- */

void
gmq_restoring_free(GmqRestoring *restoring)
{
    if (restoring == NULL)
        return;
    g_hash_table_unref(restoring->queues);
    g_array_unref(restoring->leftovers);
    g_free(restoring);
}

void
gmq_definitions_begin(GmqBroker *broker)
{
    GmqRestoring *restoring = g_new0(GmqRestoring, 1);

    g_assert(gmq_broker_restoring(broker) == NULL);
    restoring->queues    = g_hash_table_new(g_direct_hash, g_direct_equal);
    restoring->leftovers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    gmq_broker_clear(broker);
    gmq_broker_set_restoring(broker, restoring);
}

/* What is left of a deletion goes in the end. */
static bool
apply(GmqBroker *broker, const GmqDefinitionType *type, const void *values, GError **error)
{
    const GmqRestoring *restoring = gmq_broker_restoring(broker);
    g_autoptr(GError) why         = NULL;

    if (type->apply(broker, values, &why))
        return true;
    if (!g_error_matches(why, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    g_array_append_val(restoring->leftovers, restoring->id);
    return true;
}

bool
gmq_definition_apply(GmqBroker *broker, uint64_t id, GmqSlice table, GError **error)
{
    GmqRestoring *restoring       = gmq_broker_restoring(broker);
    g_autofree void *values       = NULL;
    const GmqDefinitionType *type = gmq_definition_type(types, table, error);

    g_assert(restoring != NULL);
    restoring->id = id;
    if (type != NULL)
        values = gmq_definition_read(type, table, error);
    if (values != NULL && apply(broker, type, values, error))
        return true;
    g_prefix_error(error, "definition %" G_GUINT64_FORMAT "%s%s%s: ", id, type == NULL ? "" : " (",
                   type == NULL ? "" : type->name, type == NULL ? "" : ")");
    return false;
}

GmqQueue *
gmq_definitions_find_queue(const GmqBroker *broker, uint32_t number)
{
    return g_hash_table_lookup(gmq_broker_restoring(broker)->queues, GUINT_TO_POINTER(number));
}

uint32_t
gmq_definitions_queue_number_max(const GmqBroker *broker)
{
    return gmq_broker_restoring(broker)->queue_max;
}

bool
gmq_definitions_are_whole(const GmqBroker *broker)
{
    return gmq_broker_restoring(broker)->is_whole;
}

static unsigned
drop_leftovers(GmqBroker *broker, const GArray *leftovers)
{
    for (unsigned i = 0; i < leftovers->len; i++)
        gmq_definition_drop(broker, &g_array_index(leftovers, uint64_t, i));
    return leftovers->len;
}

/* What clearing drops joins the leftovers. */
unsigned
gmq_definitions_end(GmqBroker *broker)
{
    GmqRestoring *restoring = gmq_broker_restoring(broker);
    bool is_whole           = restoring->is_whole;

    if (!is_whole)
        gmq_broker_clear(broker);
    gmq_broker_set_restoring(broker, NULL);
    unsigned n_leftovers = drop_leftovers(broker, restoring->leftovers);
    gmq_restoring_free(restoring);
    if (!is_whole) {
        gmq_broker_furnish(broker);
        gmq_definitions_write_all(broker);
    }
    return n_leftovers;
}

/* ---- a new journal ---- */

static void
write_vhost(GmqVhost *vhost)
{
    gmq_definition_keep_vhost(vhost);
    gmq_definition_keep_vhost_settings(vhost);
    for (int kind = 0; kind < GMQ_N_POLICY_KINDS; kind++) {
        for (unsigned i = 0; i < vhost->policies[kind]->len; i++)
            gmq_definition_keep_policy(vhost, g_ptr_array_index(vhost->policies[kind], i));
    }
    for (GList *link = vhost->exchange_list.head; link != NULL; link = link->next)
        gmq_definition_keep_exchange(link->data);
    for (GList *link = vhost->queue_list.head; link != NULL; link = link->next)
        gmq_definition_keep_queue(link->data);
    for (GList *link = vhost->exchange_list.head; link != NULL; link = link->next) {
        const GmqExchange *exchange = link->data;

        for (GList *each = exchange->bindings.head; each != NULL; each = each->next)
            gmq_definition_keep_binding(each->data);
    }
}

static void
write_user(GmqUser *user)
{
    gmq_definition_keep_user(user);
    gmq_definition_keep_user_settings(user);
    for (GList *link = user->permissions.head; link != NULL; link = link->next)
        gmq_definition_keep_permission(user, link->data);
    for (GList *link = user->topic_permissions.head; link != NULL; link = link->next)
        gmq_definition_keep_topic_permission(user, link->data);
}

void
gmq_definitions_write_all(GmqBroker *broker)
{
    for (GList *link = gmq_broker_vhosts(broker)->head; link != NULL; link = link->next)
        write_vhost(link->data);
    for (GList *link = gmq_broker_users(broker)->head; link != NULL; link = link->next)
        write_user(link->data);
    gmq_definition_keep_broker(broker);
}
