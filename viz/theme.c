#include "viz/theme.h"

#include <string.h>

static const char *const names[GMQ_N_THEMES] = {
    [GMQ_THEME_DARK]     = "dark",
    [GMQ_THEME_LIGHT]    = "light",
    [GMQ_THEME_MONO]     = "mono",
    [GMQ_THEME_CONTRAST] = "contrast",
};

const char *
gmq_theme_name(GmqTheme theme)
{
    return names[theme];
}

GmqTheme
gmq_theme_find(const char *name)
{
    GmqTheme theme = GMQ_THEME_DARK;

    while (theme < GMQ_N_THEMES && strcmp(names[theme], name) != 0)
        theme++;
    return theme;
}
