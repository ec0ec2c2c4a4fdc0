/* The keys of a policy's definition: which there are, what they may be, and how policies and
 * arguments are merged (AMQP.md 25.2, 25.3). */
#include "core/base/limits.h"
#include "core/base/nearest.h"
#include "core/broker/argument.h"
#include "core/broker/policy.h"
#include "core/wire/table.h"

typedef struct Key Key;

struct Key {
    const char *name;
    bool (*read)(const Key *key, const GmqValue *value, char *to, GError **error);
    bool for_operators; /* operator policies may have it too */
    int64_t least;      /* of a number */
    int64_t most;
    const char *const *words;
    size_t offset; /* of the value in GmqPolicyEffect; NOWHERE: it changes nothing here */
};

#define NOWHERE SIZE_MAX

/* ---- one function per kind of value; to is NULL for what changes nothing ---- */

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool
refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, text);
    return false;
}

/* Tells the value as people write it, or its type where it has an inside. */
static bool
refuse_value(const Key *key, const GmqValue *value, const char *wanted, GError **error)
{
    bool is_flat = value->type == GMQ_VALUE_STRING || value->type == GMQ_VALUE_BOOL ||
                   gmq_value_is_integer(value);
    g_autofree char *text =
        is_flat ? gmq_argument_format(value) : g_strdup(gmq_argument_type_name(value->type));

    return refuse(error, "%s in a policy is %s, not %s'%s'", key->name, wanted,
                  is_flat ? "" : "of type ", text);
}

static bool
read_number(const Key *key, const GmqValue *value, char *to, GError **error)
{
    char wanted[96];

    g_snprintf(wanted, sizeof wanted,
               "a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key->least,
               key->most);
    if (!gmq_value_is_integer(value) || value->integer < key->least || value->integer > key->most)
        return refuse_value(key, value, wanted, error);
    if (to != NULL)
        memcpy(to, &value->integer, sizeof value->integer);
    return true;
}

static bool
read_text(const Key *key, const GmqValue *value, char *to, GError **error)
{
    if (value->type != GMQ_VALUE_STRING || value->bytes.size > GMQ_SHORTSTR_MAX)
        return refuse_value(key, value, "a text of at most 255 bytes", error);

    /* An empty text is there all the same: data must not be NULL. */
    GmqSlice text = value->bytes.data == NULL ? GMQ_SLICE("") : value->bytes;
    if (to != NULL)
        memcpy(to, &text, sizeof text);
    return true;
}

static bool
read_word(const Key *key, const GmqValue *value, char *to, GError **error)
{
    int word =
        value->type == GMQ_VALUE_STRING ? gmq_argument_find_word(key->words, value->bytes) : -1;

    if (word < 0) {
        g_autofree char *all    = g_strjoinv(", ", (char **)key->words);
        g_autofree char *wanted = g_strconcat("one of ", all, NULL);
        return refuse_value(key, value, wanted, error);
    }
    GmqOverflow overflow = (GmqOverflow)word;
    if (to != NULL)
        memcpy(to, &overflow, sizeof overflow);
    return true;
}

static bool
read_any(const Key *key, const GmqValue *value, char *to, GError **error)
{
    (void)key;
    (void)value;
    (void)to;
    (void)error;
    return true;
}

/* ---- the keys ---- */

static const char *const modes[]   = {"default", "lazy", NULL};
static const char *const masters[] = {"min-masters", "client-local", "random", NULL};
static const char *const leaders[] = {"client-local", "balanced", "least-leaders", "random", NULL};
static const char *const strategies[] = {"at-most-once", "at-least-once", NULL};
static const char *const mirrors[]    = {"all", "exactly", "nodes", NULL};
static const char *const syncs[]      = {"manual", "automatic", NULL};
static const char *const promotions[] = {"always", "when-synced", NULL};

#define FIELD(name) .offset = offsetof(GmqPolicyEffect, name)
#define NOTHING .offset = NOWHERE
#define NUMBER(low, high) .read = read_number, .least = (low), .most = (high)
#define LIMIT(low, high) NUMBER(low, high), .for_operators = true
#define WORD(list) .read = read_word, .words = (list)

/* In the second part stands what RabbitMQ takes for clusters, mirrors, quorum queues and streams:
 * one node with classic queues has no use for it, but definitions that name it stay welcome. */
static const Key keys[] = {
    {"message-ttl", LIMIT(0, GMQ_TTL_MS_MAX), FIELD(queue.ttl_ms)},
    {"expires", LIMIT(1, GMQ_TTL_MS_MAX), FIELD(queue.expires_ms)},
    {"max-length", LIMIT(0, INT64_MAX), FIELD(queue.length_max)},
    {"max-length-bytes", LIMIT(0, INT64_MAX), FIELD(queue.bytes_max)},
    {"delivery-limit", LIMIT(0, INT64_MAX), FIELD(queue.delivery_limit)},
    {"overflow", WORD(gmq_overflow_words), .for_operators = true, FIELD(queue.overflow)},
    {"dead-letter-exchange", .read = read_text, FIELD(queue.dead_letter_exchange)},
    {"dead-letter-routing-key", .read = read_text, FIELD(queue.dead_letter_key)},
    {"alternate-exchange", .read = read_text, FIELD(alternate)},

    {"max-in-memory-length", LIMIT(0, INT64_MAX), NOTHING},
    {"max-in-memory-bytes", LIMIT(0, INT64_MAX), NOTHING},
    {"queue-mode", WORD(modes), NOTHING},
    {"queue-version", NUMBER(1, 2), NOTHING},
    {"queue-master-locator", WORD(masters), NOTHING},
    {"queue-leader-locator", WORD(leaders), NOTHING},
    {"initial-cluster-size", NUMBER(1, INT64_MAX), NOTHING},
    {"dead-letter-strategy", WORD(strategies), NOTHING},
    {"max-age", .read = read_text, NOTHING},
    {"stream-max-segment-size-bytes", NUMBER(0, INT64_C(3000000000)), NOTHING},
    {"ha-mode", WORD(mirrors), NOTHING},
    {"ha-params", .read = read_any, NOTHING},
    {"ha-sync-mode", WORD(syncs), NOTHING},
    {"ha-sync-batch-size", NUMBER(1, INT64_MAX), NOTHING},
    {"ha-promote-on-shutdown", WORD(promotions), NOTHING},
    {"ha-promote-on-failure", WORD(promotions), NOTHING},
    {"federation-upstream", .read = read_text, NOTHING},
    {"federation-upstream-set", .read = read_text, NOTHING},
};

static const Key *
find_key(GmqSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (gmq_slice_equal(name, gmq_slice_of(keys[i].name)))
            return &keys[i];
    }
    return NULL;
}

static bool
refuse_unknown(GmqSlice name, GError **error)
{
    g_autofree char *word = gmq_slice_dup(name);
    const char *names[G_N_ELEMENTS(keys)];

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        names[i] = keys[i].name;
    const char *near = gmq_nearest(word, names, G_N_ELEMENTS(names));
    if (near == NULL)
        return refuse(error, "a policy knows no key '%s'", word);
    return refuse(error, "a policy knows no key '%s'; did you mean '%s'?", word, near);
}

static bool
read_key(GmqPolicyKind kind, GmqSlice name, const GmqValue *value, GmqPolicyEffect *effect,
         GError **error)
{
    const Key *key = find_key(name);

    if (key == NULL)
        return refuse_unknown(name, error);
    if (kind == GMQ_POLICY_OPERATOR && !key->for_operators)
        return refuse(error, "%s is not for operator policies, which only set limits", key->name);
    return key->read(key, value, key->offset == NOWHERE ? NULL : (char *)effect + key->offset,
                     error);
}

bool
gmq_policy_read(GmqPolicyKind kind, GmqSlice definition, GmqPolicyEffect *effect, GError **error)
{
    GmqSlice name;
    GmqValue value;

    *effect = (GmqPolicyEffect){.queue = GMQ_QUEUE_SETTINGS_NONE};
    if (definition.size == 0)
        return refuse(error, "a policy needs a definition with at least one key");
    while (gmq_table_next(&definition, &name, &value)) {
        if (!read_key(kind, name, &value, effect, error))
            return false;
    }
    return true;
}

/* ---- merging ---- */

/* The smaller one, where -1 is none. */
static int64_t
smaller(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return MAX(a, b);
    return MIN(a, b);
}

static void
lower(GmqQueueSettings *settings, const GmqQueueSettings *policy)
{
    settings->ttl_ms         = smaller(settings->ttl_ms, policy->ttl_ms);
    settings->expires_ms     = smaller(settings->expires_ms, policy->expires_ms);
    settings->length_max     = smaller(settings->length_max, policy->length_max);
    settings->bytes_max      = smaller(settings->bytes_max, policy->bytes_max);
    settings->delivery_limit = smaller(settings->delivery_limit, policy->delivery_limit);
}

/* What nobody above it has said. */
static void
complete(GmqQueueSettings *settings, const GmqQueueSettings *policy)
{
    if (settings->overflow == GMQ_OVERFLOW_UNSET)
        settings->overflow = policy->overflow;
    if (settings->dead_letter_exchange.data == NULL)
        settings->dead_letter_exchange = policy->dead_letter_exchange;
    if (settings->dead_letter_key.data == NULL)
        settings->dead_letter_key = policy->dead_letter_key;
}

GmqQueueSettings
gmq_policy_merge(const GmqQueueSettings *declared, const GmqPolicy *const *policies)
{
    GmqQueueSettings merged = *declared;

    for (int kind = GMQ_N_POLICY_KINDS - 1; kind >= 0; kind--) {
        if (policies[kind] == NULL)
            continue;
        lower(&merged, &policies[kind]->effect.queue);
        complete(&merged, &policies[kind]->effect.queue);
    }
    if (merged.overflow == GMQ_OVERFLOW_UNSET)
        merged.overflow = GMQ_OVERFLOW_DROP_HEAD;
    return merged;
}

/* Of a key in both policies the operator's counts, unless the user's number is smaller. */
static bool
is_users(const Key *key, const GmqValue *user, const GmqValue *operator_)
{
    return key->read == read_number && user->integer < operator_->integer;
}

/* Appends the keys of one definition that the other does not have, or has to give way with. */
static void
write_side(const GmqPolicy *policy, const GmqPolicy *other, GmqBuffer *table)
{
    GmqSlice rest = policy->spec.definition;
    bool is_user  = policy->kind == GMQ_POLICY_USER;
    GmqSlice name;
    GmqValue value;
    GmqValue theirs;

    while (gmq_table_next(&rest, &name, &value)) {
        const Key *key = find_key(name);

        if (other == NULL || !gmq_table_find(other->spec.definition, name, &theirs) ||
            is_users(key, is_user ? &value : &theirs, is_user ? &theirs : &value) == is_user)
            gmq_table_add(table, name, &value);
    }
}

void
gmq_policy_write_effective(const GmqPolicy *const *policies, GmqBuffer *table)
{
    if (policies[GMQ_POLICY_USER] != NULL)
        write_side(policies[GMQ_POLICY_USER], policies[GMQ_POLICY_OPERATOR], table);
    if (policies[GMQ_POLICY_OPERATOR] != NULL)
        write_side(policies[GMQ_POLICY_OPERATOR], policies[GMQ_POLICY_USER], table);
}
