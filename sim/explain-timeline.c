#include "sim/explain-private.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/units.h"

/* ---- when it happens ---- */

static void
add_when(GString *start, const GmqYaml *when)
{
    static const char *const subjects[] = {"message", "queue", "client", "event"};
    static const char *const verbs[]    = {"is", "has"};

    for (unsigned i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_autofree char *subject = gmq_explain_find(when, GMQ_IN_WHEN, subjects[i]);
        if (subject != NULL)
            g_string_append_printf(start, " %s", subject);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_autofree char *verb = gmq_explain_find(when, GMQ_IN_WHEN, verbs[i]);
        if (verb != NULL)
            g_string_append_printf(start, " %s", verb);
    }
}

static char *
start_of(const GmqYaml *entry)
{
    static const char *const triggers[] = {"at", "after", "wait", "times"};
    const GmqYaml *when                 = gmq_yaml_find(entry, "when");
    g_autoptr(GString) start            = g_string_new(NULL);

    if (when != NULL) {
        g_string_append(start, gmq_explain_phrase(GMQ_IN_ENTRY, "when", ""));
        add_when(start, when);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(triggers); i++) {
        g_autofree char *clause = gmq_explain_find(entry, GMQ_IN_ENTRY, triggers[i]);
        if (clause != NULL)
            g_string_append_printf(start, "%s%s", start->len == 0 ? "" : " ", clause);
    }
    return g_string_free(g_steal_pointer(&start), FALSE);
}

/* ---- what happens ---- */

/* Who does it, as the map says. */
static const char *
doer(const GmqYaml *deed)
{
    const GmqYaml *as = gmq_yaml_find(deed, "as");
    return as == NULL ? _("somebody") : as->text;
}

/* The settings of what is declared. */
static char *
which_text(const GmqYaml *declare)
{
    bool is_queue = gmq_yaml_find(declare, "queue") != NULL;
    g_autofree char *name =
        gmq_explain_find(declare, GMQ_IN_DECLARE, is_queue ? "queue" : "exchange");
    g_autofree char *settings = gmq_explain_map(declare, is_queue ? GMQ_IN_QUEUE : GMQ_IN_EXCHANGE);

    return *settings == '\0' ? g_strdup(name) : g_strdup_printf(_("%s, which %s"), name, settings);
}

static char *
named_text(const GmqYaml *deed, GmqKeyOwner owner)
{
    char *queue = gmq_explain_find(deed, owner, "queue");
    return queue != NULL ? queue : gmq_explain_find(deed, owner, "exchange");
}

static char *
publish_text(const GmqYaml *deed)
{
    static const GmqKeyOwner owners[]  = {GMQ_IN_ENTRY_PUBLISH, GMQ_N_OWNERS};
    static const char *const without[] = {"as", NULL};
    const GmqExplainKeys keys          = {.owners = owners, .without = without};
    g_autoptr(GPtrArray) clauses       = g_ptr_array_new_with_free_func(g_free);

    gmq_explain_clauses(deed, &keys, clauses);
    g_ptr_array_add(clauses, NULL);
    return g_strjoinv(", ", (char **)clauses->pdata);
}

/* What is done to, for a deed that somebody does; NULL for others. */
static char *
object_text(const char *key, const GmqYaml *deed)
{
    if (strcmp(key, "declare") == 0)
        return which_text(deed);
    if (strcmp(key, "bind") == 0 || strcmp(key, "unbind") == 0)
        return gmq_explain_map(deed, GMQ_IN_BINDING);
    if (strcmp(key, "delete") == 0)
        return named_text(deed, GMQ_IN_DELETE);
    if (strcmp(key, "purge") == 0)
        return named_text(deed, GMQ_IN_PURGE);
    if (strcmp(key, "publish") == 0)
        return publish_text(deed);
    return NULL;
}

static bool
is_apart(const char *key)
{
    static const char *const apart[] = {"at",  "after", "when",  "wait", "times",
                                        "say", "ask",   "pause", NULL};
    return g_strv_contains(apart, key);
}

static char *
deed_text(const char *key, const GmqYaml *value)
{
    g_autofree char *object = object_text(key, value);

    if (object == NULL)
        return gmq_explain_clause(gmq_key_find(GMQ_IN_ENTRY, key), value);
    return gmq_told(_("%s %s %s"), doer(value), gmq_explain_phrase(GMQ_IN_ENTRY, key, ""), object);
}

static char *
deeds_of(const GmqYaml *entry)
{
    g_autoptr(GPtrArray) clauses = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i + 1 < entry->items->len; i += 2) {
        const GmqYaml *key = entry->items->pdata[i];

        if (!is_apart(key->text))
            g_ptr_array_add(clauses, deed_text(key->text, entry->items->pdata[i + 1]));
    }
    return clauses->len == 0 ? NULL : gmq_explain_join(clauses);
}

/* ---- what is said ---- */

static void
add_ask(GString *out, const GmqYaml *ask)
{
    static const char *const parts[] = {"choices", "answer", "because"};
    g_autofree char *asked           = gmq_explain_find(ask, GMQ_IN_ASK, "question");

    g_string_append_printf(out, " %s %s", gmq_explain_phrase(GMQ_IN_ENTRY, "ask", ""), asked);
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *sentence = gmq_explain_find(ask, GMQ_IN_ASK, parts[i]);
        if (sentence != NULL)
            g_string_append_printf(out, " %s", sentence);
    }
}

void
gmq_explain_entry(GString *out, const GmqYaml *entry)
{
    g_autofree char *start  = start_of(entry);
    g_autofree char *deeds  = deeds_of(entry);
    g_autofree char *say    = gmq_explain_find(entry, GMQ_IN_ENTRY, "say");
    g_autofree char *pause  = gmq_explain_find(entry, GMQ_IN_ENTRY, "pause");
    const GmqYaml *ask      = gmq_yaml_find(entry, "ask");
    g_autoptr(GString) text = g_string_new(start);

    if (deeds != NULL)
        g_string_append_printf(text, ", %s%s", deeds, g_str_has_suffix(deeds, ".") ? "" : ".");
    else
        g_string_append_c(text, ':');
    if (say != NULL)
        g_string_append_printf(text, " %s", say);
    if (pause != NULL)
        g_string_append_printf(text, " %s", pause);
    if (ask != NULL)
        add_ask(text, ask);
    gmq_explain_take(out, g_string_free(g_steal_pointer(&text), FALSE), true);
}
