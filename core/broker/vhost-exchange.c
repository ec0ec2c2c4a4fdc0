#include "core/broker/argument.h"
#include "core/broker/definition.h"
#include "core/broker/name.h"
#include "core/broker/notice.h"
#include "core/broker/permission.h"
#include "core/broker/vhost.h"

#define RESERVED_PREFIX "amq."
#define ALTERNATE_KEY "alternate-exchange"

/* ---- finding ---- */

GmqExchange *
gmq_vhost_find_exchange(const GmqVhost *vhost, GmqSlice name)
{
    return g_hash_table_lookup(vhost->exchanges, &name);
}

GmqExchange *
gmq_vhost_need_exchange(const GmqVhost *vhost, GmqSlice name, GmqFault *fault)
{
    GmqExchange *exchange = gmq_vhost_find_exchange(vhost, name);

    if (exchange == NULL)
        gmq_fault_set(fault, GMQ_REPLY_NOT_FOUND, "no exchange '%.*s' in vhost '%.*s'",
                      (int)name.size, name.data, (int)vhost->name.size, vhost->name.data);
    return exchange;
}

bool
gmq_vhost_refuse_default(GmqSlice name, GmqFault *fault)
{
    if (name.size > 0)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "operation not permitted on the default exchange");
}

GmqExchange *
gmq_vhost_check_exchange(GmqVhost *vhost, GmqSlice name, GmqFault *fault)
{
    char storage[GMQ_SHORTSTR_MAX];
    GmqSlice stripped = gmq_name_strip(name, storage);

    if (!gmq_vhost_refuse_default(stripped, fault))
        return NULL;
    return gmq_vhost_need_exchange(vhost, stripped, fault);
}

/* "exchange 'x' in vhost '/'"; the caller frees it. */
static char *
describe(const GmqVhost *vhost, GmqSlice name)
{
    return g_strdup_printf("exchange '%.*s' in vhost '%.*s'", (int)name.size, name.data,
                           (int)vhost->name.size, vhost->name.data);
}

/* ---- declare ---- */

static void
tell_created(const GmqExchange *exchange)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, exchange->vhost->broker, "exchange.created"))
        return;
    gmq_table_add_text(&notice.headers, "vhost", exchange->vhost->name);
    gmq_table_add_text(&notice.headers, "name", exchange->name);
    gmq_table_add_text(&notice.headers, "type", gmq_slice_of(exchange->type->name));
    gmq_table_add_bool(&notice.headers, "durable", exchange->is_durable);
    gmq_table_add_bool(&notice.headers, "auto_delete", exchange->is_auto_delete);
    gmq_table_add_bool(&notice.headers, "internal", exchange->is_internal);
    gmq_table_add_table(&notice.headers, "arguments", exchange->arguments);
    gmq_notice_send(&notice);
}

void
gmq_vhost_note_exchange(const GmqExchange *exchange)
{
    GmqHost *host = exchange->vhost->host;

    tell_created(exchange);
    if (gmq_host_is_unheard(host))
        return;

    uint64_t declared = host->note(host, &(GmqEvent){.kind  = GMQ_EVENT_EXCHANGE_DECLARED,
                                                     .vhost = &exchange->vhost->name,
                                                     .who   = exchange->name,
                                                     .count = (exchange->is_durable ? 1u : 0u) |
                                                              (exchange->is_auto_delete ? 2u : 0u) |
                                                              (exchange->is_internal ? 4u : 0u),
                                                     .text = gmq_slice_of(exchange->type->name)});
    if (exchange->alternate.data != NULL)
        host->note(host, &(GmqEvent){.kind  = GMQ_EVENT_ALTERNATE_SET,
                                     .vhost = &exchange->vhost->name,
                                     .cause = declared,
                                     .who   = exchange->name,
                                     .to    = exchange->alternate});
}

static GmqExchange *
add_exchange(GmqVhost *vhost, const GmqExchangeType *type, const GmqExchangeSpec *spec,
             GmqSlice name)
{
    GmqExchange *exchange = gmq_exchange_new(vhost, type, name, spec->arguments);

    exchange->is_durable     = spec->is_durable;
    exchange->is_auto_delete = spec->is_auto_delete;
    exchange->is_internal    = spec->is_internal;
    g_hash_table_insert(vhost->exchanges, &exchange->name, exchange);
    g_queue_push_tail_link(&vhost->exchange_list, &exchange->link);
    vhost->topology++;
    return exchange;
}

GmqExchange *
gmq_vhost_predeclare(GmqVhost *vhost, GmqSlice name, GmqSlice type, bool is_internal)
{
    GmqExchangeSpec spec = {.is_durable = true, .is_internal = is_internal};
    const GmqExchangeType *found =
        name.size == 0 ? &gmq_exchange_default : gmq_exchange_type_find(type);

    g_assert(found != NULL);
    GmqExchange *exchange    = add_exchange(vhost, found, &spec, name);
    exchange->is_predeclared = true;
    return exchange;
}

static bool
check_field(const char *what, const char *field, const char *current, const char *received,
            GmqFault *fault)
{
    if (strcmp(current, received) == 0)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "inequivalent arg '%s' for %s: received '%s' but current is '%s'", field,
                         what, received, current);
}

static const char *
truth(bool value)
{
    return value ? "true" : "false";
}

/* Those of the exchange's type. */
static bool
check_own_arguments(const GmqExchange *exchange, const char *what, GmqSlice arguments,
                    GmqFault *fault)
{
    const char *const *names = exchange->type->own_arguments;

    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (!gmq_argument_check_same(names[i], what, exchange->arguments, arguments, fault))
            return false;
    }
    return true;
}

/* 9.3, in RabbitMQ's order. */
static bool
check_same(const GmqExchange *exchange, const GmqExchangeType *type, const GmqExchangeSpec *spec,
           GmqFault *fault)
{
    g_autofree char *what = describe(exchange->vhost, exchange->name);

    return check_field(what, "type", exchange->type->name, type->name, fault) &&
           check_field(what, "durable", truth(exchange->is_durable), truth(spec->is_durable),
                       fault) &&
           check_field(what, "auto_delete", truth(exchange->is_auto_delete),
                       truth(spec->is_auto_delete), fault) &&
           check_field(what, "internal", truth(exchange->is_internal), truth(spec->is_internal),
                       fault) &&
           gmq_argument_check_same(ALTERNATE_KEY, what, exchange->arguments, spec->arguments,
                                   fault) &&
           check_own_arguments(exchange, what, spec->arguments, fault) &&
           gmq_dedup_check_same(what, exchange->arguments, spec->arguments, fault);
}

/* Who lets another exchange take over reads the one and writes to the other (8). */
static bool
check_take_over(const GmqVhost *vhost, const GmqExchangeSpec *spec, GmqSlice name,
                GmqSlice alternate, GmqFault *fault)
{
    return spec->user == NULL ||
           (gmq_user_check_exchange(spec->user, vhost, GMQ_ACCESS_READ, name, fault) &&
            gmq_user_check_exchange(spec->user, vhost, GMQ_ACCESS_WRITE, alternate, fault));
}

/* An alternate exchange is a name (9.9). */
static bool
check_alternate(const GmqVhost *vhost, const GmqExchangeSpec *spec, GmqSlice name, GmqFault *fault)
{
    GmqValue alternate;

    if (!gmq_table_find(spec->arguments, GMQ_SLICE(ALTERNATE_KEY), &alternate))
        return true;
    if (alternate.type == GMQ_VALUE_STRING)
        return check_take_over(vhost, spec, name, alternate.bytes, fault);

    g_autofree char *what = describe(vhost, name);
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "invalid type '%s' for arg '" ALTERNATE_KEY "' in %s",
                         gmq_argument_type_name(alternate.type), what);
}

/* A name of the client's own (9.4), and arguments that its type understands. */
static bool
check_new(const GmqVhost *vhost, const GmqExchangeType *type, const GmqExchangeSpec *spec,
          GmqSlice name, GmqFault *fault)
{
    if (gmq_slice_starts_with(name, GMQ_SLICE(RESERVED_PREFIX)))
        return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                             "exchange name '%.*s' contains reserved prefix 'amq.*'",
                             (int)name.size, name.data);

    g_autofree char *what = describe(vhost, name);
    return check_alternate(vhost, spec, name, fault) &&
           gmq_dedup_check(spec->arguments, what, fault) &&
           (type->check_arguments == NULL || type->check_arguments(spec->arguments, fault));
}

GmqExchange *
gmq_vhost_declare_exchange(GmqVhost *vhost, const GmqExchangeSpec *spec, GmqFault *fault)
{
    const GmqExchangeType *type = gmq_exchange_type_find(spec->type);
    if (type == NULL) {
        gmq_fault_set(fault, gmq_broker_profile(vhost->broker)->unknown_exchange_type,
                      "unknown exchange type '%.*s'", (int)spec->type.size, spec->type.data);
        return NULL;
    }

    char storage[GMQ_SHORTSTR_MAX];
    GmqSlice name = gmq_name_strip(spec->name, storage);
    if (!gmq_vhost_refuse_default(name, fault) ||
        (spec->user != NULL &&
         !gmq_user_check_exchange(spec->user, vhost, GMQ_ACCESS_CONFIGURE, name, fault)))
        return NULL;

    GmqExchange *exchange = gmq_vhost_find_exchange(vhost, name);
    if (exchange != NULL)
        return check_same(exchange, type, spec, fault) ? exchange : NULL;
    if (!check_new(vhost, type, spec, name, fault))
        return NULL;
    exchange = add_exchange(vhost, type, spec, name);
    gmq_definition_keep_exchange(exchange);
    gmq_vhost_note_exchange(exchange);
    return exchange;
}

/* ---- delete ---- */

bool
gmq_vhost_delete_exchange(GmqVhost *vhost, GmqSlice name, bool if_unused, GmqFault *fault)
{
    char storage[GMQ_SHORTSTR_MAX];
    GmqSlice stripped = gmq_name_strip(name, storage);

    if (!gmq_vhost_refuse_default(stripped, fault))
        return false;

    g_autofree char *what = describe(vhost, stripped);
    if (gmq_slice_starts_with(stripped, GMQ_SLICE(RESERVED_PREFIX)))
        return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED, "deletion of system %s not allowed",
                             what);

    GmqExchange *exchange = gmq_vhost_find_exchange(vhost, stripped);
    if (exchange == NULL)
        return true;
    if (if_unused && exchange->bindings.length > 0)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "%s in use", what);

    gmq_vhost_doom_exchange(vhost, exchange, 0);
    gmq_vhost_sweep(vhost);
    return true;
}

void
gmq_vhost_doom_exchange(GmqVhost *vhost, GmqExchange *exchange, uint64_t cause)
{
    GmqHost *host = vhost->host;

    exchange->is_gone = true;
    g_hash_table_remove(vhost->exchanges, &exchange->name);
    g_queue_unlink(&vhost->exchange_list, &exchange->link);
    g_queue_push_tail_link(&vhost->doomed, &exchange->link);
    vhost->topology++;
    gmq_notice_name(vhost->broker, "exchange.deleted", exchange->name, vhost);
    if (!gmq_host_is_unheard(host))
        exchange->event = host->note(host, &(GmqEvent){.kind  = GMQ_EVENT_EXCHANGE_DELETED,
                                                       .vhost = &vhost->name,
                                                       .cause = cause,
                                                       .who   = exchange->name});
}

void
gmq_vhost_sweep(GmqVhost *vhost)
{
    GList *link;

    while ((link = g_queue_pop_head_link(&vhost->doomed)) != NULL) {
        GmqExchange *exchange = link->data;

        while (exchange->bindings.length > 0)
            gmq_vhost_remove_binding(vhost, exchange->bindings.head->data, exchange->event);
        while (exchange->inbound.length > 0)
            gmq_vhost_remove_binding(vhost, exchange->inbound.head->data, exchange->event);
        gmq_definition_drop(vhost->broker, &exchange->record);
        gmq_exchange_free(exchange);
    }
}

void
gmq_vhost_clear_exchanges(GmqVhost *vhost)
{
    for (GList *link = vhost->exchange_list.head; link != NULL; link = link->next) {
        GmqExchange *exchange = link->data;

        while (exchange->bindings.length > 0)
            gmq_vhost_forget_binding(vhost, exchange->bindings.head->data);
    }
    while (vhost->exchange_list.length > 0) {
        GmqExchange *exchange = g_queue_pop_head_link(&vhost->exchange_list)->data;

        gmq_definition_drop(vhost->broker, &exchange->record);
        gmq_exchange_free(exchange);
    }
    g_hash_table_remove_all(vhost->exchanges);
    g_hash_table_unref(vhost->binding_set);
}
