/* lint-text.c - what stands in the texts: lines that fit, pictures and numbers of events that are
 * of the run. */
#include <string.h>

#include "lessons/lint-private.h"
#include "sim/units.h"
#include "viz/moment.h"

/* Columns of a line of text, and of one in a block: that is set anew on the screen, and a filter
 * cannot be broken. */
#define TEXT_COLUMNS 72
#define BLOCK_COLUMNS 100

/* A page is a screen. */
#define PAGE_LINES 20

/* ---- lines ---- */

static unsigned
columns_of(const char *line, size_t size)
{
    unsigned columns = 0;

    for (const char *at = line; at < line + size; at = g_utf8_next_char(at))
        columns +=
            g_unichar_iswide(g_utf8_get_char(at)) ? 2 : !g_unichar_iszerowidth(g_utf8_get_char(at));
    return columns;
}

static void
check_lines(GmqLint *lint)
{
    unsigned line = 1;
    bool is_block = false;

    for (const char *at = lint->lesson->text; *at != '\0'; line++) {
        size_t size      = strcspn(at, "\n");
        bool is_fence    = g_str_has_prefix(at, "```");
        unsigned columns = columns_of(at, size);
        unsigned most    = is_block ? BLOCK_COLUMNS : TEXT_COLUMNS;
        if (columns > most)
            gmq_problems_add(lint->lesson->problems, line, most + 1,
                             "This line has %u columns; %u fit.", columns, most);
        is_block = is_fence ? !is_block : is_block;
        at += size + (at[size] == '\n');
    }
}

/* ---- pictures ---- */

static void
check_picture(GmqLint *lint, unsigned line, const char *file, const char *moment)
{
    g_autoptr(GError) error = NULL;
    const GmqStage *stage   = gmq_proof_stage(lint->proof, file, &error);
    uint64_t event          = 0;

    if (stage == NULL)
        gmq_problems_add(lint->lesson->problems, line, 1, "%s cannot be run: %s", file,
                         error->message);
    else if (!gmq_moment_read(stage->trace, moment, &event, &error))
        gmq_problems_add(lint->lesson->problems, line, 1, "In the picture of %s: %s.", file,
                         error->message);
}

/* "![alt](file#moment)" on a line of its own. Returns the file, which the caller frees; NULL for
 * any other line. */
static char *
read_picture(GmqLint *lint, unsigned line, const char *text)
{
    const char *middle = g_str_has_prefix(text, "![") ? strstr(text, "](") : NULL;

    if (middle == NULL)
        return NULL;
    g_autofree char *target = g_strndup(middle + 2, strcspn(middle + 2, ")"));
    char *hash              = strchr(target, '#');
    if (hash == NULL) {
        gmq_problems_add(lint->lesson->problems, line, 1,
                         "A picture is of a moment: ![what it shows](scenario.yaml#31).");
        return NULL;
    }
    *hash = '\0';
    /* "#31" and "#1.5s" are written alike. */
    check_picture(lint, line, target, hash + 1);
    return g_strdup(target);
}

/* ---- numbers of events ---- */

/* The run that a text of that step is about: its own, else the last one before, else the next. */
static const char *
nearest_scenario(const GmqLesson *lesson, unsigned index)
{
    for (unsigned i = index + 1; i-- > 0;) {
        const char *file = gmq_step_scenario(gmq_lesson_step(lesson, i));
        if (file != NULL)
            return file;
    }
    for (unsigned i = index + 1; i < lesson->steps->len; i++) {
        const char *file = gmq_step_scenario(gmq_lesson_step(lesson, i));
        if (file != NULL)
            return file;
    }
    return NULL;
}

typedef struct {
    GmqLint *lint;
    const GmqStage *stage;
    const GmqPredict *predict; /* whose "see" must know the event; NULL: none */
    unsigned line;
    unsigned column;
} Numbers;

static bool
is_seen(const GmqPredict *predict, uint64_t event)
{
    for (unsigned i = 0; i < predict->see->len; i++) {
        const GmqSee *see = predict->see->pdata[i];
        if (see->event == event)
            return true;
    }
    return false;
}

static void
check_number(const Numbers *numbers, uint64_t event)
{
    GmqProblems *problems = numbers->lint->lesson->problems;
    size_t length         = gmq_trace_length(numbers->stage->trace);

    if (event == 0 || event > length)
        gmq_problems_add(problems, numbers->line, numbers->column,
                         "The run has no event #%" G_GUINT64_FORMAT ", but %zu events.",
                         (guint64)event, length);
    else if (numbers->predict != NULL && !is_seen(numbers->predict, event))
        gmq_problems_add(problems, numbers->line, numbers->column,
                         "\"see\" does not say what event #%" G_GUINT64_FORMAT " is.",
                         (guint64)event);
}

/* "#31", and not the "#" of a pattern or a heading. */
static void
check_numbers(const Numbers *numbers, const char *text)
{
    for (const char *at = strchr(text, '#'); at != NULL; at = strchr(at + 1, '#')) {
        size_t digits         = strspn(at + 1, "0123456789");
        g_autofree char *word = g_strndup(at + 1, digits);
        uint64_t event        = 0;
        if (digits > 0 && gmq_read_count(word, &event))
            check_number(numbers, event);
    }
}

/* ---- a step ---- */

/* Checks the numbers of the text; a picture says which run those below it are of. */
static void
check_step_text(GmqLint *lint, const GmqStep *step, const char *file)
{
    g_auto(GStrv) lines = g_strsplit(step->text, "\n", -1);
    g_autofree char *of = g_strdup(file);
    unsigned n_lines    = g_strv_length(lines);

    if (n_lines > PAGE_LINES)
        gmq_problems_add(lint->lesson->problems, step->line, 1,
                         "This page has %u lines; a screen has room for %u.", n_lines, PAGE_LINES);
    for (unsigned i = 0; lines[i] != NULL; i++) {
        char *picture = read_picture(lint, step->line + i, lines[i]);
        if (picture != NULL) {
            g_free(of);
            of = picture;
            continue;
        }
        const GmqStage *stage = of == NULL ? NULL : gmq_proof_stage(lint->proof, of, NULL);
        Numbers numbers       = {lint, stage, NULL, step->line + i, 1};
        if (stage != NULL)
            check_numbers(&numbers, lines[i]);
    }
}

static Numbers
numbers_at(GmqLint *lint, const GmqStage *stage, const GmqYaml *block, const char *key)
{
    const GmqYaml *node = gmq_yaml_find(block, key);

    return (Numbers){lint, stage, NULL, node->line, node->column};
}

static void
check_predict(GmqLint *lint, const GmqPredict *predict)
{
    const GmqStage *stage = gmq_proof_stage(lint->proof, predict->scenario, NULL);

    if (stage == NULL)
        return; /* told where its file is looked at */
    Numbers question = numbers_at(lint, stage, predict->yaml, "question");
    Numbers choices  = numbers_at(lint, stage, predict->yaml, "choices");
    Numbers why      = numbers_at(lint, stage, predict->yaml, "why");
    why.predict      = predict;
    check_numbers(&question, predict->question);
    check_numbers(&why, predict->why);
    for (unsigned i = 0; i < predict->choices->len; i++)
        check_numbers(&choices, predict->choices->pdata[i]);
}

static void
check_task(GmqLint *lint, const GmqTask *task)
{
    const GmqStage *stage = gmq_proof_stage(lint->proof, task->scenario, NULL);

    if (stage == NULL)
        return;
    Numbers question = numbers_at(lint, stage, task->yaml, "question");
    Numbers hint     = numbers_at(lint, stage, task->yaml, "hint");
    check_numbers(&question, task->question);
    check_numbers(&hint, task->hint);
}

static void
check_step(GmqLint *lint, const GmqStep *step, const char *file)
{
    check_step_text(lint, step, file);
    if (step->kind == GMQ_STEP_PREDICT)
        check_predict(lint, step->predict);
    else if (step->kind == GMQ_STEP_INVESTIGATE)
        check_task(lint, step->task);
}

void
gmq_lint_texts(GmqLint *lint)
{
    const GmqLesson *lesson = lint->lesson;

    check_lines(lint);
    for (unsigned i = 0; i < lint->is_whole && i < lesson->steps->len; i++)
        check_step(lint, gmq_lesson_step(lesson, i), nearest_scenario(lesson, i));
}
