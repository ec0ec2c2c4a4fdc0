#include "lessons/cmd-lesson-study.h"

#include <stdio.h>
#include <string.h>

#include "sim/language.h"
#include "sim/load.h"

/* A message may be a sentence already. */
static int
fail_with(const GError *error)
{
    const char *end =
        g_str_has_suffix(error->message, ".") || strchr(error->message, '\n') ? "" : ".";

    return gmq_lesson_fail(GMQ_EXIT_FILE, "%s%s", error->message, end);
}

/* Only one that can be read and is wrong is worth moving away. */
static int
fail_progress(const GmqLessonOrder *order, const GError *error)
{
    bool is_there = g_error_matches(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_DAMAGED) ||
                    g_error_matches(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_NEWER);

    if (is_there)
        return gmq_lesson_fail(GMQ_EXIT_FILE,
                               _("The progress file %s cannot be used: %s. It stays as it is. Move "
                                 "it away to begin anew."),
                               order->progress, error->message);
    return gmq_lesson_fail(GMQ_EXIT_FILE, _("The progress file %s cannot be used: %s."),
                           order->progress, error->message);
}

int
gmq_lesson_open_study(const GmqLessonOrder *order, GmqLessonStudy *study)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_path_get_dirname(order->progress);

    study->shelf = gmq_shelf_new(order->lessons, &error);
    if (study->shelf == NULL)
        return fail_with(error);
    study->desk     = gmq_desk_new(folder);
    study->progress = gmq_progress_load(order->progress, &error);
    return study->progress != NULL ? 0 : fail_progress(order, error);
}

void
gmq_lesson_study_clear(GmqLessonStudy *study)
{
    g_clear_pointer(&study->walk, gmq_walk_free);
    g_clear_pointer(&study->lesson, gmq_lesson_free);
    g_clear_pointer(&study->progress, gmq_progress_free);
    g_clear_pointer(&study->desk, gmq_desk_free);
    g_clear_pointer(&study->shelf, gmq_shelf_free);
}

int
gmq_lesson_take_index(GmqLessonStudy *study, unsigned index)
{
    g_autoptr(GError) error = NULL;

    study->index  = index;
    study->lesson = gmq_shelf_load(study->shelf, index, gmq_language(), &error);
    if (study->lesson == NULL)
        return fail_with(error);
    const GmqProgressLine *line = gmq_progress_find(study->progress, study->lesson->name);
    study->walk                 = gmq_walk_new(study->lesson);
    if (line != NULL)
        gmq_walk_resume(study->walk, line);
    return 0;
}

int
gmq_lesson_take(GmqLessonStudy *study, const char *name)
{
    g_autoptr(GError) error = NULL;
    unsigned index          = 0;

    if (name == NULL)
        index = gmq_lesson_current(study);
    else if (!gmq_shelf_find(study->shelf, name, &index, &error)) {
        gmq_lesson_fail(GMQ_EXIT_USAGE, "%s", error->message);
        return GMQ_EXIT_USAGE;
    }
    return gmq_lesson_take_index(study, index);
}

/* ---- which lesson ---- */

/* The place on the shelf of that lesson; false for one from elsewhere. */
static bool
find_index(const GmqShelf *shelf, const char *name, unsigned *index)
{
    for (unsigned i = 0; i < shelf->names->len; i++) {
        if (strcmp(gmq_shelf_name(shelf, i), name) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

unsigned
gmq_lesson_current(const GmqLessonStudy *study)
{
    unsigned index = 0;

    for (size_t i = gmq_progress_length(study->progress); i > 0; i--) {
        if (find_index(study->shelf, gmq_progress_line(study->progress, i - 1)->lesson, &index))
            return index;
    }
    return 0;
}

bool
gmq_lesson_find_open(const GmqLessonStudy *study, unsigned from, unsigned *index)
{
    unsigned n = study->shelf->names->len;

    for (unsigned i = 0; i < n; i++) {
        *index = (from + i) % n;
        if (!gmq_progress_is_passed(study->progress, gmq_shelf_name(study->shelf, *index)))
            return true;
    }
    return false;
}

int
gmq_lesson_keep(GmqLessonStudy *study)
{
    g_autoptr(GError) error = NULL;

    if (!gmq_desk_keep(study->desk, study->walk, &error))
        return gmq_lesson_fail(1, "%s.", error->message);
    return 0;
}

/* ---- what is told at the end ---- */

static void
tell_next(const GmqLessonStudy *study)
{
    unsigned next = 0;

    if (!gmq_lesson_find_open(study, study->index + 1, &next)) {
        gmq_lesson_tell_all_done(study);
        return;
    }
    g_autoptr(GmqLesson) lesson = gmq_shelf_load(study->shelf, next, gmq_language(), NULL);
    printf(_("Next is lesson %u: %s. Go on with: glassmq lesson next\n"),
           gmq_shelf_number(gmq_shelf_name(study->shelf, next)),
           lesson != NULL ? lesson->title : gmq_shelf_name(study->shelf, next));
}

void
gmq_lesson_tell_passed(GmqLessonStudy *study)
{
    g_autoptr(GmqProgress) now = gmq_progress_load(gmq_desk_progress(study->desk), NULL);
    unsigned n_right           = 0;

    if (now != NULL) {
        gmq_progress_free(study->progress);
        study->progress = g_steal_pointer(&now);
    }
    const GmqProgressLine *line = gmq_progress_find(study->progress, study->lesson->name);
    printf(_("\nYou have passed lesson %u, %s.\n"), study->lesson->number, study->lesson->title);
    if (line != NULL) {
        unsigned n = gmq_progress_predictions(line, &n_right);

        printf(_("Predictions that came true: %u of %u. Hints: %u.\n"), n_right, n,
               gmq_progress_hints(line));
    }
    tell_next(study);
}

void
gmq_lesson_tell_all_done(const GmqLessonStudy *study)
{
    unsigned n_predictions = 0;
    unsigned n_all_right   = 0;
    unsigned n_hints       = 0;

    for (size_t i = 0; i < gmq_progress_length(study->progress); i++) {
        const GmqProgressLine *line = gmq_progress_line(study->progress, i);
        unsigned n_right;

        n_predictions += gmq_progress_predictions(line, &n_right);
        n_all_right += n_right;
        n_hints += gmq_progress_hints(line);
    }
    unsigned n_lessons = study->shelf->names->len;
    printf(P_("\nAll is done: you have passed %u lesson, and there is no other.\n",
              "\nAll is done: you have passed all %u lessons.\n", n_lessons),
           n_lessons);
    printf(_("Predictions that came true: %u of %u. Hints: %u.\n"), n_all_right, n_predictions,
           n_hints);
    puts(_("\n"
           "What now?\n"
           "- Do a lesson again, such as number 5: glassmq lesson 5. Passed stays passed.\n"
           "- Look at other runs: glassmq view scenarios/06-worker-dies.yaml\n"
           "- Write a scenario of your own: scenarios/README.md tells how.\n"
           "- Start the broker for programs of your own: glassmq serve\n"
           "- Give your progress to your teacher: glassmq lesson export NAME.progress"));
}
