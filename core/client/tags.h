/* tags.h - a set of consumer tags. Only the files of the client include it. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqClientTags GmqClientTags;

GmqClientTags *gmq_client_tags_new(void);
void gmq_client_tags_free(GmqClientTags *tags);

/* Copies the tag in; false when it is there already. */
bool gmq_client_tags_add(GmqClientTags *tags, GmqSlice tag);

/* False when it was not there. */
bool gmq_client_tags_remove(GmqClientTags *tags, GmqSlice tag);

bool gmq_client_tags_has(GmqClientTags *tags, GmqSlice tag);

G_END_DECLS
