/* dot.h - a picture as a Graphviz graph: producers, exchanges, queues, consumers, left to right. */
#pragma once

#include "viz/picture.h"

G_BEGIN_DECLS

/* The DOT text of the picture. It depends on the picture alone: statements stand in order of
 * creation, and nothing in it tells when or where it was made. The caller frees it. */
char *gmq_dot_draw(const GmqPicture *picture);

G_END_DECLS
