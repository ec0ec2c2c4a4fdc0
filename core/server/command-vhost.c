/* Virtual hosts, their limits and policies, and what users may do in them. */
#include "core/broker/firehose.h"
#include "core/broker/permission.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"
#include "core/server/commands.h"
#include "core/server/json-table.h"
#include "core/server/limit-texts.h"

bool
gmq_run_add_vhost(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                  GError **error)
{
    (void)answer;
    return gmq_broker_add_vhost(serving->broker, gmq_slice_of(request->arguments[0]), error) !=
           NULL;
}

bool
gmq_run_delete_vhost(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                     GError **error)
{
    (void)answer;
    return gmq_broker_remove_vhost(serving->broker, gmq_slice_of(request->arguments[0]), error);
}

/* ---- limits ---- */

static bool
set_limit(void *vhost, GmqSlice name, int64_t value, GError **error)
{
    return gmq_vhost_set_limit(vhost, name, value, error);
}

static const char *
limit_name(unsigned limit)
{
    return limit < GMQ_N_VHOST_LIMITS ? gmq_vhost_limit_name((GmqVhostLimit)limit) : NULL;
}

bool
gmq_run_set_vhost_limits(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                         GError **error)
{
    GmqVhost *vhost = gmq_command_vhost(serving, request, error);

    (void)answer;
    return vhost != NULL &&
           gmq_limit_texts_set(request->arguments[0], limit_name, set_limit, vhost, error);
}

bool
gmq_run_clear_vhost_limits(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                           GError **error)
{
    GmqVhost *vhost = gmq_command_vhost(serving, request, error);

    (void)answer;
    return vhost != NULL && gmq_limit_texts_clear(NULL, limit_name, set_limit, vhost, error);
}

/* ---- the firehose ---- */

static bool
set_tracing(const GmqServing *serving, const GmqRequest *request, bool is_on, GError **error)
{
    GmqVhost *vhost = gmq_command_vhost(serving, request, error);

    if (vhost != NULL)
        gmq_vhost_set_tracing(vhost, is_on);
    return vhost != NULL;
}

bool
gmq_run_trace_on(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                 GError **error)
{
    (void)answer;
    return set_tracing(serving, request, true, error);
}

bool
gmq_run_trace_off(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                  GError **error)
{
    (void)answer;
    return set_tracing(serving, request, false, error);
}

/* ---- permissions ---- */

typedef struct {
    GmqUser *user;
    GmqVhost *vhost;
} Pair;

/* The user is the first argument. */
static bool
find_pair(const GmqServing *serving, const GmqRequest *request, Pair *pair, GError **error)
{
    GmqSlice name = gmq_slice_of(request->arguments[0]);

    pair->vhost = gmq_command_vhost(serving, request, error);
    if (pair->vhost == NULL)
        return false;
    pair->user = gmq_broker_need_user(serving->broker, name, error);
    return pair->user != NULL;
}

bool
gmq_run_set_permissions(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                        GError **error)
{
    char **words = request->arguments;
    Pair pair;

    (void)answer;
    return find_pair(serving, request, &pair, error) &&
           gmq_user_set_permission(pair.user, pair.vhost, words[1], words[2], words[3], error);
}

bool
gmq_run_clear_permissions(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                          GError **error)
{
    Pair pair;

    (void)answer;
    if (!find_pair(serving, request, &pair, error))
        return false;
    gmq_user_clear_permission(pair.user, pair.vhost);
    return true;
}

bool
gmq_run_set_topic_permissions(const GmqServing *serving, const GmqRequest *request,
                              GmqAnswer *answer, GError **error)
{
    char **words = request->arguments;
    Pair pair;

    (void)answer;
    return find_pair(serving, request, &pair, error) &&
           gmq_user_set_topic_permission(pair.user, pair.vhost, gmq_slice_of(words[1]), words[2],
                                         words[3], error);
}

bool
gmq_run_clear_topic_permissions(const GmqServing *serving, const GmqRequest *request,
                                GmqAnswer *answer, GError **error)
{
    Pair pair;

    (void)answer;
    if (!find_pair(serving, request, &pair, error))
        return false;
    gmq_user_clear_topic_permissions(pair.user, pair.vhost, gmq_slice_of(request->arguments[1]));
    return true;
}

/* ---- policies ---- */

static bool
set_policy(const GmqServing *serving, const GmqRequest *request, GmqPolicyKind kind, GError **error)
{
    char **words                 = request->arguments;
    GmqVhost *vhost              = gmq_command_vhost(serving, request, error);
    g_auto(GmqBuffer) definition = {0};
    g_autoptr(JsonNode) definition_node =
        vhost == NULL ? NULL : gmq_json_parse_object(words[2], "the definition", error);

    if (definition_node == NULL ||
        !gmq_json_to_table(json_node_get_object(definition_node), &definition, error))
        return false;

    GmqPolicySpec spec = {
        .name       = gmq_slice_of(words[0]),
        .pattern    = gmq_slice_of(words[1]),
        .apply_to   = gmq_slice_of(request->apply_to),
        .priority   = request->priority,
        .definition = gmq_buffer_slice(&definition),
    };
    return gmq_vhost_set_policy(vhost, kind, &spec, error);
}

static bool
clear_policy(const GmqServing *serving, const GmqRequest *request, GmqPolicyKind kind,
             GError **error)
{
    GmqVhost *vhost = gmq_command_vhost(serving, request, error);

    return vhost != NULL &&
           gmq_vhost_clear_policy(vhost, kind, gmq_slice_of(request->arguments[0]), error);
}

bool
gmq_run_set_policy(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                   GError **error)
{
    (void)answer;
    return set_policy(serving, request, GMQ_POLICY_USER, error);
}

bool
gmq_run_clear_policy(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                     GError **error)
{
    (void)answer;
    return clear_policy(serving, request, GMQ_POLICY_USER, error);
}

bool
gmq_run_set_operator_policy(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                            GError **error)
{
    (void)answer;
    return set_policy(serving, request, GMQ_POLICY_OPERATOR, error);
}

bool
gmq_run_clear_operator_policy(const GmqServing *serving, const GmqRequest *request,
                              GmqAnswer *answer, GError **error)
{
    (void)answer;
    return clear_policy(serving, request, GMQ_POLICY_OPERATOR, error);
}
