/* look.h - how a person wants a screen drawn. */
#pragma once

#include <stdbool.h>

#include "viz/theme.h"

G_BEGIN_DECLS

typedef struct {
    GmqTheme theme;
    bool is_ascii; /* even where the terminal has more */
    bool with_colour;
    bool with_mouse;
} GmqLook;

G_END_DECLS
