/* definitions-private.h - an import under way, for the files definitions-*.c alone. */
#pragma once

#include "core/broker/vhost.h"
#include "core/server/definitions-item.h"
#include "core/server/definitions.h"

G_BEGIN_DECLS

/* What one item turned out to be. */
typedef enum {
    GMQ_TAKEN,
    GMQ_IGNORED,
    GMQ_REFUSED, /* with the item's error */
} GmqTaken;

/* The document is walked twice: first it is checked, and what it will bring is remembered, so that
 * later items may name it; then it is done. */
typedef struct {
    GmqBroker *broker;
    const char *vhost; /* for items that name none */
    bool is_check;
    GHashTable *coming; /* of char *: "kind\nvhost\nname", in the check */
} GmqImport;

typedef GmqTaken GmqTakeFunc(GmqImport *import, const GmqItem *item);

/* definitions-users.c, in the order of the document */
GmqTakeFunc gmq_take_vhost;
GmqTakeFunc gmq_take_user;
GmqTakeFunc gmq_take_permission;
GmqTakeFunc gmq_take_topic_permission;
GmqTakeFunc gmq_take_parameter;
GmqTakeFunc gmq_take_policy;

/* definitions-topology.c */
GmqTakeFunc gmq_take_exchange;
GmqTakeFunc gmq_take_queue;
GmqTakeFunc gmq_take_binding;

/* ---- what is there, or will be ---- */

void gmq_import_remember(GmqImport *import, const char *kind, const char *vhost, const char *name);
bool gmq_import_expects(const GmqImport *import, const char *kind, const char *vhost,
                        const char *name);

/* Reads the member "vhost", which is there or will be. */
bool gmq_import_vhost(const GmqImport *import, const GmqItem *item, const char **name);

/* Hands the message of why on as that of the item. */
GmqTaken gmq_import_refuse(const GmqItem *item, const GError *why);

G_END_DECLS
