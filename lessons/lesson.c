#include "lessons/lesson.h"

#include <string.h>

#include "lessons/lesson-private.h"
#include "lessons/shelf.h"
#include "lessons/twin.h"
#include "sim/units.h"

G_DEFINE_QUARK(gmq - lesson - error - quark, gmq_lesson_error)

/* ---- words ---- */

const char *
gmq_take_name(GmqTake take)
{
    static const char *const names[GMQ_N_TAKES] = {
        [GMQ_TAKE_EVENT] = "event",   [GMQ_TAKE_MESSAGE] = "message", [GMQ_TAKE_QUEUE] = "queue",
        [GMQ_TAKE_CLIENT] = "client", [GMQ_TAKE_TIME] = "time",       [GMQ_TAKE_COUNT] = "count",
    };

    g_assert(take < GMQ_N_TAKES);
    return names[take];
}

const char *
gmq_step_kind_name(GmqStepKind kind)
{
    static const char *const names[GMQ_N_STEP_KINDS] = {
        [GMQ_STEP_READ] = "read",     [GMQ_STEP_PREDICT] = "predict",
        [GMQ_STEP_MODIFY] = "modify", [GMQ_STEP_INVESTIGATE] = "investigate",
        [GMQ_STEP_MAKE] = "make",
    };

    g_assert(kind < GMQ_N_STEP_KINDS);
    return names[kind];
}

/* ---- a folder ---- */

/* "lesson.ko.md" when it is there. */
static void
choose_text(GmqLesson *lesson, const char *language)
{
    g_autofree char *name = g_strdup_printf("lesson.%s.md", language);

    lesson->path = g_build_filename(lesson->folder, name, NULL);
    if (strcmp(language, "en") != 0 && g_file_test(lesson->path, G_FILE_TEST_EXISTS)) {
        lesson->language = g_strdup(language);
        return;
    }
    g_free(lesson->path);
    lesson->path     = g_build_filename(lesson->folder, "lesson.md", NULL);
    lesson->language = g_strdup("en");
}

/* Its last part, whatever way leads there: "." is called as the folder is. */
static char *
name_of(const char *folder)
{
    g_autofree char *whole = g_canonicalize_filename(folder, NULL);

    return g_path_get_basename(whole);
}

static GmqLesson *
new_lesson(const char *folder, const char *language)
{
    GmqLesson *lesson = g_new0(GmqLesson, 1);

    lesson->folder    = g_strdup(folder);
    lesson->name      = name_of(folder);
    lesson->number    = gmq_shelf_number(lesson->name);
    lesson->title     = "";
    lesson->steps     = g_ptr_array_new_with_free_func(g_free);
    lesson->documents = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_yaml_free);
    lesson->blocks    = g_ptr_array_new_with_free_func(g_free);
    lesson->arrays    = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    lesson->texts     = g_string_chunk_new(4096);
    lesson->terms     = g_ptr_array_new();
    g_ptr_array_add(lesson->arrays, lesson->terms);
    choose_text(lesson, language);
    return lesson;
}

void
gmq_lesson_free(GmqLesson *lesson)
{
    if (lesson == NULL)
        return;
    g_ptr_array_unref(lesson->steps);
    g_ptr_array_unref(lesson->documents);
    g_ptr_array_unref(lesson->blocks);
    g_ptr_array_unref(lesson->arrays);
    g_string_chunk_free(lesson->texts);
    gmq_problems_free(lesson->problems);
    g_free(lesson->text);
    g_free(lesson->path);
    g_free(lesson->language);
    g_free(lesson->name);
    g_free(lesson->folder);
    g_free(lesson);
}

GmqLesson *
gmq_lesson_open(const char *folder, const char *language, GError **error)
{
    g_autoptr(GmqLesson) lesson = new_lesson(folder, language);
    size_t size                 = 0;

    lesson->text = gmq_scenario_read_file(lesson->path, &size, error);
    if (lesson->text == NULL)
        return NULL;
    lesson->problems = gmq_problems_new(lesson->path, lesson->text);
    if (size > GMQ_YAML_SIZE_MAX)
        gmq_problems_add(lesson->problems, 1, 1, "This file is larger than %u bytes; no lesson is.",
                         GMQ_YAML_SIZE_MAX);
    else if (strlen(lesson->text) != size || !g_utf8_validate(lesson->text, (gssize)size, NULL))
        gmq_problems_add(lesson->problems, 1, 1, "This is not UTF-8 text.");
    else
        gmq_lesson_read_pages(lesson);
    return g_steal_pointer(&lesson);
}

GmqLesson *
gmq_lesson_load(const char *folder, const char *language, GError **error)
{
    g_autoptr(GmqLesson) lesson = gmq_lesson_open(folder, language, error);

    if (lesson == NULL || gmq_problems_count(lesson->problems) == 0)
        return g_steal_pointer(&lesson);
    g_autofree char *text = gmq_problems_text(lesson->problems);
    g_set_error_literal(error, GMQ_LESSON_ERROR, GMQ_LESSON_ERROR_WRONG, text);
    return NULL;
}

/* ---- what is in it ---- */

char *
gmq_lesson_file(const GmqLesson *lesson, const char *name)
{
    return gmq_twin_path(lesson->folder, name, lesson->language);
}

const GmqStep *
gmq_lesson_step(const GmqLesson *lesson, unsigned index)
{
    g_assert(index < lesson->steps->len);
    return lesson->steps->pdata[index];
}

static const GmqStep *
find_step(const GmqLesson *lesson, GmqStepKind kind)
{
    for (unsigned i = 0; i < lesson->steps->len; i++) {
        const GmqStep *step = gmq_lesson_step(lesson, i);
        if (step->kind == kind)
            return step;
    }
    return NULL;
}

const GmqYaml *
gmq_step_yaml(const GmqStep *step)
{
    switch (step->kind) {
    case GMQ_STEP_PREDICT:
        return step->predict->yaml;
    case GMQ_STEP_INVESTIGATE:
        return step->task->yaml;
    case GMQ_STEP_MODIFY:
        return step->modify->yaml;
    case GMQ_STEP_MAKE:
        return step->make->yaml;
    default:
        return NULL;
    }
}

const char *
gmq_step_scenario(const GmqStep *step)
{
    switch (step->kind) {
    case GMQ_STEP_PREDICT:
        return step->predict->scenario;
    case GMQ_STEP_INVESTIGATE:
        return step->task->scenario;
    default:
        return NULL;
    }
}

const GmqModify *
gmq_lesson_modify(const GmqLesson *lesson)
{
    const GmqStep *step = find_step(lesson, GMQ_STEP_MODIFY);

    return step == NULL ? NULL : step->modify;
}

const GmqMake *
gmq_lesson_make(const GmqLesson *lesson)
{
    const GmqStep *step = find_step(lesson, GMQ_STEP_MAKE);

    return step == NULL ? NULL : step->make;
}

/* Without what does not count; the caller frees it. */
static char *
bare(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c != '#' && !g_unichar_isspace(c))
            g_string_append_unichar(out, g_unichar_tolower(c));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* "5" where "p1-5" is meant, when only p1 sends. */
static bool
is_number_of(const GmqTask *task, const char *wanted, const char *got)
{
    if (task->take != GMQ_TAKE_MESSAGE || task->sender == NULL)
        return false;
    g_autofree char *sender = bare(task->sender);
    g_autofree char *whole  = g_strconcat(sender, "-", got, NULL);
    return strcmp(wanted, whole) == 0;
}

/* "1.5s" where "1.500s" is meant. */
static bool
is_same_time(const GmqTask *task, const char *wanted, const char *got)
{
    int64_t wanted_ns = 0;
    int64_t got_ns    = 0;

    return task->take == GMQ_TAKE_TIME && gmq_read_duration(wanted, &wanted_ns) &&
           gmq_read_duration(got, &got_ns) && wanted_ns == got_ns;
}

bool
gmq_task_is_answer(const GmqTask *task, const char *given)
{
    if (!g_utf8_validate(given, -1, NULL))
        return false;
    g_autofree char *wanted = bare(task->answer);
    g_autofree char *got    = bare(given);

    return strcmp(wanted, got) == 0 || is_number_of(task, wanted, got) ||
           is_same_time(task, wanted, got);
}
