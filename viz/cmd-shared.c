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

bool
gmq_command_read_theme(const GmqUsage *usage, const char *text, GmqTheme *theme)
{
    *theme = gmq_theme_find(text != NULL ? text : "dark");
    if (*theme != GMQ_N_THEMES)
        return true;
    gmq_usage_wrong(usage, "--theme takes dark, light, mono or contrast, not \"%s\"", text);
    return false;
}

GmqGlyphs
gmq_command_ascii_glyphs(void)
{
    return strcmp(gmq_language(), "en") == 0 ? GMQ_GLYPHS_ASCII : GMQ_GLYPHS_PLAIN;
}

bool
gmq_command_wants_colour(void)
{
    const char *refused = g_getenv("NO_COLOR");

    return refused == NULL || *refused == '\0';
}
