/* lint-modify.c - the exercise fails as it must, the solution holds, paths lead somewhere. */
#include <string.h>

#include "lessons/lint-private.h"
#include "lessons/modify.h"
#include "lessons/protect.h"

static void
check_solution(GmqLint *lint, const GmqModify *modify)
{
    g_auto(GmqModifyAnswer) answer = {0};
    g_autofree char *path          = gmq_lesson_file(lint->lesson, modify->solution);

    gmq_modify_check(lint->lesson, modify, path, &answer);
    if (answer.verdict != GMQ_VERDICT_HELD)
        gmq_lint_complain(lint, modify->yaml, "solution", "The solution does not pass: %s",
                          answer.sentences);
}

static void
check_exercise(GmqLint *lint, const GmqModify *modify)
{
    g_auto(GmqModifyAnswer) answer = {0};
    g_autofree char *path          = gmq_lesson_file(lint->lesson, modify->file);

    gmq_modify_check(lint->lesson, modify, path, &answer);
    if (answer.verdict == GMQ_VERDICT_UNDECIDED)
        gmq_lint_complain(lint, modify->yaml, "file", "%s", answer.sentences);
    else if (answer.verdict == GMQ_VERDICT_HELD)
        gmq_lint_complain(lint, modify->yaml, "file",
                          "The exercise passes as it is, so there is nothing to do.");
    else if (strstr(answer.sentences, modify->fails) == NULL)
        gmq_lint_complain(lint, modify->yaml, "fails", "The exercise fails in other words: %s",
                          answer.sentences);
}

/* ---- paths ---- */

static GmqYamlDocument *
load(const GmqLint *lint, const char *name)
{
    g_autofree char *path           = gmq_lesson_file(lint->lesson, name);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, NULL);

    if (scenario == NULL)
        return NULL;
    g_autoptr(GmqProblems) problems = gmq_problems_new(path, scenario->text);
    return gmq_yaml_parse(scenario->text, strlen(scenario->text), problems);
}

/* What may change stands in one of both files, what must stay in the first. */
static void
check_paths(GmqLint *lint, const GmqModify *modify)
{
    g_autoptr(GmqYamlDocument) before = load(lint, modify->file);
    g_autoptr(GmqYamlDocument) after  = load(lint, modify->solution);
    const char *key                   = modify->may != NULL ? "may" : "keep";
    const GPtrArray *paths            = modify->may != NULL ? modify->may : modify->keep;
    const GmqYaml *node               = gmq_yaml_find(modify->yaml, key);

    for (unsigned i = 0; before != NULL && after != NULL && i < paths->len; i++) {
        const char *path = paths->pdata[i];
        if (!gmq_protect_has(gmq_yaml_root(before), path) &&
            (modify->may == NULL || !gmq_protect_has(gmq_yaml_root(after), path)))
            gmq_lint_complain(lint, node->items->pdata[i], NULL, "\"%s\" leads to nothing in %s.",
                              path, modify->file);
    }
}

void
gmq_lint_modify(GmqLint *lint, const GmqModify *modify)
{
    check_paths(lint, modify);
    check_solution(lint, modify);
    check_exercise(lint, modify);
}
