/* Reading definitions: virtual hosts, users, and what is set for them. */
#include <string.h>

#include "core/broker/permission.h"
#include "core/broker/user.h"
#include "core/server/definitions-private.h"
#include "core/server/limit-texts.h"

/* ---- virtual hosts ---- */

/* RabbitMQ 3.10 keeps what people say in "metadata". */
static bool
read_description(const GmqItem *item, const char **description, char ***tags)
{
    g_autoptr(JsonObject) metadata = NULL;
    GmqItem inside                 = *item;

    if (!gmq_item_object(item, "metadata", &metadata))
        return false;
    inside.inside = "metadata";
    inside.object = metadata;
    if (json_object_get_size(metadata) == 0) {
        inside.inside = NULL;
        inside.object = item->object;
    }
    /* Lent from the document, which lives on. */
    return gmq_item_text(&inside, "description", "", description) &&
           gmq_item_texts(&inside, "tags", tags);
}

GmqTaken
gmq_take_vhost(GmqImport *import, const GmqItem *item)
{
    const char *name;
    const char *description;
    g_auto(GStrv) tags    = NULL;
    g_autoptr(GError) why = NULL;

    if (!gmq_item_name(item, "name", NULL, &name) || !read_description(item, &description, &tags))
        return GMQ_REFUSED;
    if (name[0] == '\0') {
        gmq_item_refuse(item, "name", "a virtual host needs a name");
        return GMQ_REFUSED;
    }
    if (import->is_check) {
        gmq_import_remember(import, "vhost", "", name);
        return GMQ_TAKEN;
    }

    GmqVhost *vhost = gmq_broker_find_vhost(import->broker, gmq_slice_of(name));
    if (vhost == NULL)
        vhost = gmq_broker_add_vhost(import->broker, gmq_slice_of(name), &why);
    if (vhost == NULL)
        return gmq_import_refuse(item, why);
    if (description[0] != '\0')
        gmq_vhost_set_description(vhost, description);
    if (tags[0] != NULL)
        gmq_vhost_set_tags(vhost, (const char *const *)tags);
    return GMQ_TAKEN;
}

/* ---- users ---- */

static const char *
user_limit_name(unsigned limit)
{
    return limit < GMQ_N_USER_LIMITS ? gmq_user_limit_name((GmqUserLimit)limit) : NULL;
}

static bool
set_user_limit(void *user, GmqSlice name, int64_t value, GError **error)
{
    return gmq_user_set_limit(user, name, value, error);
}

static const char *
vhost_limit_name(unsigned limit)
{
    return limit < GMQ_N_VHOST_LIMITS ? gmq_vhost_limit_name((GmqVhostLimit)limit) : NULL;
}

static bool
set_vhost_limit(void *vhost, GmqSlice name, int64_t value, GError **error)
{
    return gmq_vhost_set_limit(vhost, name, value, error);
}

/* What is said of a user; the texts are lent from the document. */
typedef struct {
    const char *name;
    const char *hash;
    const char *password; /* in clear, as RabbitMQ takes it too; empty: the hash counts */
    char **tags;          /* owned */
    JsonObject *limits;   /* owned */
} UserWords;

static void
clear_words(UserWords *words)
{
    g_strfreev(words->tags);
    g_clear_pointer(&words->limits, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UserWords, clear_words)

static bool
read_user(const GmqItem *item, UserWords *words)
{
    g_autoptr(GError) why = NULL;
    const char *algorithm;

    if (!gmq_item_name(item, "name", NULL, &words->name) ||
        !gmq_item_text(item, "password_hash", "", &words->hash) ||
        !gmq_item_text(item, "password", "", &words->password) ||
        !gmq_item_text(item, "hashing_algorithm", GMQ_HASHING_ALGORITHM, &algorithm) ||
        !gmq_item_texts(item, "tags", &words->tags) ||
        !gmq_item_object(item, "limits", &words->limits))
        return false;
    if (words->name[0] == '\0')
        return gmq_item_refuse(item, "name", "a user needs a name");
    if (strcmp(algorithm, GMQ_HASHING_ALGORITHM) != 0)
        return gmq_item_refuse(item, "hashing_algorithm", "only %s works here",
                               GMQ_HASHING_ALGORITHM);
    return gmq_limit_texts_check(words->limits, user_limit_name, &why) ||
           gmq_item_refuse(item, "limits", "%s", why->message);
}

/* A hash is base64 of a salt and a digest. */
static bool
check_hash(const GmqItem *item, const char *hash)
{
    gsize size                = 0;
    g_autofree guchar *binary = g_base64_decode(hash, &size);
    g_autofree char *again    = size == 0 ? NULL : g_base64_encode(binary, size);

    if (hash[0] == '\0' ||
        (size == GMQ_SALT_SIZE + GMQ_HASH_SIZE && again != NULL && strcmp(again, hash) == 0))
        return true;
    return gmq_item_refuse(item, "password_hash", "this is no salted SHA-256 hash in base64");
}

GmqTaken
gmq_take_user(GmqImport *import, const GmqItem *item)
{
    g_auto(UserWords) words = {0};
    g_autoptr(GError) why   = NULL;

    if (!read_user(item, &words) || !check_hash(item, words.hash))
        return GMQ_REFUSED;
    if (import->is_check) {
        gmq_import_remember(import, "user", "", words.name);
        return GMQ_TAKEN;
    }

    GmqUser *user = gmq_broker_find_user(import->broker, gmq_slice_of(words.name));
    if (user == NULL)
        user = gmq_broker_add_user(import->broker, gmq_slice_of(words.name), &why);
    if (user == NULL)
        return gmq_import_refuse(item, why);
    if (words.password[0] != '\0')
        gmq_user_set_password(user, gmq_slice_of(words.password));
    else if (!gmq_user_set_password_hash(user, words.hash, &why))
        return gmq_import_refuse(item, why);
    gmq_user_set_tags(user, (const char *const *)words.tags);
    gmq_limit_texts_apply(words.limits, set_user_limit, user);
    return GMQ_TAKEN;
}

/* ---- permissions ---- */

/* Who may do something, and where; both are there or will be. */
static bool
read_pair(const GmqImport *import, const GmqItem *item, const char **user, const char **vhost)
{
    if (!gmq_import_vhost(import, item, vhost) || !gmq_item_name(item, "user", NULL, user))
        return false;
    return gmq_import_expects(import, "user", "", *user) ||
           gmq_broker_find_user(import->broker, gmq_slice_of(*user)) != NULL ||
           gmq_item_refuse(item, "user", "there is no user '%s'", *user);
}

static bool
read_pattern(const GmqItem *item, const char *key, const char **text)
{
    g_auto(GmqPattern) pattern = {0};
    g_autoptr(GError) why      = NULL;

    return gmq_item_text(item, key, NULL, text) && (gmq_pattern_init(&pattern, *text, &why) ||
                                                    gmq_item_refuse(item, key, "%s", why->message));
}

GmqTaken
gmq_take_permission(GmqImport *import, const GmqItem *item)
{
    const char *user;
    const char *vhost;
    const char *configure;
    const char *write;
    const char *read;
    g_autoptr(GError) why = NULL;

    if (!read_pair(import, item, &user, &vhost) || !read_pattern(item, "configure", &configure) ||
        !read_pattern(item, "write", &write) || !read_pattern(item, "read", &read))
        return GMQ_REFUSED;
    if (import->is_check)
        return GMQ_TAKEN;
    if (gmq_user_set_permission(gmq_broker_find_user(import->broker, gmq_slice_of(user)),
                                gmq_broker_find_vhost(import->broker, gmq_slice_of(vhost)),
                                configure, write, read, &why))
        return GMQ_TAKEN;
    return gmq_import_refuse(item, why);
}

GmqTaken
gmq_take_topic_permission(GmqImport *import, const GmqItem *item)
{
    const char *user;
    const char *vhost;
    const char *exchange;
    const char *write;
    const char *read;
    g_autoptr(GError) why = NULL;

    if (!read_pair(import, item, &user, &vhost) ||
        !gmq_item_name(item, "exchange", NULL, &exchange) || !read_pattern(item, "write", &write) ||
        !read_pattern(item, "read", &read))
        return GMQ_REFUSED;
    if (import->is_check)
        return GMQ_TAKEN;
    if (gmq_user_set_topic_permission(gmq_broker_find_user(import->broker, gmq_slice_of(user)),
                                      gmq_broker_find_vhost(import->broker, gmq_slice_of(vhost)),
                                      gmq_slice_of(exchange), write, read, &why))
        return GMQ_TAKEN;
    return gmq_import_refuse(item, why);
}

/* ---- policies and parameters ---- */

/* item holds what the policy is; its name and virtual host were read already. */
static GmqTaken
take_policy(const GmqImport *import, const GmqItem *item, GmqPolicyKind kind, const char *vhost,
            const char *name)
{
    g_auto(GmqBuffer) definition = {0};
    g_autoptr(GError) why        = NULL;
    const char *pattern;
    const char *apply_to;
    int64_t priority;

    if (!gmq_item_text(item, "pattern", NULL, &pattern) ||
        !gmq_item_text(item, "apply-to", "all", &apply_to) ||
        !gmq_item_integer(item, "priority", 0, &priority) ||
        !gmq_item_table(item, "definition", &definition))
        return GMQ_REFUSED;

    GmqPolicySpec spec = {gmq_slice_of(name), gmq_slice_of(pattern), gmq_slice_of(apply_to),
                          priority, gmq_buffer_slice(&definition)};
    g_autoptr(GmqPolicy) rehearsal = gmq_policy_new(kind, &spec, &why);
    if (rehearsal == NULL)
        return gmq_import_refuse(item, why);
    if (import->is_check ||
        gmq_vhost_set_policy(gmq_broker_find_vhost(import->broker, gmq_slice_of(vhost)), kind,
                             &spec, &why))
        return GMQ_TAKEN;
    return gmq_import_refuse(item, why);
}

GmqTaken
gmq_take_policy(GmqImport *import, const GmqItem *item)
{
    const char *vhost;
    const char *name;

    if (!gmq_import_vhost(import, item, &vhost) || !gmq_item_name(item, "name", NULL, &name))
        return GMQ_REFUSED;
    return take_policy(import, item, GMQ_POLICY_USER, vhost, name);
}

static GmqTaken
take_vhost_limits(const GmqImport *import, const GmqItem *item, const char *vhost)
{
    g_autoptr(GError) why = NULL;

    if (!gmq_limit_texts_check(item->object, vhost_limit_name, &why))
        return gmq_import_refuse(item, why);
    if (!import->is_check)
        gmq_limit_texts_apply(item->object, set_vhost_limit,
                              gmq_broker_find_vhost(import->broker, gmq_slice_of(vhost)));
    return GMQ_TAKEN;
}

/* Parameters of plugins that are not here have no meaning. */
GmqTaken
gmq_take_parameter(GmqImport *import, const GmqItem *item)
{
    g_autoptr(JsonObject) value = NULL;
    GmqItem inside              = *item;
    const char *component;
    const char *vhost;
    const char *name;

    if (!gmq_item_text(item, "component", NULL, &component) ||
        !gmq_item_name(item, "name", NULL, &name))
        return GMQ_REFUSED;

    bool is_policy = strcmp(component, "operator_policy") == 0;
    if (!is_policy && strcmp(component, "vhost-limits") != 0)
        return GMQ_IGNORED;
    if (!gmq_import_vhost(import, item, &vhost) || !gmq_item_object(item, "value", &value))
        return GMQ_REFUSED;
    inside.inside = "value";
    inside.object = value;
    return is_policy ? take_policy(import, &inside, GMQ_POLICY_OPERATOR, vhost, name)
                     : take_vhost_limits(import, &inside, vhost);
}
