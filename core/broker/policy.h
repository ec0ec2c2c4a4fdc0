/* policy.h - settings for all queues or exchanges whose names match a pattern (AMQP.md 25).
 *
 * A policy is what an operator sets for users; an operator policy is a limit that users cannot
 * lift. A virtual host keeps both by name (vhost.h), and tells its queues and exchanges which ones
 * apply to them. A policy does not change: one of the same name takes its place. */
#pragma once

#include "core/broker/error.h"
#include "core/broker/pattern.h"
#include "core/broker/queue-arguments.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_POLICY_USER,
    GMQ_POLICY_OPERATOR,
    GMQ_N_POLICY_KINDS,
} GmqPolicyKind;

/* What a policy may apply to. */
typedef enum {
    GMQ_POLICY_QUEUES    = 1 << 0,
    GMQ_POLICY_EXCHANGES = 1 << 1,
} GmqPolicyTarget;

typedef struct {
    GmqSlice name;     /* 1 to 255 bytes of UTF-8 */
    GmqSlice pattern;  /* see pattern.h; but an empty one matches every name */
    GmqSlice apply_to; /* "queues", "exchanges", "all" or "classic_queues"; "quorum_queues" and
                          "streams" match nothing here; empty: "all" */
    int64_t priority;
    GmqSlice definition; /* the inside of a field table that passed gmq_table_check(). From JSON:
                            whole numbers become integers of any width, texts longstr, truth values
                            bool, arrays and objects arrays and tables; null is void */
} GmqPolicySpec;

/* What a definition asks for; texts are lent from it. */
typedef struct {
    GmqQueueSettings queue; /* as arguments would */
    GmqSlice alternate;     /* the alternate exchange of an exchange; data NULL: nothing said */
} GmqPolicyEffect;

typedef struct GmqPolicy GmqPolicy;

struct GmqPolicy {
    GmqPolicyKind kind;
    GmqPolicySpec spec; /* as it was set; owned */
    unsigned targets;   /* GmqPolicyTarget bits */
    GmqPolicyEffect effect;
    GmqPattern pattern;
    uint64_t record; /* of its definition (definition.h); 0: none */
};

/* Returns the policy, or NULL with an error (GMQ_BROKER_ERROR_INVALID) that says what is wrong with
 * its name, pattern, apply-to, or with which key of its definition: unknown, of the wrong type, out
 * of range, or not for an operator policy (25.2). The spec is copied. */
GmqPolicy *gmq_policy_new(GmqPolicyKind kind, const GmqPolicySpec *spec, GError **error);
void gmq_policy_free(GmqPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPolicy, gmq_policy_free)

/* The one of these policies (of GmqPolicy, in name order) that applies to a queue or exchange of
 * that name: of those that match the one with the highest priority, the first by name of equal
 * ones (25.1). NULL when none matches. */
const GmqPolicy *gmq_policy_find_best(const GPtrArray *policies, GmqPolicyTarget target,
                                      GmqSlice name);

/* ---- the keys of definitions (policy-keys.c) ---- */

/* Reads a definition; an error names the key and what it should be (25.2). */
bool gmq_policy_read(GmqPolicyKind kind, GmqSlice definition, GmqPolicyEffect *effect,
                     GError **error);

/* What a queue does: its arguments, changed by the policies that apply to it, GMQ_N_POLICY_KINDS of
 * them and NULL where none does (25.3). Numbers become the smallest; of texts and overflow the
 * argument wins over the policy, and an operator's overflow over a user's. Texts stay lent. */
GmqQueueSettings gmq_policy_merge(const GmqQueueSettings *declared,
                                  const GmqPolicy *const *policies);

/* Appends what these policies say together, without the arguments: the "effective definition" of
 * listings, the inside of a field table. */
void gmq_policy_write_effective(const GmqPolicy *const *policies, GmqBuffer *table);

G_END_DECLS
