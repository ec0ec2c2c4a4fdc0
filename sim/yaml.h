/* yaml.h - a YAML file as a tree of texts: every scalar as it stands, with its line and column.
 *
 * Nothing is guessed: "no", 12:30 and 1e3 are texts, and who reads them decides. What makes YAML
 * hard to read is refused with a sentence: anchors, tags, merge keys, several documents, keys that
 * are no plain words, and the same key twice. */
#pragma once

#include "sim/problems.h"

G_BEGIN_DECLS

/* A file that is larger, nests deeper or has more parts is not a scenario. */
#define GMQ_YAML_SIZE_MAX 1048576
#define GMQ_YAML_DEPTH_MAX 24
#define GMQ_YAML_NODES_MAX 100000

typedef enum {
    GMQ_YAML_SCALAR,
    GMQ_YAML_LIST,
    GMQ_YAML_MAP,
} GmqYamlType;

/* A node of the tree; it lives as long as its document. */
typedef struct {
    GmqYamlType type;
    unsigned line;
    unsigned column;
    unsigned end_line; /* just behind it */
    unsigned end_column;
    bool is_plain;    /* a scalar without quotes */
    bool is_block;    /* a scalar below | or > */
    bool is_flow;     /* a list or map in brackets or braces */
    const char *text; /* of a scalar: UTF-8, at least "" */
    GPtrArray *items; /* of GmqYaml: the values of a list; key, value, key, value of a map */
} GmqYaml;

typedef struct GmqYamlDocument GmqYamlDocument;

/* Reads the text, which ends with a NUL. Returns NULL when it is not YAML, after adding problems;
 * other problems leave a tree without the refused parts, so that more can be found. */
GmqYamlDocument *gmq_yaml_parse(const char *text, size_t size, GmqProblems *problems);
void gmq_yaml_free(GmqYamlDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqYamlDocument, gmq_yaml_free)

/* The outermost node; NULL for a file without any. */
const GmqYaml *gmq_yaml_root(const GmqYamlDocument *document);

/* The value of a key of a map; NULL without it, and for anything but a map. */
const GmqYaml *gmq_yaml_find(const GmqYaml *map, const char *key);

/* Whether nothing stands there, as behind "tasks:" at the end of a line. */
bool gmq_yaml_is_empty(const GmqYaml *node);

G_END_DECLS
