#include "core/broker/policy.h"

#include "core/base/limits.h"
#include "core/wire/table.h"

static const struct {
    const char *word;
    unsigned targets;
} apply_to_words[] = {
    {"all", GMQ_POLICY_QUEUES | GMQ_POLICY_EXCHANGES},
    {"queues", GMQ_POLICY_QUEUES},
    {"exchanges", GMQ_POLICY_EXCHANGES},
    {"classic_queues", GMQ_POLICY_QUEUES},
    {"quorum_queues", 0},
    {"streams", 0},
};

/* ---- checks ---- */

static bool
is_text(GmqSlice bytes, size_t size_max)
{
    return bytes.size <= size_max &&
           (bytes.size == 0 || g_utf8_validate((const char *)bytes.data, (gssize)bytes.size, NULL));
}

static bool
check_name(GmqSlice name, GError **error)
{
    if (name.size > 0 && is_text(name, GMQ_SHORTSTR_MAX))
        return true;
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "a policy needs a name of 1 to %d bytes of UTF-8", GMQ_SHORTSTR_MAX);
    return false;
}

static bool
read_targets(GmqSlice apply_to, unsigned *targets, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(apply_to_words); i++) {
        *targets = apply_to_words[i].targets;
        if (gmq_slice_equal(apply_to, gmq_slice_of(apply_to_words[i].word)))
            return true;
    }
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "a policy applies to queues, exchanges, all, classic_queues, quorum_queues or "
                "streams, not to '%.*s'",
                (int)apply_to.size, apply_to.data);
    return false;
}

static bool
read_pattern(GmqSlice text, GmqPattern *pattern, GError **error)
{
    g_autofree char *copy   = gmq_slice_dup(text.size == 0 ? GMQ_SLICE(".*") : text);
    g_autoptr(GError) wrong = NULL;

    if (!is_text(text, GMQ_PATTERN_MAX)) {
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                    "a policy's pattern has at most %d bytes of UTF-8", GMQ_PATTERN_MAX);
        return false;
    }
    if (gmq_pattern_init(pattern, copy, &wrong))
        return true;
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "the pattern '%s' is no regular expression: %s", copy, wrong->message);
    return false;
}

static bool
read_spec(GmqPolicy *policy, GError **error)
{
    const GmqPolicySpec *spec = &policy->spec;

    return check_name(spec->name, error) && read_targets(spec->apply_to, &policy->targets, error) &&
           read_pattern(spec->pattern, &policy->pattern, error) &&
           gmq_policy_read(policy->kind, spec->definition, &policy->effect, error);
}

/* ---- life ---- */

static GmqSlice
copy(GmqSlice bytes)
{
    return (GmqSlice){(const uint8_t *)g_memdup2(bytes.data, bytes.size), bytes.size};
}

GmqPolicy *
gmq_policy_new(GmqPolicyKind kind, const GmqPolicySpec *spec, GError **error)
{
    g_autoptr(GmqPolicy) policy = g_new0(GmqPolicy, 1);
    GmqSlice apply_to           = spec->apply_to.size == 0 ? GMQ_SLICE("all") : spec->apply_to;

    policy->kind = kind;
    policy->spec = (GmqPolicySpec){.name       = copy(spec->name),
                                   .pattern    = copy(spec->pattern),
                                   .apply_to   = copy(apply_to),
                                   .priority   = spec->priority,
                                   .definition = copy(spec->definition)};
    return read_spec(policy, error) ? g_steal_pointer(&policy) : NULL;
}

void
gmq_policy_free(GmqPolicy *policy)
{
    gmq_pattern_clear(&policy->pattern);
    g_free((void *)policy->spec.name.data);
    g_free((void *)policy->spec.pattern.data);
    g_free((void *)policy->spec.apply_to.data);
    g_free((void *)policy->spec.definition.data);
    g_free(policy);
}

/* ---- matching ---- */

const GmqPolicy *
gmq_policy_find_best(const GPtrArray *policies, GmqPolicyTarget target, GmqSlice name)
{
    const GmqPolicy *best = NULL;

    for (unsigned i = 0; i < policies->len; i++) {
        const GmqPolicy *policy = g_ptr_array_index(policies, i);

        if ((best == NULL || policy->spec.priority > best->spec.priority) &&
            (policy->targets & target) != 0 && gmq_pattern_matches(&policy->pattern, name))
            best = policy;
    }
    return best;
}
