#include "viz/chart.h"

#include "sim/language.h"
#include "viz/chart-part.h"
#include "viz/event-line.h"
#include "viz/xml.h"

static bool
matches(const void *user, const GmqTraceEvent *event)
{
    const GmqChartWish *wish = user;

    return event->number >= wish->from && gmq_filter_matches(wish->filter, event);
}

/* What the life of a message brings along from before the beginning. */
static void
drop_early(GArray *rungs, uint64_t from)
{
    unsigned n_early = 0;

    while (n_early < rungs->len && g_array_index(rungs, GmqRung, n_early).last_event < from &&
           g_array_index(rungs, GmqRung, n_early).last_event > 0)
        n_early++;
    if (n_early > 0)
        g_array_remove_range(rungs, 0, n_early);
    if (rungs->len > 0 && g_array_index(rungs, GmqRung, 0).kind == GMQ_RUNG_WAIT)
        g_array_remove_index(rungs, 0);
}

/* All columns that a rung begins or ends in, and the broker. */
static void
mark_used(GmqLadder *ladder)
{
    for (unsigned i = 0; i < ladder->columns->len; i++)
        g_array_index(ladder->columns, GmqLadderColumn, i).is_used = i == ladder->broker;
    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        if (rung->kind == GMQ_RUNG_SPAN)
            continue;
        g_array_index(ladder->columns, GmqLadderColumn, rung->from).is_used = true;
        g_array_index(ladder->columns, GmqLadderColumn, rung->to).is_used   = true;
    }
}

GmqChart *
gmq_chart_new(const GmqStage *stage, const GmqChartWish *wish)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    GmqChart *chart            = g_new0(GmqChart, 1);

    /* The events before the beginning tell where an arrow that arrives later was sent. */
    GmqLadderWish ladder_wish = {
        .to = wish->to, .message = wish->message, .match = matches, .user = wish};
    chart->ladder = gmq_ladder_new(stage, &ladder_wish);
    drop_early(chart->ladder->rungs, wish->from);
    mark_used(chart->ladder);
    for (unsigned i = 0; i < chart->ladder->rungs->len; i++) {
        GmqRungKind kind = gmq_ladder_rung(chart->ladder, i)->kind;
        chart->n_arrows += kind == GMQ_RUNG_ARROW;
        chart->n_notes += kind == GMQ_RUNG_NOTE || kind == GMQ_RUNG_SPAN;
    }
    return chart;
}

void
gmq_chart_free(GmqChart *chart)
{
    gmq_ladder_free(chart->ladder);
    g_free(chart);
}

/* ---- columns and arrows ---- */

bool
gmq_chart_shows(const GmqChart *chart, unsigned column)
{
    return gmq_ladder_column(chart->ladder, column)->is_used;
}

unsigned
gmq_chart_first(const GmqChart *chart)
{
    unsigned column = 0;

    while (!gmq_chart_shows(chart, column))
        column++;
    return column;
}

unsigned
gmq_chart_last(const GmqChart *chart)
{
    unsigned column = chart->ladder->columns->len - 1;

    while (!gmq_chart_shows(chart, column))
        column--;
    return column;
}

/* What a client fetched is the answer to its question. */
static bool
is_answer(const GmqChart *chart, const GmqRung *rung)
{
    return rung->is_answer ||
           gmq_trace_event(chart->ladder->stage->trace, rung->event)->kind == GMQ_EVENT_GOT;
}

GmqChartArrow
gmq_chart_arrow(const GmqChart *chart, const GmqRung *rung)
{
    if (rung->end == GMQ_ARROW_MOVING)
        return GMQ_CHART_MOVING;
    if (rung->end == GMQ_ARROW_LOST)
        return is_answer(chart, rung) ? GMQ_CHART_LOST_ANSWER : GMQ_CHART_LOST;
    if (is_answer(chart, rung))
        return GMQ_CHART_ANSWER;
    return rung->from == chart->ladder->broker ? GMQ_CHART_PUSH : GMQ_CHART_CALL;
}

/* ---- words ---- */

char *
gmq_chart_words(const GmqChart *chart, const GmqRung *rung)
{
    g_autofree char *words = gmq_ladder_words(chart->ladder, rung, true);
    bool is_arrow          = rung->kind == GMQ_RUNG_ARROW;

    return g_strconcat(words, is_arrow && rung->is_again ? " again" : "",
                       rung->end == GMQ_ARROW_MOVING ? " (on its way)" : "", NULL);
}

char *
gmq_chart_title(const GmqChart *chart)
{
    const GmqTraceInfo *info = gmq_trace_info(chart->ladder->stage->trace);

    return g_strdup_printf("%s (%s, seed %" G_GUINT64_FORMAT ")", info->title, info->scenario,
                           info->seed);
}

char *
gmq_chart_name(const GmqChart *chart, unsigned column, unsigned columns)
{
    const char *name = gmq_ladder_column(chart->ladder, column)->name;

    return gmq_xml_shorten(*name != '\0' ? name : "(no name)", columns);
}

GPtrArray *
gmq_chart_wrap(const char *words, unsigned columns)
{
    GPtrArray *lines     = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) pieces = g_strsplit(words, " ", -1);
    GString *line        = g_string_new(NULL);

    for (size_t i = 0; pieces[i] != NULL; i++) {
        g_autofree char *longer = g_strconcat(line->str, line->len > 0 ? " " : "", pieces[i], NULL);
        if (line->len > 0 && gmq_xml_columns(longer) > columns) {
            g_ptr_array_add(lines, g_strdup(line->str));
            g_string_assign(line, pieces[i]);
        } else {
            g_string_assign(line, longer);
        }
    }
    g_ptr_array_add(lines, g_string_free(line, FALSE));
    return lines;
}

/* "p1, broker, w1" */
static char *
list_columns(const GmqChart *chart)
{
    GString *names = g_string_new(NULL);

    for (unsigned i = 0; i < chart->ladder->columns->len; i++) {
        if (!gmq_chart_shows(chart, i))
            continue;
        g_autofree char *name = gmq_chart_name(chart, i, 60);
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    return g_string_free(names, FALSE);
}

static unsigned
count_lost(const GmqChart *chart)
{
    unsigned n_lost = 0;

    for (unsigned i = 0; i < chart->ladder->rungs->len; i++)
        n_lost += gmq_ladder_rung(chart->ladder, i)->end == GMQ_ARROW_LOST;
    return n_lost;
}

char *
gmq_chart_describe(const GmqChart *chart)
{
    const GmqLadder *ladder = chart->ladder;
    g_autofree char *names  = list_columns(chart);
    unsigned n_lost         = count_lost(chart);

    if (ladder->rungs->len == 0)
        return g_strdup_printf("A sequence chart of %s, in which nothing happens.", names);
    const GmqRung *last    = gmq_ladder_rung(ladder, ladder->rungs->len - 1);
    g_autofree char *start = gmq_event_time(gmq_ladder_rung(ladder, 0)->time_ns);
    g_autofree char *end   = gmq_event_time(last->last_ns);
    return g_strdup_printf("A sequence chart of %s, from %s to %s. %u %s, %u of them lost.", names,
                           start, end, chart->n_arrows, chart->n_arrows == 1 ? "arrow" : "arrows",
                           n_lost);
}
