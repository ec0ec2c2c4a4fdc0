#include "viz/cmd-shared.h"

#include <string.h>

#include "sim/language.h"
#include "viz/view.h"

static bool
read_size(const char *text, GmqScreenSize *size)
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
    *size = (GmqScreenSize){(int)width, (int)height};
    return true;
}

bool
gmq_command_read_size(const GmqUsage *usage, const char *text, GmqScreenSize *size)
{
    if (text == NULL || read_size(text, size))
        return true;
    gmq_usage_wrong(usage, "--render takes a size from 1x1 to %dx%d, such as 80x24, not \"%s\"",
                    GMQ_VIEW_WIDTH_MAX, GMQ_VIEW_HEIGHT_MAX, text);
    return false;
}

/* ---- the look ---- */

static char *theme_text;
static gboolean is_ascii;
static gboolean no_color;
static gboolean no_mouse;

const GOptionEntry gmq_command_look_entries[] = {
    {"theme", 0, 0, G_OPTION_ARG_STRING, &theme_text,
     N_("Colours: dark (default), light, mono or contrast"), "NAME"},
    {"ascii", 0, 0, G_OPTION_ARG_NONE, &is_ascii, N_("Draw with ASCII characters only"), NULL},
    {"no-color", 0, 0, G_OPTION_ARG_NONE, &no_color,
     N_("No colours, as when NO_COLOR is set in the environment"), NULL},
    {"no-mouse", 0, 0, G_OPTION_ARG_NONE, &no_mouse,
     N_("Leave the mouse to the terminal, for selecting text"), NULL},
    G_OPTION_ENTRY_NULL,
};

bool
gmq_command_read_look(const GmqUsage *usage, GmqLook *look)
{
    const char *refused = g_getenv("NO_COLOR");
    bool has_colour     = refused == NULL || *refused == '\0';

    *look = (GmqLook){
        .theme       = gmq_theme_find(theme_text != NULL ? theme_text : "dark"),
        .is_ascii    = is_ascii,
        .with_colour = has_colour && !no_color,
        .with_mouse  = !no_mouse,
    };
    if (look->theme != GMQ_N_THEMES)
        return true;
    gmq_usage_wrong(usage, "--theme takes dark, light, mono or contrast, not \"%s\"", theme_text);
    return false;
}

void
gmq_command_forget_look(void)
{
    g_clear_pointer(&theme_text, g_free);
    is_ascii = FALSE;
    no_color = FALSE;
    no_mouse = FALSE;
}
