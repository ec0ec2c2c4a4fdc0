/* What happens in a run, in sentences with the numbers of the events. */
#include <stdio.h>
#include <string.h>

#include "lessons/walk-text-private.h"
#include "sim/filter.h"
#include "sim/language.h"
#include "sim/units.h"
#include "viz/event-line.h"
#include "viz/moment.h"
#include "viz/sentence.h"

/* More than so many lines at once are too many to hear. */
#define LINES_MAX 60

const char *
gmq_text_scenario(const GmqTextWalk *text)
{
    const GmqStep *step = gmq_walk_step(text->walk);

    return step != NULL ? gmq_step_scenario(step) : NULL;
}

/* The run of a file of the lesson; NULL after saying why there is none. */
static const GmqStage *
find_stage(const GmqTextWalk *text, const char *scenario)
{
    g_autoptr(GError) error = NULL;
    const GmqFigure *figure = gmq_runs_get(text->runs, scenario, &error);

    if (figure != NULL)
        return gmq_figure_stage(figure);
    gmq_text_say_error(text, error);
    return NULL;
}

/* "#31 0.213s: The broker tells p1 that it has p1-1 now." */
static char *
event_line(const GmqStage *stage, uint64_t number)
{
    g_autofree char *time     = gmq_time_text(gmq_trace_event(stage->trace, number)->time_ns);
    g_autofree char *sentence = gmq_sentence(stage, number);

    return g_strdup_printf("#%" G_GUINT64_FORMAT " %s: %s", (guint64)number, time, sentence);
}

static void
say_event(const GmqTextWalk *text, const GmqStage *stage, uint64_t number)
{
    g_autofree char *line = event_line(stage, number);

    gmq_text_say(text, 2, line);
}

static bool
is_seen(const GPtrArray *see, uint64_t number)
{
    for (unsigned i = 0; see != NULL && i < see->len; i++) {
        if (((const GmqSee *)see->pdata[i])->event == number)
            return true;
    }
    return false;
}

static bool
is_told(const GmqStage *stage, uint64_t number)
{
    GmqEventKind kind = gmq_trace_event(stage->trace, number)->kind;

    return gmq_stage_is_hop(kind) || gmq_stage_is_fault(kind) || gmq_stage_is_caption(kind) ||
           kind == GMQ_EVENT_CONNECTION_CLOSED || kind == GMQ_EVENT_BLOCKED ||
           kind == GMQ_EVENT_UNBLOCKED;
}

bool
gmq_text_tell_run(const GmqTextWalk *text, const char *scenario, const char *from, const char *to,
                  const GPtrArray *see)
{
    g_autoptr(GError) error = NULL;
    const GmqStage *stage   = find_stage(text, scenario);
    uint64_t first          = 0;
    uint64_t last           = 0;

    if (stage == NULL)
        return false;
    if (!gmq_moment_read(stage->trace, from, &first, &error) ||
        !gmq_moment_read(stage->trace, to, &last, &error)) {
        gmq_text_say_error(text, error);
        return false;
    }
    for (uint64_t number = first + 1; number <= last; number++) {
        if (is_told(stage, number) || is_seen(see, number))
            say_event(text, stage, number);
    }
    return true;
}

void
gmq_text_tell_moment(const GmqTextWalk *text, const char *scenario, const char *moment)
{
    g_autoptr(GError) error = NULL;
    const GmqFigure *figure = gmq_runs_get(text->runs, scenario, &error);
    g_autofree char *told   = figure != NULL ? gmq_figure_tell(figure, moment, &error) : NULL;

    if (told != NULL)
        fputs(told, stdout);
    else
        gmq_text_say_error(text, error);
}

/* ---- looking for something ---- */

static void
say_count(unsigned n_found, uint64_t next)
{
    if (n_found == 0)
        puts(_("No event is found."));
    else if (n_found <= LINES_MAX)
        printf(P_("%u event is found.\n", "%u events are found.\n", n_found), n_found);
    else
        printf(_("%u events are found, of which these are the first %u. \"events %u\" tells on "
                 "from there.\n"),
               n_found, LINES_MAX, (unsigned)next);
}

/* Whether the words stand in the sentence of the event, or in its line of the view. */
static bool
has_words(const GmqStage *stage, uint64_t number, const char *words)
{
    g_autofree char *sentence = event_line(stage, number);
    g_autofree char *line     = gmq_event_words(stage, gmq_trace_event(stage->trace, number));
    g_autofree char *both     = g_strjoin("\n", sentence, line, NULL);
    g_autofree char *small    = g_utf8_casefold(both, -1);

    return strstr(small, words) != NULL;
}

/* Prints the first events from a number on that are meant: those that match the filter and have the
 * words. NULL: any. */
static void
list_events(const GmqTextWalk *text, uint64_t from, const GmqFilter *filter, const char *words)
{
    const GmqStage *stage = find_stage(text, gmq_text_scenario(text));
    uint64_t length       = stage != NULL ? gmq_trace_length(stage->trace) : 0;
    unsigned n_found      = 0;
    uint64_t next         = 0;

    for (uint64_t number = MAX(from, 1); number <= length; number++) {
        if (!gmq_filter_matches(filter, gmq_trace_event(stage->trace, number)) ||
            (words != NULL && !has_words(stage, number, words)))
            continue;
        if (n_found++ < LINES_MAX)
            say_event(text, stage, number);
        else if (next == 0)
            next = number;
    }
    if (stage != NULL)
        say_count(n_found, next);
}

void
gmq_text_tell_events(const GmqTextWalk *text, const char *filter)
{
    g_autoptr(GError) error      = NULL;
    g_autoptr(GmqFilter) matches = NULL;
    guint64 from                 = 1;
    const char *digits           = *filter == '#' ? filter + 1 : filter;

    if (g_ascii_string_to_unsigned(digits, 10, 1, G_MAXUINT32, &from, NULL)) {
        list_events(text, from, NULL, NULL);
        return;
    }
    matches = gmq_filter_new(filter, NULL, &error);
    if (matches == NULL)
        gmq_text_say_error(text, error);
    else
        list_events(text, 1, matches, NULL);
}

void
gmq_text_search(const GmqTextWalk *text, const char *words)
{
    g_autofree char *small = g_utf8_casefold(words, -1);

    if (*small == '\0')
        puts(_("Say what to look for, such as \"/ requeued\"."));
    else
        list_events(text, 1, NULL, small);
}
