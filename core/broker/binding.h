/* binding.h - a binding: from a source exchange to a queue or to another exchange.
 *
 * A binding hangs in two lists, that of its source and that of its destination, both in order of
 * creation; exchange.h and vhost.h make and remove it. */
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
    GList source_link;     /* data is the binding */
    GList target_link;     /* likewise */
    void *slot;            /* of the exchange type, for finding it again when it goes */
};

/* The name of the destination; "queue" or "exchange". */
GmqSlice gmq_binding_target(const GmqBinding *binding);
const char *gmq_binding_target_type(const GmqBinding *binding);

G_END_DECLS
