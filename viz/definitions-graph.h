/* definitions-graph.h - a drawing of what a definitions file says: the JSON that a RabbitMQ or
 * GlassMQ broker exports, of one virtual host or of all. */
#pragma once

#include "viz/graph.h"

G_BEGIN_DECLS

/* Whether the file looks like one: JSON, and neither a trace nor a scenario. */
bool gmq_definitions_are_in(const char *path);

/* Reads the file and lays out its virtual hosts, one part for each. NULL with an error that tells
 * what is wrong and where. */
GmqGraph *gmq_graph_of_definitions(const char *path, const GmqGraphWish *wish, GError **error);

G_END_DECLS
