#include "core/broker/user.h"

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

GmqUser *
gmq_user_new(GmqHost *host, GmqSlice name, GmqSlice password, bool is_loopback_only)
{
    GmqUser *user = g_new0(GmqUser, 1);
    uint64_t salt = host->random(host, GMQ_STREAM_NAMES);

    for (unsigned i = 0; i < GMQ_SALT_SIZE; i++)
        user->salt[i] = (uint8_t)(salt >> (8 * i));
    user->name             = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    user->is_loopback_only = is_loopback_only;
    hash_password(user, password, user->hash);
    return user;
}

void
gmq_user_free(GmqUser *user)
{
    g_free((void *)user->name.data);
    g_free(user);
}

bool
gmq_user_check_password(const GmqUser *user, GmqSlice password)
{
    uint8_t hash[GMQ_HASH_SIZE];
    uint8_t difference = 0;

    hash_password(user, password, hash);
    for (unsigned i = 0; i < GMQ_HASH_SIZE; i++)
        difference |= hash[i] ^ user->hash[i];
    return difference == 0;
}
