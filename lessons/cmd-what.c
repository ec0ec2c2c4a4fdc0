#include "lessons/cmd-what.h"

#include <stdio.h>
#include <stdlib.h>

#include "lessons/glossary.h"
#include "lessons/shelf.h"
#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/figure.h"
#include "viz/glyphs.h"

/* The width of lessons, too. */
#define WIDTH 72

static char *from;
static gboolean text_only;
static gboolean ascii;

static const GOptionEntry entries[] = {
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from,
     N_("Take the glossary of these lessons instead of those that come with the program"), "DIR"},
    {"text", 0, 0, G_OPTION_ARG_NONE, &text_only,
     N_("Tell the picture in sentences, for those who cannot see it"), NULL},
    {"ascii", 0, 0, G_OPTION_ARG_NONE, &ascii, N_("Draw with ASCII characters only"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command      = "what",
    .arguments    = "[TERM...]",
    .summary      = N_("Tells what a word means, with a picture and the lesson that "
                            "teaches it. Without TERM it\n"
                            "lists all words."),
    .more         = N_("Examples:\n"
                               "  glassmq what\n"
                               "  glassmq what prefetch\n"
                               "  glassmq what dead letter\n"
                               "  glassmq what --lang ko prefetch\n\n"
                               "Exit status: 0 done, 1 nobody explains that word, 2 wrong use, "
                               "3 the glossary is wrong."),
    .entries      = entries,
    .n_files_most = 16,
};

/* ---- all words ---- */

static void
add_wrapped(GString *out, const char *text, int width, const char *margin)
{
    g_auto(GStrv) lines = gmq_text_wrap(GMQ_GLYPHS_UTF8, text, width);

    for (char **line = lines; *line != NULL; line++)
        g_string_append_printf(out, "%s%s\n", margin, *line);
}

static void
add_list(const GmqGlossary *glossary, GString *out)
{
    unsigned lesson = 0;

    g_string_append(out, _("All words, in the order of the lessons that explain them:\n"));
    for (unsigned i = 0; gmq_glossary_at(glossary, i) != NULL; i++) {
        const GmqTerm *term = gmq_glossary_at(glossary, i);
        if (i == 0 || term->lesson != lesson)
            g_string_append_printf(
                out, term->lesson > 0 ? _("\nLesson %u\n") : _("\nIn no lesson\n"), term->lesson);
        lesson = term->lesson;
        g_string_append_printf(out, "  %s\n", gmq_term_text(term, gmq_language())->term);
    }
    g_string_append(out, _("\nglassmq what WORD tells what one means.\n"));
}

/* ---- one word ---- */

static void
add_see(const GmqGlossary *glossary, const GmqTerm *term, GString *out)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (char **see = term->see; see != NULL && *see != NULL; see++) {
        const GmqTerm *other = gmq_glossary_find(glossary, *see);
        g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                               gmq_term_text(other, gmq_language())->term);
    }
    if (list->len > 0)
        g_string_append_printf(out, _("See also: %s\n"), list->str);
}

static char *
draw(const GmqFigure *figure, const char *moment, GError **error)
{
    GmqGlyphs glyphs = gmq_glyphs_choose(GMQ_GLYPHS_UTF8, ascii || gmq_command_is_ascii());
    g_autoptr(GmqScreen) screen = gmq_figure_draw(figure, moment, WIDTH, 0, glyphs, error);

    return screen != NULL ? gmq_screen_to_text(screen) : NULL;
}

/* "FILE#MOMENT" as a picture; in sentences when that was asked for. */
static bool
add_picture(const char *directory, const char *picture, GString *out, GError **error)
{
    g_auto(GStrv) parts         = g_strsplit(picture, "#", 2);
    const char *moment          = parts[1] != NULL ? parts[1] : "end";
    g_autofree char *path       = g_build_filename(directory, parts[0], NULL);
    g_autoptr(GmqFigure) figure = gmq_figure_new(path, error);

    if (figure == NULL)
        return false;
    g_autofree char *rows =
        text_only ? gmq_figure_tell(figure, moment, error) : draw(figure, moment, error);
    if (rows == NULL)
        return false;
    g_autofree char *file = g_canonicalize_filename(path, NULL);
    g_string_append_printf(out, "\n%s\n", rows);
    g_string_append_printf(out, _("To see it move: glassmq view %s --at %s\n"), file, moment);
    return true;
}

static int
explain(const char *directory, const GmqGlossary *glossary, const GmqTerm *term)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    const GmqTermText *text = gmq_term_text(term, gmq_language());

    if (text == &term->words)
        g_string_append_printf(out, "%s\n\n", text->term);
    else
        g_string_append_printf(out, "%s - %s\n\n", text->term, term->words.term);
    add_wrapped(out, text->meaning, WIDTH - 2, "  ");
    if (term->picture != NULL && !add_picture(directory, term->picture, out, &error)) {
        fprintf(stderr, "glassmq what: %s\n", error->message);
        return GMQ_EXIT_FILE;
    }
    if (term->picture == NULL)
        g_string_append_c(out, '\n');
    if (term->lesson > 0)
        g_string_append_printf(out, _("Lesson %u explains it: glassmq lesson %u\n"), term->lesson,
                               term->lesson);
    add_see(glossary, term, out);
    gmq_command_flush(out);
    return EXIT_SUCCESS;
}

static int
refuse(const GmqGlossary *glossary, const char *word)
{
    const char *nearest = gmq_glossary_nearest(glossary, word);

    fprintf(stderr, _("glassmq what: nobody explains \"%s\" here."), word);
    if (nearest != NULL)
        fprintf(stderr, _(" Did you mean \"%s\"?"), nearest);
    fputs(_(" glassmq what lists all words.\n"), stderr);
    return EXIT_FAILURE;
}

static int
tell(char **words)
{
    g_autoptr(GError) error         = NULL;
    const char *directory           = from != NULL ? from : gmq_shelf_directory();
    g_autoptr(GmqGlossary) glossary = gmq_glossary_load(directory, &error);

    if (glossary == NULL) {
        fprintf(stderr, "glassmq what: %s\n", error->message);
        return GMQ_EXIT_FILE;
    }
    if (words[0] == NULL) {
        g_autoptr(GString) out = g_string_new(NULL);
        add_list(glossary, out);
        gmq_command_flush(out);
        return EXIT_SUCCESS;
    }
    g_autofree char *word = g_strjoinv(" ", words);
    const GmqTerm *term   = gmq_glossary_find(glossary, word);
    return term != NULL ? explain(directory, glossary, term) : refuse(glossary, word);
}

int
gmq_cmd_what(int argc, char **argv)
{
    g_auto(GStrv) words = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &words);

    if (status == GMQ_USAGE_GO_ON)
        status = tell(words);
    g_clear_pointer(&from, g_free);
    text_only = FALSE;
    ascii     = FALSE;
    return status;
}
