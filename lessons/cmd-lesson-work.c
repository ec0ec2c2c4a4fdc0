/* "glassmq lesson check", "hint", "solution", "edit" and "reset": working on a lesson from the
 * shell. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lessons/ask.h"
#include "lessons/cmd-lesson-study.h"
#include "lessons/examine.h"
#include "sim/language.h"

/* Opens the lesson of the first word, or the one on which he works. */
static int
open_lesson(const GmqLessonOrder *order, GmqLessonStudy *study, const char *name)
{
    int status = gmq_lesson_open_study(order, study);

    return status != 0 ? status : gmq_lesson_take(study, name);
}

static int
refuse_without_exercise(const GmqLessonStudy *study)
{
    return gmq_lesson_fail(GMQ_EXIT_USAGE, _("Lesson %s has no file to change."),
                           study->lesson->name);
}

/* ---- check ---- */

/* Notes a passed check, when the walk has come to that place. */
static int
note_pass(GmqLessonStudy *study, GmqWalkPlace place)
{
    if (gmq_progress_is_passed(study->progress, study->lesson->name))
        return 0;
    if (gmq_walk_place(study->walk) != place || gmq_walk_is_done(study->walk)) {
        printf(_("The lesson has not come to this yet. Go on with: glassmq lesson %s\n"),
               study->lesson->name);
        return 0;
    }
    gmq_walk_pass(study->walk);
    gmq_walk_next(study->walk, NULL);
    int status = gmq_lesson_keep(study);
    if (gmq_walk_place(study->walk) == GMQ_WALK_PASSED)
        gmq_lesson_tell_passed(study);
    else
        printf(_("There is more in this lesson. Go on with: glassmq lesson %s\n"),
               study->lesson->name);
    return status;
}

static int
check_file(GmqLessonStudy *study, const char *given)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    g_autofree char *own    = gmq_desk_exercise(study->desk, study->lesson);

    if (own == NULL)
        return refuse_without_exercise(study);
    if (given == NULL && !gmq_desk_lay_out(study->desk, study->lesson, &error))
        return gmq_lesson_fail(GMQ_EXIT_USAGE, "%s", error->message);
    const char *path = given != NULL ? given : own;
    int status       = gmq_examine_file(study->lesson, path, told);
    fputs(told->str, stdout);
    if (status == 0)
        return note_pass(study, GMQ_WALK_MODIFY);
    printf(_("The file: %s\n"), path);
    return status;
}

static int
check_program(GmqLessonStudy *study, char **command)
{
    g_autoptr(GString) told = g_string_new(NULL);

    if (gmq_lesson_make(study->lesson) == NULL)
        return gmq_lesson_fail(GMQ_EXIT_USAGE, _("Lesson %s asks for no program."),
                               study->lesson->name);
    int status = gmq_examine_program(study->lesson, command, gmq_say_line, NULL, told);
    fputs(told->str, stdout);
    return status == 0 ? note_pass(study, GMQ_WALK_MAKE) : status;
}

/* "check FILE" is meant when there is no such lesson, but such a file. */
static bool
is_file(const GmqShelf *shelf, const char *word)
{
    unsigned index;

    return !gmq_shelf_find(shelf, word, &index, NULL) && g_file_test(word, G_FILE_TEST_EXISTS);
}

/* Checks what was opened: the program, or the file that was given, or his own. */
static int
check(const GmqLessonOrder *order, GmqLessonStudy *study, const char *file)
{
    if (order->program != NULL)
        return check_program(study, order->program);
    if (file != NULL || gmq_walk_place(study->walk) != GMQ_WALK_MAKE)
        return check_file(study, file);
    return gmq_lesson_fail(GMQ_EXIT_USAGE,
                           _("You are at the program of this lesson. Say how it is started: "
                             "glassmq lesson check %s -- COMMAND"),
                           study->lesson->name);
}

int
gmq_lesson_check(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};

    if (order->program != NULL && order->program[0] == NULL)
        return gmq_usage_wrong(order->usage, "the command behind -- is missing");
    if (order->program != NULL && words[0] != NULL && words[1] != NULL)
        return gmq_usage_wrong(order->usage, "check takes a file or a command, not both");
    int status = gmq_lesson_open_study(order, &study);
    if (status != 0)
        return status;
    bool is_alone = words[0] != NULL && words[1] == NULL && is_file(study.shelf, words[0]);
    status        = gmq_lesson_take(&study, is_alone ? NULL : words[0]);
    if (status != 0)
        return status;
    return check(order, &study, is_alone ? words[0] : words[0] != NULL ? words[1] : NULL);
}

/* ---- hint, solution ---- */

int
gmq_lesson_hint(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    int status                   = open_lesson(order, &study, words[0]);

    if (status != 0)
        return status;
    g_autofree char *heading = gmq_walk_heading(study.walk);
    g_autofree char *hint    = gmq_walk_hint(study.walk);
    printf(_("Lesson %u, %s. %s\n"), study.lesson->number, study.lesson->title, heading);
    if (hint == NULL) {
        puts(_("There is no hint for this step. This is one for the file to change:"));
        hint = gmq_walk_exercise_hint(study.walk);
    }
    puts(hint != NULL ? hint : _("There is no hint here."));
    return hint != NULL ? gmq_lesson_keep(&study) : 0;
}

int
gmq_lesson_solution(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    g_autoptr(GError) error      = NULL;
    int status                   = open_lesson(order, &study, words[0]);

    if (status != 0)
        return status;
    if (gmq_lesson_modify(study.lesson) == NULL)
        return refuse_without_exercise(&study);
    bool is_passed = gmq_progress_is_passed(study.progress, study.lesson->name);
    if (!is_passed && !order->is_spoiling)
        return gmq_lesson_fail(1,
                               _("You have not passed lesson %s yet. A hint may be enough: glassmq "
                                 "lesson hint %s. To see the solution all the same, add --spoil; "
                                 "your progress will tell that you saw it."),
                               study.lesson->name, study.lesson->name);
    g_autofree char *text = gmq_examine_solution(study.lesson, &error);
    if (text == NULL)
        return gmq_lesson_fail(3, "%s.", error->message);
    fputs(text, stdout);
    if (is_passed)
        return 0;
    gmq_walk_note_modify_solution(study.walk);
    return gmq_lesson_keep(&study);
}

/* ---- edit, reset ---- */

int
gmq_lesson_edit(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    g_autoptr(GError) error      = NULL;
    int status                   = open_lesson(order, &study, words[0]);

    if (status != 0)
        return status;
    g_autofree char *path = gmq_desk_exercise(study.desk, study.lesson);
    if (path == NULL)
        return refuse_without_exercise(&study);
    if (!gmq_desk_lay_out(study.desk, study.lesson, &error))
        return gmq_lesson_fail(1, "%s", error->message);
    printf(_("The file: %s\n"), path);
    fflush(stdout);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return gmq_lesson_fail(1, _("An editor needs a terminal: open the file yourself."));
    if (!gmq_desk_edit(path, &error))
        return gmq_lesson_fail(1, "%s", error->message);
    printf(_("Check it with: glassmq lesson check %s\n"), study.lesson->name);
    return 0;
}

int
gmq_lesson_reset(const GmqLessonOrder *order, char **words)
{
    g_auto(GmqLessonStudy) study = {0};
    g_autoptr(GError) error      = NULL;
    unsigned index;
    int status = gmq_lesson_open_study(order, &study);

    if (status != 0)
        return status;
    if (!gmq_shelf_find(study.shelf, words[0], &index, &error))
        return gmq_lesson_fail(GMQ_EXIT_USAGE, "%s", error->message);
    const char *name = gmq_shelf_name(study.shelf, index);
    if (!gmq_desk_reset(study.desk, name, &error))
        return gmq_lesson_fail(1, "%s.", error->message);
    printf(
        _("Lesson %s is as if you had never begun it. Your file, if there was one, is laid aside "
          "with .old behind its name.\n"),
        name);
    return 0;
}
