/* lint-twin-run.c - a run in another language says the same: an equal file but for its words. */
#include <string.h>

#include "lessons/lint-private.h"
#include "lessons/twin.h"
#include "sim/scenario.h"
#include "sim/yaml-edit.h"

/* A walk through both trees at once. */
typedef struct {
    GmqProblems *problems; /* of the twin */
    const char *origin;    /* "scenario.yaml" */
    GPtrArray *path;       /* of texts: where it is */
} Walk;

/* ---- two trees ---- */

static void compare(Walk *walk, const char *part, const GmqYaml *own, const GmqYaml *other);

static const GmqYaml *
key_node(const GmqYaml *map, unsigned index)
{
    return map->items->pdata[2 * index];
}

/* With one more or less, all behind it would differ too. */
static void
compare_lists(Walk *walk, const GmqYaml *own, const GmqYaml *other)
{
    unsigned n = gmq_yaml_count(own);

    if (n != gmq_yaml_count(other)) {
        gmq_problems_add(walk->problems, own->line, own->column, "Here are %u items, and %u in %s.",
                         n, gmq_yaml_count(other), walk->origin);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *part = g_strdup_printf("%u", i + 1);
        compare(walk, part, gmq_yaml_value(own, i), gmq_yaml_value(other, i));
    }
}

/* Keys stand in the same order, because the order of clients, say, is that of their events. */
static void
compare_key(Walk *walk, const GmqYaml *own, const GmqYaml *other, unsigned index)
{
    const char *key     = gmq_yaml_key(own, index);
    const char *in_turn = index < gmq_yaml_count(other) ? gmq_yaml_key(other, index) : NULL;
    const GmqYaml *node = key_node(own, index);

    if (gmq_yaml_find(other, key) == NULL) {
        gmq_problems_add(walk->problems, node->line, node->column, "%s has no \"%s\" here.",
                         walk->origin, key);
        return;
    }
    if (in_turn != NULL && strcmp(key, in_turn) != 0 && gmq_yaml_find(own, in_turn) != NULL)
        gmq_problems_add(walk->problems, node->line, node->column,
                         "\"%s\" is not in its place: %s has \"%s\" here.", key, walk->origin,
                         in_turn);
    compare(walk, key, gmq_yaml_value(own, index), gmq_yaml_find(other, key));
}

static void
compare_maps(Walk *walk, const GmqYaml *own, const GmqYaml *other)
{
    for (unsigned i = 0; i < gmq_yaml_count(own); i++)
        compare_key(walk, own, other, i);
    for (unsigned i = 0; i < gmq_yaml_count(other); i++) {
        const char *key = gmq_yaml_key(other, i);
        if (gmq_yaml_find(own, key) == NULL)
            gmq_problems_add(walk->problems, own->line, own->column, "%s has \"%s\" here.",
                             walk->origin, key);
    }
}

/* The place of the answer among the choices; it is one of them in a file that was loaded. */
static unsigned
place_of_answer(const GmqYaml *ask)
{
    const char *answer     = gmq_yaml_find(ask, "answer")->text;
    const GmqYaml *choices = gmq_yaml_find(ask, "choices");
    unsigned place         = 0;

    while (strcmp(gmq_yaml_value(choices, place)->text, answer) != 0)
        place++;
    return place + 1;
}

static void
compare_answers(const Walk *walk, const GmqYaml *own, const GmqYaml *other)
{
    const GmqYaml *answer = gmq_yaml_find(own, "answer");
    unsigned wanted       = place_of_answer(other);
    unsigned found        = place_of_answer(own);

    if (found != wanted)
        gmq_problems_add(walk->problems, answer->line, answer->column,
                         "The answer is choice %u, and choice %u in %s.", found, wanted,
                         walk->origin);
}

static void
compare_scalars(Walk *walk, const GmqYaml *own, const GmqYaml *other)
{
    if (!gmq_twin_is_words(walk->path)) {
        if (strcmp(own->text, other->text) != 0)
            gmq_problems_add(walk->problems, own->line, own->column, "\"%s\" is \"%s\" in %s.",
                             own->text, other->text, walk->origin);
    } else if (*own->text == '\0' && *other->text != '\0') {
        gmq_problems_add(walk->problems, own->line, own->column,
                         "Nothing stands here, but something in %s.", walk->origin);
    }
}

static void
compare_nodes(Walk *walk, const GmqYaml *own, const GmqYaml *other)
{
    static const char *const types[] = {"a text", "a list", "a mapping"};

    if (own->type != other->type) {
        gmq_problems_add(walk->problems, own->line, own->column, "This is %s, and %s in %s.",
                         types[own->type], types[other->type], walk->origin);
        return;
    }
    if (own->type == GMQ_YAML_SCALAR)
        compare_scalars(walk, own, other);
    else if (own->type == GMQ_YAML_LIST)
        compare_lists(walk, own, other);
    else
        compare_maps(walk, own, other);
}

static void
compare(Walk *walk, const char *part, const GmqYaml *own, const GmqYaml *other)
{
    g_ptr_array_add(walk->path, (char *)part);
    compare_nodes(walk, own, other);
    if (walk->path->len == 3 && strcmp(walk->path->pdata[0], "timeline") == 0 &&
        strcmp(part, "ask") == 0)
        compare_answers(walk, own, other);
    g_ptr_array_remove_index(walk->path, walk->path->len - 1);
}

/* ---- files ---- */

static GmqYamlDocument *
parse(const GmqScenario *scenario, GmqProblems *problems)
{
    return gmq_yaml_parse(scenario->text, strlen(scenario->text), problems);
}

/* What the twin says else, without a final newline; NULL when that is nothing. The caller frees it.
 */
static char *
compare_runs(const GmqScenario *own, const GmqScenario *other, const char *origin)
{
    g_autoptr(GPtrArray) path        = g_ptr_array_new();
    g_autoptr(GmqProblems) problems  = gmq_problems_new(own->path, own->text);
    g_autoptr(GmqProblems) none      = gmq_problems_new(other->path, other->text);
    g_autoptr(GmqYamlDocument) mine  = parse(own, problems);
    g_autoptr(GmqYamlDocument) first = parse(other, none);
    Walk walk                        = {problems, origin, path};

    compare_nodes(&walk, gmq_yaml_root(mine), gmq_yaml_root(first));
    return gmq_problems_count(problems) == 0 ? NULL : gmq_problems_text(problems);
}

/* What is wrong with a twin, likewise. */
static char *
check_twin(const char *folder, const char *name, const char *origin)
{
    g_autofree char *path        = g_build_filename(folder, name, NULL);
    g_autofree char *origin_path = g_build_filename(folder, origin, NULL);
    g_autoptr(GError) error      = NULL;

    if (!g_file_test(origin_path, G_FILE_TEST_EXISTS))
        return g_strdup_printf("%s: There is no %s that it could be the twin of.", path, origin);
    g_autoptr(GmqScenario) own = gmq_scenario_load(path, &error);
    if (own == NULL)
        return g_strdup(error->message);
    g_autoptr(GmqScenario) other = gmq_scenario_load(origin_path, &error);
    if (other == NULL)
        return g_strdup(error->message);
    return compare_runs(own, other, origin);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_files(const char *folder)
{
    GPtrArray *names    = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name             = g_dir_read_name(dir))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

bool
gmq_lint_twin_runs(const char *folder, const char *language, GString *out)
{
    g_autoptr(GPtrArray) names = list_files(folder);
    bool is_fine               = true;

    for (unsigned i = 0; i < names->len; i++) {
        const char *name        = names->pdata[i];
        g_autofree char *origin = gmq_twin_origin(name, language);
        g_autofree char *wrong  = origin == NULL ? NULL : check_twin(folder, name, origin);
        if (wrong != NULL)
            g_string_append_printf(out, "%s\n", wrong);
        else if (origin != NULL)
            g_string_append_printf(out, "%s/%s: fine.\n", folder, name);
        is_fine = is_fine && wrong == NULL;
    }
    return is_fine;
}
