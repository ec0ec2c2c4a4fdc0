#include "lessons/cmd-present.h"

#include <stdio.h>
#include <stdlib.h>

#include "lessons/presenter.h"
#include "lessons/shelf.h"
#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/cmd-shared.h"
#include "viz/curses.h"
#include "viz/glyphs.h"

static char *from;
static char *render;
static char *slide_text;

static const GOptionEntry entries[] = {
    {"slide", 0, 0, G_OPTION_ARG_STRING, &slide_text, N_("Begin with that slide"), "N"},
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from,
     N_("Take the lessons of that directory instead of those that come with the program"), "DIR"},
    {"render", 0, 0, G_OPTION_ARG_STRING, &render,
     N_("Print the slides as text, as screens of that size, and leave; with --slide that one"),
     "WxH"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "present",
    .arguments     = "LESSON|FILE.yaml|TRACE",
    .summary       = N_("Shows a lesson, a scenario or a trace as slides for the front "
                              "of a class: Space goes on, ?\n"
                              "helps, q leaves. A question and its answer are two slides."),
    .more          = N_("Examples:\n"
                                 "  glassmq present 5\n"
                                 "  glassmq present lessons/05-ack --lang ko\n"
                                 "  glassmq present scenarios/06-worker-dies.yaml\n"
                                 "  glassmq present scenarios/06-worker-dies.yaml --render "
                                 "80x24\n\n"
                                 "Exit status: 0 in the end, 2 for wrong use, 3 when the file is "
                                 "wrong."),
    .entries       = entries,
    .shared        = gmq_command_look_entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

/* ---- what is shown ---- */

static GmqDeck *
deck_of_folder(const char *folder, GError **error)
{
    g_autoptr(GmqLesson) lesson = gmq_lesson_load(folder, gmq_language(), error);

    return lesson != NULL ? gmq_deck_of_lesson(lesson, error) : NULL;
}

/* What is no file is a lesson's number or name. */
static GmqDeck *
open_deck(const char *what, GError **error)
{
    unsigned index = 0;

    if (from == NULL && g_file_test(what, G_FILE_TEST_IS_DIR))
        return deck_of_folder(what, error);
    if (from == NULL && g_file_test(what, G_FILE_TEST_EXISTS))
        return gmq_deck_of_run(what, error);

    g_autoptr(GmqShelf) shelf = gmq_shelf_new(from != NULL ? from : gmq_shelf_directory(), error);
    if (shelf == NULL || !gmq_shelf_find(shelf, what, &index, error))
        return NULL;
    g_autofree char *folder =
        g_build_filename(shelf->directory, gmq_shelf_name(shelf, index), NULL);
    return deck_of_folder(folder, error);
}

/* ---- on a terminal ---- */

GMQ_DEFINE_CURSES_FACE(face, GmqPresenter, gmq_presenter);

/* ---- as text ---- */

static void
print_slides(GmqPresenter *presenter, unsigned n_slides, GmqScreenSize size)
{
    gmq_presenter_resize(presenter, size.width, size.height);
    for (unsigned i = 0; i < n_slides; i++) {
        if (slide_text == NULL)
            gmq_presenter_go(presenter, i);
        else if (i > 0)
            break;
        g_autoptr(GmqScreen) screen = gmq_presenter_draw(presenter);
        g_autofree char *text       = gmq_screen_to_text(screen);
        fputs(text, stdout);
    }
}

static int
present(const char *what, const GmqLook *look, GmqScreenSize size)
{
    g_autoptr(GError) error = NULL;
    uint64_t slide          = 1;
    bool on_terminal        = render == NULL && gmq_curses_can_run();
    GmqGlyphs most          = on_terminal ? gmq_curses_glyphs() : GMQ_GLYPHS_UTF8;
    g_autoptr(GmqDeck) deck = open_deck(what, &error);

    if (deck == NULL) {
        fprintf(stderr, "glassmq present: %s\n", error->message);
        return GMQ_EXIT_FILE;
    }
    if (!gmq_usage_number(&usage, "--slide", slide_text, 1, deck->slides->len, &slide))
        return GMQ_EXIT_USAGE;
    g_autoptr(GmqPresenter) presenter =
        gmq_presenter_new(deck, gmq_glyphs_choose(most, look->is_ascii), look->theme);
    gmq_presenter_go(presenter, (unsigned)slide - 1);
    if (on_terminal)
        gmq_curses_show(
            &face, presenter,
            &(GmqCursesOptions){.with_colour = look->with_colour, .with_mouse = look->with_mouse});
    else
        print_slides(presenter, deck->slides->len, size);
    return EXIT_SUCCESS;
}

static void
forget_options(void)
{
    char **texts[] = {&from, &render, &slide_text};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    gmq_command_forget_look();
}

int
gmq_cmd_present(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    GmqScreenSize size  = {80, 24};
    GmqLook look;
    int status = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON &&
        (!gmq_command_read_look(&usage, &look) || !gmq_command_read_size(&usage, render, &size)))
        status = GMQ_EXIT_USAGE;
    if (status == GMQ_USAGE_GO_ON)
        status = present(files[0], &look, size);
    forget_options();
    return status;
}
