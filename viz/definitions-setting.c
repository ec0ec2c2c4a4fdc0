#include "viz/definitions-setting.h"

#include <string.h>

#include "sim/units.h"

void
gmq_policy_plan_free(void *data)
{
    GmqPolicyPlan *policy = data;

    g_free(policy->name);
    g_free(policy->applies_to);
    if (policy->pattern != NULL)
        g_regex_unref(policy->pattern);
    g_free(policy);
}

/* "all", "queues" and its kinds, "exchanges". */
static bool
applies(const GmqPolicyPlan *policy, GmqPlaceKind kind)
{
    if (strcmp(policy->applies_to, "all") == 0)
        return true;
    return (strcmp(policy->applies_to, "exchanges") == 0) == (kind == GMQ_PLACE_EXCHANGE);
}

const GmqPolicyPlan *
gmq_policy_plan_find(const GPtrArray *policies, GmqPlaceKind kind, const char *name)
{
    const GmqPolicyPlan *found = NULL;

    for (unsigned i = 0; i < policies->len; i++) {
        const GmqPolicyPlan *policy = policies->pdata[i];
        if (applies(policy, kind) && (found == NULL || policy->priority > found->priority) &&
            g_regex_match(policy->pattern, name, 0, NULL))
            found = policy;
    }
    return found;
}

/* ---- what they say ---- */

typedef enum {
    SAYS_VALUE,   /* before, value, after */
    SAYS_TIME,    /* before, milliseconds as a time */
    SAYS_IF_TRUE, /* before, when it is true */
    SAYS_NOTHING, /* drawn as a line */
} Saying;

static const struct {
    const char *key;
    Saying saying;
    const char *before;
    const char *after;
} sayings[] = {
    {"message-ttl", SAYS_TIME, "ttl ", ""},
    {"expires", SAYS_TIME, "expires after ", ""},
    {"max-length", SAYS_VALUE, "max ", " messages"},
    {"max-length-bytes", SAYS_VALUE, "max ", " bytes"},
    {"overflow", SAYS_VALUE, "full: ", ""},
    {"max-priority", SAYS_VALUE, "priorities 0 to ", ""},
    {"delivery-limit", SAYS_VALUE, "delivery limit ", ""},
    {"single-active-consumer", SAYS_IF_TRUE, "single active consumer", ""},
    {"queue-type", SAYS_VALUE, "", " queue"},
    {"dead-letter-exchange", SAYS_NOTHING, "", ""},
    {"dead-letter-routing-key", SAYS_NOTHING, "", ""},
    {"alternate-exchange", SAYS_NOTHING, "", ""},
};

static char *
value_words(Saying saying, JsonNode *value)
{
    bool is_number =
        JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_INT64;
    int64_t ms = is_number ? json_node_get_int(value) : -1;

    if (saying == SAYS_TIME && ms >= 0 && ms <= INT64_MAX / 1000000)
        return gmq_duration_text(ms * 1000000);
    return gmq_definition_words(value);
}

/* key without "x-"; NULL for what is no line in a box: what queues know means nothing to exchanges,
 * though a policy for both says it. */
static char *
say(GmqPlaceKind kind, const char *key, JsonNode *value)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sayings); i++) {
        if (strcmp(sayings[i].key, key) != 0)
            continue;
        bool is_true = JSON_NODE_HOLDS_VALUE(value) && json_node_get_boolean(value);
        if (kind == GMQ_PLACE_EXCHANGE || sayings[i].saying == SAYS_NOTHING ||
            (sayings[i].saying == SAYS_IF_TRUE && !is_true))
            return NULL;
        if (sayings[i].saying == SAYS_IF_TRUE)
            return g_strdup(sayings[i].before);
        g_autofree char *words = value_words(sayings[i].saying, value);
        return g_strconcat(sayings[i].before, words, sayings[i].after, NULL);
    }
    g_autofree char *words = gmq_definition_words(value);
    return g_strconcat(key, " ", words, NULL);
}

static const char *
plain_key(const char *key)
{
    return g_str_has_prefix(key, "x-") ? key + 2 : key;
}

static void
add_all(GmqTraits *traits, GmqPlaceKind kind, const char *name, JsonObject *settings)
{
    g_autoptr(GList) keys = json_object_get_members(settings);

    for (GList *link = keys; link != NULL; link = link->next) {
        g_autofree char *line =
            say(kind, plain_key(link->data), json_object_get_member(settings, link->data));
        if (line != NULL)
            gmq_traits_add_line(traits, kind, name, line);
    }
}

void
gmq_setting_add(GmqTraits *traits, GmqPlaceKind kind, const char *name, JsonObject *arguments,
                const GmqPolicyPlan *policy)
{
    if (arguments != NULL)
        add_all(traits, kind, name, arguments);
    if (policy == NULL)
        return;

    g_autofree char *line = g_strconcat("policy ", policy->name, NULL);
    gmq_traits_add_line(traits, kind, name, line);
    add_all(traits, kind, name, policy->settings);
}

static const char *
text_of(JsonObject *settings, const char *key)
{
    JsonNode *node = settings == NULL ? NULL : json_object_get_member(settings, key);
    bool is_text   = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING;

    return is_text ? json_node_get_string(node) : NULL;
}

const char *
gmq_setting_text(JsonObject *arguments, const GmqPolicyPlan *policy, const char *key)
{
    g_autofree char *argument = g_strconcat("x-", key, NULL);
    const char *text          = text_of(arguments, argument);

    if (text == NULL) /* an alternate exchange is the argument without "x-" */
        text = text_of(arguments, key);
    return text != NULL || policy == NULL ? text : text_of(policy->settings, key);
}
