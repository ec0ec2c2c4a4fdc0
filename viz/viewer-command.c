/* The line behind ":", one table. */
#include <string.h>

#include "core/base/nearest.h"
#include "sim/language.h"
#include "viz/moment.h"
#include "viz/viewer-private.h"

typedef struct {
    GmqViewer *viewer;
    const char *rest; /* of the line; "" for nothing */
    int64_t now_us;
    bool *leaves;
    GError **error;
} Call;

static bool
do_goto(const Call *call)
{
    uint64_t event = 0;

    if (!gmq_moment_read(call->viewer->stage->trace, call->rest, &event, call->error))
        return false;
    gmq_viewer_stop(call->viewer);
    gmq_viewer_go(call->viewer, event);
    return true;
}

static bool
do_filter(const Call *call)
{
    return gmq_viewer_set_filter(call->viewer, call->rest, call->error);
}

static bool
do_search(const Call *call)
{
    if (*call->rest != '\0') {
        g_free(call->viewer->search);
        call->viewer->search = g_strdup(call->rest);
    }
    gmq_press_next_match(call->viewer, 0, call->now_us);
    return true;
}

static bool
do_follow(const Call *call)
{
    return gmq_viewer_set_follow(call->viewer, *call->rest != '\0' ? call->rest : NULL,
                                 call->error);
}

static bool
do_only(const Call *call)
{
    g_free(call->viewer->flow_filter);
    call->viewer->flow_filter                = *call->rest != '\0' ? g_strdup(call->rest) : NULL;
    call->viewer->view.scroll[GMQ_PANE_FLOW] = 0;
    return true;
}

static bool
do_layout(const Call *call)
{
    return gmq_viewer_set_layout(call->viewer, call->rest, call->error);
}

static bool
do_pane(const Call *call)
{
    return gmq_viewer_set_pane(call->viewer, call->rest, call->error);
}

static bool
do_zoom(const Call *call)
{
    gmq_press_zoom(call->viewer, 0, call->now_us);
    return true;
}

static bool
do_speed(const Call *call)
{
    return gmq_viewer_set_speed(call->viewer, call->rest, call->now_us) ||
           gmq_viewer_refuse(call->error,
                             _("there is no speed \"%s\"; there is x0.1, x0.25, x0.5, "
                               "x1, x2, x5, x10, fast, express"),
                             call->rest);
}

static bool
do_theme(const Call *call)
{
    GmqTheme theme = gmq_theme_find(call->rest);

    if (theme == GMQ_N_THEMES)
        return gmq_viewer_refuse(call->error,
                                 _("there is no theme \"%s\"; there is dark, light, "
                                   "mono, contrast"),
                                 call->rest);
    gmq_viewer_set_theme(call->viewer, theme);
    return true;
}

static bool
do_present(const Call *call)
{
    if (strcmp(call->rest, "on") != 0 && strcmp(call->rest, "off") != 0)
        return gmq_viewer_refuse(call->error, _("present takes on or off, not \"%s\""), call->rest);
    gmq_viewer_set_presenting(call->viewer, strcmp(call->rest, "on") == 0);
    return true;
}

static bool
do_export(const Call *call)
{
    return gmq_viewer_export(call->viewer, call->rest, call->error);
}

static bool
do_help(const Call *call)
{
    call->viewer->view.is_help = true;
    return true;
}

static bool
do_quit(const Call *call)
{
    *call->leaves = true;
    return true;
}

typedef struct {
    const char *name;
    const char *rest; /* what it takes; NULL: nothing. In brackets: it may be left out. */
    const char *doc;
    bool (*run)(const Call *call);
    bool moves_time;
} Command;

static const Command commands[] = {
    {"goto", "EVENT|TIME", N_("to #214, 1.47s, start, end, caption:2 or fault:1"), do_goto, true},
    {"filter", "[FILTER]", N_("which events the lists show; nothing: all"), do_filter, false},
    {"search", "[WORDS]", N_("to the next event with these words"), do_search, true},
    {"follow", "[MESSAGE]", N_("a message, such as p1-5; nothing: that of the moment"), do_follow,
     false},
    {"only", "[TEXT]", N_("entities in the flow with that in their name; nothing: all"), do_only,
     false},
    {"layout", "NAME", N_("flow, ladder or table"), do_layout, false},
    {"pane", "NAME", N_("where the cursor is: flow, story, events, follow ..."), do_pane, false},
    {"zoom", NULL, N_("the pane fills the screen, or no longer"), do_zoom, false},
    {"speed", "NAME", N_("x0.1 to x10, fast, or express: nothing is drawn until a stop"), do_speed,
     false},
    {"theme", "NAME", N_("dark, light, mono or contrast"), do_theme, false},
    {"present", "on|off", N_("for a teacher: answers hidden, only Space moves time"), do_present,
     false},
    {"export", "FILE", N_("this moment as .txt .dot .svg .png .pdf .trace or .pcapng"), do_export,
     false},
    {"help", NULL, N_("the keys"), do_help, false},
    {"quit", NULL, N_("leave"), do_quit, false},
};

/* ---- finding ---- */

/* The command that the word is, or begins and no other does. */
static const Command *
find(const char *word)
{
    const Command *found = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, word) == 0)
            return &commands[i];
        if (*word == '\0' || !g_str_has_prefix(commands[i].name, word))
            continue;
        if (found != NULL)
            return NULL;
        found = &commands[i];
    }
    return found;
}

static bool
refuse_word(const char *word, GError **error)
{
    const char *names[G_N_ELEMENTS(commands)];
    g_autoptr(GString) begun = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        names[i] = commands[i].name;
        if (g_str_has_prefix(names[i], word))
            g_string_append_printf(begun, "%s%s", begun->len > 0 ? _(" or ") : "", names[i]);
    }
    if (begun->len > 0)
        return gmq_viewer_refuse(error, _("\"%s\" may be %s"), word, begun->str);

    const char *nearest = gmq_nearest(word, names, G_N_ELEMENTS(names));
    if (nearest != NULL)
        return gmq_viewer_refuse(error, _("there is no command \"%s\"; did you mean %s?"), word,
                                 nearest);
    return gmq_viewer_refuse(error, _("there is no command \"%s\""), word);
}

/* "#214", "1.5s": a line that begins so is a moment. */
static bool
is_moment(const char *line)
{
    return *line == '#' || g_ascii_isdigit(*line);
}

/* Splits the line into a command and its rest, lent; NULL with an error. */
static const Command *
split(const char *line, const char **rest, GError **error)
{
    size_t size           = strcspn(line, " ");
    g_autofree char *word = g_strndup(line, size);

    if (is_moment(line)) {
        *rest = line;
        return find("goto");
    }
    *rest                  = line + size + strspn(line + size, " ");
    const Command *command = find(word);
    if (command == NULL)
        refuse_word(word, error);
    return command;
}

const char *
gmq_viewer_complete(const char *line)
{
    const Command *command = find(line);

    return command != NULL ? command->name : NULL;
}

/* ---- doing ---- */

static bool
check_rest(const Command *command, const char *rest, GError **error)
{
    if (command->rest == NULL && *rest != '\0')
        return gmq_viewer_refuse(error, _("%s takes nothing more"), command->name);
    if (command->rest != NULL && *command->rest != '[' && *rest == '\0')
        return gmq_viewer_refuse(error, _("something is missing: %s %s"), command->name,
                                 command->rest);
    return true;
}

bool
gmq_viewer_check_command(GmqViewer *viewer, const char *line, const char **hint, GError **error)
{
    const char *rest = "";

    *hint = "goto filter search follow only layout pane zoom speed theme present export help quit";
    if (*line == '\0')
        return true;

    bool is_begun          = strchr(line, ' ') == NULL && !is_moment(line);
    const Command *command = split(line, &rest, error);
    if (command == NULL)
        return false;
    *hint = _(command->doc);
    if (is_begun)
        return true; /* its rest is still to come */
    if (*rest == '\0')
        return true;
    if (!check_rest(command, rest, error))
        return false;
    if (command->run == do_goto) {
        uint64_t event = 0;
        return gmq_moment_read(viewer->stage->trace, rest, &event, error);
    }
    if (command->run == do_filter) {
        g_autoptr(GmqFilter) filter = gmq_filter_new(rest, NULL, error);
        return filter != NULL;
    }
    return command->run != do_export || gmq_viewer_check_export(rest, error);
}

bool
gmq_viewer_command(GmqViewer *viewer, const char *line, int64_t now_us, bool *leaves,
                   GError **error)
{
    const char *rest = "";

    if (*line == '\0')
        return true;

    const Command *command = split(line, &rest, error);
    if (command == NULL || !check_rest(command, rest, error))
        return false;
    if (command->moves_time && viewer->view.is_presenting)
        return gmq_viewer_refuse(error, _("while presenting only Space moves time"));
    return command->run(&(Call){viewer, rest, now_us, leaves, error});
}
