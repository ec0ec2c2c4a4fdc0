/* yaml-edit.h - changing a tree: what programs that write scenarios build, take away and replace.
 *
 * Nodes belong to their document, and what is taken out of the tree goes with it. A text that is
 * put in is plain where it can be: the printer puts quotes around one that needs them. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

/* A document that is an empty map. */
GmqYamlDocument *gmq_yaml_new(void);

/* Another document with an equal tree. */
GmqYamlDocument *gmq_yaml_copy(const GmqYamlDocument *document);

/* The outermost node, and the value of a key, to be changed. NULL as with gmq_yaml_root() and
 * gmq_yaml_find(). */
GmqYaml *gmq_yaml_edit(GmqYamlDocument *document);
GmqYaml *gmq_yaml_at(GmqYaml *map, const char *key);

/* Gives a key of a map that text, in its old place if it had one, else as the last one. The text is
 * copied. Returns the value. */
GmqYaml *gmq_yaml_put(GmqYamlDocument *document, GmqYaml *map, const char *key, const char *text);

/* The map or list behind a key; a new one when there is none, instead of anything else. */
GmqYaml *gmq_yaml_put_map(GmqYamlDocument *document, GmqYaml *map, const char *key);
GmqYaml *gmq_yaml_put_list(GmqYamlDocument *document, GmqYaml *map, const char *key);

/* Appends to a list. */
GmqYaml *gmq_yaml_append(GmqYamlDocument *document, GmqYaml *list, const char *text);
GmqYaml *gmq_yaml_append_map(GmqYamlDocument *document, GmqYaml *list);

/* Gives a scalar another text. */
void gmq_yaml_set_text(GmqYamlDocument *document, GmqYaml *scalar, const char *text);

/* Takes away the key, if the map has it; the index-th item of a list; the index-th key of a map. */
void gmq_yaml_remove(GmqYaml *map, const char *key);
void gmq_yaml_remove_at(GmqYaml *node, unsigned index);

/* How many items a list has, or keys a map; 0 for a scalar and for NULL. */
unsigned gmq_yaml_count(const GmqYaml *node);

/* The index-th value of a list or map, and the index-th key of a map. */
GmqYaml *gmq_yaml_value(const GmqYaml *node, unsigned index);
const char *gmq_yaml_key(const GmqYaml *map, unsigned index);

/* Whether two trees say the same, line numbers and quotes aside. */
bool gmq_yaml_equal(const GmqYaml *one, const GmqYaml *other);

G_END_DECLS
