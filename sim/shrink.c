#include "sim/shrink.h"

#include <string.h>

#include "sim/keys.h"
#include "sim/shrink-private.h"
#include "sim/yaml-print.h"

void
gmq_shrink_result_clear(GmqShrinkResult *result)
{
    g_free(result->text);
    gmq_trial_clear(&result->failure);
    g_clear_pointer(&result->others, g_ptr_array_unref);
}

bool
gmq_shrink_can(const GmqTrial *failure)
{
    static const char *const cannot[] = {GMQ_TRIAL_UNSTABLE, GMQ_TRIAL_UNREADABLE,
                                         GMQ_TRIAL_TIMELINE, NULL};

    return failure->what != NULL && !g_strv_contains(cannot, failure->what);
}

/* ---- nodes by number ---- */

static GmqYaml *
find_node(GmqYaml *node, unsigned *left)
{
    if ((*left)-- == 0)
        return node;
    for (unsigned i = 0; i < gmq_yaml_count(node); i++) {
        GmqYaml *found = find_node(gmq_yaml_value(node, i), left);

        if (found != NULL)
            return found;
    }
    return NULL;
}

GmqYaml *
gmq_shrink_node(GmqYamlDocument *document, unsigned number)
{
    return find_node(gmq_yaml_edit(document), &number);
}

unsigned
gmq_shrink_number(GmqYamlDocument *document, const char *const *path)
{
    GmqYaml *wanted = gmq_yaml_edit(document);

    for (; *path != NULL; path++)
        wanted = gmq_yaml_at(wanted, *path);
    if (wanted == NULL)
        return UINT_MAX;

    unsigned number = 0;
    while (gmq_shrink_node(document, number) != wanted)
        number++;
    return number;
}

static uint64_t
count_scalars(const GmqYaml *node)
{
    uint64_t n = node->type == GMQ_YAML_SCALAR;

    for (unsigned i = 0; i < gmq_yaml_count(node); i++)
        n += count_scalars(gmq_yaml_value(node, i));
    return n;
}

/* ---- candidates ---- */

bool
gmq_shrink_is_over(const GmqShrinker *shrinker)
{
    return shrinker->result->is_stopped;
}

static void
note_other(GmqShrinkResult *result, const char *what)
{
    if (what == NULL || strcmp(what, GMQ_TRIAL_UNREADABLE) == 0)
        return;
    for (unsigned i = 0; i < result->others->len; i++) {
        if (strcmp(result->others->pdata[i], what) == 0)
            return;
    }
    g_ptr_array_add(result->others, g_strdup(what));
}

static bool
may_go_on(GmqShrinker *shrinker)
{
    const GmqShrinkPlan *plan = shrinker->plan;
    GmqShrinkResult *result   = shrinker->result;

    result->is_stopped |= result->progress.n_candidates >= plan->candidates_most;
    if (!result->is_stopped)
        result->is_stopped = !plan->go_on(plan->user, &result->progress);
    return !result->is_stopped;
}

bool
gmq_shrink_try(GmqShrinker *shrinker, GmqYamlDocument *candidate)
{
    g_autoptr(GmqYamlDocument) owned = candidate;
    g_autofree char *text            = gmq_yaml_print(candidate);
    g_auto(GmqTrial) trial           = {0};
    GmqShrinkResult *result          = shrinker->result;

    if (g_hash_table_contains(shrinker->tried, text) || !may_go_on(shrinker))
        return false;
    result->progress.n_candidates++;
    shrinker->plan->try_text(shrinker->plan->user, text, &trial);
    g_hash_table_add(shrinker->tried, g_steal_pointer(&text));
    if (!gmq_trial_is_same_failure(&trial, &result->failure)) {
        note_other(result, trial.what);
        return false;
    }
    gmq_yaml_free(shrinker->best);
    gmq_trial_clear(&result->failure);
    shrinker->best           = g_steal_pointer(&owned);
    shrinker->has_changed    = true;
    result->failure          = trial;
    trial                    = (GmqTrial){0};
    result->progress.n_parts = count_scalars(gmq_yaml_root(shrinker->best));
    return true;
}

/* ---- passes ---- */

/* What is looked at first, and whether others use the names there. */
static const struct {
    const char *path[3];
    bool is_name;
    bool is_numbers; /* counts in it, and not its items */
} passes[] = {
    {{"timeline"}, false, false},
    {{"clients"}, true, false},
    {{"clients"}, false, true},
    {{"topology", "bindings"}, false, false},
    {{"topology", "queues"}, true, false},
    {{"topology", "exchanges"}, true, false},
    {{"links"}, false, false},
};

static void
shrink_numbers(GmqShrinker *shrinker, unsigned first, unsigned end)
{
    for (unsigned i = first; i < end && gmq_shrink_node(shrinker->best, i) != NULL; i++) {
        if (!gmq_shrink_is_over(shrinker))
            gmq_shrink_number_at(shrinker, i);
    }
}

static unsigned
count_nodes(const GmqYaml *node)
{
    unsigned n = 1;

    for (unsigned i = 0; i < gmq_yaml_count(node); i++)
        n += count_nodes(gmq_yaml_value(node, i));
    return n;
}

/* A broken expectation counts clients, queues and messages: only what disturbs them may go. */
static bool
is_expectation(const GmqShrinker *shrinker)
{
    return g_str_has_prefix(shrinker->result->failure.what, "expect ");
}

static void
shrink_named_parts(GmqShrinker *shrinker)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(passes); i++) {
        unsigned number = gmq_shrink_number(shrinker->best, passes[i].path);
        bool is_fault   = i == 0 || i + 1 == G_N_ELEMENTS(passes);

        if (number == UINT_MAX || (is_expectation(shrinker) && !is_fault))
            continue;
        if (passes[i].is_numbers)
            shrink_numbers(shrinker, number,
                           number + count_nodes(gmq_shrink_node(shrinker->best, number)));
        else
            gmq_shrink_items(shrinker, number, passes[i].is_name);
    }
}

/* All the rest: every setting that may be left out, wherever it stands, and every number. The first
 * number, behind "glassmq", and the seed stay: any other would be another run. */
static void
shrink_everything(GmqShrinker *shrinker)
{
    for (unsigned i = 0; gmq_shrink_node(shrinker->best, i) != NULL; i++) {
        if (!gmq_shrink_is_over(shrinker))
            gmq_shrink_items(shrinker, i, false);
    }
    shrink_numbers(shrinker, 1, UINT_MAX);
}

static void
shrink_all(GmqShrinker *shrinker)
{
    do {
        shrinker->has_changed = false;
        if (!is_expectation(shrinker))
            gmq_shrink_stop(shrinker);
        shrink_named_parts(shrinker);
        if (!is_expectation(shrinker))
            shrink_everything(shrinker);
    } while (shrinker->has_changed && !gmq_shrink_is_over(shrinker));
}

/* ---- the whole ---- */

/* The document as it is tried: the seed is in it, and what it expects of an unbroken run may not
 * be. */
static GmqYamlDocument *
prepare(const GmqShrinkPlan *plan, bool keeps_expectations)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new("", plan->text);
    GmqYamlDocument *document       = gmq_yaml_parse(plan->text, strlen(plan->text), problems);
    g_autofree char *seed           = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)plan->seed);

    g_assert(document != NULL); /* it was read before */
    GmqYaml *root   = gmq_yaml_edit(document);
    GmqYaml *expect = gmq_yaml_at(root, "expect");
    gmq_yaml_put(document, root, "seed", seed);
    if (keeps_expectations)
        return document;
    for (unsigned i = gmq_yaml_count(expect); i-- > 0;) {
        if (strcmp(gmq_yaml_key(expect, i), "allowed") != 0)
            gmq_yaml_remove_at(expect, i);
    }
    return document;
}

/* An invariant is looked for first: one that breaks hides any expectation. */
static void
try_first(GmqShrinker *shrinker)
{
    g_autofree char *text = gmq_yaml_print(shrinker->best);

    gmq_trial_clear(&shrinker->result->failure);
    shrinker->plan->try_text(shrinker->plan->user, text, &shrinker->result->failure);
}

/* What is left empty need not be said. */
static void
drop_empty(GmqYaml *root)
{
    for (unsigned i = gmq_yaml_count(root); i-- > 0;) {
        const GmqYaml *value = gmq_yaml_value(root, i);

        if (value->type != GMQ_YAML_SCALAR && gmq_yaml_count(value) == 0)
            gmq_yaml_remove_at(root, i);
    }
}

/* Says where it comes from and what breaks. */
static void
sign(GmqShrinker *shrinker)
{
    const GmqShrinkPlan *plan = shrinker->plan;
    const GmqTrial *failure   = &shrinker->result->failure;
    GmqYaml *root             = gmq_yaml_edit(shrinker->best);
    g_autofree char *about = g_strdup_printf("Shrunk from %s: %s", plan->origin, failure->sentence);
    bool is_invariant      = strchr("SL", *failure->what) != NULL;
    g_autofree char *one_line = g_strdelimit(g_steal_pointer(&about), "\n\r\t", ' ');

    gmq_yaml_put(shrinker->best, root, "about", one_line);
    if (is_invariant && gmq_key_works(GMQ_IN_RUN, "broken"))
        gmq_yaml_put(shrinker->best, gmq_yaml_put_map(shrinker->best, root, "expect"), "broken",
                     failure->what);
}

/* The root's keys in the order in which people write them. */
static void
order_keys(GmqYaml *root)
{
    static const char *const first[] = {"glassmq", "title", "about", "seed", "stop"};
    unsigned place                   = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++) {
        for (unsigned j = place; j < gmq_yaml_count(root); j++) {
            if (strcmp(gmq_yaml_key(root, j), first[i]) != 0)
                continue;
            void *key   = g_ptr_array_steal_index(root->items, 2 * j);
            void *value = g_ptr_array_steal_index(root->items, 2 * j);
            g_ptr_array_insert(root->items, (int)(2 * place), key);
            g_ptr_array_insert(root->items, (int)(2 * place + 1), value);
            place++;
            break;
        }
    }
}

void
gmq_shrink(const GmqShrinkPlan *plan, GmqShrinkResult *result)
{
    g_autoptr(GHashTable) tried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GmqShrinker shrinker        = {.plan = plan, .result = result, .tried = tried};

    *result       = (GmqShrinkResult){.others = g_ptr_array_new_with_free_func(g_free)};
    shrinker.best = prepare(plan, false);
    try_first(&shrinker);
    if (!gmq_shrink_can(&result->failure)) {
        gmq_yaml_free(shrinker.best);
        shrinker.best = prepare(plan, true);
        try_first(&shrinker);
    }
    if (!gmq_shrink_can(&result->failure)) {
        gmq_yaml_free(shrinker.best);
        return;
    }
    result->n_parts_before   = count_scalars(gmq_yaml_root(shrinker.best));
    result->progress.n_parts = result->n_parts_before;
    shrink_all(&shrinker);
    drop_empty(gmq_yaml_edit(shrinker.best));
    sign(&shrinker);
    order_keys(gmq_yaml_edit(shrinker.best));
    result->text = gmq_yaml_print(shrinker.best);
    gmq_yaml_free(shrinker.best);
}
