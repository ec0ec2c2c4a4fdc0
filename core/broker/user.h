/* user.h - who may log in: names and salted password hashes (AMQP.md 2.6). */
#pragma once

#include "core/base/host.h"

G_BEGIN_DECLS

#define GMQ_SALT_SIZE 4 /* bytes in front of the password, as RabbitMQ's hash has them */
#define GMQ_HASH_SIZE 32

typedef struct {
    GmqSlice name; /* owned */
    uint8_t salt[GMQ_SALT_SIZE];
    uint8_t hash[GMQ_HASH_SIZE]; /* SHA-256 of salt and password */
    bool is_loopback_only;
} GmqUser;

/* The salt is drawn from the host's stream of names. */
GmqUser *gmq_user_new(GmqHost *host, GmqSlice name, GmqSlice password, bool is_loopback_only);
void gmq_user_free(GmqUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqUser, gmq_user_free)

/* Takes the same time whatever is wrong with the password. */
bool gmq_user_check_password(const GmqUser *user, GmqSlice password);

G_END_DECLS
