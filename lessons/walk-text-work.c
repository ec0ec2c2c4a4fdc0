/* What is changed and made, in a walk in plain text. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lessons/ask.h"
#include "lessons/examine.h"
#include "lessons/walk-text-private.h"
#include "sim/language.h"

/* The file that is meant: the learner's copy, unless he names another one. */
static char *
find_file(const GmqTextWalk *text, const char *words)
{
    return *words != '\0' ? g_strdup(words)
                          : gmq_desk_exercise(text->desk, gmq_walk_lesson(text->walk));
}

static int
check_file(const GmqTextWalk *text, const char *words, GString *told)
{
    g_autofree char *path = find_file(text, words);

    return gmq_examine_file(gmq_walk_lesson(text->walk), path, told);
}

/* The words are read as a shell reads them. */
static int
check_program(const GmqTextWalk *text, const char *words, GString *told)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) command   = NULL;

    if (*words == '\0') {
        g_string_append(told, _("Say how your program is started, such as \"check python3 "
                                "worker.py\".\n"));
        return 2;
    }
    if (!g_shell_parse_argv(words, NULL, &command, &error)) {
        g_string_append_printf(told, "%s\n", error->message);
        return 2;
    }
    return gmq_examine_program(gmq_walk_lesson(text->walk), command, gmq_say_line, NULL, told);
}

void
gmq_text_check(GmqTextWalk *text, const char *words)
{
    g_autoptr(GString) told = g_string_new(NULL);
    GmqWalkPlace place      = gmq_walk_place(text->walk);
    int status              = 2;

    if (place == GMQ_WALK_MODIFY)
        status = check_file(text, words, told);
    else if (place == GMQ_WALK_MAKE)
        status = check_program(text, words, told);
    else
        g_string_append(told, _("There is nothing to check here.\n"));
    fputs(told->str, stdout);
    if (status == 0)
        gmq_walk_pass(text->walk);
}

void
gmq_text_edit(GmqTextWalk *text, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path   = gmq_desk_exercise(text->desk, gmq_walk_lesson(text->walk));

    (void)words;
    fflush(stdout);
    if (gmq_walk_place(text->walk) != GMQ_WALK_MODIFY)
        puts(_("There is nothing to edit here."));
    else if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        printf(_("An editor needs a terminal. Open this file in another window: %s\n"), path);
    else if (!gmq_desk_lay_out(text->desk, gmq_walk_lesson(text->walk), &error) ||
             !gmq_desk_edit(path, &error))
        gmq_text_say_error(text, error);
    else
        puts(_("Now type \"check\"."));
}

static void
show_file(const GmqTextWalk *text)
{
    g_autoptr(GError) error   = NULL;
    const GmqLesson *lesson   = gmq_walk_lesson(text->walk);
    g_autofree char *solution = gmq_examine_solution(lesson, &error);

    if (solution == NULL) {
        gmq_text_say_error(text, error);
        return;
    }
    printf(_("This is %s, a solution:\n\n"), gmq_lesson_modify(lesson)->solution);
    fputs(solution, stdout);
}

void
gmq_text_solution(GmqTextWalk *text, const char *words)
{
    GmqWalkPlace place = gmq_walk_place(text->walk);
    bool is_done       = gmq_walk_is_done(text->walk);

    (void)words;
    if (place != GMQ_WALK_INVESTIGATE && place != GMQ_WALK_MODIFY) {
        puts(_("There is no solution here."));
        return;
    }
    if (!is_done && !text->is_sure) {
        text->is_sure = true;
        gmq_text_say(text, 0,
                     _("You learn more when you find it yourself, and a hint may be enough. If you "
                       "want to see it, type \"solution\" once more. Your progress will tell that "
                       "you saw it."));
        return;
    }
    text->is_sure = false;
    if (place == GMQ_WALK_INVESTIGATE) {
        g_autofree char *answer = gmq_walk_give_up(text->walk);
        gmq_text_say(text, 0, answer);
        return;
    }
    gmq_walk_note_solution(text->walk);
    show_file(text);
}
