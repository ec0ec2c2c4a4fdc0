#include "viz/cmd-view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/story.h"
#include "viz/cmd-shared.h"
#include "viz/curses.h"
#include "viz/glyphs.h"
#include "viz/live-view.h"
#include "viz/moment.h"

static char *render;
static char *at_text;
static char *seed_text;
static char *layout;
static char *pane;
static char *filter;
static char *follow;
static char *connect_path;
static char *vhost;
static gboolean zoom;
static gboolean present;
static gboolean help;

static const GOptionEntry entries[] = {
    {"render", 0, 0, G_OPTION_ARG_STRING, &render,
     N_("Print one screen of that size as text and leave"), "WxH"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     N_("Begin there: an event's number, 1.5s, caption:2, fault:1, start, end (default: the first "
        "caption)"),
     "MOMENT"},
    {"connect", 0, 0, G_OPTION_ARG_FILENAME, &connect_path,
     N_("Show the broker that runs with that data directory; looking changes nothing"), "DIR"},
    {"vhost", 0, 0, G_OPTION_ARG_STRING, &vhost, N_("Of such a broker: the virtual host"), "NAME"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    {"layout", 0, 0, G_OPTION_ARG_STRING, &layout,
     N_("Begin with that layout: flow, ladder, table"), "NAME"},
    {"pane", 0, 0, G_OPTION_ARG_STRING, &pane,
     N_("Begin in that pane: flow, story, events, follow ..."), "NAME"},
    {"zoom", 0, 0, G_OPTION_ARG_NONE, &zoom, N_("That pane fills the screen"), NULL},
    {"filter", 0, 0, G_OPTION_ARG_STRING, &filter,
     N_("Show these events alone: \"kind:deliver,ack queue:tasks\""), "FILTER"},
    {"follow", 0, 0, G_OPTION_ARG_STRING, &follow, N_("Follow that message"), "MESSAGE"},
    {"present", 0, 0, G_OPTION_ARG_NONE, &present,
     N_("For a teacher: answers hidden, captions twice as long, only Space moves time"), NULL},
    {"show-keys", 0, 0, G_OPTION_ARG_NONE, &help, N_("Begin with the help for the pane"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command      = "view",
    .arguments    = "FILE.yaml|TRACE|--connect DIR",
    .summary      = N_("Shows a run on the terminal: Space runs it, . and , step "
                            "forward and back, ? helps, q leaves.\n"
                            "When stdout is no terminal, the run is told as by glassmq run."),
    .more         = N_("Examples:\n"
                               "  glassmq view scenarios/01-hello-queue.yaml\n"
                               "  glassmq view scenarios/06-worker-dies.yaml --render 80x24 "
                               "--at fault:1\n"
                               "  glassmq view scenarios/06-worker-dies.yaml --filter m:5 "
                               "--pane events\n"
                               "  glassmq view --connect /var/lib/glassmq\n\n"
                               "Exit status: 0 in the end, 2 for wrong use, 3 when FILE is "
                               "wrong."),
    .entries      = entries,
    .shared       = gmq_command_look_entries,
    .n_files_most = 1,
};

static void
forget_options(void)
{
    char **texts[]    = {&render, &at_text, &seed_text,    &layout, &pane,
                         &filter, &follow,  &connect_path, &vhost};
    gboolean *words[] = {&zoom, &present, &help};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        *words[i] = FALSE;
    gmq_command_forget_look();
}

/* The same on every machine: only --ascii changes it. */
static void
print_screen(GmqViewer *viewer, GmqScreenSize size)
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

/* The options that set what is shown; a sentence on stderr for what does not exist. */
static bool
set_up(GmqViewer *viewer, const GmqLook *look)
{
    g_autoptr(GError) error = NULL;

    if (layout != NULL && !gmq_viewer_set_layout(viewer, layout, &error)) {
        gmq_usage_wrong(&usage, "--layout: %s", error->message);
        return false;
    }
    if (pane != NULL && !gmq_viewer_set_pane(viewer, pane, &error)) {
        gmq_usage_wrong(&usage, "--pane: %s", error->message);
        return false;
    }
    if (filter != NULL && !gmq_viewer_set_filter(viewer, filter, &error)) {
        gmq_usage_wrong(&usage, "--filter: %s", error->message);
        return false;
    }
    if (follow != NULL && !gmq_viewer_set_follow(viewer, follow, &error)) {
        gmq_usage_wrong(&usage, "--follow: %s", error->message);
        return false;
    }
    if (zoom)
        gmq_viewer_key(viewer, 'z', 0);
    if (help)
        gmq_viewer_key(viewer, '?', 0);
    gmq_viewer_set_presenting(viewer, present);
    gmq_viewer_set_theme(viewer, look->theme);
    return true;
}

static int
show(const GmqStage *stage, const GmqLook *look, const GmqScreenSize *size)
{
    g_autoptr(GError) error = NULL;
    uint64_t event          = gmq_stage_opening(stage);
    bool on_terminal        = size == NULL && gmq_curses_can_run();
    GmqGlyphs most          = on_terminal ? gmq_curses_glyphs() : GMQ_GLYPHS_UTF8;

    if (at_text != NULL && !gmq_moment_read(stage->trace, at_text, &event, &error))
        return gmq_usage_wrong(&usage, "--at: %s", error->message);

    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, gmq_glyphs_choose(most, look->is_ascii));
    if (!set_up(viewer, look))
        return GMQ_EXIT_USAGE;
    gmq_viewer_go(viewer, event);
    if (size != NULL)
        print_screen(viewer, *size);
    else if (on_terminal)
        gmq_curses_run(viewer, &(GmqCursesOptions){.with_colour = look->with_colour,
                                                   .with_mouse  = look->with_mouse});
    else
        print_story(stage, look->is_ascii);
    return EXIT_SUCCESS;
}

/* A broker is looked at as it is now, and on a terminal for as long as one likes. */
static int
view_broker(const GmqLook *look, const GmqScreenSize *size)
{
    g_autoptr(GError) error     = NULL;
    GmqGlyphs most              = size == NULL ? gmq_curses_glyphs() : GMQ_GLYPHS_UTF8;
    g_autoptr(GmqLiveView) view = gmq_live_view_new(connect_path, vhost, &error);

    if (view == NULL) {
        fprintf(stderr, "glassmq view: %s.\n", error->message);
        return EXIT_FAILURE;
    }
    const GmqStage *stage       = gmq_live_view_stage(view);
    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, gmq_glyphs_choose(most, look->is_ascii));
    gmq_viewer_set_layout(viewer, "table", NULL);
    if (!set_up(viewer, look))
        return GMQ_EXIT_USAGE;
    gmq_viewer_set_live(viewer, true);
    gmq_viewer_go(viewer, gmq_trace_length(stage->trace));
    if (size != NULL)
        print_screen(viewer, *size);
    else
        gmq_live_view_run(
            view, viewer,
            &(GmqCursesOptions){.with_colour = look->with_colour, .with_mouse = look->with_mouse});
    return EXIT_SUCCESS;
}

/* What goes with --connect, and what does not. */
static int
check_broker(const char *path, const GmqScreenSize *size)
{
    if (path != NULL)
        return gmq_usage_wrong(&usage, "--connect and %s: there is one run to show", path);
    if (seed_text != NULL || at_text != NULL)
        return gmq_usage_wrong(&usage, "%s is for a run, not for a broker",
                               seed_text != NULL ? "--seed" : "--at");
    if (size == NULL && !gmq_curses_can_run())
        return gmq_usage_wrong(&usage, "--connect needs a terminal, or --render; glassmq tail "
                                       "prints the events as lines");
    return GMQ_USAGE_GO_ON;
}

static int
view_run(const char *path, uint64_t seed, const GmqLook *look, const GmqScreenSize *size)
{
    g_autoptr(GError) error = NULL;

    if (path == NULL)
        return gmq_usage_wrong(&usage, "%s is missing", usage.arguments);

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("view", path, error);

    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    return show(stage, look, size);
}

static int
view_any(const char *path)
{
    uint64_t seed      = 0;
    GmqScreenSize size = {0, 0};
    GmqLook look;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) ||
        !gmq_command_read_look(&usage, &look) || !gmq_command_read_size(&usage, render, &size))
        return GMQ_EXIT_USAGE;
    const GmqScreenSize *wanted = render != NULL ? &size : NULL;
    if (connect_path == NULL)
        return view_run(path, seed, &look, wanted);
    int status = check_broker(path, wanted);
    return status == GMQ_USAGE_GO_ON ? view_broker(&look, wanted) : status;
}

int
gmq_cmd_view(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = view_any(files[0]);
    forget_options();
    return status;
}
