/* yaml-print.h - a tree as the text of a file that people like to read.
 *
 * Maps and lists stand below their keys, short ones behind them in braces; texts have quotes only
 * where they need them, and long prose is folded. Reading the text gives an equal tree, whatever
 * stands in it. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

/* Returns the whole text, which the caller frees. The document has a root. */
char *gmq_yaml_print(const GmqYamlDocument *document);

G_END_DECLS
