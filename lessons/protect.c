#include "lessons/protect.h"

#include <string.h>

#include "lessons/twin.h"
#include "sim/language.h"
#include "sim/yaml-edit.h"

/* A walk through both trees at once. */
typedef struct {
    const GmqModify *modify;
    GPtrArray *path; /* of texts: where it is */
    unsigned line;   /* of the learner's file, near it */
    char *sentence;  /* about what was found; NULL: nothing so far */
} Walk;

/* ---- paths ---- */

/* Whether the parts of a pattern are those that the path begins with; with is_whole false, also
 * whether the path ends inside of the pattern. */
static bool
covers(const char *pattern, const GPtrArray *path, bool is_whole)
{
    g_auto(GStrv) parts = g_strsplit(pattern, ".", -1);

    for (unsigned i = 0; parts[i] != NULL; i++) {
        if (i == path->len)
            return !is_whole;
        if (strcmp(parts[i], "*") != 0 && strcmp(parts[i], path->pdata[i]) != 0)
            return false;
    }
    return true;
}

/* A change inside of what may change is allowed; a change of something that what must stay is in,
 * is not. */
static bool
is_allowed(const Walk *walk)
{
    const GPtrArray *list = walk->modify->may != NULL ? walk->modify->may : walk->modify->keep;
    bool is_may           = walk->modify->may != NULL;

    /* Words are nobody's: he may have begun with those of another language. */
    if (gmq_twin_is_words(walk->path))
        return true;
    for (unsigned i = 0; i < list->len; i++) {
        if (covers(list->pdata[i], walk->path, is_may))
            return is_may;
    }
    return !is_may;
}

/* "clients.w1.ack"; the caller frees it. */
static char *
path_text(const GPtrArray *path)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < path->len; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ".", (const char *)path->pdata[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- what is said ---- */

static char *
list_text(const GPtrArray *list)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ", ", (const char *)list->pdata[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
add_next_step(const Walk *walk, GString *out)
{
    const GPtrArray *list = walk->modify->may != NULL ? walk->modify->may : walk->modify->keep;
    g_autofree char *text = list_text(list);

    g_string_append_c(out, ' ');
    if (walk->modify->may != NULL)
        g_string_append_printf(out, _("What you may change here: %s."), text);
    else
        g_string_append_printf(out, _("What must stay as it is: %s. All else is yours."), text);
}

/* What stood there, when it can be said in a word. */
static void
add_before(const GmqYaml *before, GString *out)
{
    g_string_append_c(out, ' ');
    if (before == NULL)
        g_string_append(out, _("Take it out again."));
    else if (before->type == GMQ_YAML_SCALAR)
        g_string_append_printf(out, _("Put back what stood there: %s."), before->text);
    else
        g_string_append(out, _("Put back what stood there."));
}

static void
refuse(Walk *walk, const GmqYaml *before, const GmqYaml *after)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *path  = path_text(walk->path);

    if (after == NULL)
        g_string_append_printf(out, _("Near line %u, %s is gone, but it belongs to the task."),
                               walk->line, path);
    else if (before == NULL)
        g_string_append_printf(out, _("Line %u adds %s, but that belongs to the task."),
                               after->line, path);
    else
        g_string_append_printf(out, _("Line %u changes %s, but that belongs to the task."),
                               after->line, path);
    add_before(before, out);
    add_next_step(walk, out);
    walk->sentence = g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- two trees ---- */

static void compare(Walk *walk, const char *part, const GmqYaml *before, const GmqYaml *after);

static const GmqYaml *
item(const GmqYaml *node, unsigned index)
{
    return index < gmq_yaml_count(node) ? gmq_yaml_value(node, index) : NULL;
}

static void
compare_lists(Walk *walk, const GmqYaml *before, const GmqYaml *after)
{
    unsigned n = MAX(gmq_yaml_count(before), gmq_yaml_count(after));

    for (unsigned i = 0; i < n; i++) {
        g_autofree char *part = g_strdup_printf("%u", i + 1);
        compare(walk, part, item(before, i), item(after, i));
    }
}

static void
compare_maps(Walk *walk, const GmqYaml *before, const GmqYaml *after)
{
    for (unsigned i = 0; i < gmq_yaml_count(before); i++) {
        const char *key = gmq_yaml_key(before, i);
        compare(walk, key, gmq_yaml_value(before, i), gmq_yaml_find(after, key));
    }
    for (unsigned i = 0; i < gmq_yaml_count(after); i++) {
        const char *key = gmq_yaml_key(after, i);
        if (gmq_yaml_find(before, key) == NULL)
            compare(walk, key, NULL, gmq_yaml_value(after, i));
    }
}

/* The type of both, where one that is missing has the type of the other; false when they differ. */
static bool
have_type(const GmqYaml *before, const GmqYaml *after, GmqYamlType type)
{
    return (before == NULL || before->type == type) && (after == NULL || after->type == type) &&
           gmq_yaml_count(before) + gmq_yaml_count(after) > 0;
}

static void
compare_nodes(Walk *walk, const GmqYaml *before, const GmqYaml *after)
{
    if (after != NULL)
        walk->line = after->line;
    if (before != NULL && after != NULL && gmq_yaml_equal(before, after))
        return;
    if (have_type(before, after, GMQ_YAML_MAP))
        compare_maps(walk, before, after);
    else if (have_type(before, after, GMQ_YAML_LIST))
        compare_lists(walk, before, after);
    else if (!is_allowed(walk))
        refuse(walk, before, after);
}

static void
compare(Walk *walk, const char *part, const GmqYaml *before, const GmqYaml *after)
{
    if (walk->sentence != NULL)
        return;
    g_ptr_array_add(walk->path, (char *)part);
    compare_nodes(walk, before, after);
    g_ptr_array_remove_index(walk->path, walk->path->len - 1);
}

char *
gmq_protect_compare(const GmqModify *modify, const GmqYaml *before, const GmqYaml *after)
{
    g_autoptr(GPtrArray) path = g_ptr_array_new();
    Walk walk                 = {.modify = modify, .path = path, .line = 1};

    compare_nodes(&walk, before, after);
    return walk.sentence;
}

/* ---- whether a path leads somewhere ---- */

static bool
leads(const GmqYaml *node, char **parts)
{
    if (*parts == NULL)
        return true;
    for (unsigned i = 0; node->type != GMQ_YAML_SCALAR && i < gmq_yaml_count(node); i++) {
        g_autofree char *name = node->type == GMQ_YAML_MAP ? g_strdup(gmq_yaml_key(node, i))
                                                           : g_strdup_printf("%u", i + 1);
        if ((strcmp(*parts, "*") == 0 || strcmp(*parts, name) == 0) &&
            leads(gmq_yaml_value(node, i), parts + 1))
            return true;
    }
    return false;
}

bool
gmq_protect_has(const GmqYaml *root, const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, ".", -1);

    return leads(root, parts);
}
