#include <string.h>

#include "sim/language.h"
#include "viz/chart-part.h"
#include "viz/xml.h"

/* How wide the words may be that these programs put into their boxes, in letters. */
#define NAME_COLUMNS 40
#define WORDS_COLUMNS 120
#define CAPTION_COLUMNS 60 /* of a line */

/* What differs between the two languages. */
typedef struct {
    void (*append_number)(GString *out, gunichar c); /* the character, by its number */
    const char *indent;
    const char *gap; /* around arrows */
    const char *line_end;
    const char *arrows[GMQ_N_CHART_ARROWS];
    const char *loop; /* an arrow to oneself, dotted */
    void (*append_head)(const GmqChart *chart, GString *out);
    void (*append_participant)(GString *out, unsigned column, const char *name);
    void (*append_note)(GString *out, unsigned from, unsigned to, bool is_fault, const char *words);
    void (*append_pause)(const GmqChart *chart, GString *out, const char *words);
    const char *end;
} Language;

/* ---- quoting ---- */

static bool
is_mark(gunichar c)
{
    return c < 0x80 && !g_ascii_isalnum((char)c);
}

/* Marks that mean something only when they are doubled, or nothing at all. */
static bool
is_harmless(gunichar before, gunichar c, gunichar after)
{
    if (c == ' ')
        return before != 0 && before != ' ' && after != 0;
    if (c == '-' || c == '.' || c == '_' || c == '/')
        return before != c && after != c && before != 0;
    return c == ',' || c == '(' || c == ')';
}

/* Marks with which Mermaid stands in for its own entities. */
static bool
is_marker(gunichar c)
{
    return c == 0xFB02 || c == 0xB0 || c == 0xB6;
}

/* Letters of all scripts stand as they are; marks that may mean something to a language stand as
 * numbers. Keywords need no care: names stand where the languages look for none. */
static void
append_quoted(GString *out, const char *text, void (*append_number)(GString *out, gunichar c))
{
    g_autofree char *clean = gmq_xml_plain(text);
    gunichar before        = 0;

    for (const char *at = clean; *at != '\0'; at = g_utf8_next_char(at)) {
        const char *next = g_utf8_next_char(at);
        gunichar c       = g_utf8_get_char(at);
        if ((is_mark(c) && !is_harmless(before, c, g_utf8_get_char(next))) || is_marker(c))
            append_number(out, c);
        else
            g_string_append_len(out, at, next - at);
        before = c;
    }
}

static char *
quote(const Language *language, const char *text, unsigned columns)
{
    g_autofree char *shown = gmq_xml_shorten(text, columns);
    GString *out           = g_string_new(NULL);

    append_quoted(out, shown, language->append_number);
    return g_string_free(out, FALSE);
}

/* A caption on as many lines as it needs. */
static char *
quote_lines(const Language *language, const char *text)
{
    g_autoptr(GPtrArray) lines = gmq_chart_wrap(text, CAPTION_COLUMNS);
    GString *out               = g_string_new(NULL);

    for (unsigned i = 0; i < lines->len; i++) {
        g_autofree char *line = quote(language, lines->pdata[i], WORDS_COLUMNS);
        g_string_append_printf(out, "%s%s", i > 0 ? language->line_end : "", line);
    }
    return g_string_free(out, FALSE);
}

/* ---- Mermaid ---- */

static void
append_mermaid_number(GString *out, gunichar c)
{
    g_string_append_printf(out, "#%u;", c);
}

static void
append_mermaid_head(const GmqChart *chart, GString *out)
{
    g_autofree char *title = gmq_chart_title(chart);
    g_autofree char *words = gmq_chart_describe(chart);

    g_string_append(out, "sequenceDiagram\n    accTitle: ");
    append_quoted(out, title, append_mermaid_number);
    g_string_append(out, "\n    accDescr: ");
    append_quoted(out, words, append_mermaid_number);
    g_string_append(out, "\n    title ");
    append_quoted(out, title, append_mermaid_number);
    g_string_append_c(out, '\n');
}

static void
append_mermaid_participant(GString *out, unsigned column, const char *name)
{
    g_string_append_printf(out, "    participant c%u as %s\n", column, name);
}

static void
append_mermaid_note(GString *out, unsigned from, unsigned to, bool is_fault, const char *words)
{
    (void)is_fault;
    if (from == to)
        g_string_append_printf(out, "    Note over c%u: %s\n", from, words);
    else
        g_string_append_printf(out, "    Note over c%u,c%u: %s\n", from, to, words);
}

static void
append_mermaid_pause(const GmqChart *chart, GString *out, const char *words)
{
    append_mermaid_note(out, gmq_chart_first(chart), gmq_chart_last(chart), false, words);
}

static const Language mermaid = {
    .append_number = append_mermaid_number,
    .indent        = "    ",
    .gap           = "",
    .line_end      = "<br/>",
    .arrows =
        {
            [GMQ_CHART_CALL]        = "->>",
            [GMQ_CHART_PUSH]        = "-)",
            [GMQ_CHART_ANSWER]      = "-->>",
            [GMQ_CHART_LOST]        = "-x",
            [GMQ_CHART_LOST_ANSWER] = "--x",
            [GMQ_CHART_MOVING]      = "-)",
        },
    .loop               = "-->>",
    .append_head        = append_mermaid_head,
    .append_participant = append_mermaid_participant,
    .append_note        = append_mermaid_note,
    .append_pause       = append_mermaid_pause,
    .end                = "",
};

/* ---- PlantUML ---- */

static void
append_plantuml_number(GString *out, gunichar c)
{
    g_string_append_printf(out, "<U+%04X>", c);
}

static void
append_plantuml_head(const GmqChart *chart, GString *out)
{
    g_autofree char *title = gmq_chart_title(chart);

    g_string_append(out, "@startuml\nhide footbox\ntitle ");
    append_quoted(out, title, append_plantuml_number);
    g_string_append_c(out, '\n');
}

static void
append_plantuml_participant(GString *out, unsigned column, const char *name)
{
    g_string_append_printf(out, "participant \"%s\" as c%u\n", name, column);
}

static void
append_plantuml_note(GString *out, unsigned from, unsigned to, bool is_fault, const char *words)
{
    const char *colour = is_fault ? " #FFD9D6" : "";

    if (from == to)
        g_string_append_printf(out, "note over c%u%s : %s\n", from, colour, words);
    else
        g_string_append_printf(out, "note over c%u, c%u%s : %s\n", from, to, colour, words);
}

static void
append_plantuml_pause(const GmqChart *chart, GString *out, const char *words)
{
    (void)chart;
    g_string_append_printf(out, "...%s...\n", words);
}

static const Language plantuml = {
    .append_number = append_plantuml_number,
    .indent        = "",
    .gap           = " ",
    .line_end      = "\\n",
    .arrows =
        {
            [GMQ_CHART_CALL]        = "->",
            [GMQ_CHART_PUSH]        = "->>",
            [GMQ_CHART_ANSWER]      = "-->",
            [GMQ_CHART_LOST]        = "->x",
            [GMQ_CHART_LOST_ANSWER] = "-->x",
            [GMQ_CHART_MOVING]      = "->o",
        },
    .loop               = "-->",
    .append_head        = append_plantuml_head,
    .append_participant = append_plantuml_participant,
    .append_note        = append_plantuml_note,
    .append_pause       = append_plantuml_pause,
    .end                = "@enduml\n",
};

/* ---- both ---- */

static void
append_arrow(GString *out, const Language *language, const char *arrow, const GmqRung *rung,
             const char *words)
{
    g_string_append_printf(out, "%sc%u%s%s%sc%u%s: %s\n", language->indent, rung->from,
                           language->gap, arrow, language->gap, rung->to, language->gap, words);
}

static void
append_rung(const GmqChart *chart, GString *out, const Language *language, const GmqRung *rung)
{
    g_autofree char *plain = gmq_chart_words(chart, rung);
    g_autofree char *words = rung->kind == GMQ_RUNG_SPAN ? quote_lines(language, plain)
                                                         : quote(language, plain, WORDS_COLUMNS);

    if (rung->kind == GMQ_RUNG_ARROW)
        append_arrow(out, language, language->arrows[gmq_chart_arrow(chart, rung)], rung, words);
    else if (rung->kind == GMQ_RUNG_NOTE && rung->is_dotted)
        append_arrow(out, language, language->loop, rung, words);
    else if (rung->kind == GMQ_RUNG_SPAN)
        language->append_note(out, gmq_chart_first(chart), gmq_chart_last(chart), rung->is_fault,
                              words);
    else if (rung->kind == GMQ_RUNG_WAIT && *rung->message == '\0')
        language->append_pause(chart, out, words);
    else
        language->append_note(out, rung->from, rung->from, rung->is_fault, words);
}

static char *
tell(const GmqChart *chart, const Language *language)
{
    GString *out = g_string_new(NULL);

    language->append_head(chart, out);
    for (unsigned i = 0; i < chart->ladder->columns->len; i++) {
        if (!gmq_chart_shows(chart, i))
            continue;
        g_autofree char *plain = gmq_chart_name(chart, i, NAME_COLUMNS);
        g_autofree char *name  = quote(language, plain, NAME_COLUMNS);
        language->append_participant(out, i, name);
    }
    for (unsigned i = 0; i < chart->ladder->rungs->len; i++)
        append_rung(chart, out, language, gmq_ladder_rung(chart->ladder, i));
    g_string_append(out, language->end);
    return g_string_free(out, FALSE);
}

char *
gmq_chart_mermaid(const GmqChart *chart)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    return tell(chart, &mermaid);
}

char *
gmq_chart_plantuml(const GmqChart *chart)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    return tell(chart, &plantuml);
}
