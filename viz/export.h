/* export.h - a DOT text drawn by Graphviz, as bytes or as a file. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* How long Graphviz may draw before it is stopped: the time for big graphs has no bound. */
#define GMQ_EXPORT_SECONDS 30

/* Whether the name ends with one of the four known types; otherwise an error that names them. */
bool gmq_export_knows(const char *path, GError **error);

/* Returns the drawing in a format that Graphviz knows ("svg", "png", "plain", "json"), with a NUL
 * behind its *size bytes; size may be NULL. Graphviz works in a child process, since its parser
 * keeps global state and its layout may run for ever; it is ended after seconds. The caller frees
 * the bytes; NULL with an error. */
char *gmq_export_render(const char *dot, const char *format, unsigned seconds, size_t *size,
                        GError **error);

/* Writes the drawing to a file whose name ends with .dot, .svg, .png or .pdf, as
 * gmq_export_render() draws it. On an error no file was written and an old one stands as it was. */
bool gmq_export_write(const char *dot, const char *path, unsigned seconds, GError **error);

G_END_DECLS
