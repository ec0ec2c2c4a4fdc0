#include "sim/language.h"
#include "viz/chart-part.h"
#include "viz/event-line.h"
#include "viz/ladder-part.h"
#include "viz/xml.h"

#define NOBODY UINT_MAX

/* How ShiViz finds the parts of a line. It wants this in the first line of a file, and in the
 * second one what parts several runs; there is one. */
#define LINE_PATTERN "(?<host>\\S+) (?<clock>\\{\\S*\\}) (?<event>.*)"

/* What a line is told of. */
typedef struct {
    uint64_t event;
    uint64_t sent; /* when it is the end of an arrow: its begin; 0 otherwise */
    const GmqRung *rung;
} Line;

typedef struct {
    const GmqChart *chart;
    const GmqTrace *trace;
    GString *out;
    unsigned n_columns;
    GArray *column_of; /* of unsigned: of each client of the whole run */
    GArray *lines;     /* of Line, in the order of events */
    uint64_t n_events; /* up to the last line */
    uint32_t *clocks;  /* n_columns for each event, and for 0 */
    uint32_t *now;     /* n_columns for each column: the last clock there */
} Shiviz;

/* ---- who ---- */

static GArray *
columns_of_clients(const GmqLadder *ladder)
{
    GArray *columns = g_array_new(FALSE, TRUE, sizeof(unsigned));

    g_array_set_size(columns, ladder->stage->whole->clients->len);
    for (unsigned i = 0; i < ladder->columns->len; i++) {
        if (i != ladder->broker)
            g_array_index(columns, unsigned, gmq_ladder_column(ladder, i)->place.index) = i;
    }
    return columns;
}

static unsigned
client_column(const Shiviz *shiviz, const char *name)
{
    const GmqPicture *whole = shiviz->chart->ladder->stage->whole;
    GmqPlace place          = gmq_picture_find(whole, GMQ_PLACE_CLIENT, name);

    return place.kind == GMQ_PLACE_NONE ? NOBODY
                                        : g_array_index(shiviz->column_of, unsigned, place.index);
}

/* Where the event happens: a column, or nowhere. An arrow of which only one end is known is there
 * where it was told. */
static unsigned
host_of(const Shiviz *shiviz, const GmqTraceEvent *event)
{
    GmqStep step    = gmq_ladder_row(event)->step;
    unsigned broker = shiviz->chart->ladder->broker;

    if (step == GMQ_STEP_NONE || step == GMQ_STEP_OVER_ALL)
        return NOBODY;
    if (step == GMQ_STEP_AT_WHO)
        return g_str_equal(event->who, "broker") ? broker : client_column(shiviz, event->who);
    if (g_str_has_prefix(gmq_event_info(event->kind)->kind, "client."))
        return client_column(shiviz, event->who);
    return broker;
}

/* ---- clocks ---- */

static void
merge(const Shiviz *shiviz, uint32_t *clock, const uint32_t *other)
{
    for (unsigned i = 0; i < shiviz->n_columns; i++)
        clock[i] = MAX(clock[i], other[i]);
}

static uint32_t *
clock_of(const Shiviz *shiviz, uint64_t event)
{
    return shiviz->clocks + event * shiviz->n_columns;
}

/* What is not shown, without a line, has no tick of its own, but hands on what it knows. What
 * arrives was sent before, even where no cause says so. */
static void
tick(const Shiviz *shiviz, uint64_t number, const Line *line)
{
    const GmqTraceEvent *event = gmq_trace_event(shiviz->trace, number);
    uint32_t *clock            = clock_of(shiviz, number);
    unsigned host              = host_of(shiviz, event);

    merge(shiviz, clock, clock_of(shiviz, event->cause));
    if (line != NULL)
        merge(shiviz, clock, clock_of(shiviz, line->sent));
    if (host == NOBODY)
        return;
    uint32_t *now = shiviz->now + (size_t)host * shiviz->n_columns;
    merge(shiviz, clock, now);
    clock[host] += line != NULL;
    merge(shiviz, now, clock);
}

static void
run_clocks(const Shiviz *shiviz)
{
    unsigned next = 0;

    for (uint64_t number = 1; number <= shiviz->n_events; number++) {
        const Line *line = &g_array_index(shiviz->lines, Line, next);
        bool is_shown    = line->event == number;
        tick(shiviz, number, is_shown ? line : NULL);
        next += is_shown;
    }
}

/* ---- lines ---- */

/* Neither spaces, quotes nor braces: the name stands the same before the clock and in it. */
static void
append_host(GString *out, const char *name)
{
    g_autofree char *plain = gmq_xml_plain(*name != '\0' ? name : "(no name)");

    for (const char *at = plain; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c) || (c < 0x80 && !g_ascii_isalnum((char)c) && c != '-' &&
                                     c != '.' && c != '_' && c != ':' && c != '/'))
            g_string_append_printf(out, "%%%02X", (unsigned)c);
        else
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
    }
}

static void
append_clock(const Shiviz *shiviz, const uint32_t *clock)
{
    const char *separator = "{";

    for (unsigned i = 0; i < shiviz->n_columns; i++) {
        if (clock[i] == 0)
            continue;
        g_string_append_printf(shiviz->out, "%s\"", separator);
        append_host(shiviz->out, gmq_ladder_column(shiviz->chart->ladder, i)->name);
        g_string_append_printf(shiviz->out, "\":%u", clock[i]);
        separator = ",";
    }
    g_string_append_c(shiviz->out, '}');
}

/* ", to broker", ", from p1" or nothing */
static char *
direction(const Shiviz *shiviz, const Line *line, unsigned host)
{
    const GmqRung *rung = line->rung;

    if (rung->kind != GMQ_RUNG_ARROW)
        return g_strdup("");
    bool is_send         = host == rung->from;
    g_autofree char *who = gmq_chart_name(shiviz->chart, is_send ? rung->to : rung->from, 60);
    return g_strdup_printf(", %s %s%s", is_send ? "to" : "from", who,
                           rung->end == GMQ_ARROW_LOST ? ", lost" : "");
}

static void
append_line(const Shiviz *shiviz, const Line *line)
{
    const GmqTraceEvent *event = gmq_trace_event(shiviz->trace, line->event);
    unsigned host              = host_of(shiviz, event);
    g_autofree char *time      = gmq_event_time(event->time_ns);
    g_autofree char *words     = gmq_chart_words(shiviz->chart, line->rung);
    g_autofree char *where     = direction(shiviz, line, host);
    g_autofree char *text      = g_strconcat(words, where, NULL);
    g_autofree char *plain     = gmq_xml_plain(text);

    append_host(shiviz->out, gmq_ladder_column(shiviz->chart->ladder, host)->name);
    g_string_append_c(shiviz->out, ' ');
    append_clock(shiviz, clock_of(shiviz, line->event));
    g_string_append_printf(shiviz->out, " #%" G_GUINT64_FORMAT " %s %s\n", line->event, time,
                           plain);
}

/* ---- which ---- */

static void
add_line(const Shiviz *shiviz, uint64_t event, uint64_t sent, const GmqRung *rung)
{
    Line line = {event, sent, rung};

    if (host_of(shiviz, gmq_trace_event(shiviz->trace, event)) != NOBODY)
        g_array_append_val(shiviz->lines, line);
}

static int
compare_lines(const void *a, const void *b)
{
    const Line *one   = a;
    const Line *other = b;

    return one->event < other->event ? -1 : one->event > other->event;
}

static void
choose_lines(const Shiviz *shiviz)
{
    const GArray *rungs = shiviz->chart->ladder->rungs;

    for (unsigned i = 0; i < rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(shiviz->chart->ladder, i);
        if (rung->kind != GMQ_RUNG_ARROW && rung->kind != GMQ_RUNG_NOTE)
            continue;
        add_line(shiviz, rung->event, 0, rung);
        if (rung->end == GMQ_ARROW_ARRIVED && rung->last_event != rung->event)
            add_line(shiviz, rung->last_event, rung->event, rung);
    }
    g_array_sort(shiviz->lines, compare_lines);
}

char *
gmq_chart_shiviz(const GmqChart *chart)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    Shiviz shiviz              = {.chart     = chart,
                                  .trace     = chart->ladder->stage->trace,
                                  .out       = g_string_new(LINE_PATTERN "\n\n"),
                                  .n_columns = chart->ladder->columns->len,
                                  .column_of = columns_of_clients(chart->ladder),
                                  .lines     = g_array_new(FALSE, FALSE, sizeof(Line))};

    choose_lines(&shiviz);
    if (shiviz.lines->len > 0)
        shiviz.n_events = g_array_index(shiviz.lines, Line, shiviz.lines->len - 1).event;
    shiviz.clocks = g_new0(uint32_t, (shiviz.n_events + 1) * shiviz.n_columns);
    shiviz.now    = g_new0(uint32_t, (size_t)shiviz.n_columns * shiviz.n_columns);
    run_clocks(&shiviz);
    for (unsigned i = 0; i < shiviz.lines->len; i++)
        append_line(&shiviz, &g_array_index(shiviz.lines, Line, i));
    g_array_free(shiviz.column_of, TRUE);
    g_array_free(shiviz.lines, TRUE);
    g_free(shiviz.clocks);
    g_free(shiviz.now);
    return g_string_free(shiviz.out, FALSE);
}
