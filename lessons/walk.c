#include "lessons/walk.h"

#include <string.h>

#include "lessons/walk-private.h"
#include "sim/language.h"

/* ---- names of steps ---- */

static unsigned
count_kind(const GmqLesson *lesson, GmqStepKind kind, unsigned n_steps)
{
    unsigned n = 0;

    for (unsigned i = 0; i < n_steps; i++)
        n += gmq_lesson_step(lesson, i)->kind == kind;
    return n;
}

/* "read-2"; what a lesson has but once needs no number when it never has more. */
static char *
step_name(const GmqLesson *lesson, unsigned index)
{
    GmqStepKind kind = gmq_lesson_step(lesson, index)->kind;
    unsigned n       = count_kind(lesson, kind, index) + 1;

    if ((kind == GMQ_STEP_MODIFY || kind == GMQ_STEP_MAKE) && n == 1)
        return g_strdup(gmq_step_kind_name(kind));
    return g_strdup_printf("%s-%u", gmq_step_kind_name(kind), n);
}

GmqWalk *
gmq_walk_new(const GmqLesson *lesson)
{
    GmqWalk *walk = g_new0(GmqWalk, 1);

    walk->lesson  = lesson;
    walk->n_steps = lesson->steps->len;
    walk->steps   = g_new0(GmqWalkStep, walk->n_steps);
    for (unsigned i = 0; i < walk->n_steps; i++)
        walk->steps[i].name = step_name(lesson, i);
    return walk;
}

void
gmq_walk_free(GmqWalk *walk)
{
    if (walk == NULL)
        return;
    for (unsigned i = 0; i < walk->n_steps; i++)
        g_free(walk->steps[i].name);
    g_free(walk->steps);
    g_free(walk);
}

const GmqLesson *
gmq_walk_lesson(const GmqWalk *walk)
{
    return walk->lesson;
}

/* ---- what was kept ---- */

/* Behind the exercise, where a lesson that asks for no program any more goes on; 0 without one. */
static unsigned
find_behind_exercise(const GmqWalk *walk)
{
    for (unsigned i = 0; i < walk->n_steps; i++) {
        if (gmq_lesson_step(walk->lesson, i)->kind == GMQ_STEP_MODIFY)
            return i + 1;
    }
    return 0;
}

/* The index of the step of that name; in a lesson that was changed, of the first one of its kind;
 * or 0. */
static unsigned
find_step(const GmqWalk *walk, const char *name)
{
    size_t kind = strcspn(name, "-");

    for (unsigned i = 0; i < walk->n_steps; i++) {
        if (strcmp(walk->steps[i].name, name) == 0)
            return i;
    }
    for (unsigned i = 0; i < walk->n_steps; i++) {
        if (strcspn(walk->steps[i].name, "-") == kind &&
            strncmp(walk->steps[i].name, name, kind) == 0)
            return i;
    }
    return g_str_has_prefix(name, "make") ? find_behind_exercise(walk) : 0;
}

/* "run-1" is the second half of "predict-1". */
static GmqWalkSpot
find_spot(const GmqWalk *walk, const char *name)
{
    bool is_run           = g_str_has_prefix(name, "run-");
    g_autofree char *step = is_run ? g_strconcat("predict-", name + strlen("run-"), NULL) : NULL;
    unsigned index        = find_step(walk, is_run ? step : name);

    is_run = is_run && index < walk->n_steps &&
             gmq_lesson_step(walk->lesson, index)->kind == GMQ_STEP_PREDICT;
    return (GmqWalkSpot){.step = index, .is_run = is_run};
}

/* Gives the words of a line to the predictions of the lesson, in order. */
static void
resume_predictions(GmqWalk *walk, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    unsigned next       = 0;

    for (unsigned i = 0; i < walk->n_steps && words[next] != NULL; i++) {
        if (gmq_lesson_step(walk->lesson, i)->kind != GMQ_STEP_PREDICT)
            continue;
        walk->steps[i].is_told  = true;
        walk->steps[i].is_right = strcmp(words[next++], "right") == 0;
    }
}

/* "modify:2", or "modify-solution:1" for one that was shown. */
static void
resume_hint(GmqWalk *walk, const char *word)
{
    static const char shown[] = "-solution";
    const char *colon         = strchr(word, ':');
    g_autofree char *name     = g_strndup(word, colon != NULL ? (gsize)(colon - word) : 0);
    bool is_shown             = g_str_has_suffix(name, shown);

    if (is_shown)
        name[strlen(name) - strlen(shown)] = '\0';
    for (unsigned i = 0; colon != NULL && i < walk->n_steps; i++) {
        if (strcmp(walk->steps[i].name, name) != 0)
            continue;
        if (is_shown)
            walk->steps[i].is_shown = true;
        else
            walk->steps[i].n_hints = (unsigned)g_ascii_strtoull(colon + 1, NULL, 10);
    }
}

static bool
is_before(GmqWalkSpot a, GmqWalkSpot b)
{
    return a.step != b.step ? a.step < b.step : a.is_run < b.is_run;
}

/* A prediction that was made is not asked for again: its run is what can be looked at. */
static void
look_at(GmqWalk *walk, unsigned step)
{
    walk->at = (GmqWalkSpot){.step = step};
    if (step < walk->n_steps)
        walk->at.is_run = walk->steps[step].is_told;
    if (is_before(walk->furthest, walk->at))
        walk->furthest = walk->at;
}

void
gmq_walk_resume(GmqWalk *walk, const GmqProgressLine *line)
{
    if (walk->n_steps == 0 || strcmp(line->step, GMQ_PROGRESS_PASSED) == 0)
        return;
    g_auto(GStrv) hints = g_strsplit(line->hints, ",", -1);

    for (unsigned i = 0; hints[i] != NULL; i++)
        resume_hint(walk, hints[i]);
    resume_predictions(walk, line->predictions);
    walk->furthest = find_spot(walk, line->step);
    if (walk->furthest.is_run)
        walk->steps[walk->furthest.step].is_told = true;
    look_at(walk, walk->furthest.step);
}

bool
gmq_walk_is_behind(const GmqWalk *walk, const GmqProgressLine *line)
{
    return strcmp(line->step, GMQ_PROGRESS_PASSED) == 0 ||
           is_before(walk->furthest, find_spot(walk, line->step));
}

/* ---- what is to be kept ---- */

static char *
progress_step(const GmqWalk *walk)
{
    unsigned step = walk->furthest.step;

    if (step == walk->n_steps)
        return g_strdup(GMQ_PROGRESS_PASSED);
    const char *name = walk->steps[step].name;
    return walk->furthest.is_run ? g_strconcat("run", strchr(name, '-'), NULL) : g_strdup(name);
}

static void add_word(GString *list, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_word(GString *list, const char *format, ...)
{
    va_list args;

    if (list->len > 0)
        g_string_append_c(list, ',');
    va_start(args, format);
    g_string_append_vprintf(list, format, args);
    va_end(args);
}

GmqProgressLine
gmq_walk_line(const GmqWalk *walk, const char *today)
{
    GString *predictions = g_string_new(NULL);
    GString *hints       = g_string_new(NULL);

    for (unsigned i = 0; i < walk->n_steps; i++) {
        const GmqWalkStep *step = &walk->steps[i];

        if (step->is_told)
            add_word(predictions, "%s", step->is_right ? "right" : "wrong");
        if (step->n_hints > 0)
            add_word(hints, "%s:%u", step->name, step->n_hints);
        if (step->is_shown)
            add_word(hints, "%s-solution:1", step->name);
    }
    return (GmqProgressLine){
        .lesson      = g_strdup(walk->lesson->name),
        .step        = progress_step(walk),
        .date        = g_strdup(today),
        .predictions = g_string_free(predictions, FALSE),
        .hints       = g_string_free(hints, FALSE),
    };
}

void
gmq_walk_line_clear(GmqProgressLine *line)
{
    g_clear_pointer(&line->lesson, g_free);
    g_clear_pointer(&line->step, g_free);
    g_clear_pointer(&line->date, g_free);
    g_clear_pointer(&line->predictions, g_free);
    g_clear_pointer(&line->hints, g_free);
}

/* ---- where he is ---- */

GmqWalkPlace
gmq_walk_place(const GmqWalk *walk)
{
    static const GmqWalkPlace places[GMQ_N_STEP_KINDS] = {
        [GMQ_STEP_READ]        = GMQ_WALK_READ,
        [GMQ_STEP_PREDICT]     = GMQ_WALK_PREDICT,
        [GMQ_STEP_INVESTIGATE] = GMQ_WALK_INVESTIGATE,
        [GMQ_STEP_MODIFY]      = GMQ_WALK_MODIFY,
        [GMQ_STEP_MAKE]        = GMQ_WALK_MAKE,
    };

    if (walk->at.step == walk->n_steps)
        return GMQ_WALK_PASSED;
    return walk->at.is_run ? GMQ_WALK_RUN : places[gmq_walk_step(walk)->kind];
}

const GmqStep *
gmq_walk_step(const GmqWalk *walk)
{
    return walk->at.step < walk->n_steps ? gmq_lesson_step(walk->lesson, walk->at.step) : NULL;
}

GmqWalkStep *
gmq_walk_here(const GmqWalk *walk)
{
    g_assert(walk->at.step < walk->n_steps);

    return &walk->steps[walk->at.step];
}

unsigned
gmq_walk_number(const GmqWalk *walk)
{
    return MIN(walk->at.step + 1, walk->n_steps);
}

unsigned
gmq_walk_length(const GmqWalk *walk)
{
    return walk->n_steps;
}

static const char *const place_names[] = {
    [GMQ_WALK_READ] = N_("read"),     [GMQ_WALK_PREDICT] = N_("predict"),
    [GMQ_WALK_RUN] = N_("run"),       [GMQ_WALK_INVESTIGATE] = N_("investigate"),
    [GMQ_WALK_MODIFY] = N_("modify"), [GMQ_WALK_MAKE] = N_("make"),
};

char *
gmq_walk_heading(const GmqWalk *walk)
{
    GmqWalkPlace place = gmq_walk_place(walk);

    if (place == GMQ_WALK_PASSED)
        return g_strdup(_("Passed"));
    const char *name = _(place_names[place]);
    if (place == GMQ_WALK_INVESTIGATE)
        return g_strdup_printf(_("Step %u of %u: %s, task %u of %u"), gmq_walk_number(walk),
                               walk->n_steps, name, gmq_walk_step(walk)->task->number,
                               count_kind(walk->lesson, GMQ_STEP_INVESTIGATE, walk->n_steps));
    return g_strdup_printf(_("Step %u of %u: %s"), gmq_walk_number(walk), walk->n_steps, name);
}

bool
gmq_walk_is_done(const GmqWalk *walk)
{
    return is_before(walk->at, walk->furthest);
}

/* ---- going ---- */

void
gmq_walk_set_done(GmqWalk *walk)
{
    const GmqWalkSpot behind = {.step = walk->at.step + 1};

    if (is_before(walk->furthest, behind))
        walk->furthest = behind;
}

/* What must be done at a place; NULL: nothing. */
static const char *
find_duty(const GmqWalk *walk)
{
    switch (gmq_walk_place(walk)) {
    case GMQ_WALK_PREDICT:
        return N_("First make your prediction: give the number of a choice.");
    case GMQ_WALK_INVESTIGATE:
        return N_("First answer the task. A hint helps.");
    case GMQ_WALK_MODIFY:
        return N_("First change the file until the check passes. A hint helps.");
    case GMQ_WALK_MAKE:
        return N_("First write the program until the check passes. A hint helps.");
    case GMQ_WALK_PASSED:
        return N_("This is the end of the lesson.");
    default:
        return NULL;
    }
}

bool
gmq_walk_next(GmqWalk *walk, char **say)
{
    const char *duty = gmq_walk_is_done(walk) ? NULL : find_duty(walk);

    if (duty != NULL) {
        if (say != NULL)
            *say = g_strdup(_(duty));
        return false;
    }
    gmq_walk_set_done(walk);
    look_at(walk, walk->at.step + 1);
    return true;
}

bool
gmq_walk_back(GmqWalk *walk)
{
    if (walk->at.step == 0)
        return false;
    look_at(walk, walk->at.step - 1);
    return true;
}
