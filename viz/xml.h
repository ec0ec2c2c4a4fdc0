/* xml.h - any text inside of XML, SVG, HTML and the labels of Graphviz.
 *
 * Names may hold all bytes there are; a picture must still be one that every reader takes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends text so that it may stand between two tags and between either kind of quotes. What is no
 * UTF-8, control characters with tab and line end among them, and the marks that turn the direction
 * of what follows become replacement characters: none of them may do anything outside of its name.
 * An empty text adds nothing. */
void gmq_xml_append(GString *out, const char *text);

/* The same as a new string, which the caller frees. */
char *gmq_xml_escape(const char *text);

/* The text with the same replacements, but no entities: for formats that quote in their own way.
 * The caller frees it. */
char *gmq_xml_plain(const char *text);

/* How many columns a text takes, as a terminal counts them: wide characters take two, marks that
 * sit on the one before none. What gmq_xml_append() replaces counts as one. */
unsigned gmq_xml_columns(const char *text);

/* Shortens in the middle what takes more than columns, so that its beginning and its end can be
 * read: "invoices.e…archive". The caller frees it. columns is 1 at least. */
char *gmq_xml_shorten(const char *text, unsigned columns);

G_END_DECLS
