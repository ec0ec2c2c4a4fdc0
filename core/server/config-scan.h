/* config-scan.h - the lines of a key file, one by one and with their numbers.
 *
 * The form is that of GLib's key files: [group], key = value, and comments that begin with #.
 * GKeyFile itself knows no line numbers and merges what is there twice, so the lines are read here,
 * and GLib reads the values: their escapes are its own. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    const char *path;
    unsigned number; /* 1, 2, 3 ... */
    const char *group;
    const char *key; /* NULL: the line begins the group */
    const char *value;
} GmqConfigLine;

typedef bool (*GmqConfigLineFunc)(void *user, const GmqConfigLine *line, GError **error);

/* Calls take for each group and each key of the text, in their order. Stops and returns false with
 * an error at the first that take refuses, or when a line is of another form. */
bool gmq_config_scan(const char *path, const char *text, gsize size, GmqConfigLineFunc take,
                     void *user, GError **error);

/* Sets the error "FILE:LINE: sentence" and returns false. */
bool gmq_config_refuse(const GmqConfigLine *line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
