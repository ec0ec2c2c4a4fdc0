#include "lessons/deck.h"

#include <string.h>

#include "sim/filter.h"
#include "sim/language.h"
#include "viz/moment.h"

static void
free_slide(gpointer data)
{
    GmqSlide *slide = data;

    g_free(slide->heading);
    g_free(slide->text);
    g_free(slide);
}

static GmqDeck *
new_deck(const char *title, const char *folder, const char *language)
{
    GmqDeck *deck = g_new(GmqDeck, 1);

    deck->title  = g_strdup(title);
    deck->runs   = gmq_runs_new(folder, language);
    deck->slides = g_ptr_array_new_with_free_func(free_slide);
    return deck;
}

void
gmq_deck_free(GmqDeck *deck)
{
    if (deck == NULL)
        return;
    g_ptr_array_unref(deck->slides);
    gmq_runs_free(deck->runs);
    g_free(deck->title);
    g_free(deck);
}

const GmqSlide *
gmq_deck_slide(const GmqDeck *deck, unsigned index)
{
    return g_ptr_array_index(deck->slides, index);
}

/* Takes the text, which may be NULL. */
static GmqSlide *
add_slide(GmqDeck *deck, GmqSlideKind kind, const char *heading, char *text)
{
    GmqSlide *slide = g_new0(GmqSlide, 1);

    slide->kind    = kind;
    slide->heading = g_strdup(heading);
    slide->text    = text != NULL ? text : g_strdup("");
    g_ptr_array_add(deck->slides, slide);
    return slide;
}

static void
add_run(GmqDeck *deck, const GmqFigure *figure, uint64_t from, uint64_t to, char *text)
{
    GmqSlide *slide = add_slide(deck, GMQ_SLIDE_RUN, "", text);

    slide->figure = figure;
    slide->from   = from;
    slide->to     = to;
}

/* A question with its choices as a numbered list; of right the choice is strong, 0 for none. */
static char *
question_text(const char *question, const GPtrArray *choices, unsigned right)
{
    GString *text = g_string_new(question);

    g_string_append_c(text, '\n');
    for (unsigned i = 0; i < choices->len; i++) {
        const char *mark = i + 1 == right ? "**" : "";
        g_string_append_printf(text, "\n%u. %s%s%s", i + 1, mark,
                               (const char *)g_ptr_array_index(choices, i), mark);
    }
    return g_string_free(text, FALSE);
}

/* ---- lessons ---- */

static bool
add_predict(GmqDeck *deck, const GmqPredict *predict, GError **error)
{
    const GmqFigure *figure = gmq_runs_get(deck->runs, predict->scenario, error);
    uint64_t stop           = 0;
    uint64_t end            = 0;

    if (figure == NULL)
        return false;
    const GmqTrace *trace = gmq_figure_stage(figure)->trace;
    if (!gmq_moment_read(trace, predict->stop, &stop, error) ||
        !gmq_moment_read(trace, predict->end, &end, error))
        return false;
    add_run(deck, figure, 0, stop, NULL);
    add_run(deck, figure, stop, stop, question_text(predict->question, predict->choices, 0));
    add_run(deck, figure, stop, end, NULL);
    g_autofree char *answer = question_text(predict->question, predict->choices, predict->right);
    add_slide(deck, GMQ_SLIDE_TEXT, _("What it was"),
              g_strdup_printf("%s\n\n%s", answer, predict->why));
    return true;
}

/* The first event of the trace that the filter lets through; 0 when there is none. */
static uint64_t
find_event(const GmqTrace *trace, const char *text)
{
    g_autoptr(GmqFilter) filter = gmq_filter_new(text, NULL, NULL);

    for (uint64_t n = 1; filter != NULL && n <= gmq_trace_length(trace); n++) {
        if (gmq_filter_matches(filter, gmq_trace_event(trace, n)))
            return n;
    }
    return 0;
}

static bool
add_task(GmqDeck *deck, const GmqTask *task, GError **error)
{
    const GmqFigure *figure  = gmq_runs_get(deck->runs, task->scenario, error);
    g_autofree char *heading = g_strdup_printf(_("Task %u"), task->number);

    if (figure == NULL)
        return false;
    const GmqTrace *trace = gmq_figure_stage(figure)->trace;
    uint64_t event        = find_event(trace, task->find);
    add_slide(deck, GMQ_SLIDE_TEXT, heading, g_strdup(task->question));
    char *answer = g_strdup_printf("%s\n\n**%s**", task->question, task->answer);
    if (task->take == GMQ_TAKE_COUNT)
        add_slide(deck, GMQ_SLIDE_TEXT, heading, answer);
    else
        add_run(deck, figure, event, event, answer);
    return true;
}

static bool
add_step(GmqDeck *deck, const GmqStep *step, GError **error)
{
    if (*step->text != '\0')
        add_slide(deck, GMQ_SLIDE_TEXT, step->heading, g_strdup(step->text));
    switch (step->kind) {
    case GMQ_STEP_PREDICT:
        return add_predict(deck, step->predict, error);
    case GMQ_STEP_INVESTIGATE:
        return add_task(deck, step->task, error);
    case GMQ_STEP_MODIFY:
        add_slide(deck, GMQ_SLIDE_TEXT, _("Change it"), g_strdup(step->modify->task));
        break;
    case GMQ_STEP_MAKE:
        add_slide(deck, GMQ_SLIDE_TEXT, _("Build it"), g_strdup(step->make->task));
        break;
    default:
        break;
    }
    return true;
}

GmqDeck *
gmq_deck_of_lesson(const GmqLesson *lesson, GError **error)
{
    g_autoptr(GmqDeck) deck = new_deck(lesson->title, lesson->folder, lesson->language);

    add_slide(deck, GMQ_SLIDE_COVER, lesson->title,
              lesson->number > 0
                  ? g_strdup_printf(_("Lesson %u, %u minutes"), lesson->number, lesson->minutes)
                  : g_strdup_printf(_("%u minutes"), lesson->minutes));
    for (unsigned i = 0; i < lesson->steps->len; i++) {
        if (!add_step(deck, gmq_lesson_step(lesson, i), error))
            return NULL;
    }
    return g_steal_pointer(&deck);
}

/* ---- runs ---- */

/* Plain words as Markdown: marks in them are meant as themselves. */
static char *
escape(const char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *at = text != NULL ? text : ""; *at != '\0'; at++) {
        if (strchr("\\*`_", *at) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    return g_string_free(out, FALSE);
}

/* The question that is asked at that mark; NULL when there is none. */
static const GmqQuestion *
question_at(const GmqStage *stage, uint64_t mark)
{
    const GmqTraceEvent *event = mark > 0 ? gmq_trace_event(stage->trace, mark) : NULL;

    return event != NULL && event->kind == GMQ_EVENT_ASKED ? gmq_stage_question(stage, event)
                                                           : NULL;
}

static unsigned
number_of(const GmqQuestion *question)
{
    for (unsigned i = 0; question->choices != NULL && question->choices[i] != NULL; i++) {
        if (g_strcmp0(question->choices[i], question->answer) == 0)
            return i + 1;
    }
    return 0;
}

static char *
asked(const GmqQuestion *question, unsigned right)
{
    g_autofree char *words       = escape(question->question);
    g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func(g_free);

    for (char **choice = question->choices; choice != NULL && *choice != NULL; choice++)
        g_ptr_array_add(choices, escape(*choice));
    return question_text(words, choices, right);
}

/* The stretch from one mark to the next. A question stands before it, its answer behind. */
static void
add_stretch(GmqDeck *deck, const GmqFigure *figure, uint64_t from, uint64_t to)
{
    const GmqQuestion *question = question_at(gmq_figure_stage(figure), from);

    if (question != NULL)
        add_run(deck, figure, from, from, asked(question, 0));
    add_run(deck, figure, from, to, NULL);
    if (question == NULL)
        return;
    g_autofree char *answer  = asked(question, number_of(question));
    g_autofree char *because = escape(question->because);
    add_slide(deck, GMQ_SLIDE_TEXT, _("What it was"), g_strdup_printf("%s\n\n%s", answer, because));
}

GmqDeck *
gmq_deck_of_run(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name   = g_path_get_basename(path);
    /* A file that was named is meant as it is. */
    g_autoptr(GmqDeck) deck = new_deck(name, folder, "en");
    const GmqFigure *figure = gmq_runs_get(deck->runs, name, error);

    if (figure == NULL)
        return NULL;
    const GmqStage *stage = gmq_figure_stage(figure);
    uint64_t last         = gmq_trace_length(stage->trace);
    if (stage->scenario != NULL) {
        g_free(deck->title);
        deck->title = g_strdup(stage->scenario->title);
    }
    add_slide(deck, GMQ_SLIDE_COVER, deck->title,
              stage->scenario != NULL ? escape(stage->scenario->about) : NULL);
    for (uint64_t from = gmq_stage_opening(stage), to = 0; to < last; from = to) {
        to = gmq_stage_next_mark(stage, from);
        if (to == 0)
            to = last;
        add_stretch(deck, figure, from, to);
    }
    return g_steal_pointer(&deck);
}
