#include "core/broker/permission.h"

#include "core/broker/definition.h"
#include "core/broker/notice.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"

/* What publishers write to when they name no exchange. */
#define DEFAULT_EXCHANGE "amq.default"

/* What a publisher found out counts no more (publish caches follow the topology). */
static void
note_change(GmqVhost *vhost)
{
    vhost->topology++;
}

/* Tells of a permission: whose it is, where, and the words that are not NULL, by name (27.2). */
static void
notify(const GmqUser *user, const GmqVhost *vhost, const char *key, const char *const words[][2],
       unsigned n_words)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, user->broker, key))
        return;
    gmq_table_add_text(&notice.headers, "user", user->name);
    gmq_table_add_text(&notice.headers, "vhost", vhost->name);
    for (unsigned i = 0; i < n_words; i++)
        gmq_table_add_text(&notice.headers, words[i][0], gmq_slice_of(words[i][1]));
    gmq_notice_send(&notice);
}

static void
clear_patterns(GmqPattern *patterns)
{
    for (unsigned i = 0; i < GMQ_N_ACCESSES; i++)
        gmq_pattern_clear(&patterns[i]);
}

static void
free_permission(GmqPermission *permission)
{
    clear_patterns(permission->patterns);
    g_free(permission);
}

static void
free_topic_permission(GmqTopicPermission *permission)
{
    clear_patterns(permission->patterns);
    g_free(permission->write);
    g_free(permission->read);
    g_free((void *)permission->exchange.data);
    g_free(permission);
}

/* ---- permissions ---- */

static GmqPermission *
find_permission(const GmqUser *user, const GmqVhost *vhost)
{
    for (GList *link = user->permissions.head; link != NULL; link = link->next) {
        GmqPermission *permission = link->data;

        if (permission->vhost == vhost)
            return permission;
    }
    return NULL;
}

const GmqPermission *
gmq_user_find_permission(const GmqUser *user, const GmqVhost *vhost)
{
    return find_permission(user, vhost);
}

static GmqPermission *
add_permission(GmqUser *user, GmqVhost *vhost)
{
    GmqPermission *permission = g_new0(GmqPermission, 1);
    const GmqPermission *last = g_queue_peek_tail(&user->permissions);

    permission->number    = last == NULL ? 1 : last->number + 1;
    permission->vhost     = vhost;
    permission->link.data = permission;
    g_queue_push_tail_link(&user->permissions, &permission->link);
    return permission;
}

bool
gmq_user_set_permission(GmqUser *user, GmqVhost *vhost, const char *configure, const char *write,
                        const char *read, GError **error)
{
    const char *const texts[GMQ_N_ACCESSES] = {
        [GMQ_ACCESS_CONFIGURE] = configure,
        [GMQ_ACCESS_WRITE]     = write,
        [GMQ_ACCESS_READ]      = read,
    };
    GmqPattern patterns[GMQ_N_ACCESSES] = {0};

    for (unsigned i = 0; i < GMQ_N_ACCESSES; i++) {
        if (!gmq_pattern_init(&patterns[i], texts[i], error)) {
            clear_patterns(patterns);
            return false;
        }
    }

    GmqPermission *permission = find_permission(user, vhost);
    if (permission == NULL)
        permission = add_permission(user, vhost);
    clear_patterns(permission->patterns);
    memcpy(permission->patterns, patterns, sizeof patterns);
    gmq_definition_keep_permission(user, permission);
    note_change(vhost);

    const char *const words[][2] = {
        {"configure", configure},
        {"write", write},
        {"read", read},
    };
    notify(user, vhost, "permission.created", words, G_N_ELEMENTS(words));
    return true;
}

static void
remove_permission(GmqUser *user, GmqPermission *permission)
{
    note_change(permission->vhost);
    gmq_definition_drop(user->broker, &permission->record);
    g_queue_unlink(&user->permissions, &permission->link);
    free_permission(permission);
}

bool
gmq_user_clear_permission(GmqUser *user, GmqVhost *vhost)
{
    GmqPermission *permission = find_permission(user, vhost);

    if (permission == NULL)
        return false;
    remove_permission(user, permission);
    notify(user, vhost, "permission.deleted", NULL, 0);
    return true;
}

/* ---- topic permissions ---- */

static GmqTopicPermission *
find_topic_permission(const GmqUser *user, const GmqVhost *vhost, GmqSlice exchange)
{
    for (GList *link = user->topic_permissions.head; link != NULL; link = link->next) {
        GmqTopicPermission *permission = link->data;

        if (permission->vhost == vhost && gmq_slice_equal(permission->exchange, exchange))
            return permission;
    }
    return NULL;
}

static GmqTopicPermission *
add_topic_permission(GmqUser *user, GmqVhost *vhost, GmqSlice exchange)
{
    GmqTopicPermission *permission = g_new0(GmqTopicPermission, 1);
    const GmqTopicPermission *last = g_queue_peek_tail(&user->topic_permissions);

    permission->number    = last == NULL ? 1 : last->number + 1;
    permission->vhost     = vhost;
    permission->exchange  = (GmqSlice){(uint8_t *)gmq_slice_dup(exchange), exchange.size};
    permission->link.data = permission;
    g_queue_push_tail_link(&user->topic_permissions, &permission->link);
    return permission;
}

/* The text with every occurrence of word replaced by the name; the caller frees it. */
static char *
replace(const char *text, const char *word, GmqSlice name)
{
    g_autofree char *with = gmq_slice_dup(name);
    g_auto(GStrv) pieces  = g_strsplit(text, word, -1);

    return g_strjoinv(with, pieces);
}

/* The names are put in as they are, so that their dots match anything, as RabbitMQ does. */
static bool
compile_topic(const GmqUser *user, const GmqVhost *vhost, const char *text, GmqPattern *pattern,
              GError **error)
{
    g_autofree char *with_user = replace(text, "{username}", user->name);
    g_autofree char *expanded  = replace(with_user, "{vhost}", vhost->name);

    return gmq_pattern_init(pattern, expanded, error);
}

bool
gmq_user_set_topic_permission(GmqUser *user, GmqVhost *vhost, GmqSlice exchange, const char *write,
                              const char *read, GError **error)
{
    GmqPattern patterns[GMQ_N_ACCESSES] = {0};

    if (!compile_topic(user, vhost, write, &patterns[GMQ_ACCESS_WRITE], error) ||
        !compile_topic(user, vhost, read, &patterns[GMQ_ACCESS_READ], error)) {
        clear_patterns(patterns);
        return false;
    }

    GmqTopicPermission *permission = find_topic_permission(user, vhost, exchange);
    if (permission == NULL)
        permission = add_topic_permission(user, vhost, exchange);
    clear_patterns(permission->patterns);
    g_free(permission->write);
    g_free(permission->read);
    memcpy(permission->patterns, patterns, sizeof patterns);
    permission->write = g_strdup(write);
    permission->read  = g_strdup(read);
    gmq_definition_keep_topic_permission(user, permission);
    note_change(vhost);

    const char *const words[][2] = {
        {"exchange", (const char *)permission->exchange.data},
        {"write", write},
        {"read", read},
    };
    notify(user, vhost, "topic.permission.created", words, G_N_ELEMENTS(words));
    return true;
}

static void
remove_topic_permission(GmqUser *user, GmqTopicPermission *permission)
{
    note_change(permission->vhost);
    gmq_definition_drop(user->broker, &permission->record);
    g_queue_unlink(&user->topic_permissions, &permission->link);
    free_topic_permission(permission);
}

bool
gmq_user_clear_topic_permissions(GmqUser *user, GmqVhost *vhost, GmqSlice exchange)
{
    unsigned before = user->topic_permissions.length;
    GList *next;

    for (GList *link = user->topic_permissions.head; link != NULL; link = next) {
        GmqTopicPermission *permission = link->data;

        next = link->next;
        if (permission->vhost == vhost &&
            (exchange.data == NULL || gmq_slice_equal(permission->exchange, exchange)))
            remove_topic_permission(user, permission);
    }
    if (user->topic_permissions.length == before)
        return false;

    const char *const words[][2] = {{"exchange", (const char *)exchange.data}};
    notify(user, vhost, "topic.permission.deleted", words, exchange.data == NULL ? 0 : 1);
    return true;
}

void
gmq_user_forget_vhost(GmqUser *user, GmqVhost *vhost)
{
    gmq_user_clear_permission(user, vhost);
    gmq_user_clear_topic_permissions(user, vhost, (GmqSlice){0});
}

void
gmq_user_forget_permissions(GmqUser *user)
{
    while (user->permissions.length > 0)
        remove_permission(user, user->permissions.head->data);
    while (user->topic_permissions.length > 0)
        remove_topic_permission(user, user->topic_permissions.head->data);
}

/* ---- found again ---- */

static int64_t
number_of(const void *permission)
{
    return ((const GmqPermission *)permission)->number;
}

static int64_t
topic_number_of(const void *permission)
{
    return ((const GmqTopicPermission *)permission)->number;
}

static void
move(GQueue *list, GList *link, int64_t (*number)(const void *permission))
{
    GList *before;

    g_queue_unlink(list, link);
    before = list->tail;
    while (before != NULL && number(before->data) > number(link->data))
        before = before->prev;
    g_queue_insert_after_link(list, before, link);
}

void
gmq_user_number_permission(GmqUser *user, GmqVhost *vhost, int64_t number)
{
    GmqPermission *permission = find_permission(user, vhost);

    permission->number = number;
    move(&user->permissions, &permission->link, number_of);
}

void
gmq_user_number_topic_permission(GmqUser *user, GmqVhost *vhost, GmqSlice exchange, int64_t number)
{
    GmqTopicPermission *permission = find_topic_permission(user, vhost, exchange);

    permission->number = number;
    move(&user->topic_permissions, &permission->link, topic_number_of);
}

/* ---- asking ---- */

bool
gmq_user_may(const GmqUser *user, const GmqVhost *vhost, GmqAccess access, GmqSlice name)
{
    const GmqPermission *permission = find_permission(user, vhost);

    return permission != NULL && gmq_pattern_matches(&permission->patterns[access], name);
}

static bool
refuse(const GmqUser *user, const GmqVhost *vhost, const char *what, GmqSlice name, GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "access to %s '%.*s' in vhost '%.*s' refused for user '%s'", what,
                         (int)name.size, name.data, (int)vhost->name.size, vhost->name.data,
                         (const char *)user->name.data);
}

bool
gmq_user_check_queue(const GmqUser *user, const GmqVhost *vhost, GmqAccess access, GmqSlice name,
                     GmqFault *fault)
{
    return gmq_user_may(user, vhost, access, name) || refuse(user, vhost, "queue", name, fault);
}

bool
gmq_user_check_exchange(const GmqUser *user, const GmqVhost *vhost, GmqAccess access, GmqSlice name,
                        GmqFault *fault)
{
    GmqSlice called = name.size == 0 ? GMQ_SLICE(DEFAULT_EXCHANGE) : name;

    return gmq_user_may(user, vhost, access, called) ||
           refuse(user, vhost, "exchange", called, fault);
}

bool
gmq_user_check_topic(const GmqUser *user, const GmqVhost *vhost, GmqAccess access,
                     GmqSlice exchange, GmqSlice key, GmqFault *fault)
{
    const GmqTopicPermission *permission = find_topic_permission(user, vhost, exchange);

    g_assert(access != GMQ_ACCESS_CONFIGURE);
    if (permission == NULL || gmq_pattern_matches(&permission->patterns[access], key))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "access to topic '%.*s' in exchange '%.*s' in vhost '%.*s' refused for "
                         "user '%s'",
                         (int)key.size, key.data, (int)exchange.size, exchange.data,
                         (int)vhost->name.size, vhost->name.data, (const char *)user->name.data);
}
