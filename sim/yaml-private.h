/* yaml-private.h - the inside of a document, for the files that read, change and print one. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

struct GmqYamlDocument {
    GPtrArray *nodes;    /* of GmqYaml: all of them, owned */
    GStringChunk *texts; /* of the scalars */
    GmqYaml *root;
};

/* Without a root yet. */
GmqYamlDocument *gmq_yaml_document_new(void);

/* A node that stands nowhere yet: no items, or the text "". */
GmqYaml *gmq_yaml_node_new(GmqYamlDocument *document, GmqYamlType type);

G_END_DECLS
