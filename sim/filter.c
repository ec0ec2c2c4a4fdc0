#include "sim/filter.h"

#include <string.h>

#include "core/base/nearest.h"
#include "sim/filter-private.h"
#include "sim/language.h"
#include "sim/units.h"

G_DEFINE_QUARK(gmq - filter - error, gmq_filter_error)

/* One word of the filter. */
typedef struct {
    const GmqFilterRow *row; /* NULL: it is looked for everywhere */
    bool is_negated;
    GArray *choices; /* of GmqFilterChoice */
} Term;

struct GmqFilter {
    char *text;
    GArray *terms; /* of Term */
};

typedef struct {
    GmqFilter *filter;
    const char *start; /* of the whole text */
    const char *at;
    const char *wrong; /* where the mistake is */
    GError **error;
} Reader;

static void
clear_choice(gpointer choice)
{
    g_free(((GmqFilterChoice *)choice)->text);
}

static void
clear_term(gpointer term)
{
    g_array_free(((Term *)term)->choices, TRUE);
}

static bool refuse(Reader *reader, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool
refuse(Reader *reader, const char *where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(reader->error, GMQ_FILTER_ERROR, GMQ_FILTER_ERROR_WRONG, message);
    reader->wrong = where;
    return false;
}

/* ---- pieces of text ---- */

/* Reads up to a character of stops, or a space, that stands outside of quotes. NULL when the quotes
 * are not closed. */
static char *
read_piece(Reader *reader, const char *stops)
{
    g_autoptr(GString) piece = g_string_new(NULL);
    const char *start        = reader->at;
    bool is_quoted           = false;

    for (; *reader->at != '\0'; reader->at++) {
        char one = *reader->at;
        if (!is_quoted && (g_ascii_isspace(one) || strchr(stops, one) != NULL))
            break;
        if (one == '"')
            is_quoted = !is_quoted;
        else if (is_quoted && one == '\\' && reader->at[1] != '\0')
            g_string_append_c(piece, *++reader->at);
        else
            g_string_append_c(piece, one);
    }
    if (is_quoted) {
        refuse(reader, start, _("the quote is not closed"));
        return NULL;
    }
    return g_strdup(piece->str);
}

static void
skip_spaces(Reader *reader)
{
    while (g_ascii_isspace(*reader->at))
        reader->at++;
}

/* ---- operators ---- */

typedef enum {
    OP_IS,
    OP_IS_NOT,
    OP_LESS,
    OP_LESS_OR_IS,
    OP_MORE,
    OP_MORE_OR_IS,
    N_OPS
} Op;

/* The longer ones first. */
static const char *const ops[N_OPS][2] = {
    [OP_IS] = {":", "="},    [OP_IS_NOT] = {"!=", NULL},     [OP_LESS] = {"<", NULL},
    [OP_MORE] = {">", NULL}, [OP_LESS_OR_IS] = {"<=", NULL}, [OP_MORE_OR_IS] = {">=", NULL},
};

/* The longest operator that stands there; N_OPS without any. */
static Op
read_op(Reader *reader)
{
    Op found    = N_OPS;
    size_t size = 0;

    for (Op op = OP_IS; op < N_OPS; op++) {
        for (int i = 0; i < 2; i++) {
            const char *sign = ops[op][i];
            if (sign == NULL || !g_str_has_prefix(reader->at, sign) || strlen(sign) <= size)
                continue;
            found = op;
            size  = strlen(sign);
        }
    }
    reader->at += size;
    if (found == OP_IS) { /* "t:>1s" says the same as "t>1s" */
        Op behind = *reader->at == '<' || *reader->at == '>' ? read_op(reader) : N_OPS;
        return behind == N_OPS ? found : behind;
    }
    return found;
}

/* ---- values ---- */

static bool
read_number(GmqFilterType type, const char *text, uint64_t *number)
{
    int64_t ns = 0;

    if (type == GMQ_FILTER_NUMBERS)
        return gmq_read_count(*text == '#' ? text + 1 : text, number);
    if (!gmq_read_duration(text, &ns) || ns < 0)
        return false;
    *number = (uint64_t)ns;
    return true;
}

/* "4..9", or one number with the operator before it. */
static bool
read_range(GmqFilterType type, Op op, GmqFilterChoice *choice)
{
    const char *dots = strstr(choice->text, "..");
    uint64_t number  = 0;

    choice->least = 0;
    choice->most  = UINT64_MAX;
    if (dots != NULL && (op == OP_IS || op == OP_IS_NOT)) {
        g_autofree char *from = g_strndup(choice->text, (size_t)(dots - choice->text));
        return (*from == '\0' || read_number(type, from, &choice->least)) &&
               (dots[2] == '\0' || read_number(type, dots + 2, &choice->most)) &&
               strlen(choice->text) > 2;
    }
    if (!read_number(type, choice->text, &number))
        return false;
    switch (op) {
    case OP_LESS:
        choice->least = number == 0 ? 1 : 0; /* nothing is less than 0 */
        choice->most  = number == 0 ? 0 : number - 1;
        return true;
    case OP_LESS_OR_IS:
        choice->most = number;
        return true;
    case OP_MORE:
        choice->least = number == UINT64_MAX ? number : number + 1;
        return true;
    case OP_MORE_OR_IS:
        choice->least = number;
        return true;
    default:
        choice->least = choice->most = number;
        return true;
    }
}

static bool
refuse_kind(Reader *reader, const char *where, const char *word)
{
    const char *kinds[GMQ_N_EVENTS];

    for (int kind = 0; kind < GMQ_N_EVENTS; kind++)
        kinds[kind] = gmq_event_info((GmqEventKind)kind)->kind;

    const char *nearest = gmq_nearest(word, kinds, GMQ_N_EVENTS);
    if (nearest == NULL)
        return refuse(reader, where, _("there is no kind of event \"%s\""), word);
    return refuse(reader, where, _("there is no kind of event \"%s\"; did you mean %s?"), word,
                  nearest);
}

static bool
check_word(Reader *reader, const char *where, const GmqFilterRow *row, const char *word)
{
    g_auto(GStrv) words = g_strsplit(row->key.values, "|", -1);

    return g_strv_contains((const char *const *)words, word) ||
           refuse(reader, where, _("%s takes %s, not \"%s\""), row->key.key, row->key.values, word);
}

static bool
check_choice(Reader *reader, const char *where, const Term *term, Op op, GmqFilterChoice *choice)
{
    bool is_ordered = op != OP_IS && op != OP_IS_NOT;

    if (term->row->type == GMQ_FILTER_NUMBERS || term->row->type == GMQ_FILTER_TIMES)
        return read_range(term->row->type, op, choice) ||
               refuse(reader, where, _("\"%s\" is no %s; write %s%s"), choice->text,
                      term->row->type == GMQ_FILTER_TIMES ? _("time") : _("number"),
                      term->row->key.key,
                      term->row->type == GMQ_FILTER_TIMES ? ">1.5s or :1s..2s" : ">12 or :7..9");
    if (is_ordered)
        return refuse(reader, where, _("%s has no order: write %s:%s"), term->row->key.key,
                      term->row->key.key, term->row->key.values);
    if (term->row->type == GMQ_FILTER_KINDS && !gmq_filter_is_kind(choice->text))
        return refuse_kind(reader, where, choice->text);
    return term->row->type != GMQ_FILTER_WORDS ||
           check_word(reader, where, term->row, choice->text);
}

/* The values behind the operator; an empty name is the default exchange, when it is quoted. */
static bool
read_choices(Reader *reader, Term *term, Op op)
{
    do {
        const char *where      = reader->at;
        GmqFilterChoice choice = {.text = read_piece(reader, ",")};
        if (choice.text == NULL)
            return false;
        g_array_append_val(term->choices, choice);
        if (reader->at == where)
            return refuse(reader, where, _("something is missing here: %s:%s"), term->row->key.key,
                          term->row->key.values);
        if (!check_choice(reader, where, term, op,
                          &g_array_index(term->choices, GmqFilterChoice, term->choices->len - 1)))
            return false;
    } while (*reader->at == ',' && *++reader->at != '\0');
    return true;
}

/* ---- words ---- */

static bool
refuse_key(Reader *reader, const char *where, const char *key)
{
    const char *nearest = gmq_filter_nearest_key(key);

    if (nearest == NULL)
        return refuse(reader, where,
                      _("there is no key \"%s\"; kind, queue, client, m and t are some"), key);
    return refuse(reader, where, _("there is no key \"%s\"; did you mean %s?"), key, nearest);
}

static bool
read_term(Reader *reader, Term *term)
{
    while (*reader->at == '!') {
        term->is_negated = !term->is_negated;
        reader->at++;
    }

    const char *where    = reader->at;
    bool is_quoted       = *where == '"';
    g_autofree char *key = read_piece(reader, is_quoted ? "" : ":=<>!,");
    if (key == NULL)
        return false;

    Op op = is_quoted ? N_OPS : read_op(reader);
    if (op == N_OPS) {
        GmqFilterChoice word = {.text = g_strdup(key)};
        g_array_append_val(term->choices, word);
        return *key != '\0' ? *reader->at == '\0' || g_ascii_isspace(*reader->at) ||
                                  refuse(reader, reader->at,
                                         _("\"%c\" makes no sense here; put the "
                                           "word in double quotes"),
                                         *reader->at)
                            : refuse(reader, where, _("a word is missing here"));
    }
    term->row = gmq_filter_row(key);
    if (term->row == NULL)
        return refuse_key(reader, where, key);
    term->is_negated = term->is_negated != (op == OP_IS_NOT);
    return read_choices(reader, term, op);
}

static bool
read_all(Reader *reader)
{
    if (!g_utf8_validate(reader->start, -1, NULL))
        return refuse(reader, reader->start, _("a filter is valid UTF-8"));
    if (strlen(reader->start) > GMQ_FILTER_TEXT_MAX)
        return refuse(reader, reader->start, _("a filter has at most %d bytes"),
                      GMQ_FILTER_TEXT_MAX);
    for (skip_spaces(reader); *reader->at != '\0'; skip_spaces(reader)) {
        Term term = {.choices = g_array_new(FALSE, TRUE, sizeof(GmqFilterChoice))};
        g_array_set_clear_func(term.choices, clear_choice);
        bool is_read = read_term(reader, &term);
        g_array_append_val(reader->filter->terms, term);
        if (!is_read)
            return false;
    }
    return true;
}

GmqFilter *
gmq_filter_new(const char *text, unsigned *column, GError **error)
{
    g_autoptr(GmqFilter) filter = g_new0(GmqFilter, 1);

    filter->text  = g_strstrip(g_strdup(text));
    filter->terms = g_array_new(FALSE, TRUE, sizeof(Term));
    g_array_set_clear_func(filter->terms, clear_term);

    Reader reader = {.filter = filter, .start = text, .at = text, .error = error};
    if (read_all(&reader))
        return g_steal_pointer(&filter);
    if (column != NULL)
        *column = (unsigned)g_utf8_strlen(text, reader.wrong - text) + 1;
    return NULL;
}

void
gmq_filter_free(GmqFilter *filter)
{
    g_array_free(filter->terms, TRUE);
    g_free(filter->text);
    g_free(filter);
}

const char *
gmq_filter_text(const GmqFilter *filter)
{
    return filter->text;
}

/* ---- matching ---- */

static bool
choice_holds(const Term *term, const GmqFilterChoice *choice, const GmqTraceEvent *event)
{
    if (term->row == NULL)
        return gmq_filter_has_word(event, choice->text);
    if (term->row->number == NULL)
        return term->row->has_text(event, choice->text);

    uint64_t number = term->row->number(event);
    return choice->least <= number && number <= choice->most;
}

static bool
term_holds(const Term *term, const GmqTraceEvent *event)
{
    for (unsigned i = 0; i < term->choices->len; i++) {
        if (choice_holds(term, &g_array_index(term->choices, GmqFilterChoice, i), event))
            return true;
    }
    return false;
}

bool
gmq_filter_matches(const GmqFilter *filter, const GmqTraceEvent *event)
{
    if (filter == NULL)
        return true;
    for (unsigned i = 0; i < filter->terms->len; i++) {
        const Term *term = &g_array_index(filter->terms, Term, i);
        if (term_holds(term, event) == term->is_negated)
            return false;
    }
    return true;
}
