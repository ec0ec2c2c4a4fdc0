/* definitions-setting.h - what the arguments of a queue or an exchange, and the policies that match
 * it, mean for its box; only for definitions-*.c and trait-trace.c. */
#pragma once

#include "viz/definitions-item.h"
#include "viz/trait.h"

G_BEGIN_DECLS

typedef struct {
    char *name;
    GRegex *pattern;
    char *applies_to; /* "queues", "exchanges", "all" ... */
    int64_t priority;
    JsonObject *settings; /* lent from the file's JSON */
} GmqPolicyPlan;

void gmq_policy_plan_free(void *policy);

/* The policy that counts for an entity of that kind: of those whose pattern matches the one with
 * the highest priority, the first of equal ones; NULL when none does. Lent. */
const GmqPolicyPlan *gmq_policy_plan_find(const GPtrArray *policies, GmqPlaceKind kind,
                                          const char *name);

/* Adds what arguments (NULL: none) and policy (NULL: none) say to the traits. */
void gmq_setting_add(GmqTraits *traits, GmqPlaceKind kind, const char *name, JsonObject *arguments,
                     const GmqPolicyPlan *policy);

/* The text of a setting, called "x-KEY" in the arguments and "KEY" in the policy, of which the
 * argument goes before; NULL when neither says it or it is no text. */
const char *gmq_setting_text(JsonObject *arguments, const GmqPolicyPlan *policy, const char *key);

G_END_DECLS
