/* user.h - who may log in: names, salted password hashes, tags and limits (AMQP.md 2.6).
 *
 * Users belong to a broker, which makes, finds and removes them (broker.h). What they may do stands
 * in permission.h. */
#pragma once

#include "core/broker/broker.h"

G_BEGIN_DECLS

#define GMQ_SALT_SIZE 4 /* bytes in front of the password, as RabbitMQ's hash has them */
#define GMQ_HASH_SIZE 32

/* How RabbitMQ calls that way to hash, in its definitions. */
#define GMQ_HASHING_ALGORITHM "rabbit_password_hashing_sha256"

/* The tags that mean something; any other word may be one too. */
#define GMQ_TAG_ADMINISTRATOR "administrator"
#define GMQ_TAG_MONITORING "monitoring"
#define GMQ_TAG_POLICYMAKER "policymaker"
#define GMQ_TAG_MANAGEMENT "management"
#define GMQ_TAG_IMPERSONATOR "impersonator" /* may set any user-id (11.3) */

typedef enum {
    GMQ_USER_LIMIT_CONNECTIONS, /* "max-connections" */
    GMQ_USER_LIMIT_CHANNELS,    /* "max-channels", of all connections together */
    GMQ_N_USER_LIMITS,
} GmqUserLimit;

struct GmqUser {
    GmqBroker *broker;
    GmqSlice name; /* owned, with a NUL behind it */
    uint8_t salt[GMQ_SALT_SIZE];
    uint8_t hash[GMQ_HASH_SIZE]; /* SHA-256 of salt and password */
    bool has_password;           /* else no password is right */
    bool is_loopback_only;
    bool is_impersonator;              /* has that tag */
    GPtrArray *tags;                   /* of char *, as they were given */
    int64_t limits[GMQ_N_USER_LIMITS]; /* negative: none */
    GQueue permissions;                /* of GmqPermission, in order of creation; intrusive */
    GQueue topic_permissions;          /* of GmqTopicPermission, likewise */
    GQueue sessions;                   /* of GmqSession: open connections; intrusive */
    unsigned channel_count;            /* of all of them */
    uint64_t record;                   /* of his definition (definition.h); 0: none */
    uint64_t settings_record;          /* likewise of password, tags and limits */
    GList link;                        /* in the broker's list, in order of creation */
};

/* ---- passwords ---- */

/* The salt is drawn from the host's stream of secrets. */
void gmq_user_set_password(GmqUser *user, GmqSlice password);

/* Sets the salted hash itself, in base64 as RabbitMQ's definitions have it. An empty text: nobody
 * can log in with a password. False with an error, and nothing changed, for anything that is no
 * such hash. */
bool gmq_user_set_password_hash(GmqUser *user, const char *base64, GError **error);

/* The same text back, which the caller frees; empty without a password. */
char *gmq_user_password_hash(const GmqUser *user);

/* Takes the same time whatever is wrong with the password. An empty one is never right. */
bool gmq_user_check_password(const GmqUser *user, GmqSlice password);

/* ---- tags and limits ---- */

/* Replaces all tags by those of a list that ends with NULL; empty words and repetitions are left
 * out. */
void gmq_user_set_tags(GmqUser *user, const char *const *tags);
bool gmq_user_has_tag(const GmqUser *user, const char *tag);

/* The name of a limit as RabbitMQ has it: "max-connections". */
const char *gmq_user_limit_name(GmqUserLimit limit);

/* Sets a limit by that name; a negative value takes it away. What is open already stays open. False
 * with an error for any other name. */
bool gmq_user_set_limit(GmqUser *user, GmqSlice name, int64_t value, GError **error);

/* ---- for the broker ---- */

GmqUser *gmq_user_new(GmqBroker *broker, GmqSlice name);

/* His sessions must have ended. */
void gmq_user_free(GmqUser *user);

G_END_DECLS
