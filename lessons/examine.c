#include "lessons/examine.h"

#include "lessons/make.h"
#include "lessons/matcher.h"
#include "lessons/modify.h"

static int
exit_status(GmqVerdict verdict)
{
    switch (verdict) {
    case GMQ_VERDICT_HELD:
        return 0;
    case GMQ_VERDICT_BROKEN:
        return 1;
    default:
        return 2;
    }
}

/* Whoever told may have left the last line open. */
static int
end_line(GString *told, int status)
{
    if (told->len > 0 && told->str[told->len - 1] != '\n')
        g_string_append_c(told, '\n');
    return status;
}

int
gmq_examine_file(const GmqLesson *lesson, const char *path, GString *told)
{
    const GmqModify *modify        = gmq_lesson_modify(lesson);
    g_auto(GmqModifyAnswer) answer = {0};

    g_assert(modify != NULL);
    gmq_modify_check(lesson, modify, path, &answer);
    g_string_append(told, answer.sentences != NULL ? answer.sentences : "");
    return end_line(told, exit_status(answer.verdict));
}

int
gmq_examine_program(const GmqLesson *lesson, char **command,
                    void (*on_line)(void *user, const char *line), void *user, GString *told)
{
    const GmqMake *make = gmq_lesson_make(lesson);

    g_assert(make != NULL);
    const char *name      = make->matcher != NULL ? make->matcher : make->scenario;
    g_autofree char *file = gmq_lesson_file(lesson, name);
    if (make->matcher != NULL) {
        const GmqMatcherTask task = {
            .cases    = file,
            .command  = command,
            .limit_ns = make->limit_ns,
        };

        return end_line(told, gmq_matcher_check(&task, told));
    }
    const GmqMakeTask task = {
        .scenario = file,
        .command  = command,
        .limit_ns = make->limit_ns,
        .progress = on_line,
        .user     = user,
    };
    return end_line(told, gmq_make_check(&task, told));
}

char *
gmq_examine_solution(const GmqLesson *lesson, GError **error)
{
    g_autofree char *path = gmq_lesson_file(lesson, gmq_lesson_modify(lesson)->solution);
    char *text            = NULL;

    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}
