#include "lessons/glossary.h"

#include <string.h>

#include "core/base/nearest.h"
#include "sim/yaml.h"

G_DEFINE_QUARK(gmq - glossary - error - quark, gmq_glossary_error)

struct GmqGlossary {
    GPtrArray *terms; /* of GmqTerm */
    GPtrArray *names; /* of all terms in all their forms, lent */
};

/* ---- terms ---- */

static void
clear_text(GmqTermText *text)
{
    g_free(text->term);
    g_strfreev(text->also);
    g_free(text->meaning);
}

static void
free_term(gpointer data)
{
    GmqTerm *term = data;

    clear_text(&term->words);
    clear_text(&term->ko);
    g_strfreev(term->see);
    g_free(term->picture);
    g_free(term);
}

void
gmq_glossary_free(GmqGlossary *glossary)
{
    if (glossary == NULL)
        return;
    g_ptr_array_unref(glossary->names);
    g_ptr_array_unref(glossary->terms);
    g_free(glossary);
}

/* ---- reading ---- */

static void
read_text(const GmqYaml *node, void *target, GmqProblems *problems)
{
    char **text = target;

    if (node->type != GMQ_YAML_SCALAR || *node->text == '\0')
        gmq_problems_add(problems, node->line, node->column, "A text belongs here.");
    else
        *text = g_strdup(node->text);
}

static void
read_texts(const GmqYaml *node, void *target, GmqProblems *problems)
{
    GStrv *texts                    = target;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (node->type != GMQ_YAML_LIST) {
        gmq_problems_add(problems, node->line, node->column,
                         "A list belongs here, such as [a, b].");
        return;
    }
    for (unsigned i = 0; i < node->items->len; i++) {
        const GmqYaml *item = g_ptr_array_index(node->items, i);
        if (item->type == GMQ_YAML_SCALAR && *item->text != '\0')
            g_strv_builder_add(builder, item->text);
        else
            gmq_problems_add(problems, item->line, item->column, "A text belongs here.");
    }
    *texts = g_strv_builder_end(builder);
}

static void
read_lesson(const GmqYaml *node, void *target, GmqProblems *problems)
{
    guint64 number = 0;

    if (node->type != GMQ_YAML_SCALAR ||
        !g_ascii_string_to_unsigned(node->text, 10, 1, 99, &number, NULL))
        gmq_problems_add(problems, node->line, node->column,
                         "The number of a lesson belongs here, from 1 to 99.");
    *(unsigned *)target = (unsigned)number;
}

static void
read_truth(const GmqYaml *node, void *target, GmqProblems *problems)
{
    bool is_yes = node->type == GMQ_YAML_SCALAR && strcmp(node->text, "yes") == 0;

    if (!is_yes && (node->type != GMQ_YAML_SCALAR || strcmp(node->text, "no") != 0))
        gmq_problems_add(problems, node->line, node->column, "yes or no belongs here.");
    *(bool *)target = is_yes;
}

static void read_korean(const GmqYaml *node, void *target, GmqProblems *problems);

typedef struct {
    const char *name;
    size_t offset;
    void (*read)(const GmqYaml *node, void *target, GmqProblems *problems);
    bool is_needed;
} Key;

static const Key text_keys[] = {
    {"term", offsetof(GmqTermText, term), read_text, true},
    {"also", offsetof(GmqTermText, also), read_texts, false},
    {"meaning", offsetof(GmqTermText, meaning), read_text, true},
};

static const Key term_keys[] = {
    {"term", offsetof(GmqTerm, words.term), read_text, true},
    {"also", offsetof(GmqTerm, words.also), read_texts, false},
    {"meaning", offsetof(GmqTerm, words.meaning), read_text, true},
    {"lesson", offsetof(GmqTerm, lesson), read_lesson, false},
    {"everyday", offsetof(GmqTerm, is_everyday), read_truth, false},
    {"picture", offsetof(GmqTerm, picture), read_text, false},
    {"see", offsetof(GmqTerm, see), read_texts, false},
    {"ko", offsetof(GmqTerm, ko), read_korean, false},
};

static const Key *
find_key(const Key *keys, size_t n_keys, const char *name)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

static void
refuse_key(const GmqYaml *node, const Key *keys, size_t n_keys, GmqProblems *problems)
{
    const char *names[G_N_ELEMENTS(term_keys)];

    for (size_t i = 0; i < n_keys; i++)
        names[i] = keys[i].name;
    const char *nearest = gmq_nearest(node->text, names, n_keys);
    gmq_problems_add(problems, node->line, node->column, "There is no key \"%s\".%s%s%s",
                     node->text, nearest != NULL ? " Did you mean " : "",
                     nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* Fills the target from a map by the table of its keys. */
static void
read_map(const GmqYaml *map, const Key *keys, size_t n_keys, void *target, GmqProblems *problems)
{
    if (map->type != GMQ_YAML_MAP) {
        gmq_problems_add(problems, map->line, map->column,
                         "Keys belong here, at least term and meaning.");
        return;
    }
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        const GmqYaml *name = g_ptr_array_index(map->items, i);
        const Key *key      = find_key(keys, n_keys, name->text);
        if (key == NULL)
            refuse_key(name, keys, n_keys, problems);
        else
            key->read(g_ptr_array_index(map->items, i + 1), (char *)target + key->offset, problems);
    }
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].is_needed && gmq_yaml_find(map, keys[i].name) == NULL)
            gmq_problems_add(problems, map->line, map->column, "The key \"%s\" is missing here.",
                             keys[i].name);
    }
}

static void
read_korean(const GmqYaml *node, void *target, GmqProblems *problems)
{
    read_map(node, text_keys, G_N_ELEMENTS(text_keys), target, problems);
}

static void
read_terms(GmqGlossary *glossary, const GmqYaml *root, GmqProblems *problems)
{
    const GmqYaml *list = gmq_yaml_find(root, "terms");

    if (list == NULL || list->type != GMQ_YAML_LIST) {
        gmq_problems_add(problems, 1, 1, "A glossary has the key \"terms\" with a list.");
        return;
    }
    for (unsigned i = 0; i < list->items->len; i++) {
        const GmqYaml *node = g_ptr_array_index(list->items, i);
        GmqTerm *term       = g_new0(GmqTerm, 1);
        term->line          = node->line;
        g_ptr_array_add(glossary->terms, term);
        read_map(node, term_keys, G_N_ELEMENTS(term_keys), term, problems);
    }
}

/* ---- finding ---- */

static void
collect_names(GmqGlossary *glossary, const GmqTermText *text)
{
    if (text->term != NULL)
        g_ptr_array_add(glossary->names, text->term);
    for (char **also = text->also; also != NULL && *also != NULL; also++)
        g_ptr_array_add(glossary->names, *also);
}

/* What terms say of each other must be true. */
static void
check_terms(GmqGlossary *glossary, GmqProblems *problems)
{
    for (unsigned i = 0; i < glossary->terms->len; i++) {
        const GmqTerm *term = g_ptr_array_index(glossary->terms, i);
        for (char **see = term->see; see != NULL && *see != NULL; see++) {
            if (gmq_glossary_find(glossary, *see) == NULL)
                gmq_problems_add(problems, term->line, 1,
                                 "\"%s\" belongs to \"%s\", but nobody explains it.", *see,
                                 term->words.term != NULL ? term->words.term : "");
        }
    }
}

GmqGlossary *
gmq_glossary_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, GMQ_GLOSSARY_FILE, NULL);
    g_autofree char *text = NULL;
    size_t size           = 0;

    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    g_autoptr(GmqGlossary) glossary     = g_new0(GmqGlossary, 1);
    g_autoptr(GmqProblems) problems     = gmq_problems_new(path, text);
    g_autoptr(GmqYamlDocument) document = gmq_yaml_parse(text, size, problems);
    glossary->terms                     = g_ptr_array_new_with_free_func(free_term);
    glossary->names                     = g_ptr_array_new();
    if (document != NULL)
        read_terms(glossary, gmq_yaml_root(document), problems);
    for (unsigned i = 0; i < glossary->terms->len; i++) {
        const GmqTerm *term = g_ptr_array_index(glossary->terms, i);
        collect_names(glossary, &term->words);
        collect_names(glossary, &term->ko);
    }
    check_terms(glossary, problems);
    if (gmq_problems_count(problems) == 0)
        return g_steal_pointer(&glossary);
    g_autofree char *sentences = gmq_problems_text(problems);
    g_set_error_literal(error, GMQ_GLOSSARY_ERROR, GMQ_GLOSSARY_ERROR_WRONG, sentences);
    return NULL;
}

const GmqTerm *
gmq_glossary_at(const GmqGlossary *glossary, unsigned index)
{
    return index < glossary->terms->len ? g_ptr_array_index(glossary->terms, index) : NULL;
}

static bool
is_name(const char *name, const char *folded)
{
    g_autofree char *other = g_utf8_casefold(name, -1);

    return strcmp(other, folded) == 0;
}

static bool
has_name(const GmqTermText *text, const char *folded)
{
    if (text->term != NULL && is_name(text->term, folded))
        return true;
    for (char **also = text->also; also != NULL && *also != NULL; also++) {
        if (is_name(*also, folded))
            return true;
    }
    return false;
}

const GmqTerm *
gmq_glossary_find(const GmqGlossary *glossary, const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);

    for (unsigned i = 0; i < glossary->terms->len; i++) {
        const GmqTerm *term = g_ptr_array_index(glossary->terms, i);
        if (has_name(&term->words, folded) || has_name(&term->ko, folded))
            return term;
    }
    return NULL;
}

const char *
gmq_glossary_nearest(const GmqGlossary *glossary, const char *text)
{
    return gmq_nearest(text, (const char *const *)glossary->names->pdata, glossary->names->len);
}

const GmqTermText *
gmq_term_text(const GmqTerm *term, const char *language)
{
    bool is_korean = strcmp(language, "ko") == 0 && term->ko.meaning != NULL;

    return is_korean ? &term->ko : &term->words;
}
