/* headers-index.h - the bindings of a headers exchange, by what they ask for (AMQP.md 10.21).
 *
 * A binding that wants any of some headers is filed under each of them; one that wants all, under a
 * single one, as rare as can be: without that header it cannot match. A message looks only into the
 * files of its own headers, so that what nobody asked it for costs nothing. */
#pragma once

#include "core/broker/binding.h"
#include "core/broker/table-index.h"

G_BEGIN_DECLS

typedef struct GmqHeadersIndex GmqHeadersIndex;
typedef struct GmqHeadersWish GmqHeadersWish;

GmqHeadersIndex *gmq_headers_index_new(void);
/* Frees an index whose wishes have all left. */
void gmq_headers_index_free(GmqHeadersIndex *index);

/* Files what the binding asks for: all of the headers, or else any. headers is an array of
 * GmqTableEntry, each name once, lent from the binding; a void value asks only that the header is
 * there. */
GmqHeadersWish *gmq_headers_index_add(GmqHeadersIndex *index, const GmqBinding *binding,
                                      bool wants_all, const GArray *headers);
void gmq_headers_index_remove(GmqHeadersIndex *index, GmqHeadersWish *wish);

/* The bindings that match a message's headers (see table-index.h), oldest first. Lent until the
 * index is used again; allocates only while it grows. */
const GPtrArray *gmq_headers_index_match(GmqHeadersIndex *index, const GArray *headers);

G_END_DECLS
