/* lint-twin.c - a lesson in another language says the same: the same steps, with the same facts. */
#include <string.h>

#include "lessons/lint-private.h"
#include "sim/yaml-edit.h"

/* Keys whose values are words of a language; all others are facts. */
static const char *const words[] = {"title", "question", "choices", "why",  "hint",
                                    "task",  "hints",    "tasks",   "terms"};

static bool
is_words(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i], key) == 0)
            return true;
    }
    return false;
}

/* Each fact of the one must be one of the other. */
static void
compare_blocks(GmqLint *twin, const GmqYaml *block, const GmqYaml *other)
{
    for (unsigned i = 0; i < gmq_yaml_count(other); i++) {
        const char *key       = gmq_yaml_key(other, i);
        const GmqYaml *wanted = gmq_yaml_value(other, i);
        const GmqYaml *found  = gmq_yaml_find(block, key);
        if (found == NULL)
            gmq_lint_complain(twin, block, NULL, "The English text has \"%s\" here.", key);
        else if (!is_words(key) && !gmq_yaml_equal(found, wanted))
            gmq_lint_complain(twin, block, key, "\"%s\" is not what the English text says.", key);
        else if (found->type == GMQ_YAML_LIST && is_words(key) &&
                 gmq_yaml_count(found) != gmq_yaml_count(wanted))
            gmq_lint_complain(twin, block, key, "\"%s\" has %u items, and %u in English.", key,
                              gmq_yaml_count(found), gmq_yaml_count(wanted));
    }
    for (unsigned i = 0; i < gmq_yaml_count(block); i++) {
        const char *key = gmq_yaml_key(block, i);
        if (gmq_yaml_find(other, key) == NULL)
            gmq_lint_complain(twin, block, key, "The English text has no \"%s\" here.", key);
    }
}

/* The pictures of a text, one below the other; the caller frees it. */
static char *
pictures_of(const char *text)
{
    g_auto(GStrv) lines    = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; lines[i] != NULL; i++) {
        const char *target = g_str_has_prefix(lines[i], "![") ? strstr(lines[i], "](") : NULL;
        if (target != NULL)
            g_string_append_printf(out, "%s\n", target);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
compare_steps(GmqLint *twin, const GmqStep *step, const GmqStep *other)
{
    g_autofree char *pictures = pictures_of(step->text);
    g_autofree char *wanted   = pictures_of(other->text);

    if (step->kind != other->kind) {
        gmq_problems_add(twin->lesson->problems, step->line, 1,
                         "The English text has a %s step here, and this is a %s step.",
                         gmq_step_kind_name(other->kind), gmq_step_kind_name(step->kind));
        return;
    }
    if (strcmp(pictures, wanted) != 0)
        gmq_problems_add(twin->lesson->problems, step->line, 1,
                         "The English text has other pictures here.");
    if (step->kind == GMQ_STEP_INVESTIGATE &&
        strcmp(step->task->scenario, other->task->scenario) != 0)
        gmq_lint_complain(twin, step->task->yaml, NULL, "The English text looks into %s.",
                          other->task->scenario);
    if (step->kind != GMQ_STEP_READ)
        compare_blocks(twin, gmq_step_yaml(step), gmq_step_yaml(other));
}

void
gmq_lint_twin(GmqLint *twin, const GmqLesson *lesson)
{
    const GmqLesson *own = twin->lesson;
    unsigned n           = MIN(own->steps->len, lesson->steps->len);

    compare_blocks(twin, own->head, lesson->head);
    if (own->steps->len != lesson->steps->len)
        gmq_problems_add(own->problems, 1, 1, "This text has %u steps, and the English one %u.",
                         own->steps->len, lesson->steps->len);
    for (unsigned i = 0; i < n; i++)
        compare_steps(twin, gmq_lesson_step(own, i), gmq_lesson_step(lesson, i));
}
