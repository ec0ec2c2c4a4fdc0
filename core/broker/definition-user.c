/* Definitions of users. */
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/broker/label.h"
#include "core/broker/user.h"

/* ---- that there is one ---- */

typedef struct {
    GmqSlice name;
    bool is_loopback_only;
} Words;

static const GmqKey keys[] = {
    {"name", GMQ_KEY_NAME, offsetof(Words, name)},
    {"loopback_only", GMQ_KEY_FLAG, offsetof(Words, is_loopback_only)},
    {0},
};

void
gmq_definition_keep_user(GmqUser *user)
{
    const Words words = {user->name, user->is_loopback_only};

    gmq_definition_put(user->broker, &user->record, &gmq_definition_user, &words);
}

static bool
apply(GmqBroker *broker, const void *values, GError **error)
{
    const Words *words = values;

    gmq_broker_remove_user(broker, words->name, NULL);
    GmqUser *user = gmq_broker_add_user(broker, words->name, error);
    if (user == NULL)
        return false;
    user->is_loopback_only = words->is_loopback_only;
    return true;
}

const GmqDefinitionType gmq_definition_user = {"user", keys, sizeof(Words), apply};

/* ---- what is set for him ---- */

typedef struct {
    GmqSlice user;
    GmqSlice password_hash;
    GmqSlice hashing_algorithm;
    GmqSlice tags;
    GmqSlice limits;
} SettingsWords;

static const GmqKey settings_keys[] = {
    {"user", GMQ_KEY_NAME, offsetof(SettingsWords, user)},
    {"password_hash", GMQ_KEY_TEXT, offsetof(SettingsWords, password_hash)},
    {"hashing_algorithm", GMQ_KEY_TEXT, offsetof(SettingsWords, hashing_algorithm)},
    {"tags", GMQ_KEY_TEXTS, offsetof(SettingsWords, tags)},
    {"limits", GMQ_KEY_TABLE, offsetof(SettingsWords, limits)},
    {0},
};

static const char *
limit_name(unsigned limit)
{
    return gmq_user_limit_name((GmqUserLimit)limit);
}

void
gmq_definition_keep_user_settings(GmqUser *user)
{
    g_auto(GmqBuffer) tags   = {0};
    g_auto(GmqBuffer) limits = {0};

    if (!gmq_definition_is_kept(user->broker))
        return;
    g_autofree char *hash = gmq_user_password_hash(user);
    gmq_tags_write(user->tags, &tags);
    gmq_limits_write(user->limits, GMQ_N_USER_LIMITS, limit_name, &limits);

    const SettingsWords words = {
        .user              = user->name,
        .password_hash     = gmq_slice_of(hash),
        .hashing_algorithm = GMQ_SLICE(GMQ_HASHING_ALGORITHM),
        .tags              = gmq_buffer_slice(&tags),
        .limits            = gmq_buffer_slice(&limits),
    };
    gmq_definition_put(user->broker, &user->settings_record, &gmq_definition_user_settings, &words);
}

static bool
set_limit(void *user, GmqSlice name, int64_t value, GError **error)
{
    return gmq_user_set_limit(user, name, value, error);
}

static bool
check_algorithm(GmqSlice name, GError **error)
{
    if (gmq_slice_equal(name, GMQ_SLICE(GMQ_HASHING_ALGORITHM)))
        return true;
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "the hashing algorithm '%.*s' is not known", (int)name.size, name.data);
    return false;
}

static bool
apply_settings(GmqBroker *broker, const void *values, GError **error)
{
    const SettingsWords *words = values;
    g_autofree char *hash      = gmq_slice_dup(words->password_hash);
    g_auto(GStrv) tags         = gmq_tags_read(words->tags);
    GmqUser *user              = gmq_broker_need_user(broker, words->user, error);

    if (user == NULL || !check_algorithm(words->hashing_algorithm, error) ||
        !gmq_user_set_password_hash(user, hash, error))
        return false;
    gmq_user_set_tags(user, (const char *const *)tags);
    gmq_limits_clear(user->limits, GMQ_N_USER_LIMITS);
    return gmq_limits_read(words->limits, set_limit, user, error);
}

const GmqDefinitionType gmq_definition_user_settings = {"user_settings", settings_keys,
                                                        sizeof(SettingsWords), apply_settings};
