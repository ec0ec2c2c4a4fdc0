/* binding.h - a binding: from a source exchange to a queue or to another exchange.
 *
 * A binding hangs in two lists, that of its source and that of its destination, both in order of
 * creation, and in the virtual host's set; vhost.h makes and removes it. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqExchange GmqExchange;
typedef struct GmqQueue GmqQueue;
typedef struct GmqBinding GmqBinding;

struct GmqBinding {
    GmqExchange *source;
    GmqQueue *queue;       /* the destination, or NULL */
    GmqExchange *exchange; /* the destination, or NULL */
    GmqSlice key;          /* owned */
    GmqSlice arguments;    /* the inside of a field table, as received; owned */
    uint64_t number;       /* counted in order of creation within the virtual host */
    uint64_t record;       /* of its definition (definition.h); 0: none */
    GList source_link;     /* data is the binding */
    GList target_link;     /* likewise */
    GList slot_link;       /* likewise, for a list that the exchange type keeps */
    void *slot;            /* of the exchange type, for finding it again when it goes */
};

/* Returns a binding with the ends, key and arguments of like, in no list yet. Key and arguments
 * are copied. */
GmqBinding *gmq_binding_new(const GmqBinding *like);
void gmq_binding_free(GmqBinding *binding);

/* Two bindings are the same one when ends, key and arguments are; these compare as tables (AMQP.md
 * 10.13). For hash tables: both take a GmqBinding. */
unsigned gmq_binding_hash(const void *binding);
int gmq_binding_same(const void *a, const void *b);

/* The name of the destination; "queue" or "exchange". */
GmqSlice gmq_binding_target(const GmqBinding *binding);
const char *gmq_binding_target_type(const GmqBinding *binding);

G_END_DECLS
