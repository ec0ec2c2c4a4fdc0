#include "core/broker/vhost.h"

#include "core/base/site.h"
#include "core/broker/definition.h"
#include "core/broker/name.h"
#include "core/broker/notice.h"
#include "core/broker/permission.h"
#include "core/broker/queue-arguments.h"
#include "core/broker/random-name.h"
#include "core/wire/table.h"

#define RESERVED_PREFIX "amq."

/* ---- names ---- */

GmqQueue *
gmq_vhost_find_queue(const GmqVhost *vhost, GmqSlice name)
{
    return g_hash_table_lookup(vhost->queues, &name);
}

static bool
refuse_missing(const GmqVhost *vhost, GmqSlice name, GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_NOT_FOUND, "no queue '%.*s' in vhost '%.*s'",
                         (int)name.size, name.data, (int)vhost->name.size, vhost->name.data);
}

static bool
refuse_locked(const GmqQueue *queue, GmqFault *fault)
{
    return gmq_fault_set(
        fault, GMQ_REPLY_RESOURCE_LOCKED,
        "cannot obtain exclusive access to locked queue '%.*s' in vhost '%.*s'. It could be "
        "originally declared on another connection or the exclusive property value does not match "
        "that of the original declaration.",
        (int)queue->name.size, queue->name.data, (int)queue->vhost->name.size,
        queue->vhost->name.data);
}

/* 10.5: another connection's exclusive queue. */
static bool
check_owner(const GmqQueue *queue, const void *owner, GmqFault *fault)
{
    return !queue->is_exclusive || queue->owner == owner ||
           GMQ_BUG(queue->host, EXCLUSIVE_SHARED) || refuse_locked(queue, fault);
}

GmqQueue *
gmq_vhost_need_queue(const GmqVhost *vhost, GmqSlice name, const void *owner, GmqFault *fault)
{
    GmqQueue *queue = gmq_vhost_find_queue(vhost, name);

    if (queue == NULL) {
        refuse_missing(vhost, name, fault);
        return NULL;
    }
    return check_owner(queue, owner, fault) ? queue : NULL;
}

GmqQueue *
gmq_vhost_check_queue(const GmqVhost *vhost, GmqSlice name, const void *owner, GmqFault *fault)
{
    char stripped[GMQ_SHORTSTR_MAX];

    return gmq_vhost_need_queue(vhost, gmq_name_strip(name, stripped), owner, fault);
}

/* ---- declare ---- */

static const char *
truth(bool value)
{
    return value ? "true" : "false";
}

static bool
refuse_flag(const GmqQueue *queue, const char *flag, bool received, GmqFault *fault)
{
    return gmq_fault_set(
        fault, GMQ_REPLY_PRECONDITION_FAILED,
        "inequivalent arg '%s' for queue '%.*s' in vhost '%.*s': received '%s' but "
        "current is '%s'",
        flag, (int)queue->name.size, queue->name.data, (int)queue->vhost->name.size,
        queue->vhost->name.data, truth(received), truth(!received));
}

/* "queue 'q' in vhost '/'"; the caller frees it. */
static char *
describe(const GmqVhost *vhost, GmqSlice name)
{
    return g_strdup_printf("queue '%.*s' in vhost '%.*s'", (int)name.size, name.data,
                           (int)vhost->name.size, vhost->name.data);
}

static bool
check_same_dedup(const GmqQueue *queue, GmqSlice arguments, GmqFault *fault)
{
    g_autofree char *what = describe(queue->vhost, queue->name);

    return gmq_dedup_check_same(what, queue->arguments, arguments, fault);
}

/* 10.4, in its order. An exclusive queue is stored as not durable and takes either (10.3). */
static bool
check_same(const GmqQueue *queue, const GmqQueueSpec *spec, GmqFault *fault)
{
    if (queue->is_exclusive != spec->is_exclusive)
        return refuse_locked(queue, fault);
    if (!check_owner(queue, spec->owner, fault))
        return false;
    if (!queue->is_exclusive && queue->is_durable != spec->is_durable)
        return refuse_flag(queue, "durable", spec->is_durable, fault);
    if (queue->is_auto_delete != spec->is_auto_delete)
        return refuse_flag(queue, "auto_delete", spec->is_auto_delete, fault);
    return gmq_queue_arguments_same(queue, spec->arguments, fault) &&
           check_same_dedup(queue, spec->arguments, fault);
}

static void
tell_created(const GmqQueue *queue, GmqSlice owner_name)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, queue->vhost->broker, "queue.created"))
        return;
    gmq_table_add_text(&notice.headers, "vhost", queue->vhost->name);
    gmq_table_add_text(&notice.headers, "name", queue->name);
    gmq_table_add_bool(&notice.headers, "durable", queue->is_durable);
    gmq_table_add_bool(&notice.headers, "auto_delete", queue->is_auto_delete);
    gmq_table_add_bool(&notice.headers, "exclusive", queue->is_exclusive);
    if (queue->is_exclusive)
        gmq_table_add_text(&notice.headers, "owner_connection", owner_name);
    gmq_table_add_table(&notice.headers, "arguments", queue->arguments);
    gmq_notice_send(&notice);
}

static GmqQueue *
add_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqSlice name,
          const GmqQueueSettings *settings)
{
    GmqQueue *queue = gmq_queue_new(vhost, name, spec->arguments, settings);

    queue->is_durable     = spec->is_durable && !spec->is_exclusive;
    queue->is_exclusive   = spec->is_exclusive;
    queue->is_auto_delete = spec->is_auto_delete;
    queue->owner          = spec->is_exclusive ? spec->owner : NULL;
    queue->number         = spec->number;
    g_hash_table_insert(vhost->queues, &queue->name, queue);
    g_queue_push_tail_link(&vhost->queue_list, &queue->link);
    vhost->topology++;
    gmq_definition_keep_queue(queue);
    tell_created(queue, spec->owner_name);

    if (!gmq_host_is_unheard(vhost->host))
        vhost->host->note(vhost->host, &(GmqEvent){.kind  = GMQ_EVENT_QUEUE_DECLARED,
                                                   .vhost = &vhost->name,
                                                   .who   = queue->name,
                                                   .count = (queue->is_durable ? 1u : 0u) |
                                                            (queue->is_auto_delete ? 2u : 0u) |
                                                            (queue->is_exclusive ? 4u : 0u)});
    return queue;
}

/* A name of the client's own, or 403 for one that is reserved (10.2). */
static bool
check_name(GmqSlice name, GmqFault *fault)
{
    if (!gmq_slice_starts_with(name, GMQ_SLICE(RESERVED_PREFIX)))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "queue name '%.*s' contains reserved prefix 'amq.*'", (int)name.size,
                         name.data);
}

static bool
check_count(const GmqVhost *vhost, GmqSlice name, GmqFault *fault)
{
    int64_t limit = vhost->limits[GMQ_VHOST_LIMIT_QUEUES];

    if (limit < 0 || vhost->queue_list.length < limit)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "cannot declare queue '%.*s': queue limit in vhost '%.*s' "
                         "(%" G_GINT64_FORMAT ") is reached",
                         (int)name.size, name.data, (int)vhost->name.size, vhost->name.data, limit);
}

/* Who lets dead letters go to an exchange reads the queue and writes to the exchange. */
static bool
check_dead_letters(const GmqVhost *vhost, const GmqQueueSpec *spec, GmqSlice name, GmqFault *fault)
{
    GmqValue exchange;

    if (spec->user == NULL ||
        !gmq_table_find(spec->arguments, GMQ_SLICE("x-dead-letter-exchange"), &exchange) ||
        exchange.type != GMQ_VALUE_STRING)
        return true;
    return gmq_user_check_queue(spec->user, vhost, GMQ_ACCESS_READ, name, fault) &&
           gmq_user_check_exchange(spec->user, vhost, GMQ_ACCESS_WRITE, exchange.bytes, fault);
}

static GmqQueue *
make_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqSlice name, GmqFault *fault)
{
    g_autofree char *what = describe(vhost, name);
    GmqQueueSettings settings;

    if (!gmq_queue_arguments_read(vhost, name, spec->arguments, &settings, fault) ||
        !gmq_dedup_check(spec->arguments, what, fault))
        return NULL;
    return add_queue(vhost, spec, name, &settings);
}

GmqQueue *
gmq_vhost_restore_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqFault *fault)
{
    g_assert(gmq_vhost_find_queue(vhost, spec->name) == NULL);
    return make_queue(vhost, spec, spec->name, fault);
}

GmqQueue *
gmq_vhost_declare_queue(GmqVhost *vhost, const GmqQueueSpec *spec, GmqFault *fault)
{
    char stripped[GMQ_SHORTSTR_MAX];
    char generated[GMQ_RANDOM_NAME_SIZE];
    GmqSlice name = gmq_name_strip(spec->name, stripped);

    if (!check_name(name, fault))
        return NULL;
    if (name.size == 0)
        name = gmq_random_name(vhost->host, "amq.gen-", generated);
    if (spec->user != NULL &&
        !gmq_user_check_queue(spec->user, vhost, GMQ_ACCESS_CONFIGURE, name, fault))
        return NULL;

    GmqQueue *queue = gmq_vhost_find_queue(vhost, name);
    if (queue != NULL)
        return check_same(queue, spec, fault) ? queue : NULL;
    if (!check_count(vhost, name, fault) || !check_dead_letters(vhost, spec, name, fault))
        return NULL;
    return make_queue(vhost, spec, name, fault);
}

/* ---- delete ---- */

static bool
refuse_delete(const GmqQueue *queue, const char *why, GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "queue '%.*s' in vhost '%.*s' %s",
                         (int)queue->name.size, queue->name.data, (int)queue->vhost->name.size,
                         queue->vhost->name.data, why);
}

bool
gmq_vhost_delete_queue(GmqVhost *vhost, GmqSlice name, const void *owner, bool if_unused,
                       bool if_empty, uint64_t *ready_count, GmqFault *fault)
{
    char stripped[GMQ_SHORTSTR_MAX];
    GmqQueue *queue = gmq_vhost_find_queue(vhost, gmq_name_strip(name, stripped));

    *ready_count = 0;
    if (queue == NULL)
        return true;
    if (!check_owner(queue, owner, fault))
        return false;
    if (if_unused && queue->consumers.length > 0)
        return refuse_delete(queue, "in use", fault);
    gmq_queue_catch_up(queue);
    if (if_empty && gmq_queue_ready_count(queue) > 0)
        return refuse_delete(queue, "not empty", fault);

    *ready_count = gmq_queue_ready_count(queue);
    gmq_vhost_remove_queue(vhost, queue, "deleted");
    return true;
}

static uint64_t
note_deleted(const GmqQueue *queue, const char *why)
{
    if (gmq_host_is_unheard(queue->host))
        return 0;
    return queue->host->note(queue->host, &(GmqEvent){.kind  = GMQ_EVENT_QUEUE_DELETED,
                                                      .vhost = &queue->vhost->name,
                                                      .who   = queue->name,
                                                      .count = gmq_queue_ready_count(queue),
                                                      .text  = gmq_slice_of(why)});
}

void
gmq_vhost_remove_queue(GmqVhost *vhost, GmqQueue *queue, const char *why)
{
    if (queue->is_gone)
        return;

    g_hash_table_remove(vhost->queues, &queue->name);
    g_queue_unlink(&vhost->queue_list, &queue->link);
    vhost->topology++;
    queue->is_gone = true;
    gmq_notice_name(vhost->broker, "queue.deleted", queue->name, vhost);
    gmq_vhost_unbind_queue(vhost, queue, note_deleted(queue, why));
    gmq_definition_drop_queue(queue);
    gmq_queue_end(queue);
    gmq_queue_unref(queue);
}
