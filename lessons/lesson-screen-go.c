/* From step to step, and what each needs. */
#include "lessons/lesson-screen-private.h"
#include "sim/language.h"
#include "viz/moment.h"

/* ---- runs ---- */

static void
close_viewer(GmqLessonScreen *screen)
{
    if (screen->viewer == NULL)
        return;
    screen->revision += gmq_viewer_revision(screen->viewer) + 1;
    screen->theme = gmq_viewer_theme(screen->viewer);
    g_clear_pointer(&screen->viewer, gmq_viewer_free);
    g_clear_pointer(&screen->shown, g_free);
}

/* A viewer of that scenario; whoever looks at it already stays where he is. */
static void
open_viewer(GmqLessonScreen *screen, const char *scenario)
{
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(scenario, screen->shown) == 0)
        return;
    close_viewer(screen);
    const GmqFigure *figure = gmq_runs_get(screen->runs, scenario, &error);
    if (figure == NULL) {
        gmq_lesson_screen_say(screen, GMQ_ROLE_FAULT, g_strdup(error->message));
        return;
    }
    const GmqStage *stage = gmq_figure_stage(figure);
    screen->viewer        = gmq_viewer_new(stage, screen->glyphs);
    screen->shown         = g_strdup(scenario);
    gmq_viewer_set_part(screen->viewer, true);
    gmq_viewer_set_theme(screen->viewer, screen->theme);
    gmq_viewer_go(screen->viewer, gmq_stage_opening(stage));
}

/* The event of a moment of the viewer's run; what cannot be read is its end. */
static uint64_t
find_event(GmqLessonScreen *screen, const char *moment)
{
    const GmqFigure *figure = gmq_runs_get(screen->runs, screen->shown, NULL);
    const GmqTrace *trace   = gmq_figure_stage(figure)->trace;
    g_autoptr(GError) error = NULL;
    uint64_t event          = gmq_trace_length(trace);

    if (!gmq_moment_read(trace, moment, &event, &error))
        gmq_lesson_screen_say(screen, GMQ_ROLE_FAULT, g_strdup(error->message));
    return event;
}

/* ---- predictions ---- */

static void
tell_verdict(GmqLessonScreen *screen)
{
    g_free(screen->verdict);
    screen->verdict = gmq_walk_verdict(screen->walk, &screen->is_right);
    gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, NULL);
    gmq_lesson_screen_renew(screen);
}

void
gmq_lesson_screen_run(GmqLessonScreen *screen)
{
    const GmqPredict *predict = gmq_walk_step(screen->walk)->predict;

    if (screen->viewer == NULL) {
        tell_verdict(screen);
        return;
    }
    screen->end = find_event(screen, predict->end);
    gmq_viewer_set_bound(screen->viewer, screen->end);
    gmq_viewer_go(screen->viewer, find_event(screen, predict->stop));
    screen->starts_run = true;
}

void
gmq_lesson_screen_follow_run(GmqLessonScreen *screen)
{
    if (gmq_lesson_screen_scene(screen) == GMQ_SCENE_RUN && screen->verdict == NULL &&
        !gmq_viewer_is_running(screen->viewer) && gmq_viewer_event(screen->viewer) >= screen->end)
        tell_verdict(screen);
}

static void
enter_predict(GmqLessonScreen *screen, bool is_run)
{
    const GmqPredict *predict = gmq_walk_step(screen->walk)->predict;

    open_viewer(screen, predict->scenario);
    if (is_run) {
        gmq_lesson_screen_run(screen);
    } else if (screen->viewer != NULL) {
        uint64_t stop = find_event(screen, predict->stop);
        gmq_viewer_set_bound(screen->viewer, stop);
        gmq_viewer_go(screen->viewer, stop);
    }
    if (is_run && gmq_walk_is_done(screen->walk) && screen->viewer != NULL) {
        screen->starts_run = false;
        gmq_viewer_go(screen->viewer, screen->end);
        gmq_lesson_screen_follow_run(screen);
    }
}

/* ---- steps ---- */

static void
forget_step(GmqLessonScreen *screen)
{
    screen->is_reading   = false;
    screen->is_typing    = false;
    screen->wants_check  = false;
    screen->starts_run   = false;
    screen->check_us     = 0;
    screen->scroll       = 0;
    screen->panel_scroll = 0;
    screen->choice       = 0;
    g_clear_pointer(&screen->verdict, g_free);
    g_array_set_size(screen->notes, 0);
    g_string_truncate(screen->typed, 0);
    gmq_lesson_screen_say(screen, GMQ_ROLE_NORMAL, NULL);
}

/* Shows the run from its end, so that filters and searches find all that happened. From one task to
 * the next the learner stays where they are. */
static void
enter_task(GmqLessonScreen *screen, const GmqTask *task)
{
    bool stays = task->number > 1 && g_strcmp0(task->scenario, screen->shown) == 0;

    open_viewer(screen, task->scenario);
    if (screen->viewer == NULL || stays)
        return;
    gmq_viewer_set_bound(screen->viewer, G_MAXUINT64);
    gmq_viewer_go(screen->viewer, find_event(screen, "end"));
}

void
gmq_lesson_screen_enter(GmqLessonScreen *screen)
{
    const GmqStep *step = gmq_walk_step(screen->walk);
    GmqWalkPlace place  = gmq_walk_place(screen->walk);

    forget_step(screen);
    switch (place) {
    case GMQ_WALK_PREDICT:
    case GMQ_WALK_RUN:
        enter_predict(screen, place == GMQ_WALK_RUN);
        break;
    case GMQ_WALK_INVESTIGATE:
        enter_task(screen, step->task);
        break;
    default:
        close_viewer(screen);
        break;
    }
    screen->is_reading = (place == GMQ_WALK_PREDICT || place == GMQ_WALK_INVESTIGATE) &&
                         *step->text != '\0' && !gmq_walk_is_done(screen->walk);
    gmq_lesson_screen_renew(screen);
}

void
gmq_lesson_screen_next(GmqLessonScreen *screen)
{
    g_autofree char *duty = NULL;

    if (!gmq_walk_next(screen->walk, &duty)) {
        gmq_lesson_screen_say(screen, GMQ_ROLE_STRONG, g_steal_pointer(&duty));
        gmq_lesson_screen_renew(screen);
        return;
    }
    gmq_lesson_screen_enter(screen);
    gmq_lesson_screen_keep(screen);
    gmq_lesson_screen_renew(screen);
}

/* First to the text of this step, then to the step before. */
void
gmq_lesson_screen_back(GmqLessonScreen *screen)
{
    if (gmq_lesson_screen_has_panel(screen) && *gmq_walk_step(screen->walk)->text != '\0') {
        screen->is_reading = true;
        screen->scroll     = 0;
    } else if (gmq_walk_back(screen->walk)) {
        gmq_lesson_screen_enter(screen);
    } else {
        gmq_lesson_screen_say(screen, GMQ_ROLE_STRONG, g_strdup(_("This is the first page.")));
    }
    gmq_lesson_screen_renew(screen);
}
