/* "glassmq lesson", "lesson N", "lesson next" and "lesson list": going through the lessons. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lessons/cmd-lesson-study.h"
#include "lessons/walk-screen.h"
#include "lessons/walk-text.h"
#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "viz/curses.h"
#include "viz/glyphs.h"

/* Leads through the lesson that was taken. */
static int
walk(const GmqLessonOrder *order, GmqLessonStudy *study)
{
    bool wants_next = false;

    if (!order->is_text && gmq_curses_can_run()) {
        int status = gmq_walk_screen(study->walk, study->desk, &order->look, &wants_next);
        if (wants_next)
            return gmq_lesson_next(order, NULL);
        if (gmq_walk_place(study->walk) == GMQ_WALK_PASSED)
            gmq_lesson_tell_passed(study);
        return status;
    }
    if (gmq_progress_is_passed(study->progress, study->lesson->name))
        puts(_("You have passed this lesson before, and passed it stays."));
    int status = gmq_walk_text(study->walk, study->desk,
                               gmq_glyphs_choose(GMQ_GLYPHS_UTF8, gmq_command_is_ascii()));

    if (gmq_walk_place(study->walk) == GMQ_WALK_PASSED)
        gmq_lesson_tell_passed(study);
    return status;
}

/* Goes through the first lesson that is not passed, from the current one on; or from the one behind
 * it, when he wants the next one and has begun any. */
static int
walk_open(const GmqLessonOrder *order, bool wants_next)
{
    g_auto(GmqLessonStudy) study = {0};
    int status                   = gmq_lesson_open_study(order, &study);
    unsigned index;

    if (status != 0)
        return status;
    bool is_behind = wants_next && gmq_progress_length(study.progress) > 0;
    if (!gmq_lesson_find_open(&study, gmq_lesson_current(&study) + (is_behind ? 1 : 0), &index)) {
        gmq_lesson_tell_all_done(&study);
        return 0;
    }
    status = gmq_lesson_take_index(&study, index);
    return status != 0 ? status : walk(order, &study);
}

int
gmq_lesson_go_on(const GmqLessonOrder *order, char **words)
{
    (void)words;
    return walk_open(order, false);
}

int
gmq_lesson_next(const GmqLessonOrder *order, char **words)
{
    (void)words;
    return walk_open(order, true);
}

int
gmq_lesson_begin(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    int status                   = gmq_lesson_open_study(order, &study);

    if (status == 0)
        status = gmq_lesson_take(&study, words[0]);
    return status != 0 ? status : walk(order, &study);
}

/* ---- list ---- */

/* How far he is in a lesson; the caller frees it. */
static char *
state_of(const GmqProgressLine *line)
{
    if (line == NULL)
        return g_strdup(_("not begun"));
    if (strcmp(line->step, GMQ_PROGRESS_PASSED) == 0)
        return g_strdup_printf(_("passed on %s"), line->date);
    return g_strdup_printf(_("begun, at %s, last on %s"), line->step, line->date);
}

static void
print_lesson(const GmqLessonStudy *study, unsigned index)
{
    const char *name            = gmq_shelf_name(study->shelf, index);
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqLesson) lesson = gmq_shelf_load(study->shelf, index, gmq_language(), &error);
    g_autofree char *state      = state_of(gmq_progress_find(study->progress, name));

    if (lesson == NULL)
        printf(_("%2u. %s: damaged; \"glassmq lesson lint\" tells how\n"), gmq_shelf_number(name),
               name);
    else
        printf(_("%2u. %s (%u minutes): %s\n"), lesson->number, lesson->title, lesson->minutes,
               state);
}

int
gmq_lesson_list(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    int status                   = gmq_lesson_open_study(order, &study);
    unsigned n_passed            = 0;

    (void)words;
    if (status != 0)
        return status;
    for (unsigned i = 0; i < study.shelf->names->len; i++) {
        print_lesson(&study, i);
        n_passed += gmq_progress_is_passed(study.progress, gmq_shelf_name(study.shelf, i));
    }
    printf(_("\nPassed: %u of %u.\n"), n_passed, study.shelf->names->len);
    return 0;
}
