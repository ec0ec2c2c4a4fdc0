/* What comes of an answer, and the ladder of hints. */
#include <string.h>

#include "lessons/walk-private.h"
#include "sim/language.h"

/* ---- predictions ---- */

/* Small letters without blanks at the ends and without "." or ")"; the caller frees them. */
static char *
bare(const char *text)
{
    char *copy = g_utf8_casefold(text, -1);

    g_strstrip(copy);
    size_t length = strlen(copy);
    if (length > 0 && strchr(".)", copy[length - 1]) != NULL)
        copy[length - 1] = '\0';
    return copy;
}

/* The number of the choice that is meant, by its number or its words; 0: none. */
static unsigned
read_choice(const GPtrArray *choices, const char *text)
{
    g_autofree char *given = bare(text);
    guint64 number;

    if (g_ascii_string_to_unsigned(given, 10, 1, choices->len, &number, NULL))
        return (unsigned)number;
    for (unsigned i = 0; i < choices->len; i++) {
        g_autofree char *choice = bare(choices->pdata[i]);

        if (strcmp(given, choice) == 0)
            return i + 1;
    }
    return 0;
}

static GmqAnswer
answer_predict(GmqWalk *walk, const char *text, char **say)
{
    const GmqPredict *predict = gmq_walk_step(walk)->predict;
    GmqWalkStep *here         = gmq_walk_here(walk);
    unsigned choice           = read_choice(predict->choices, text);

    if (choice == 0) {
        *say = g_strdup_printf(_("Give the number of a choice, 1 to %u."), predict->choices->len);
        return GMQ_ANSWER_NONE;
    }
    here->choice    = choice;
    here->is_told   = true;
    here->is_right  = choice == predict->right;
    walk->at.is_run = true;
    walk->furthest  = walk->at;
    *say            = g_strdup_printf(_("Your prediction is locked: %u, %s"), choice,
                                      (const char *)predict->choices->pdata[choice - 1]);
    return GMQ_ANSWER_LOCKED;
}

char *
gmq_walk_verdict(const GmqWalk *walk, bool *is_right)
{
    g_assert(gmq_walk_place(walk) == GMQ_WALK_RUN);
    const GmqPredict *predict = gmq_walk_step(walk)->predict;
    const GmqWalkStep *here   = gmq_walk_here(walk);
    const char *right         = predict->choices->pdata[predict->right - 1];

    *is_right = here->is_right;
    if (here->is_right)
        return g_strdup_printf(_("Your prediction was right. It is %u: %s"), predict->right, right);
    if (here->choice == 0)
        return g_strdup_printf(_("Your prediction was wrong. It is %u: %s"), predict->right, right);
    return g_strdup_printf(_("Your prediction was wrong. You said %u: %s It is %u: %s"),
                           here->choice, (const char *)predict->choices->pdata[here->choice - 1],
                           predict->right, right);
}

unsigned
gmq_walk_choice(const GmqWalk *walk)
{
    return gmq_walk_here(walk)->choice;
}

/* ---- tasks ---- */

static const char *const wanted[GMQ_N_TAKES] = {
    [GMQ_TAKE_EVENT]   = N_("The answer is the number of an event, such as #12."),
    [GMQ_TAKE_MESSAGE] = N_("The answer is the name of a message, such as p1-3."),
    [GMQ_TAKE_QUEUE]   = N_("The answer is the name of a queue."),
    [GMQ_TAKE_CLIENT]  = N_("The answer is the name of a client."),
    [GMQ_TAKE_TIME]    = N_("The answer is a time, such as 1.5s."),
    [GMQ_TAKE_COUNT]   = N_("The answer is a number."),
};

/* Whether the text could be an answer of that kind at all. */
static bool
may_be(GmqTake take, const char *text)
{
    static const char digits[] = "0123456789";
    bool has_digit             = strpbrk(text, digits) != NULL;

    if (take == GMQ_TAKE_EVENT || take == GMQ_TAKE_COUNT)
        return has_digit && text[strspn(text, "0123456789# \t")] == '\0';
    return take == GMQ_TAKE_TIME ? has_digit : text[strspn(text, " \t")] != '\0';
}

static GmqAnswer
answer_task(GmqWalk *walk, const char *text, char **say)
{
    const GmqTask *task = gmq_walk_step(walk)->task;

    if (!may_be(task->take, text)) {
        *say = g_strdup(_(wanted[task->take]));
        return GMQ_ANSWER_NONE;
    }
    if (!gmq_task_is_answer(task, text)) {
        *say = gmq_walk_is_done(walk)
                   ? g_strdup_printf(_("No. You had found it before: %s."), task->answer)
                   : g_strdup_printf(_("No, that is not it. %s Look again, or ask for the hint."),
                                     _(wanted[task->take]));
        return GMQ_ANSWER_WRONG;
    }
    gmq_walk_set_done(walk);
    *say = g_strdup_printf(_("Right: %s."), task->answer);
    return GMQ_ANSWER_RIGHT;
}

GmqAnswer
gmq_walk_answer(GmqWalk *walk, const char *text, char **say)
{
    switch (gmq_walk_place(walk)) {
    case GMQ_WALK_PREDICT:
        return answer_predict(walk, text, say);
    case GMQ_WALK_INVESTIGATE:
        return answer_task(walk, text, say);
    default:
        *say = g_strdup(_("Nothing is asked here."));
        return GMQ_ANSWER_NONE;
    }
}

/* ---- help ---- */

/* The ladder of that step; NULL without one. */
static const GPtrArray *
find_ladder(const GmqStep *step)
{
    if (step->kind == GMQ_STEP_MODIFY)
        return step->modify->hints;
    return step->kind == GMQ_STEP_MAKE ? step->make->hints : NULL;
}

/* Notes that the hint of that number was read, unless the step is done already. */
static void
note_hint(GmqWalk *walk, unsigned step, unsigned number)
{
    if (step >= walk->furthest.step)
        walk->steps[step].n_hints = number;
}

/* The next rung of the ladder of that step; NULL without one. */
static char *
climb(GmqWalk *walk, unsigned step)
{
    const GPtrArray *ladder = find_ladder(gmq_lesson_step(walk->lesson, step));

    if (ladder == NULL || ladder->len == 0)
        return NULL;
    unsigned next = MIN(walk->steps[step].n_hints + 1, ladder->len);
    note_hint(walk, step, next);
    return g_strdup_printf(_("Hint %u of %u: %s"), next, ladder->len,
                           (const char *)ladder->pdata[next - 1]);
}

char *
gmq_walk_hint(GmqWalk *walk)
{
    GmqWalkPlace place = gmq_walk_place(walk);

    if (place == GMQ_WALK_PASSED)
        return NULL;
    if (place != GMQ_WALK_INVESTIGATE)
        return climb(walk, walk->at.step);
    note_hint(walk, walk->at.step, 1);
    return g_strdup_printf(_("Hint: %s"), gmq_walk_step(walk)->task->hint);
}

char *
gmq_walk_exercise_hint(GmqWalk *walk)
{
    for (unsigned i = 0; i < walk->n_steps; i++) {
        if (gmq_lesson_step(walk->lesson, i)->kind == GMQ_STEP_MODIFY)
            return climb(walk, i);
    }
    return NULL;
}

char *
gmq_walk_give_up(GmqWalk *walk)
{
    if (gmq_walk_place(walk) != GMQ_WALK_INVESTIGATE)
        return NULL;
    const GmqTask *task = gmq_walk_step(walk)->task;

    gmq_walk_note_solution(walk);
    gmq_walk_set_done(walk);
    return g_strdup_printf(_("The answer is %s. This finds it: %s"), task->answer, task->find);
}

void
gmq_walk_note_solution(GmqWalk *walk)
{
    if (gmq_walk_place(walk) != GMQ_WALK_PASSED && !gmq_walk_is_done(walk))
        gmq_walk_here(walk)->is_shown = true;
}

void
gmq_walk_note_modify_solution(GmqWalk *walk)
{
    for (unsigned i = walk->furthest.step; i < walk->n_steps; i++) {
        if (gmq_lesson_step(walk->lesson, i)->kind == GMQ_STEP_MODIFY)
            walk->steps[i].is_shown = true;
    }
}

void
gmq_walk_pass(GmqWalk *walk)
{
    GmqWalkPlace place = gmq_walk_place(walk);

    g_assert(place == GMQ_WALK_MODIFY || place == GMQ_WALK_MAKE);
    gmq_walk_set_done(walk);
}
