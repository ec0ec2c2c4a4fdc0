#include "lessons/lint.h"

#include <string.h>

#include "lessons/lint-private.h"
#include "lessons/shelf.h"
#include "sim/load.h"

void
gmq_lint_complain(GmqLint *lint, const GmqYaml *block, const char *key, const char *format, ...)
{
    const GmqYaml *node = gmq_yaml_find(block, key);
    va_list args;

    node = node == NULL ? block : node;
    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    gmq_problems_add(lint->lesson->problems, node->line, node->column, "%s", sentence);
}

/* ---- one text ---- */

static bool
tell(const GmqLesson *lesson, GString *out)
{
    if (gmq_problems_count(lesson->problems) == 0) {
        g_string_append_printf(out, "%s: fine.\n", lesson->path);
        return true;
    }
    g_autofree char *text = gmq_problems_text(lesson->problems);
    g_string_append_printf(out, "%s\n", text);
    return false;
}

static GmqLesson *
open_text(const char *folder, const char *language, GString *out)
{
    g_autoptr(GError) error = NULL;
    GmqLesson *lesson       = gmq_lesson_open(folder, language, &error);

    if (lesson == NULL)
        g_string_append_printf(out, "%s: %s\n", folder, error->message);
    return lesson;
}

/* What is missing in a text makes no sense to be held against runs. */
static bool
is_whole(const GmqLesson *lesson)
{
    return gmq_problems_count(lesson->problems) == 0;
}

static bool
lint_english(GmqLesson *lesson, GString *out)
{
    g_autoptr(GmqProof) proof = gmq_proof_new(lesson);
    GmqLint lint              = {lesson, proof, is_whole(lesson)};

    if (lint.is_whole)
        gmq_lint_steps(&lint);
    gmq_lint_texts(&lint);
    gmq_lint_words(&lint);
    return tell(lesson, out);
}

/* The facts are proved by the English text, so the twin has to say the same ones. */
static bool
lint_twin(const GmqLesson *lesson, const char *language, GString *out)
{
    g_autoptr(GmqLesson) twin = open_text(lesson->folder, language, out);

    if (twin == NULL || strcmp(twin->language, language) != 0)
        return twin != NULL;
    g_autoptr(GmqProof) proof = gmq_proof_new(twin);
    GmqLint lint              = {twin, proof, is_whole(twin)};
    if (lint.is_whole)
        gmq_lint_twin(&lint, lesson);
    gmq_lint_texts(&lint);
    return tell(twin, out);
}

/* ---- folders ---- */

bool
gmq_lint_lesson(const char *folder, GString *out)
{
    g_autoptr(GmqLesson) lesson = open_text(folder, "en", out);

    if (lesson == NULL)
        return false;
    bool is_whole_text = is_whole(lesson);
    bool is_fine       = lint_english(lesson, out);
    if (!is_whole_text)
        return false; /* its twin would be told the same */
    is_fine = lint_twin(lesson, "ko", out) && is_fine;
    return gmq_lint_twin_runs(folder, "ko", out) && is_fine;
}

static bool
has_lesson(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "lesson.md", NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool
lint_shelf(const char *directory, GString *out)
{
    g_autoptr(GError) error   = NULL;
    g_autoptr(GmqShelf) shelf = gmq_shelf_new(directory, &error);
    bool is_fine              = shelf != NULL;

    if (shelf == NULL)
        g_string_append_printf(out, "%s\n", error->message);
    for (unsigned i = 0; shelf != NULL && i < shelf->names->len; i++) {
        g_autofree char *folder = g_build_filename(directory, gmq_shelf_name(shelf, i), NULL);
        is_fine                 = gmq_lint_lesson(folder, out) && is_fine;
    }
    return is_fine;
}

int
gmq_lint_lessons(const char *const *folders, GString *out)
{
    bool is_fine = true;

    for (unsigned i = 0; folders[i] != NULL; i++)
        is_fine = (has_lesson(folders[i]) ? gmq_lint_lesson(folders[i], out)
                                          : lint_shelf(folders[i], out)) &&
                  is_fine;
    return is_fine ? 0 : GMQ_EXIT_FILE;
}
