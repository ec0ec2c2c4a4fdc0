#include "core/base/nearest.h"
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/units.h"

/* What a value of each type is called in a sentence. */
static const char *const descriptions[] = {
    [GMQ_KEY_TEXT]          = N_("a text"),
    [GMQ_KEY_TRUTH]         = N_("yes or no"),
    [GMQ_KEY_TRISTATE]      = N_("yes or no"),
    [GMQ_KEY_DURATION]      = N_("a duration with its unit (ns, us, ms, s, min), such as 250ms"),
    [GMQ_KEY_SECONDS]       = N_("whole seconds up to 65535s, such as 60s"),
    [GMQ_KEY_SIZE]          = N_("a size with its unit (B, kB, KiB, MB, MiB), such as 64KiB"),
    [GMQ_KEY_RATE]          = N_("a rate with its unit (bit/s, kbit/s, Mbit/s), such as 64 kbit/s"),
    [GMQ_KEY_PERCENT]       = N_("a percentage such as 2% or 0.5%"),
    [GMQ_KEY_SEED]          = N_("a seed: a whole number, or 0x and up to 16 hex digits"),
    [GMQ_KEY_MOMENT]        = N_("a moment such as 2026-01-01T00:00:00Z"),
    [GMQ_KEY_EXPECT_COUNTS] = N_("a number such as 12, \">= 3\", \"<= 5\" or 3..5"),
    [GMQ_KEY_EXPECT_TIME]   = N_("a duration with its unit (ns, us, ms, s, min), such as 250ms"),
    [GMQ_KEY_EXPECT_TIMES]  = N_("a duration such as 20ms, \"<= 20ms\" or 10ms..20ms"),
    [GMQ_KEY_EXPECT_WORD]   = N_("a word"),
    [GMQ_KEY_EXPECT_WORDS]  = N_("a list of words"),
    [GMQ_KEY_EXPECT_NAMES]  = N_("a list of names"),
    [GMQ_KEY_EXPECT_HASH]   = N_("16 hex digits"),
};

void
gmq_read_problem(GmqScenarioReader *reader, const GmqYaml *node, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    gmq_problems_add(reader->problems, node->line, node->column, "%s", sentence);
}

char *
gmq_read_keep(GmqScenarioReader *reader, const char *text)
{
    return g_string_chunk_insert(reader->scenario->texts, text);
}

GPtrArray *
gmq_read_new_array(GmqScenarioReader *reader, GDestroyNotify free_item)
{
    GPtrArray *array = g_ptr_array_new_with_free_func(free_item);

    g_ptr_array_add(reader->scenario->arrays, array);
    return array;
}

/* ---- kinds of nodes ---- */

const char *
gmq_read_text(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    if (node->type == GMQ_YAML_SCALAR)
        return node->text;
    gmq_read_problem(reader, node, _("%s is a text, not a %s."), what,
                     node->type == GMQ_YAML_LIST ? _("list") : _("mapping"));
    return NULL;
}

bool
gmq_read_is_list(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    if (node->type == GMQ_YAML_LIST)
        return true;
    if (!gmq_yaml_is_empty(node))
        gmq_read_problem(reader, node, _("%s is a list: [a, b], or lines that begin with \"- \"."),
                         what);
    return false;
}

bool
gmq_read_is_map(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    if (node->type == GMQ_YAML_MAP)
        return true;
    if (!gmq_yaml_is_empty(node))
        gmq_read_problem(reader, node, _("%s is a mapping: {key: value}, or indented lines."),
                         what);
    return false;
}

const GmqYaml *
gmq_read_need(GmqScenarioReader *reader, const GmqYaml *map, GmqKeyOwner owner, const char *key)
{
    const GmqYaml *node = gmq_yaml_find(map, key);

    if (node == NULL || (gmq_yaml_is_empty(node) && gmq_key_find(owner, key)->type != GMQ_KEY_PART))
        gmq_read_problem(reader, node == NULL ? map : node, _("%s needs \"%s\"."),
                         gmq_key_owner_name(owner), key);
    return node;
}

void
gmq_read_unknown(GmqScenarioReader *reader, const GmqYaml *node, const char *sentence,
                 const char *const *known, size_t n_known)
{
    const char *nearest = gmq_nearest(node->text, known, n_known);

    if (nearest == NULL)
        gmq_read_problem(reader, node, "%s", sentence);
    else
        gmq_read_problem(reader, node, _("%s Did you mean \"%s\"?"), sentence, nearest);
}

/* ---- scalars ---- */

static bool
read_seconds(const char *text, int64_t *ns)
{
    return gmq_read_duration(text, ns) && *ns % 1000000000 == 0 && *ns / 1000000000 <= 65535;
}

/* The place of text among words with | between them; -1 when it is none of them. */
static int
find_choice(const char *words, const char *text)
{
    g_auto(GStrv) list = g_strsplit(words, "|", -1);

    for (int i = 0; list[i] != NULL; i++) {
        if (strcmp(list[i], text) == 0)
            return i;
    }
    return -1;
}

static bool
read_choice(const GmqKey *key, const char *text, void *to)
{
    int choice = find_choice(key->values, text);

    if (choice >= 0)
        *(int *)to = choice;
    return choice >= 0;
}

static bool
read_tristate(const char *text, int *to)
{
    bool truth = false;

    if (!gmq_read_truth(text, &truth))
        return false;
    *to = truth ? GMQ_YES : GMQ_NO;
    return true;
}

static bool
read_count(const GmqKey *key, const char *text, uint64_t *to)
{
    uint64_t count;

    if (!gmq_read_count(text, &count) || count < key->least || count > key->most)
        return false;
    *to = count;
    return true;
}

/* Stores the value that the text says; false when it says none. */
static bool
read_value(GmqScenarioReader *reader, const GmqKey *key, const char *text, void *to)
{
    switch (key->type) {
    case GMQ_KEY_TEXT:
        *(char **)to = gmq_read_keep(reader, text);
        return true;
    case GMQ_KEY_TRUTH:
        return gmq_read_truth(text, to);
    case GMQ_KEY_TRISTATE:
        return read_tristate(text, to);
    case GMQ_KEY_DURATION:
        return gmq_read_duration(text, to);
    case GMQ_KEY_SECONDS:
        return read_seconds(text, to);
    case GMQ_KEY_SIZE:
        return gmq_read_size(text, to);
    case GMQ_KEY_RATE:
        return gmq_read_rate(text, to) && *(uint64_t *)to > 0;
    case GMQ_KEY_PERCENT:
        return gmq_read_percent(text, to);
    case GMQ_KEY_SEED:
        return gmq_read_seed(text, to);
    case GMQ_KEY_MOMENT:
        return gmq_read_moment(text, to);
    case GMQ_KEY_COUNT:
        return read_count(key, text, to);
    case GMQ_KEY_CHOICE:
        return read_choice(key, text, to);
    default:
        g_assert_not_reached();
    }
}

void
gmq_read_refuse(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node)
{
    if (key->type == GMQ_KEY_COUNT) {
        gmq_read_problem(reader, node, _("\"%s\" is a whole number from %ju to %ju, not \"%s\"."),
                         key->key, (guint64)key->least, (guint64)key->most, node->text);
    } else if (key->type == GMQ_KEY_CHOICE) {
        g_auto(GStrv) words   = g_strsplit(key->values, "|", -1);
        g_autofree char *list = g_strjoinv(", ", words);
        g_autofree char *sentence =
            g_strdup_printf(_("\"%s\" is one of %s, not \"%s\"."), key->key, list, node->text);
        gmq_read_unknown(reader, node, sentence, (const char *const *)words, g_strv_length(words));
    } else {
        gmq_read_problem(reader, node, _("\"%s\" is %s, not \"%s\"."), key->key,
                         _(descriptions[key->type]), node->text);
    }
}

static void
read_scalar(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node, void *to)
{
    g_autofree char *what = g_strdup_printf("\"%s\"", key->key);
    const char *text      = gmq_read_text(reader, node, what);

    if (text != NULL && !read_value(reader, key, text, to))
        gmq_read_refuse(reader, key, node);
}

bool
gmq_read_count_node(GmqScenarioReader *reader, const GmqYaml *node, uint64_t least, uint64_t most,
                    uint64_t *count)
{
    if (node->type == GMQ_YAML_SCALAR && gmq_read_count(node->text, count) && *count >= least &&
        *count <= most)
        return true;
    gmq_read_problem(reader, node, _("This is a whole number from %ju to %ju."), (guint64)least,
                     (guint64)most);
    return false;
}

char *
gmq_read_name(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    const char *text = gmq_read_text(reader, node, what);

    if (text == NULL)
        return gmq_read_keep(reader, "");
    if (*text == '\0')
        gmq_read_problem(reader, node, _("%s needs a name."), what);
    if (strlen(text) > 255)
        gmq_read_problem(reader, node, _("The name of %s has at most 255 bytes."), what);
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at)) {
            gmq_read_problem(reader, node, _("The name of %s has no control characters."), what);
            break;
        }
    }
    return gmq_read_keep(reader, text);
}

/* ---- maps ---- */

static void
refuse_key(GmqScenarioReader *reader, const GmqYaml *node, const GmqKeyOwner *owners)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    size_t n_keys;
    const GmqKey *keys   = gmq_keys(&n_keys);
    GmqKeyOwner narrower = owners[0];

    for (; *owners != GMQ_N_OWNERS; owners++) {
        narrower = *owners;
        for (size_t i = 0; i < n_keys; i++) {
            if (keys[i].owner == *owners && keys[i].type != GMQ_KEY_LATER)
                g_ptr_array_add(known, (char *)keys[i].key);
        }
    }

    g_autofree char *sentence = g_strdup_printf(_("\"%s\" is not a setting of %s."), node->text,
                                                gmq_key_owner_name(narrower));
    gmq_read_unknown(reader, node, sentence, (const char *const *)known->pdata, known->len);
}

static const GmqKey *
find_key(const GmqKeyOwner *owners, const char *text)
{
    const GmqKey *key = NULL;

    for (; key == NULL && *owners != GMQ_N_OWNERS; owners++)
        key = gmq_key_find(*owners, text);
    return key;
}

static void
read_key(GmqScenarioReader *reader, const GmqYaml *name, const GmqKey *key, const GmqYaml *node,
         void *target)
{
    void *to = (char *)target + key->offset;

    if (key->type == GMQ_KEY_LATER)
        gmq_read_problem(reader, name, _("\"%s\" of %s is not supported yet."), key->key,
                         gmq_key_owner_name(key->owner));
    else if (key->type == GMQ_KEY_PART)
        key->read(reader, node, target);
    else if (key->type == GMQ_KEY_NODE)
        *(const GmqYaml **)to = node;
    else if (key->type >= GMQ_KEY_EXPECT_COUNTS)
        gmq_read_expectation(reader, key, node, target);
    else
        read_scalar(reader, key, node, to);
}

void
gmq_read_map(GmqScenarioReader *reader, const GmqYaml *node, const GmqKeyOwner *owners,
             void *target)
{
    if (!gmq_read_is_map(reader, node, _("This")))
        return;
    for (unsigned i = 0; i + 1 < node->items->len; i += 2) {
        const GmqYaml *name  = node->items->pdata[i];
        const GmqYaml *value = node->items->pdata[i + 1];
        const GmqKey *key    = find_key(owners, name->text);

        /* A key that stands there twice was told already; the first one counts. */
        if (key == NULL)
            refuse_key(reader, name, owners);
        else if (gmq_yaml_find(node, name->text) == value)
            read_key(reader, name, key, value, target);
    }
}
