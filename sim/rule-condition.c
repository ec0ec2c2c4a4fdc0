/* Reads conditions: "deaths.billing.rejected >= 3 and header.poison == yes". */
#include "core/base/nearest.h"
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/rule.h"
#include "sim/units.h"

/* A condition that is being read, and how far. */
typedef struct {
    GmqScenarioReader *reader;
    const GmqYaml *node;
    const char *at;
} Parser;

/* What a fact is compared with. */
typedef enum {
    VALUE_ANY,
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_TRUTH,
} ValueKind;

static const struct {
    const char *word; /* as it begins */
    bool has_name;    /* more belongs to it */
    ValueKind value;
} facts[] = {
    [GMQ_FACT_HEADER]      = {"header.", true, VALUE_ANY},
    [GMQ_FACT_KEY]         = {"key", false, VALUE_TEXT},
    [GMQ_FACT_N]           = {"n", false, VALUE_NUMBER},
    [GMQ_FACT_REDELIVERED] = {"redelivered", false, VALUE_TRUTH},
    [GMQ_FACT_DELIVERIES]  = {"deliveries", false, VALUE_NUMBER},
    [GMQ_FACT_DEATHS]      = {"deaths.", true, VALUE_NUMBER},
};

/* Why a message may leave a queue as a dead letter. */
static const char *const reasons[] = {"rejected", "expired", "maxlen", "delivery_limit"};

/* ---- places ---- */

/* That text of the condition as a node of its own, with its column. It lives as long as the
 * scenario, so that a name in it can be looked up at the end. */
static const GmqYaml *
part_of(Parser *parser, const char *start, const char *text)
{
    GmqYaml *part = g_new0(GmqYaml, 1);

    *part        = *parser->node;
    part->text   = gmq_read_keep(parser->reader, text);
    part->column = parser->node->column + (parser->node->is_plain ? 0 : 1) +
                   (unsigned)g_utf8_strlen(parser->node->text, start - parser->node->text);
    g_ptr_array_add(gmq_read_new_array(parser->reader, g_free), part);
    return part;
}

static void
skip_blanks(Parser *parser)
{
    parser->at += strspn(parser->at, " \t\n");
}

/* Steps over what stands there up to one of the bytes, or to the end. */
static const GmqYaml *
take_until(Parser *parser, const char *ends)
{
    const char *start     = parser->at;
    size_t size           = strcspn(start, ends);
    g_autofree char *text = g_strndup(start, size);

    parser->at += size;
    return part_of(parser, start, text);
}

/* ---- what is asked about ---- */

/* QUEUE.REASON; names of queues may have dots. */
static bool
read_deaths(Parser *parser, const GmqYaml *subject, const char *name, GmqTerm *term)
{
    const char *dot = strrchr(name, '.');

    if (dot == NULL || dot == name) {
        gmq_read_problem(parser->reader, subject,
                         _("\"%s\" is deaths.QUEUE.REASON, such as deaths.tasks.rejected."),
                         subject->text);
        return false;
    }
    g_autofree char *queue = g_strndup(name, (size_t)(dot - name));
    size_t at              = (size_t)(name - subject->text);
    const char *start      = parser->at - strlen(subject->text);
    const GmqYaml *who     = part_of(parser, start + at, queue);
    const GmqYaml *why     = part_of(parser, start + at + (dot + 1 - name), dot + 1);

    gmq_read_refer(parser->reader, who, GMQ_NAME_QUEUE);
    term->name   = (char *)who->text;
    term->reason = (char *)why->text;
    for (unsigned i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (strcmp(reasons[i], why->text) == 0)
            return true;
    }
    g_autofree char *sentence =
        g_strdup_printf(_("\"%s\" is no reason: there are rejected, expired, maxlen and "
                          "delivery_limit."),
                        why->text);
    gmq_read_unknown(parser->reader, why, sentence, reasons, G_N_ELEMENTS(reasons));
    return false;
}

static void
refuse_subject(Parser *parser, const GmqYaml *subject)
{
    static const char *const known[] = {"key", "n", "redelivered", "deliveries"};
    g_autofree char *sentence =
        g_strdup_printf(_("A condition asks about header.NAME, key, n, redelivered, deliveries or "
                          "deaths.QUEUE.REASON, not about \"%s\"."),
                        subject->text);

    gmq_read_unknown(parser->reader, subject, sentence, known, G_N_ELEMENTS(known));
}

static bool
read_subject(Parser *parser, GmqTerm *term)
{
    const GmqYaml *subject = take_until(parser, " \t\n=!<>~");

    for (unsigned i = 0; i < G_N_ELEMENTS(facts); i++) {
        const char *word = facts[i].word;
        bool fits        = facts[i].has_name ? g_str_has_prefix(subject->text, word)
                                             : strcmp(subject->text, word) == 0;
        if (!fits)
            continue;
        term->fact       = (GmqFact)i;
        const char *name = subject->text + strlen(word);
        if (term->fact == GMQ_FACT_DEATHS)
            return read_deaths(parser, subject, name, term);
        if (facts[i].has_name && *name == '\0')
            break;
        term->name = (char *)name;
        return true;
    }
    refuse_subject(parser, subject);
    return false;
}

/* ---- how ---- */

/* Which tests make sense of what the fact is. */
static bool
can_be(ValueKind value, GmqTest test)
{
    if (test == GMQ_TEST_EQUAL || test == GMQ_TEST_UNEQUAL)
        return true;
    if (test == GMQ_TEST_PATTERN)
        return value == VALUE_ANY || value == VALUE_TEXT;
    return value == VALUE_ANY || value == VALUE_NUMBER;
}

static bool
read_test(Parser *parser, GmqTerm *term)
{
    for (unsigned i = 0; i < GMQ_N_TESTS; i++) {
        const char *sign = gmq_test_sign((GmqTest)i);

        if (!g_str_has_prefix(parser->at, sign))
            continue;
        if (!can_be(facts[term->fact].value, (GmqTest)i)) {
            gmq_read_problem(parser->reader, part_of(parser, parser->at, sign),
                             _("\"%s\" cannot be compared with %s."), facts[term->fact].word, sign);
            return false;
        }
        term->test = (GmqTest)i;
        parser->at += strlen(sign);
        return true;
    }
    gmq_read_problem(parser->reader, part_of(parser, parser->at, parser->at),
                     _("Behind \"%s\" comes one of == != < <= > >= ~."), facts[term->fact].word);
    return false;
}

/* ---- with what ---- */

static bool
read_number(const char *text, int64_t *number)
{
    bool is_negative = *text == '-';
    uint64_t count;

    if (!gmq_read_count(text + is_negative, &count) || count > INT64_MAX)
        return false;
    *number = is_negative ? -(int64_t)count : (int64_t)count;
    return true;
}

/* A word, or anything in quotes; NULL after a problem. */
static const GmqYaml *
take_literal(Parser *parser)
{
    const char *quote = strchr("\"'", *parser->at);

    if (*parser->at == '\0' || quote == NULL) {
        const GmqYaml *word = take_until(parser, " \t\n");

        if (*word->text == '\0')
            gmq_read_problem(
                parser->reader, word,
                _("What it is compared with is missing: a word, a number, or a text in "
                  "quotes."));
        return *word->text == '\0' ? NULL : word;
    }
    const char *start   = parser->at++;
    char end[2]         = {*start, '\0'};
    const GmqYaml *text = take_until(parser, end);
    if (*parser->at == '\0') {
        gmq_read_problem(parser->reader, part_of(parser, start, ""),
                         _("The quote that begins here has no end."));
        return NULL;
    }
    parser->at++;
    return text;
}

static bool
read_literal(Parser *parser, GmqTerm *term)
{
    const GmqYaml *literal = take_literal(parser);
    bool is_order          = term->test != GMQ_TEST_EQUAL && term->test != GMQ_TEST_UNEQUAL &&
                    term->test != GMQ_TEST_PATTERN;

    if (literal == NULL)
        return false;
    term->text      = (char *)literal->text;
    term->is_number = read_number(literal->text, &term->number);
    term->is_truth  = gmq_read_truth(literal->text, &term->truth);
    if ((is_order || facts[term->fact].value == VALUE_NUMBER) && !term->is_number) {
        gmq_read_problem(parser->reader, literal, _("Here stands a whole number, not \"%s\"."),
                         literal->text);
        return false;
    }
    if (facts[term->fact].value == VALUE_TRUTH && !term->is_truth) {
        gmq_read_problem(parser->reader, literal, _("Here stands yes or no, not \"%s\"."),
                         literal->text);
        return false;
    }
    return true;
}

/* ---- all ---- */

/* Behind a term: nothing, or "and" and another one. */
static bool
read_and(Parser *parser)
{
    const GmqYaml *word = take_until(parser, " \t\n");

    if (strcmp(word->text, "and") == 0)
        return true;
    gmq_read_problem(parser->reader, word,
                     strcmp(word->text, "or") == 0
                         ? _("There is no \"%s\" in a condition: write two rules.")
                         : _("Parts of a condition are joined by \"and\", not by \"%s\"."),
                     word->text);
    return false;
}

GPtrArray *
gmq_read_condition(GmqScenarioReader *reader, const GmqYaml *node)
{
    Parser parser    = {reader, node, gmq_read_text(reader, node, "\"if\"")};
    GPtrArray *terms = gmq_read_new_array(reader, g_free);

    if (parser.at == NULL)
        return terms;
    for (;;) {
        GmqTerm *term = g_new0(GmqTerm, 1);

        g_ptr_array_add(terms, term);
        skip_blanks(&parser);
        if (!read_subject(&parser, term))
            return terms;
        skip_blanks(&parser);
        if (!read_test(&parser, term))
            return terms;
        skip_blanks(&parser);
        if (!read_literal(&parser, term))
            return terms;
        skip_blanks(&parser);
        if (*parser.at == '\0' || !read_and(&parser))
            return terms;
    }
}
