/* lint-words.c - no word of the field stands in a lesson before the lesson that explains it. */
#include <string.h>

#include "lessons/glossary.h"
#include "lessons/lint-private.h"

/* ---- finding a word ---- */

static bool
is_word(char c)
{
    return g_ascii_isalnum(c) || c == '_' || (c & 0x80) != 0;
}

/* Whether the text, in small letters, has the word on its own. */
static bool
has_word(const char *text, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == text || !is_word(at[-1])) && !is_word(at[size]))
            return true;
    }
    return false;
}

static bool
has_form(const char *text, const char *form)
{
    g_autofree char *small = g_utf8_strdown(form, -1);

    return *small != '\0' && has_word(text, small);
}

static bool
has_term(const char *text, const GmqTerm *term)
{
    if (has_form(text, term->words.term))
        return true;
    for (unsigned i = 0; term->words.also != NULL && term->words.also[i] != NULL; i++) {
        if (has_form(text, term->words.also[i]))
            return true;
    }
    return false;
}

/* ---- texts ---- */

/* The text in small letters, in one line, without code and pictures; the caller frees it. What is
 * code is a name, and not a word that must be known. */
static char *
prose_of(const char *text)
{
    g_auto(GStrv) lines    = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    bool is_code           = false;
    bool is_fenced         = false;

    for (unsigned i = 0; lines[i] != NULL; i++) {
        bool is_fence = g_str_has_prefix(lines[i], "```");
        is_fenced     = is_fence ? !is_fenced : is_fenced;
        if (is_fence || is_fenced || g_str_has_prefix(lines[i], "!["))
            continue;
        for (const char *at = lines[i]; *at != '\0'; at++) {
            is_code = *at == '`' ? !is_code : is_code;
            if (!is_code && *at != '*')
                g_string_append_c(out, *at == '`' ? ' ' : *at);
        }
        g_string_append_c(out, ' ');
    }
    return g_utf8_strdown(out->str, -1);
}

typedef struct {
    GmqLint *lint;
    const GmqGlossary *glossary;
    GPtrArray *told; /* of GmqTerm: each is told once */
} Words;

static void
check_text(Words *words, unsigned line, const char *text)
{
    const GmqLesson *lesson = words->lint->lesson;
    g_autofree char *prose  = prose_of(text);

    for (unsigned i = 0; gmq_glossary_at(words->glossary, i) != NULL; i++) {
        const GmqTerm *term = gmq_glossary_at(words->glossary, i);
        if (term->is_everyday || term->lesson <= lesson->number || !has_term(prose, term) ||
            g_ptr_array_find(words->told, term, NULL))
            continue;
        g_ptr_array_add(words->told, (GmqTerm *)term);
        gmq_problems_add(lesson->problems, line, 1,
                         "The word \"%s\" is explained in lesson %u only: say it without it, or "
                         "mark it as `code` when it is a name.",
                         term->words.term, term->lesson);
    }
}

static void
check_value(Words *words, const GmqYaml *node)
{
    if (node->type == GMQ_YAML_SCALAR)
        check_text(words, node->line, node->text);
    for (unsigned i = 0; node->type == GMQ_YAML_LIST && i < node->items->len; i++)
        check_value(words, node->items->pdata[i]);
}

/* The values of a block that are read by the learner. */
static void
check_block(Words *words, const GmqYaml *block)
{
    static const char *const read[] = {"question", "choices", "why", "hint", "task", "hints"};

    for (size_t i = 0; i < G_N_ELEMENTS(read); i++) {
        const GmqYaml *node = gmq_yaml_find(block, read[i]);
        if (node != NULL)
            check_value(words, node);
    }
}

static void
check_steps(Words *words)
{
    const GmqLesson *lesson = words->lint->lesson;

    check_text(words, 1, lesson->title);
    for (unsigned i = 0; i < lesson->steps->len; i++) {
        const GmqStep *step  = gmq_lesson_step(lesson, i);
        const GmqYaml *block = gmq_step_yaml(step);
        check_text(words, step->line, step->heading);
        check_text(words, step->line, step->text);
        if (block != NULL)
            check_block(words, block);
    }
}

/* ---- the terms at the head ---- */

static bool
lists(const GmqLesson *lesson, const GmqGlossary *glossary, const GmqTerm *term)
{
    for (unsigned i = 0; i < lesson->terms->len; i++) {
        if (gmq_glossary_find(glossary, lesson->terms->pdata[i]) == term)
            return true;
    }
    return false;
}

static void
check_listed(Words *words)
{
    const GmqLesson *lesson = words->lint->lesson;

    for (unsigned i = 0; gmq_glossary_at(words->glossary, i) != NULL; i++) {
        const GmqTerm *term = gmq_glossary_at(words->glossary, i);
        if (term->lesson == lesson->number && !lists(lesson, words->glossary, term))
            gmq_lint_complain(words->lint, lesson->head, "terms",
                              "The glossary says that this lesson explains \"%s\".",
                              term->words.term);
    }
}

static void
check_head(Words *words)
{
    const GmqLesson *lesson = words->lint->lesson;

    for (unsigned i = 0; i < lesson->terms->len; i++) {
        const char *text    = lesson->terms->pdata[i];
        const GmqTerm *term = gmq_glossary_find(words->glossary, text);
        const char *nearest = gmq_glossary_nearest(words->glossary, text);
        if (term == NULL && nearest != NULL)
            gmq_lint_complain(words->lint, lesson->head, "terms",
                              "\"%s\" is not in the glossary. Did you mean \"%s\"?", text, nearest);
        else if (term == NULL)
            gmq_lint_complain(words->lint, lesson->head, "terms", "\"%s\" is not in the glossary.",
                              text);
        else if (term->lesson != lesson->number)
            gmq_lint_complain(words->lint, lesson->head, "terms",
                              "The glossary says that lesson %u explains \"%s\".", term->lesson,
                              text);
    }
}

void
gmq_lint_words(GmqLint *lint)
{
    g_autofree char *whole          = g_canonicalize_filename(lint->lesson->folder, NULL);
    g_autofree char *directory      = g_path_get_dirname(whole);
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqGlossary) glossary = gmq_glossary_load(directory, &error);
    g_autoptr(GPtrArray) told       = g_ptr_array_new();
    Words words                     = {lint, glossary, told};

    /* Lessons that stand alone have no glossary. */
    if (glossary == NULL && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return;
    if (glossary == NULL) {
        gmq_problems_add(lint->lesson->problems, 1, 1, "The glossary is wrong: %s", error->message);
        return;
    }
    if (lint->is_whole) {
        check_head(&words);
        check_listed(&words);
    }
    check_steps(&words);
}
