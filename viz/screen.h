/* screen.h - what a terminal shows, as cells of text with roles.
 *
 * Everything is drawn into this line model first. Curses paints it, `--render` prints it, tests
 * compare it. Whatever is drawn outside is cut off, so a screen has exactly its height in rows and
 * each row exactly its width in columns. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What a cell means. Each has its look in curses.c and none in text. */
typedef enum {
    GMQ_ROLE_NORMAL,
    GMQ_ROLE_DIM,      /* rules, frames at rest, hints */
    GMQ_ROLE_STRONG,   /* headings, names */
    GMQ_ROLE_MOVING,   /* a message on its way */
    GMQ_ROLE_STORED,   /* a message in a queue or at work */
    GMQ_ROLE_AGAIN,    /* a redelivered message */
    GMQ_ROLE_GOOD,     /* connected, confirmed, held */
    GMQ_ROLE_FAULT,    /* crashed, cut, broken */
    GMQ_ROLE_HOT,      /* what the current event changed */
    GMQ_ROLE_BAR,      /* title line and key line */
    GMQ_ROLE_EMPHASIS, /* in texts: a word that is stressed */
    GMQ_ROLE_CODE,     /* in texts: what is typed or printed exactly so */
    GMQ_N_SCREEN_ROLES,
} GmqScreenRole;

/* How lines are drawn and which characters names may have. */
typedef enum {
    GMQ_GLYPHS_UTF8,  /* box lines, arrows */
    GMQ_GLYPHS_PLAIN, /* ASCII lines, but names as they are: where line glyphs may be two wide */
    GMQ_GLYPHS_ASCII, /* nothing but ASCII */
} GmqGlyphs;

typedef struct {
    gunichar text; /* 0: the right half of a wide character */
    GmqScreenRole role;
} GmqCell;

typedef struct {
    int x, y, width, height;
} GmqRect;

typedef struct {
    int width;
    int height;
    GmqGlyphs glyphs;
    GmqCell *cells; /* row by row; filled with spaces at first */
    GmqRect clip;   /* nothing is drawn outside of it; the whole at first */
} GmqScreen;

GmqScreen *gmq_screen_new(int width, int height, GmqGlyphs glyphs);
void gmq_screen_free(GmqScreen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqScreen, gmq_screen_free)

const GmqCell *gmq_screen_cell(const GmqScreen *screen, int x, int y);

/* Writes text at x, y and returns the column behind it. Control characters and what the glyphs do
 * not allow become "?", invalid UTF-8 becomes a replacement character. */
int gmq_screen_put(GmqScreen *screen, int x, int y, GmqScreenRole role, const char *text);

/* The same within width columns: longer text is cut and ends with an ellipsis. */
int gmq_screen_put_in(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                      const char *text);

/* For names, which often differ at their ends: longer ones are cut in the middle. */
int gmq_screen_put_name(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                        const char *name);

/* Right-aligned in width columns. */
void gmq_screen_put_right(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                          const char *text);

void gmq_screen_printf(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                       const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Gives the cells another role and leaves their text. */
void gmq_screen_paint(GmqScreen *screen, GmqRect area, GmqScreenRole role);

/* Draws the other screen at x, y. */
void gmq_screen_copy(GmqScreen *screen, int x, int y, const GmqScreen *other);

/* The text as gmq_screen_put() writes it: each character takes one or two columns. The caller frees
 * it. */
char *gmq_text_clean(GmqGlyphs glyphs, const char *text);

/* Columns that a character of a cleaned text takes. */
int gmq_char_width(GmqGlyphs glyphs, gunichar c);

/* Columns that the text takes with these glyphs. */
int gmq_text_width(GmqGlyphs glyphs, const char *text);

/* Breaks text into lines of at most width columns, at spaces where there are any; each line is a
 * text of its own. The caller frees the list. */
GStrv gmq_text_wrap(GmqGlyphs glyphs, const char *text, int width);

/* The rows as text, each with a '\n'. */
char *gmq_screen_to_text(const GmqScreen *screen);

G_END_DECLS
