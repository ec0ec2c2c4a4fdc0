/* Definitions of policies and operator policies. */
#include "core/broker/definition-private.h"
#include "core/broker/policy.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice vhost;
    GmqPolicySpec spec;
} Words;

static const GmqKey keys[] = {
    {"vhost", GMQ_KEY_NAME, offsetof(Words, vhost)},
    {"name", GMQ_KEY_NAME, offsetof(Words, spec.name)},
    {"pattern", GMQ_KEY_TEXT, offsetof(Words, spec.pattern)},
    {"apply-to", GMQ_KEY_TEXT, offsetof(Words, spec.apply_to)},
    {"priority", GMQ_KEY_NUMBER, offsetof(Words, spec.priority)},
    {"definition", GMQ_KEY_TABLE, offsetof(Words, spec.definition)},
    {0},
};

void
gmq_definition_keep_policy(const GmqVhost *vhost, GmqPolicy *policy)
{
    const Words words = {vhost->name, policy->spec};

    gmq_definition_put(vhost->broker, &policy->record,
                       policy->kind == GMQ_POLICY_USER ? &gmq_definition_policy
                                                       : &gmq_definition_operator_policy,
                       &words);
}

static bool
apply(GmqBroker *broker, const void *values, GmqPolicyKind kind, GError **error)
{
    const Words *words = values;
    GmqVhost *vhost    = gmq_broker_need_vhost(broker, words->vhost, error);

    return vhost != NULL && gmq_vhost_set_policy(vhost, kind, &words->spec, error);
}

static bool
apply_user(GmqBroker *broker, const void *values, GError **error)
{
    return apply(broker, values, GMQ_POLICY_USER, error);
}

static bool
apply_operator(GmqBroker *broker, const void *values, GError **error)
{
    return apply(broker, values, GMQ_POLICY_OPERATOR, error);
}

const GmqDefinitionType gmq_definition_policy = {"policy", keys, sizeof(Words), apply_user};
const GmqDefinitionType gmq_definition_operator_policy = {"operator_policy", keys, sizeof(Words),
                                                          apply_operator};
