#include "sim/language.h"
#include "viz/answer.h"
#include "viz/pane.h"
#include "viz/sentence.h"

/* Longer lines are hard to read from the last row; they are taken only where the text would not fit
 * otherwise. */
#define WIDTH_WISH 60
#define WIDTH_MOST 76

#define PARAGRAPHS_MOST 3

/* A pane of so many rows leaves the first one empty. */
#define ROWS_FOR_AIR 7

typedef struct {
    const char *text;
    GmqScreenRole role;
} Paragraph;

typedef struct {
    Paragraph paragraphs[PARAGRAPHS_MOST];
    size_t n;
    size_t main; /* the one that must be seen, with what follows it, when not all fit */
    bool is_whole;
} Story;

/* What may be told at a moment; each may be NULL. */
typedef struct {
    char *sentence;
    char *question; /* the one that can be answered */
    char *choices;
    char *verdict; /* on what the reader said */
    bool is_right;
    uint64_t told; /* from which event on there is a verdict */
} Words;

static void
add(Story *story, GmqScreenRole role, const char *text)
{
    g_assert(story->n < PARAGRAPHS_MOST);

    if (text != NULL && *text != '\0')
        story->paragraphs[story->n++] = (Paragraph){text, role};
}

/* ---- what is told ---- */

static Story
tell_beginning(const GmqView *view)
{
    const GmqScenario *scenario = view->stage->scenario;
    bool has_about              = scenario != NULL && scenario->about != NULL;
    Story story                 = {.n = 0};

    add(&story, GMQ_ROLE_STRONG, gmq_trace_info(view->stage->trace)->title);
    add(&story, GMQ_ROLE_NORMAL,
        has_about ? scenario->about
                  : _("Nothing has happened yet. Space runs it, . goes one step."));
    return story;
}

/* A pause or a question belongs to the caption that stands in the same entry of the timeline. */
static const char *
caption_of(const GmqView *view, const GmqTraceEvent *event)
{
    if (view->now->caption == 0)
        return NULL;
    const GmqTraceEvent *caption = gmq_trace_event(view->stage->trace, view->now->caption);
    return caption->count == event->count ? caption->text : NULL;
}

static GmqScreenRole
role_of(GmqEventKind kind)
{
    if (kind == GMQ_EVENT_FAULT_CRASH || kind == GMQ_EVENT_FAULT_CUT ||
        kind == GMQ_EVENT_FAULT_FREEZE || kind == GMQ_EVENT_FAULT_RESET ||
        kind == GMQ_EVENT_CHECK_BROKEN)
        return GMQ_ROLE_FAULT;
    return gmq_stage_is_caption(kind) ? GMQ_ROLE_STRONG : GMQ_ROLE_NORMAL;
}

/* The event in whole sentences, and with it the caption it belongs to. What the reader said and
 * whether it was right takes the caption's place, and while he answers there is nothing but the
 * question. */
static Story
tell_event(const GmqView *view, const Words *words)
{
    const GmqTraceEvent *event = gmq_trace_event(view->stage->trace, view->now->event);
    const char *sentence       = words->sentence;
    Story story                = {.n = 0};

    if (view->choice > 0) {
        add(&story, GMQ_ROLE_STRONG, words->question);
        add(&story, GMQ_ROLE_NORMAL, words->choices);
        story.is_whole = true;
        return story;
    }
    if (words->verdict != NULL) {
        add(&story, role_of(event->kind), sentence);
        add(&story, words->is_right ? GMQ_ROLE_GOOD : GMQ_ROLE_FAULT, words->verdict);
        story.main = view->now->event == words->told ? 1 : 0;
        return story;
    }
    if (event->kind == GMQ_EVENT_ASKED && words->choices != NULL) {
        add(&story, GMQ_ROLE_STRONG, caption_of(view, event));
        story.main = story.n;
        add(&story, GMQ_ROLE_NORMAL, words->question);
        add(&story, GMQ_ROLE_NORMAL, words->choices);
        return story;
    }
    if (event->kind == GMQ_EVENT_PAUSED || event->kind == GMQ_EVENT_ASKED) {
        add(&story, GMQ_ROLE_STRONG, caption_of(view, event));
        story.main = event->kind == GMQ_EVENT_ASKED ? story.n : 0;
        add(&story, GMQ_ROLE_NORMAL, sentence);
        return story;
    }
    add(&story, role_of(event->kind), sentence);
    if (view->now->caption != 0 && view->now->caption != view->now->event)
        add(&story, GMQ_ROLE_DIM, gmq_trace_event(view->stage->trace, view->now->caption)->text);
    return story;
}

/* ---- how it is set ---- */

static int
count_lines(const GmqScreen *screen, const Story *story, int width)
{
    int n = 0;

    for (size_t i = 0; i < story->n; i++) {
        g_auto(GStrv) lines = gmq_text_wrap(screen->glyphs, story->paragraphs[i].text, width);
        n += (int)g_strv_length(lines);
    }
    return n;
}

static int
draw_paragraph(GmqScreen *screen, GmqRect rect, int line, const Paragraph *paragraph)
{
    g_auto(GStrv) lines = gmq_text_wrap(screen->glyphs, paragraph->text, rect.width);

    for (size_t i = 0; lines[i] != NULL && line < rect.height; i++, line++) {
        bool is_cut           = line + 1 == rect.height && lines[i + 1] != NULL;
        g_autofree char *more = is_cut ? g_strconcat(lines[i], " ...", NULL) : NULL;
        gmq_screen_put_in(screen, rect.x, rect.y + line, rect.width, paragraph->role,
                          is_cut ? more : lines[i]);
    }
    return line;
}

/* Leaves out what has no room: what stands before the paragraph that matters, then what follows. */
static Story
shorten(const GmqScreen *screen, const GmqRect *rect, const Story *story, int *width)
{
    Story shown = *story;

    *width = MIN(rect->width, WIDTH_WISH);
    if (count_lines(screen, &shown, *width) > rect->height)
        *width = MIN(rect->width, WIDTH_MOST);
    if (story->is_whole || count_lines(screen, &shown, *width) <= rect->height)
        return shown;

    shown.n = 0;
    for (size_t i = story->main; i < story->n; i++)
        shown.paragraphs[shown.n++] = story->paragraphs[i];
    while (shown.n > 1 && count_lines(screen, &shown, MIN(rect->width, WIDTH_MOST)) > rect->height)
        shown.n--;
    *width = MIN(rect->width, WIDTH_WISH);
    if (count_lines(screen, &shown, *width) > rect->height)
        *width = MIN(rect->width, WIDTH_MOST);
    return shown;
}

/* With an empty line between the paragraphs where there is one. */
static void
draw_story(GmqScreen *screen, GmqRect rect, const Story *story)
{
    int width   = 0;
    Story shown = shorten(screen, &rect, story, &width);
    int spare   = rect.height - count_lines(screen, &shown, width);
    int line    = 0;

    rect.width = width;
    for (size_t i = 0; i < shown.n; i++)
        line = draw_paragraph(screen, rect, line, &shown.paragraphs[i]) + (spare-- > 0 ? 1 : 0);
}

static void
clear_words(Words *words)
{
    g_free(words->sentence);
    g_free(words->question);
    g_free(words->choices);
    g_free(words->verdict);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, clear_words)

static Words
find_words(const GmqView *view)
{
    uint64_t asked = gmq_answer_asked(view);
    Words words    = {.sentence = gmq_sentence(view->stage, view->now->event)};

    if (asked == 0)
        return words;
    words.question =
        g_strdup_printf(_("Question: %s"), gmq_trace_event(view->stage->trace, asked)->text);
    words.choices = gmq_answer_choices(view, asked);
    words.verdict = gmq_answer_verdict(view, &words.is_right);
    words.told    = gmq_answer_told(view->stage, asked);
    return words;
}

void
gmq_pane_story(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    if (rect.height >= ROWS_FOR_AIR) {
        rect.y++;
        rect.height--;
    }
    if (view->now->event == 0) {
        Story story = tell_beginning(view);
        draw_story(screen, rect, &story);
        return;
    }
    g_auto(Words) words = find_words(view);
    Story story         = tell_event(view, &words);
    if (rect.height < 5 && story.n > 1 && story.paragraphs[1].role == GMQ_ROLE_DIM)
        story.n = 1; /* an old caption only where there is plenty of room */
    draw_story(screen, rect, &story);
}
