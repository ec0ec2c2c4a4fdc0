#include "core/broker/definition.h"
#include "core/broker/notice.h"
#include "core/broker/vhost.h"

/* ---- applying ---- */

/* Queues and exchanges lend texts from their policies, so one that was replaced or cleared goes
 * only after this. */
static void
apply_to_all(GmqVhost *vhost, uint64_t cause)
{
    for (GList *link = vhost->queue_list.head; link != NULL; link = link->next)
        gmq_queue_apply_policies(link->data);
    for (GList *link = vhost->exchange_list.head; link != NULL; link = link->next)
        gmq_exchange_apply_policies(link->data, cause);
}

static const char *
kind_name(GmqPolicyKind kind)
{
    return kind == GMQ_POLICY_OPERATOR ? "operator policy" : "policy";
}

/* The notice of a policy that was set says all of it (27.2). */
static void
tell_set(const GmqVhost *vhost, const GmqPolicySpec *spec)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, vhost->broker, "policy.set"))
        return;
    gmq_table_add_text(&notice.headers, "name", spec->name);
    gmq_table_add_text(&notice.headers, "vhost", vhost->name);
    gmq_table_add_text(&notice.headers, "pattern", spec->pattern);
    gmq_table_add_text(&notice.headers, "apply-to", spec->apply_to);
    gmq_table_add_int(&notice.headers, "priority", spec->priority);
    gmq_table_add_table(&notice.headers, "definition", spec->definition);
    gmq_notice_send(&notice);
}

static uint64_t
note_policy(const GmqVhost *vhost, GmqEventKind event, const GmqPolicy *policy)
{
    if (gmq_host_is_unheard(vhost->host))
        return 0;
    return vhost->host->note(vhost->host,
                             &(GmqEvent){.kind  = event,
                                         .vhost = &vhost->name,
                                         .who   = policy->spec.name,
                                         .key   = policy->spec.pattern,
                                         .text  = gmq_slice_of(kind_name(policy->kind))});
}

/* ---- the list, in the order of names ---- */

/* The place where a policy of that name stands, or belongs; found says whether it is there. */
static unsigned
find_place(const GPtrArray *policies, GmqSlice name, bool *found)
{
    unsigned place = 0;
    int order      = 1;

    while (place < policies->len) {
        const GmqPolicy *policy = g_ptr_array_index(policies, place);

        order = gmq_slice_compare(policy->spec.name, name);
        if (order >= 0)
            break;
        place++;
    }
    *found = order == 0;
    return place;
}

const GmqPolicy *
gmq_vhost_find_policy(const GmqVhost *vhost, GmqPolicyKind kind, GmqSlice name)
{
    bool found;
    unsigned place = find_place(vhost->policies[kind], name, &found);

    return found ? g_ptr_array_index(vhost->policies[kind], place) : NULL;
}

/* Puts the policy where its name belongs, and returns the one of that name which it replaces, NULL
 * without one. */
static GmqPolicy *
insert(GPtrArray *policies, GmqPolicy *policy)
{
    bool is_there;
    unsigned place = find_place(policies, policy->spec.name, &is_there);
    GmqPolicy *old = is_there ? g_ptr_array_steal_index(policies, place) : NULL;

    g_ptr_array_insert(policies, (int)place, policy);
    return old;
}

bool
gmq_vhost_set_policy(GmqVhost *vhost, GmqPolicyKind kind, const GmqPolicySpec *spec, GError **error)
{
    GmqPolicy *policy = gmq_policy_new(kind, spec, error);

    if (policy == NULL)
        return false;
    /* What it replaces holds the texts of its settings until all have others. */
    GmqPolicy *old = insert(vhost->policies[kind], policy);
    policy->record = old == NULL ? 0 : old->record;
    gmq_definition_keep_policy(vhost, policy);
    tell_set(vhost, &policy->spec);
    apply_to_all(vhost, note_policy(vhost, GMQ_EVENT_POLICY_SET, policy));
    g_clear_pointer(&old, gmq_policy_free);
    return true;
}

bool
gmq_vhost_clear_policy(GmqVhost *vhost, GmqPolicyKind kind, GmqSlice name, GError **error)
{
    GPtrArray *policies = vhost->policies[kind];
    bool is_there;
    unsigned place = find_place(policies, name, &is_there);

    if (!is_there) {
        g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_MISSING,
                    "there is no %s '%.*s' in vhost '%.*s'", kind_name(kind), (int)name.size,
                    name.data, (int)vhost->name.size, vhost->name.data);
        return false;
    }

    g_autoptr(GmqPolicy) old = g_ptr_array_steal_index(policies, place);
    gmq_definition_drop(vhost->broker, &old->record);
    gmq_notice_name(vhost->broker, "policy.cleared", name, vhost);
    apply_to_all(vhost, note_policy(vhost, GMQ_EVENT_POLICY_CLEARED, old));
    return true;
}

void
gmq_vhost_clear_policies(GmqVhost *vhost)
{
    for (int kind = 0; kind < GMQ_N_POLICY_KINDS; kind++) {
        GPtrArray *policies = vhost->policies[kind];

        for (unsigned i = 0; i < policies->len; i++) {
            GmqPolicy *policy = g_ptr_array_index(policies, i);
            gmq_definition_drop(vhost->broker, &policy->record);
        }
        g_ptr_array_unref(policies);
    }
}
