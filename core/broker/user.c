#include "core/broker/user.h"

#include "core/broker/definition.h"
#include "core/broker/error.h"
#include "core/broker/label.h"
#include "core/broker/notice.h"
#include "core/broker/permission.h"

static const char *const limit_names[GMQ_N_USER_LIMITS] = {
    [GMQ_USER_LIMIT_CONNECTIONS] = "max-connections",
    [GMQ_USER_LIMIT_CHANNELS]    = "max-channels",
};

GmqUser *
gmq_user_new(GmqBroker *broker, GmqSlice name)
{
    GmqUser *user = g_new0(GmqUser, 1);

    user->broker    = broker;
    user->name      = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    user->tags      = gmq_tags_new();
    user->link.data = user;
    gmq_limits_clear(user->limits, GMQ_N_USER_LIMITS);
    return user;
}

void
gmq_user_free(GmqUser *user)
{
    g_assert(user->sessions.length == 0);

    gmq_user_forget_permissions(user);
    gmq_definition_drop(user->broker, &user->settings_record);
    gmq_definition_drop(user->broker, &user->record);
    g_ptr_array_unref(user->tags);
    g_free((void *)user->name.data);
    g_free(user);
}

/* ---- passwords ---- */

static void
hash_password(const GmqUser *user, GmqSlice password, uint8_t hash[GMQ_HASH_SIZE])
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size                    = GMQ_HASH_SIZE;

    g_checksum_update(checksum, user->salt, GMQ_SALT_SIZE);
    if (password.size > 0)
        g_checksum_update(checksum, password.data, (gssize)password.size);
    g_checksum_get_digest(checksum, hash, &size);
}

void
gmq_user_set_password(GmqUser *user, GmqSlice password)
{
    GmqHost *host = gmq_broker_host(user->broker);
    uint64_t salt = host->random(host, GMQ_STREAM_SECRETS);

    for (unsigned i = 0; i < GMQ_SALT_SIZE; i++)
        user->salt[i] = (uint8_t)(salt >> (8 * i));
    hash_password(user, password, user->hash);
    user->has_password = true;
    gmq_definition_keep_user_settings(user);
    gmq_notice_name(user->broker, "user.password.changed", user->name, NULL);
}

/* Decoding ignores what is no base64, so that encoding again is what finds it. */
static uint8_t *
decode_hash(const char *base64, size_t *size)
{
    g_autofree uint8_t *bytes = g_base64_decode(base64, size);
    g_autofree char *again    = g_base64_encode(bytes, *size);

    return strcmp(again, base64) == 0 ? g_steal_pointer(&bytes) : NULL;
}

bool
gmq_user_set_password_hash(GmqUser *user, const char *base64, GError **error)
{
    size_t size;
    g_autofree uint8_t *bytes = decode_hash(base64, &size);

    if (bytes == NULL || (size != 0 && size != GMQ_SALT_SIZE + GMQ_HASH_SIZE)) {
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                    "the password hash of user '%s' is not what " GMQ_HASHING_ALGORITHM
                    " makes: %d bytes in base64",
                    (const char *)user->name.data, GMQ_SALT_SIZE + GMQ_HASH_SIZE);
        return false;
    }
    user->has_password = size != 0;
    if (user->has_password) {
        memcpy(user->salt, bytes, GMQ_SALT_SIZE);
        memcpy(user->hash, bytes + GMQ_SALT_SIZE, GMQ_HASH_SIZE);
    }
    gmq_definition_keep_user_settings(user);
    gmq_notice_name(user->broker,
                    user->has_password ? "user.password.changed" : "user.password.cleared",
                    user->name, NULL);
    return true;
}

char *
gmq_user_password_hash(const GmqUser *user)
{
    uint8_t bytes[GMQ_SALT_SIZE + GMQ_HASH_SIZE];

    if (!user->has_password)
        return g_strdup("");
    memcpy(bytes, user->salt, GMQ_SALT_SIZE);
    memcpy(bytes + GMQ_SALT_SIZE, user->hash, GMQ_HASH_SIZE);
    return g_base64_encode(bytes, sizeof bytes);
}

bool
gmq_user_check_password(const GmqUser *user, GmqSlice password)
{
    uint8_t hash[GMQ_HASH_SIZE];
    uint8_t difference = 0;

    hash_password(user, password, hash);
    for (unsigned i = 0; i < GMQ_HASH_SIZE; i++)
        difference |= hash[i] ^ user->hash[i];
    return difference == 0 && user->has_password && password.size > 0;
}

/* ---- tags and limits ---- */

void
gmq_user_set_tags(GmqUser *user, const char *const *tags)
{
    gmq_tags_set(user->tags, tags);
    user->is_impersonator = gmq_user_has_tag(user, GMQ_TAG_IMPERSONATOR);
    gmq_definition_keep_user_settings(user);
    gmq_notice_name(user->broker, "user.tags.set", user->name, NULL);
}

bool
gmq_user_has_tag(const GmqUser *user, const char *tag)
{
    return gmq_tags_have(user->tags, tag);
}

const char *
gmq_user_limit_name(GmqUserLimit limit)
{
    g_assert(limit < GMQ_N_USER_LIMITS);
    return limit_names[limit];
}

bool
gmq_user_set_limit(GmqUser *user, GmqSlice name, int64_t value, GError **error)
{
    if (!gmq_limits_set(user->limits, limit_names, GMQ_N_USER_LIMITS, name, value, error))
        return false;
    gmq_definition_keep_user_settings(user);
    return true;
}
