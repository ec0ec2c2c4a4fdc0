#include <stdio.h>

#include "lessons/cmd-lesson-part.h"
#include "lessons/lint.h"
#include "sim/cmd-shared.h"
#include "sim/language.h"

int
gmq_lesson_lint(const GmqLessonOrder *order, char **words)
{
    g_autoptr(GString) out    = g_string_new(NULL);
    const char *const every[] = {order->lessons, NULL};

    /* What an exercise says when it fails is compared in English. */
    gmq_language_choose("en", NULL);
    int status = gmq_lint_lessons(words[0] == NULL ? every : (const char *const *)words, out);
    gmq_command_flush(out);
    return status;
}
