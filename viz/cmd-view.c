#include "viz/cmd-view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cmd-shared.h"
#include "sim/load.h"
#include "sim/story.h"
#include "viz/curses.h"

static char *render;
static char *at_text;
static char *seed_text;
static gboolean ascii;
static gboolean no_color;

static const GOptionEntry entries[] = {
    {"render", 0, 0, G_OPTION_ARG_STRING, &render,
     "Print one screen of that size as text and leave", "WxH"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     "Begin after that event (default: the first caption)", "EVENT"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     "Run the scenario with that seed instead of its own", "N"},
    {"ascii", 0, 0, G_OPTION_ARG_NONE, &ascii, "Draw with ASCII characters only", NULL},
    {"no-color", 0, 0, G_OPTION_ARG_NONE, &no_color,
     "No colours, as when NO_COLOR is set in the environment", NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "view",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = "Shows a run on the terminal: Space runs it, . and , step forward and back, ? "
                     "helps, q leaves.\nWhen stdout is no terminal, the run is told as by "
                     "glassmq run.",
    .more          = "Examples:\n"
                     "  glassmq view scenarios/01-hello-queue.yaml\n"
                     "  glassmq view scenarios/06-worker-dies.yaml --render 80x24 --at 120\n\n"
                     "Exit status: 0 in the end, 2 for wrong use, 3 when FILE is wrong.",
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

typedef struct {
    int width;
    int height;
} Size;

static void
forget_options(void)
{
    g_clear_pointer(&render, g_free);
    g_clear_pointer(&at_text, g_free);
    g_clear_pointer(&seed_text, g_free);
    ascii    = FALSE;
    no_color = FALSE;
}

/* Reads "80x24". */
static bool
read_size(const char *text, Size *size)
{
    uint64_t width  = 0;
    uint64_t height = 0;
    const char *x   = strchr(text, 'x');

    if (x == NULL)
        return false;
    g_autofree char *left = g_strndup(text, (size_t)(x - text));
    if (!g_ascii_string_to_unsigned(left, 10, 1, GMQ_VIEW_WIDTH_MAX, &width, NULL) ||
        !g_ascii_string_to_unsigned(x + 1, 10, 1, GMQ_VIEW_HEIGHT_MAX, &height, NULL))
        return false;
    *size = (Size){(int)width, (int)height};
    return true;
}

static bool
wants_colour(void)
{
    const char *refused = g_getenv("NO_COLOR");

    return !no_color && (refused == NULL || *refused == '\0');
}

/* The same on every machine: only --ascii changes it. */
static void
print_screen(GmqViewer *viewer, Size size)
{
    gmq_viewer_resize(viewer, size.width, size.height);
    g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
    g_autofree char *text       = gmq_screen_to_text(screen);

    fputs(text, stdout);
}

/* For a pipe or a file: the run as "glassmq run" tells it. */
static void
print_story(const GmqStage *stage, bool is_ascii)
{
    g_autoptr(GmqStory) story = gmq_story_new(is_ascii);
    g_autoptr(GString) out    = g_string_new(NULL);

    if (stage->scenario != NULL)
        gmq_story_open(story, stage->scenario, out);
    for (uint64_t n = 1; n <= gmq_trace_length(stage->trace); n++)
        gmq_story_add(story, gmq_trace_event(stage->trace, n), out);
    gmq_story_close(story, out);
    fputs(out->str, stdout);
}

static int
show(const GmqStage *stage, uint64_t event, const Size *size)
{
    bool on_terminal  = size == NULL && gmq_curses_can_run();
    GmqGlyphs glyphs  = on_terminal ? gmq_curses_glyphs() : GMQ_GLYPHS_UTF8;
    uint64_t n_events = gmq_trace_length(stage->trace);

    if (event > n_events)
        return gmq_usage_wrong(
            &usage, "the run has %" G_GUINT64_FORMAT " events, so --at %s is behind its end",
            n_events, at_text);

    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, ascii ? GMQ_GLYPHS_ASCII : glyphs);
    gmq_viewer_go(viewer, at_text != NULL ? event : gmq_stage_opening(stage));
    if (size != NULL)
        print_screen(viewer, *size);
    else if (on_terminal)
        gmq_curses_run(viewer, wants_colour());
    else
        print_story(stage, ascii);
    return EXIT_SUCCESS;
}

static int
view_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;
    uint64_t event          = 0;
    Size size               = {0, 0};

    if (!gmq_usage_number(&usage, "--at", at_text, 0, UINT64_MAX, &event))
        return GMQ_EXIT_USAGE;
    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    if (render != NULL && !read_size(render, &size))
        return gmq_usage_wrong(&usage,
                               "--render takes a size from 1x1 to %dx%d, such as 80x24, "
                               "not \"%s\"",
                               GMQ_VIEW_WIDTH_MAX, GMQ_VIEW_HEIGHT_MAX, render);

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("view", path, error);

    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    return show(stage, event, render != NULL ? &size : NULL);
}

int
gmq_cmd_view(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = view_file(files[0]);
    forget_options();
    return status;
}
