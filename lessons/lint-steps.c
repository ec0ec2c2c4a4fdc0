/* lint-steps.c - the order of the steps, and what their blocks say of runs. */
#include <string.h>

#include "lessons/lint-private.h"
#include "lessons/matcher-cases.h"
#include "viz/moment.h"

/* ---- order ---- */

static unsigned
count_steps(const GmqLesson *lesson, GmqStepKind kind)
{
    unsigned n = 0;

    for (unsigned i = 0; i < lesson->steps->len; i++)
        n += gmq_lesson_step(lesson, i)->kind == kind;
    return n;
}

static void
check_number(GmqLint *lint, GmqStepKind kind, unsigned least, unsigned most, const char *sentence)
{
    unsigned n = count_steps(lint->lesson, kind);

    if (n < least || n > most)
        gmq_problems_add(lint->lesson->problems, 1, 1, "%s", sentence);
}

/* A workshop is built from a brief, so that nothing is there to look into. */
static bool
is_workshop(const GmqLesson *lesson)
{
    const GmqModify *modify = gmq_lesson_modify(lesson);

    return modify != NULL && modify->keep != NULL;
}

static void
check_order(GmqLint *lint)
{
    GmqStepKind last = GMQ_STEP_READ;

    if (!is_workshop(lint->lesson)) {
        check_number(lint, GMQ_STEP_PREDICT, 1, 10, "A lesson has at least one predict block.");
        check_number(lint, GMQ_STEP_INVESTIGATE, 3, 3, "A lesson has one investigate block.");
    }
    check_number(lint, GMQ_STEP_MODIFY, 1, 1, "A lesson has one modify block.");
    check_number(lint, GMQ_STEP_MAKE, 0, 1, "A lesson has at most one make block.");
    for (unsigned i = 0; i < lint->lesson->steps->len; i++) {
        const GmqStep *step = gmq_lesson_step(lint->lesson, i);
        if (step->kind != GMQ_STEP_READ && step->kind < last)
            gmq_problems_add(lint->lesson->problems, step->line, 1,
                             "The order is predict, investigate, modify, make: %s stands behind "
                             "%s here.",
                             gmq_step_kind_name(step->kind), gmq_step_kind_name(last));
        last = MAX(last, step->kind);
    }
}

/* ---- runs ---- */

/* NULL after a problem. */
static const GmqStage *
stage_of(GmqLint *lint, const GmqYaml *block, const char *key, const char *file)
{
    g_autoptr(GError) error = NULL;
    const GmqStage *stage   = gmq_proof_stage(lint->proof, file, &error);

    if (stage == NULL)
        gmq_lint_complain(lint, block, key, "%s cannot be run: %s", file, error->message);
    return stage;
}

static bool
read_moment(GmqLint *lint, const GmqStage *stage, const GmqPredict *predict, const char *key,
            const char *text, uint64_t *event)
{
    g_autoptr(GError) error = NULL;

    if (gmq_moment_read(stage->trace, text, event, &error))
        return true;
    gmq_lint_complain(lint, predict->yaml, key, "In \"%s\": %s.", key, error->message);
    return false;
}

static void
check_predict(GmqLint *lint, const GmqPredict *predict)
{
    const GmqStage *stage = stage_of(lint, predict->yaml, "scenario", predict->scenario);
    uint64_t stop = 0, end = 0;

    if (stage == NULL || !read_moment(lint, stage, predict, "stop", predict->stop, &stop) ||
        !read_moment(lint, stage, predict, "end", predict->end, &end))
        return;
    if (stop >= end)
        gmq_lint_complain(lint, predict->yaml, "end", "The end is not behind \"stop\".");
    for (unsigned i = 0; i < predict->see->len; i++) {
        const GmqSee *see       = predict->see->pdata[i];
        g_autoptr(GError) error = NULL;
        if (!gmq_proof_see(stage, see, &error))
            gmq_lint_complain(lint, see->node, NULL,
                              "Event #%" G_GUINT64_FORMAT " is not what \"see\" says: %s.",
                              (guint64)see->event, error->message);
    }
}

static void
check_task(GmqLint *lint, const GmqTask *task)
{
    /* All three have the scenario of their block: what is wrong with it is said once. */
    g_autoptr(GError) error = NULL;
    const GmqStage *stage   = gmq_proof_stage(lint->proof, task->scenario, &error);

    if (stage == NULL && task->number == 1)
        gmq_lint_complain(lint, task->yaml, NULL, "%s cannot be run: %s", task->scenario,
                          error->message);
    if (stage == NULL)
        return;
    g_autofree char *answer = gmq_proof_answer(stage, task, &error);
    if (answer == NULL)
        gmq_lint_complain(lint, task->yaml, "find", "The proof finds no answer: %s.",
                          error->message);
    else if (!gmq_task_is_answer(task, answer))
        gmq_lint_complain(lint, task->yaml, "answer", "The proof finds \"%s\" as the answer.",
                          answer);
}

static void
check_files(GmqLint *lint, const GmqMake *make)
{
    const GmqYaml *node = gmq_yaml_find(make->yaml, "files");

    for (unsigned i = 0; make->files != NULL && i < make->files->len; i++) {
        g_autofree char *path = gmq_lesson_file(lint->lesson, make->files->pdata[i]);
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
            gmq_lint_complain(lint, node->items->pdata[i], NULL, "There is no file %s.",
                              (const char *)make->files->pdata[i]);
    }
}

static void
check_make(GmqLint *lint, const GmqMake *make)
{
    const char *file        = make->scenario != NULL ? make->scenario : make->matcher;
    const char *key         = make->scenario != NULL ? "scenario" : "matcher";
    g_autofree char *path   = gmq_lesson_file(lint->lesson, file);
    g_autoptr(GError) error = NULL;

    check_files(lint, make);
    if (make->scenario != NULL)
        gmq_scenario_free(gmq_scenario_load(path, &error));
    else
        gmq_matcher_cases_free(gmq_matcher_cases_load(path, &error));
    if (error != NULL)
        gmq_lint_complain(lint, make->yaml, key, "%s cannot be used: %s", file, error->message);
}

void
gmq_lint_steps(GmqLint *lint)
{
    check_order(lint);
    for (unsigned i = 0; i < lint->lesson->steps->len; i++) {
        const GmqStep *step = gmq_lesson_step(lint->lesson, i);
        switch (step->kind) {
        case GMQ_STEP_PREDICT:
            check_predict(lint, step->predict);
            break;
        case GMQ_STEP_INVESTIGATE:
            check_task(lint, step->task);
            break;
        case GMQ_STEP_MODIFY:
            gmq_lint_modify(lint, step->modify);
            break;
        case GMQ_STEP_MAKE:
            check_make(lint, step->make);
            break;
        default:
            break;
        }
    }
}
