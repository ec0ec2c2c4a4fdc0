/* theme.h - the sets of colours that a reader can choose. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GMQ_THEME_DARK,     /* for light text on dark ground */
    GMQ_THEME_LIGHT,    /* the other way round */
    GMQ_THEME_MONO,     /* no colours: bold, underlined, reversed */
    GMQ_THEME_CONTRAST, /* everything that matters in bold */
    GMQ_N_THEMES,
} GmqTheme;

const char *gmq_theme_name(GmqTheme theme);

/* GMQ_N_THEMES when there is none of that name. */
GmqTheme gmq_theme_find(const char *name);

G_END_DECLS
