#include "sim/explain-private.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/schema.h"
#include "sim/story.h"
#include "sim/units.h"

#define WIDTH 78

typedef struct {
    GmqKeyOwner owner;
    const char *key;
    const char *value;
    const char *text;
} Row;

static const Row rows[] = {
#define PHRASE(IN, key, value, text) {GMQ_IN_##IN, key, value, text},
#include "sim/explain.def"
};

/* What stands between the clauses of a part; NULL: commas and "and". */
static const char *const separators[GMQ_N_OWNERS] = {
    [GMQ_IN_DEAD_LETTER] = " ",       [GMQ_IN_BINDING] = " ",
    [GMQ_IN_CONFIRMS] = ", ",         [GMQ_IN_TX] = ", ",
    [GMQ_IN_ENTRY_PUBLISH] = ", ",    [GMQ_IN_PUBLISH] = ", ",
    [GMQ_IN_RECONNECT] = N_(" and "),
};

const char *
gmq_explain_phrase(GmqKeyOwner owner, const char *key, const char *value)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].owner == owner && strcmp(rows[i].key, key) == 0 &&
            strcmp(rows[i].value, value) == 0)
            return _(rows[i].text);
    }
    return NULL;
}

bool
gmq_explain_is_empty(const GmqYaml *node)
{
    return gmq_yaml_is_empty(node) || (node->items != NULL && node->items->len == 0);
}

/* The word that the rows have for that value. */
static const char *
word_of(const GmqKey *key, const GmqYaml *value)
{
    bool truth;

    if (gmq_schema_part(key) != GMQ_N_OWNERS && gmq_explain_is_empty(value))
        return "{}";
    if (value->type != GMQ_YAML_SCALAR)
        return "";
    if ((key->type == GMQ_KEY_TRUTH || key->type == GMQ_KEY_TRISTATE ||
         strcmp(key->values, "yes or no") == 0) &&
        gmq_read_truth(value->text, &truth))
        return truth ? "yes" : "no";
    return value->text;
}

char *
gmq_explain_clause(const GmqKey *key, const GmqYaml *value)
{
    const char *phrase = gmq_explain_phrase(key->owner, key->key, word_of(key, value));

    if (phrase == NULL)
        phrase = gmq_explain_phrase(key->owner, key->key, "");
    g_assert(phrase != NULL);
    if (value->type == GMQ_YAML_MAP && value->items->len > 0 &&
        gmq_schema_part(key) != GMQ_N_OWNERS) {
        g_autofree char *inside = gmq_explain_map(value, gmq_schema_part(key));
        return g_strdup_printf(C_("clause", "%s %s"), phrase, inside);
    }
    g_autofree char *words = gmq_explain_value(key, value);
    return gmq_explain_fill(phrase, words);
}

static const GmqKey *
find_key(const char *key, const GmqExplainKeys *keys)
{
    for (unsigned i = 0; keys->without != NULL && keys->without[i] != NULL; i++) {
        if (strcmp(keys->without[i], key) == 0)
            return NULL;
    }
    for (const GmqKeyOwner *owner = keys->owners; *owner != GMQ_N_OWNERS; owner++) {
        const GmqKey *row = gmq_key_find(*owner, key);

        if (row != NULL)
            return row;
    }
    return NULL;
}

void
gmq_explain_clauses(const GmqYaml *map, const GmqExplainKeys *keys, GPtrArray *clauses)
{
    if (map->type != GMQ_YAML_MAP)
        return;
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        const GmqYaml *name = map->items->pdata[i];
        const GmqKey *key   = find_key(name->text, keys);

        if (key != NULL)
            g_ptr_array_add(clauses, gmq_explain_clause(key, map->items->pdata[i + 1]));
    }
}

char *
gmq_explain_map(const GmqYaml *map, GmqKeyOwner owner)
{
    const GmqKeyOwner owners[]   = {owner, GMQ_N_OWNERS};
    const GmqExplainKeys keys    = {.owners = owners};
    g_autoptr(GPtrArray) clauses = g_ptr_array_new_with_free_func(g_free);

    g_assert(owner < GMQ_N_OWNERS);
    gmq_explain_clauses(map, &keys, clauses);
    if (separators[owner] == NULL)
        return gmq_explain_join(clauses);
    g_ptr_array_add(clauses, NULL);
    return g_strjoinv(_(separators[owner]), (char **)clauses->pdata);
}

char *
gmq_explain_find(const GmqYaml *map, GmqKeyOwner owner, const char *key)
{
    const GmqYaml *value = gmq_yaml_find(map, key);
    return value == NULL ? NULL : gmq_explain_clause(gmq_key_find(owner, key), value);
}

void
gmq_explain_take(GString *out, char *sentence, bool is_ours)
{
    g_autofree char *told    = gmq_particles(sentence);
    g_autoptr(GString) whole = g_string_new(told);
    size_t start             = out->len;

    if (whole->len == 0)
        return;
    if (is_ours)
        whole->str[0] = g_ascii_toupper(whole->str[0]);
    if (strchr(".?!:\"", whole->str[whole->len - 1]) == NULL || g_str_has_suffix(whole->str, " \""))
        g_string_append_c(whole, '.');
    else if (whole->str[whole->len - 1] == '"' && whole->len > 1 &&
             strchr(".?!", whole->str[whole->len - 2]) == NULL)
        g_string_append_c(whole, '.');
    gmq_story_wrap(out, whole->str, WIDTH, "  ");
    out->str[start] = '-';
}
