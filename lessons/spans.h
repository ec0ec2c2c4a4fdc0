/* spans.h - lines of text whose pieces have roles, before they are drawn anywhere. */
#pragma once

#include "viz/screen.h"

G_BEGIN_DECLS

/* A piece of a line that looks the same throughout. */
typedef struct {
    GmqScreenRole role;
    char *text; /* valid UTF-8 without control characters */
} GmqSpan;

/* One line: of GmqSpan, none when it is empty. */
typedef GArray GmqSpans;

/* An empty list of lines, of GmqSpans, which it owns. */
GPtrArray *gmq_spans_list_new(void);

/* Adds a line that looks the same throughout. */
void gmq_spans_add(GPtrArray *lines, GmqScreenRole role, const char *text);

/* Adds the text in lines of at most width columns. The lines after the first begin with as many
 * blanks as indent says. */
void gmq_spans_add_wrapped(GPtrArray *lines, GmqScreenRole role, const char *text, int indent,
                           int width, GmqGlyphs glyphs);

/* Adds characters with roles, a line of GmqCell without halves of wide characters. */
void gmq_spans_add_cells(GPtrArray *lines, const GmqCell *cells, size_t n_cells);

/* The rows of a screen as lines, without the blanks at their ends; the caller owns the list. */
GPtrArray *gmq_spans_of_screen(const GmqScreen *screen);

/* Moves the lines of more to the end of lines; more is empty then. */
void gmq_spans_append(GPtrArray *lines, GPtrArray *more);

/* The lines as plain text, each with a '\n' and without blanks at its end; the caller frees it. */
char *gmq_spans_to_text(const GPtrArray *lines);

/* Draws the lines from the first one on into the rectangle; those that do not fit are left out. */
void gmq_spans_draw(GmqScreen *screen, GmqRect rect, const GPtrArray *lines, unsigned first);

G_END_DECLS
