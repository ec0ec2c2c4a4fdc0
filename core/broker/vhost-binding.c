#include "core/broker/definition.h"
#include "core/broker/name.h"
#include "core/broker/notice.h"
#include "core/broker/permission.h"
#include "core/broker/vhost.h"

void
gmq_vhost_init_bindings(GmqVhost *vhost)
{
    vhost->binding_set = g_hash_table_new(gmq_binding_hash, gmq_binding_same);
}

/* ---- both ways ---- */

static void
tell(const GmqVhost *vhost, const char *key, const GmqBinding *binding)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, vhost->broker, key))
        return;
    gmq_table_add_text(&notice.headers, "vhost", vhost->name);
    gmq_table_add_text(&notice.headers, "source_name", binding->source->name);
    gmq_table_add_text(&notice.headers, "source_kind", GMQ_SLICE("exchange"));
    gmq_table_add_text(&notice.headers, "destination_name", gmq_binding_target(binding));
    gmq_table_add_text(&notice.headers, "destination_kind",
                       gmq_slice_of(gmq_binding_target_type(binding)));
    gmq_table_add_text(&notice.headers, "routing_key", binding->key);
    gmq_table_add_table(&notice.headers, "arguments", binding->arguments);
    gmq_notice_send(&notice);
}

/* Returns the number of the event; 0 when nobody looks. */
static uint64_t
note_binding(const GmqVhost *vhost, GmqEventKind kind, const GmqBinding *binding, uint64_t cause)
{
    if (gmq_host_is_unheard(vhost->host))
        return 0;

    const char *type = gmq_binding_target_type(binding);
    return vhost->host->note(vhost->host, &(GmqEvent){.kind  = kind,
                                                      .vhost = &vhost->name,
                                                      .cause = cause,
                                                      .who   = binding->source->name,
                                                      .to    = gmq_binding_target(binding),
                                                      .key   = binding->key,
                                                      .text  = gmq_slice_of(type)});
}

static GQueue *
target_list(const GmqBinding *binding)
{
    return binding->queue != NULL ? &binding->queue->bindings : &binding->exchange->inbound;
}

/* The spec with names that are looked up: CR and LF are stripped (9.4). */
static GmqBindingSpec
strip_names(const GmqBindingSpec *spec, char *source, char *target)
{
    GmqBindingSpec stripped = *spec;

    stripped.source = gmq_name_strip(spec->source, source);
    stripped.target = gmq_name_strip(spec->target, target);
    return stripped;
}

static bool
check_default(const GmqBindingSpec *spec, GmqFault *fault)
{
    return (spec->to_queue || gmq_vhost_refuse_default(spec->target, fault)) &&
           gmq_vhost_refuse_default(spec->source, fault);
}

/* The target is written to and the source read from (8). RabbitMQ asks for the first even before it
 * refuses the default exchange. */
static bool
check_access(const GmqVhost *vhost, const GmqBindingSpec *spec, GmqFault *fault)
{
    const GmqUser *user = spec->user;

    if (user == NULL)
        return check_default(spec, fault);
    if (!(spec->to_queue
              ? gmq_user_check_queue(user, vhost, GMQ_ACCESS_WRITE, spec->target, fault)
              : gmq_user_check_exchange(user, vhost, GMQ_ACCESS_WRITE, spec->target, fault)) ||
        !check_default(spec, fault) ||
        !gmq_user_check_exchange(user, vhost, GMQ_ACCESS_READ, spec->source, fault))
        return false;

    const GmqExchange *source = gmq_vhost_find_exchange(vhost, spec->source);
    return source == NULL || source->type != &gmq_exchange_topic ||
           gmq_user_check_topic(user, vhost, GMQ_ACCESS_READ, source->name, spec->key, fault);
}

/* What the spec describes, as far as its ends exist: for looking a binding up. */
static GmqBinding
describe(const GmqVhost *vhost, const GmqBindingSpec *spec)
{
    return (GmqBinding){
        .source    = gmq_vhost_find_exchange(vhost, spec->source),
        .queue     = spec->to_queue ? gmq_vhost_find_queue(vhost, spec->target) : NULL,
        .exchange  = spec->to_queue ? NULL : gmq_vhost_find_exchange(vhost, spec->target),
        .key       = spec->key,
        .arguments = spec->arguments,
    };
}

static bool
has_target(const GmqBinding *binding)
{
    return binding->queue != NULL || binding->exchange != NULL;
}

static bool
check_owner(const GmqVhost *vhost, const GmqBindingSpec *spec, GmqFault *fault)
{
    return !spec->to_queue || gmq_vhost_need_queue(vhost, spec->target, spec->owner, fault) != NULL;
}

/* ---- bind ---- */

static bool
check_ends(const GmqVhost *vhost, const GmqBindingSpec *spec, const GmqBinding *binding,
           GmqFault *fault)
{
    if (binding->source == NULL) {
        gmq_vhost_need_exchange(vhost, spec->source, fault);
        return false;
    }
    if (has_target(binding))
        return true;
    if (!spec->to_queue)
        gmq_vhost_need_exchange(vhost, spec->target, fault);
    return spec->to_queue && check_owner(vhost, spec, fault);
}

static bool
check_type(const GmqBinding *binding, GmqFault *fault)
{
    const GmqExchange *source = binding->source;

    return source->router->check == NULL ||
           source->router->check(source, binding->key, binding->arguments, fault);
}

static void
add_binding(GmqVhost *vhost, const GmqBinding *like)
{
    GmqBinding *binding = gmq_binding_new(like);
    GmqExchange *source = binding->source;

    binding->number = ++vhost->binding_count;
    g_hash_table_add(vhost->binding_set, binding);
    g_queue_push_tail_link(&source->bindings, &binding->source_link);
    g_queue_push_tail_link(target_list(binding), &binding->target_link);
    if (source->router->add != NULL)
        source->router->add(source, binding);
    vhost->topology++;
    gmq_definition_keep_binding(binding);
    note_binding(vhost, GMQ_EVENT_BOUND, binding, 0);
    tell(vhost, "binding.created", binding);
    if (source->router->bound != NULL)
        source->router->bound(source, binding);
}

/* Ends first, then key and arguments, then whose the queue is: RabbitMQ's order. */
bool
gmq_vhost_bind(GmqVhost *vhost, const GmqBindingSpec *given, GmqFault *fault)
{
    char source[GMQ_SHORTSTR_MAX];
    char target[GMQ_SHORTSTR_MAX];
    GmqBindingSpec spec = strip_names(given, source, target);

    if (!check_access(vhost, &spec, fault))
        return false;

    GmqBinding binding = describe(vhost, &spec);
    if (!check_ends(vhost, &spec, &binding, fault) || !check_type(&binding, fault) ||
        !check_owner(vhost, &spec, fault))
        return false;
    if (!g_hash_table_contains(vhost->binding_set, &binding))
        add_binding(vhost, &binding);
    return true;
}

/* ---- unbind ---- */

static void
detach(GmqVhost *vhost, GmqBinding *binding)
{
    GmqExchange *source = binding->source;

    if (source->router->remove != NULL)
        source->router->remove(source, binding);
    g_hash_table_remove(vhost->binding_set, binding);
    g_queue_unlink(&source->bindings, &binding->source_link);
    g_queue_unlink(target_list(binding), &binding->target_link);
    gmq_definition_drop(vhost->broker, &binding->record);
}

void
gmq_vhost_forget_binding(GmqVhost *vhost, GmqBinding *binding)
{
    detach(vhost, binding);
    gmq_binding_free(binding);
}

void
gmq_vhost_remove_binding(GmqVhost *vhost, GmqBinding *binding, uint64_t cause)
{
    GmqExchange *source = binding->source;

    detach(vhost, binding);
    vhost->topology++;
    uint64_t number = note_binding(vhost, GMQ_EVENT_UNBOUND, binding, cause);
    tell(vhost, "binding.deleted", binding);
    gmq_binding_free(binding);
    if (source->is_auto_delete && !source->is_gone && source->bindings.length == 0)
        gmq_vhost_doom_exchange(vhost, source, number);
}

static GmqBinding *
find_binding(const GmqVhost *vhost, const GmqBindingSpec *stripped)
{
    GmqBinding like = describe(vhost, stripped);

    return like.source != NULL && has_target(&like) ? g_hash_table_lookup(vhost->binding_set, &like)
                                                    : NULL;
}

GmqBinding *
gmq_vhost_find_binding(const GmqVhost *vhost, const GmqBindingSpec *spec)
{
    char source[GMQ_SHORTSTR_MAX];
    char target[GMQ_SHORTSTR_MAX];
    GmqBindingSpec stripped = strip_names(spec, source, target);

    return find_binding(vhost, &stripped);
}

/* Whose the queue is matters only for a binding that is there: RabbitMQ's way, and what makes
 * unbinding twice harmless for everybody (10.14). */
bool
gmq_vhost_unbind(GmqVhost *vhost, const GmqBindingSpec *given, GmqFault *fault)
{
    char source[GMQ_SHORTSTR_MAX];
    char target[GMQ_SHORTSTR_MAX];
    GmqBindingSpec spec = strip_names(given, source, target);

    if (!check_access(vhost, &spec, fault))
        return false;

    GmqBinding *binding = find_binding(vhost, &spec);
    if (binding == NULL)
        return true;
    if (!check_owner(vhost, &spec, fault))
        return false;

    gmq_vhost_remove_binding(vhost, binding, 0);
    gmq_vhost_sweep(vhost);
    return true;
}

void
gmq_vhost_unbind_queue(GmqVhost *vhost, GmqQueue *queue, uint64_t cause)
{
    while (queue->bindings.length > 0)
        gmq_vhost_remove_binding(vhost, queue->bindings.head->data, cause);
    gmq_vhost_sweep(vhost);
}
