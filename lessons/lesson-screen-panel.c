/* What stands below the view: a question, what became of the prediction, a task. */
#include "lessons/lesson-screen-private.h"
#include "lessons/markdown.h"
#include "sim/language.h"

/* Two columns are left for the sign in front of the marked choice. */
static int
room(const GmqLessonScreen *screen)
{
    return MAX(screen->width - 4, 1);
}

static void
add_markdown(const GmqLessonScreen *screen, const char *text)
{
    const GmqMarkdown how     = {.width = room(screen), .glyphs = screen->glyphs};
    g_autoptr(GPtrArray) more = gmq_markdown_lines(&how, text);

    gmq_spans_append(screen->panel, more);
}

static void
add_words(const GmqLessonScreen *screen, GmqScreenRole role, const char *text)
{
    gmq_spans_add_wrapped(screen->panel, role, text, 0, room(screen), screen->glyphs);
}

static void
add_said(const GmqLessonScreen *screen)
{
    if (screen->said != NULL)
        add_words(screen, screen->said_role, screen->said);
}

static void
add_predict(GmqLessonScreen *screen)
{
    const GmqPredict *predict = gmq_walk_step(screen->walk)->predict;

    add_markdown(screen, predict->question);
    for (guint i = 0; i < predict->choices->len; i++) {
        g_autofree char *choice =
            g_strdup_printf("%u. %s", i + 1, (const char *)predict->choices->pdata[i]);
        guint before = screen->panel->len;
        add_markdown(screen, choice);
        if (screen->choice == i + 1) {
            screen->marked   = before;
            screen->n_marked = screen->panel->len - before;
        }
    }
    if (screen->said == NULL)
        add_words(screen, GMQ_ROLE_DIM, _("Press the number of what you think, then Enter."));
    add_said(screen);
}

static void
add_run(const GmqLessonScreen *screen)
{
    const GmqPredict *predict = gmq_walk_step(screen->walk)->predict;

    if (screen->verdict == NULL) {
        add_markdown(screen, predict->question);
        add_said(screen);
        add_words(screen, GMQ_ROLE_NORMAL, _("The run goes on and shows it."));
        return;
    }
    add_words(screen, screen->is_right ? GMQ_ROLE_GOOD : GMQ_ROLE_STRONG, screen->verdict);
    add_markdown(screen, predict->why);
    add_said(screen);
}

/* Room is kept for what is said, where there is room at all: the view does not move with it. */
static void
add_task(const GmqLessonScreen *screen)
{
    const GmqTask *task = gmq_walk_step(screen->walk)->task;

    add_markdown(screen, task->question);
    guint least = screen->panel->len + (screen->height >= 24 ? 2 : 0);
    add_said(screen);
    while (screen->panel->len < least)
        gmq_spans_add(screen->panel, GMQ_ROLE_NORMAL, "");
}

void
gmq_lesson_screen_make_panel(GmqLessonScreen *screen)
{
    g_ptr_array_set_size(screen->panel, 0);
    screen->n_marked = 0;
    switch (gmq_lesson_screen_scene(screen)) {
    case GMQ_SCENE_PREDICT:
        add_predict(screen);
        break;
    case GMQ_SCENE_RUN:
        add_run(screen);
        break;
    default:
        add_task(screen);
        break;
    }
}

const char *
gmq_lesson_screen_panel_title(const GmqLessonScreen *screen)
{
    switch (gmq_lesson_screen_scene(screen)) {
    case GMQ_SCENE_PREDICT:
        return _("WHAT DO YOU SAY?");
    case GMQ_SCENE_RUN:
        return screen->verdict == NULL ? _("RUN") : _("WHY");
    default:
        return _("FIND IT");
    }
}
