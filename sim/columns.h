/* columns.h - texts in columns of a terminal, where a Korean character takes two. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns that the text takes. */
int gmq_columns(const char *text);

/* Appends the text with spaces before it, or behind it, so that both take so many columns; a longer
 * text stays whole. */
void gmq_append_right(GString *out, const char *text, int columns);
void gmq_append_left(GString *out, const char *text, int columns);

G_END_DECLS
