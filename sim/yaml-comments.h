/* yaml-comments.h - the comments of a YAML file, each with its place. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

typedef struct {
    unsigned line;
    unsigned column; /* of its #; both count from 1 */
    char *text;      /* from the # on, without blanks at its end */
    bool is_alone;   /* nothing else stands on its line */
} GmqYamlComment;

/* Returns all comments in order, an array of GmqYamlComment that the caller frees. The document is
 * that of the text: what looks like a comment inside of a scalar is none. */
GArray *gmq_yaml_comments(const GmqYamlDocument *document, const char *text);

G_END_DECLS
