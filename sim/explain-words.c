#include "sim/explain-private.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "sim/rule.h"
#include "sim/units.h"

char *
gmq_explain_join(const GPtrArray *texts)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < texts->len; i++) {
        const char *between = i == 0 ? "" : i + 1 == texts->len ? _(" and ") : ", ";

        g_string_append(out, between);
        g_string_append(out, texts->pdata[i]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- phrases ---- */

/* Appends a or b of "{a|b}", which begins at text. Returns what is behind it. */
static const char *
add_form(GString *out, const char *text, bool is_one)
{
    const char *bar = strchr(text, '|');
    const char *end = strchr(text, '}');

    g_assert(bar != NULL);
    g_assert(end != NULL);
    if (is_one)
        g_string_append_len(out, text + 1, bar - text - 1);
    else
        g_string_append_len(out, bar + 1, end - bar - 1);
    return end + 1;
}

char *
gmq_explain_fill(const char *phrase, const char *value)
{
    g_autoptr(GString) out = g_string_new(NULL);
    bool is_number         = g_ascii_isdigit(*value) || g_str_has_prefix(value, "at ") ||
                     g_str_has_prefix(value, "no ") || strcmp(value, "no") == 0;
    bool is_one = is_number ? strcmp(value, "1") == 0
                            : strstr(value, " and ") == NULL && !g_str_has_prefix(value, "all ");

    for (const char *at = phrase; *at != '\0';) {
        if (*at == '%') {
            g_string_append(out, value);
            at++;
        } else if (*at == '{' && at[strcspn(at, "|}")] == '|') {
            at = add_form(out, at, is_one);
        } else {
            g_string_append_c(out, *at++);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- values ---- */

/* "2..4" as "2 to 4"; anything else as it is. */
static char *
range_text(const char *text)
{
    const char *dots = strstr(text, "..");

    if (g_str_has_prefix(text, ">="))
        return g_strdup_printf(_("at least %s"), text + 2 + strspn(text + 2, " "));
    if (g_str_has_prefix(text, "<="))
        return g_strdup_printf(_("at most %s"), text + 2 + strspn(text + 2, " "));
    if (dots != NULL)
        return g_strdup_printf(_("%.*s to %s"), (int)(dots - text), text, dots + 2);
    return g_strdup(text);
}

/* The word in quotes. The number that {n} stands for is told by its first values, or by N. */
static char *
quote(const GmqKey *key, const char *text)
{
    g_auto(GStrv) pieces = g_strsplit(text, "{n}", -1);

    if (pieces[0] == NULL || pieces[1] == NULL)
        return g_strdup_printf("\"%s\"", text);
    if (key->owner != GMQ_IN_PUBLISH) {
        g_autofree char *with_n = g_strjoinv("N", pieces);
        return g_strdup_printf(_("\"%s\", where N is its number"), with_n);
    }
    g_autofree char *first  = g_strjoinv("1", pieces);
    g_autofree char *second = g_strjoinv("2", pieces);
    return g_strdup_printf(_("\"%s\", \"%s\" and so on"), first, second);
}

static char *
delay_text(const char *text)
{
    if (g_str_has_prefix(text, "exp "))
        return g_strdup_printf(_("%s on average, at random"), text + strlen("exp "));
    if (g_str_has_prefix(text, "per dot "))
        return g_strdup_printf(_("%s for each dot in its text"), text + strlen("per dot "));
    return g_strdup(text);
}

/* "3 ready" of a queue. */
static char *
held_text(const char *text)
{
    const char *blank     = strchr(text, ' ');
    g_autofree char *head = g_strndup(text, strcspn(text, " "));
    uint64_t number;

    if (blank == NULL || !gmq_read_count(head, &number))
        return g_strdup(text);
    if (strcmp(blank, " ready") == 0)
        return g_strdup_printf(P_("%s message that wait", "%s messages that wait", number),
                               number == 0 ? _("no") : head);
    return g_strdup_printf(P_("%s message without an ack", "%s messages without an ack", number),
                           number == 0 ? _("no") : head);
}

static char *
who_text(const char *text)
{
    if (strcmp(text, "broker") == 0)
        return g_strdup(_("the broker"));
    return g_strdup(strcmp(text, "all") == 0 ? _("all clients") : text);
}

/* "p1-5@audit" */
static char *
copy_text(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "@", 2);
    return g_strjoinv(_(" in queue "), parts);
}

static char *
scalar_text(const GmqKey *key, const char *text)
{
    if (key->type == GMQ_KEY_EXPECT_COUNTS && strcmp(text, "0") == 0)
        return g_strdup(key->kind == GMQ_EXPECT_CLIENT_CLOSED_WITH ? "0" : _("no"));
    if (key->type >= GMQ_KEY_EXPECT_COUNTS && key->type <= GMQ_KEY_EXPECT_TIMES)
        return range_text(text);
    if (g_str_has_prefix(key->values, "CLIENT-N"))
        return copy_text(text);
    if (g_str_has_prefix(key->values, "CLIENT") || strcmp(key->values, "LIST") == 0)
        return who_text(text);
    if (g_str_has_prefix(key->values, "DURATION"))
        return delay_text(text);
    if (strcmp(key->values, "N, N..M or every N") == 0)
        return gmq_explain_numbers(text);
    if (key->owner == GMQ_IN_WHEN && strcmp(key->key, "has") == 0)
        return held_text(text);
    if (strcmp(key->values, "TEXT") == 0 && key->owner != GMQ_IN_SCENARIO)
        return quote(key, text);
    return g_strdup(text);
}

char *
gmq_explain_value(const GmqKey *key, const GmqYaml *node)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    if (node->type == GMQ_YAML_SCALAR)
        return scalar_text(key, node->text);
    for (unsigned i = 0; i < node->items->len; i++) {
        const GmqYaml *item = node->items->pdata[i];

        if (node->type == GMQ_YAML_LIST) {
            g_ptr_array_add(texts, gmq_explain_value(key, item));
            continue;
        }
        const GmqYaml *value   = node->items->pdata[++i];
        g_autofree char *words = gmq_explain_value(key, value);
        const char *mark       = value->type == GMQ_YAML_SCALAR && !value->is_plain ? "\"" : "";
        g_ptr_array_add(texts, g_strdup_printf("%s = %s%s%s", item->text, mark, words, mark));
    }
    return gmq_explain_join(texts);
}

char *
gmq_explain_numbers(const char *text)
{
    g_autofree char *range = range_text(text);

    if (g_str_has_prefix(text, "every "))
        return g_strdup_printf(_("each one whose number %s divides"), text + strlen("every "));
    if (strcmp(range, text) != 0)
        return g_strdup_printf(_("each one of the numbers %s"), range);
    return g_strdup_printf(_("number %s"), text);
}

/* ---- conditions ---- */

static char *
fact_text(const GmqTerm *term)
{
    switch (term->fact) {
    case GMQ_FACT_HEADER:
        return g_strdup_printf(_("its header \"%s\""), term->name);
    case GMQ_FACT_KEY:
        return g_strdup(_("its key"));
    case GMQ_FACT_N:
        return g_strdup(_("its number"));
    case GMQ_FACT_REDELIVERED:
        return g_strdup(_("the word for whether it came back"));
    case GMQ_FACT_DELIVERIES:
        return g_strdup(_("the number of its deliveries"));
    case GMQ_FACT_DEATHS:
        return g_strdup_printf(_("the number of its deaths in %s (%s)"), term->name, term->reason);
    }
    g_assert_not_reached();
}

static char *
test_text(GmqTest test, const char *fact, const char *value)
{
    switch (test) {
    case GMQ_TEST_EQUAL:
        return gmq_told(_("%s is %s"), fact, value);
    case GMQ_TEST_UNEQUAL:
        return gmq_told(_("%s is not %s"), fact, value);
    case GMQ_TEST_AT_MOST:
        return gmq_told(_("%s is at most %s"), fact, value);
    case GMQ_TEST_AT_LEAST:
        return gmq_told(_("%s is at least %s"), fact, value);
    case GMQ_TEST_LESS:
        return gmq_told(_("%s is less than %s"), fact, value);
    case GMQ_TEST_MORE:
        return gmq_told(_("%s is more than %s"), fact, value);
    case GMQ_TEST_PATTERN:
        return gmq_told(_("%s fits %s"), fact, value);
    case GMQ_N_TESTS:
        break;
    }
    g_assert_not_reached();
}

static char *
term_text(const GmqTerm *term)
{
    const char *quote = term->is_number || term->is_truth ? "" : "\"";

    if (term->fact == GMQ_FACT_REDELIVERED)
        return g_strdup(term->truth == (term->test == GMQ_TEST_EQUAL) ? _("it came back")
                                                                      : _("it comes anew"));
    g_autofree char *fact  = fact_text(term);
    g_autofree char *value = g_strconcat(quote, term->text, quote, NULL);
    return test_text(term->test, fact, value);
}

char *
gmq_explain_condition(const GPtrArray *terms)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 0; i < terms->len; i++)
        g_ptr_array_add(texts, term_text(terms->pdata[i]));
    return gmq_explain_join(texts);
}
