/* definition-private.h - how definitions are written and read, for the files definition*.c and the
 * broker.
 *
 * Each type of definition is a struct of values and a list of keys that says where in the struct
 * each value stands. Writing and reading follow the same list. */
#pragma once

#include "core/broker/definition.h"

G_BEGIN_DECLS

/* What stands behind a key, and in the struct. */
typedef enum {
    GMQ_KEY_NAME,   /* a text of at most GMQ_SHORTSTR_MAX bytes; GmqSlice */
    GMQ_KEY_TEXT,   /* a text without a 0 in it; GmqSlice */
    GMQ_KEY_FLAG,   /* a truth value; bool */
    GMQ_KEY_NUMBER, /* an integer; int64_t */
    GMQ_KEY_TABLE,  /* the inside of a table; GmqSlice */
    GMQ_KEY_TEXTS,  /* the inside of an array of such texts; GmqSlice */
} GmqKeyKind;

typedef struct {
    const char *name; /* NULL behind the last */
    GmqKeyKind kind;
    size_t offset; /* in the struct */
} GmqKey;

typedef struct {
    const char *name; /* "queue" */
    const GmqKey *keys;
    size_t size; /* of the struct */

    /* Makes what the values say. False with an error; GMQ_BROKER_ERROR_MISSING says that something
     * is not there that it needs. */
    bool (*apply)(GmqBroker *broker, const void *values, GError **error);
} GmqDefinitionType;

/* The types, one noun a file. */
extern const GmqDefinitionType gmq_definition_broker;
extern const GmqDefinitionType gmq_definition_vhost;
extern const GmqDefinitionType gmq_definition_vhost_settings;
extern const GmqDefinitionType gmq_definition_user;
extern const GmqDefinitionType gmq_definition_user_settings;
extern const GmqDefinitionType gmq_definition_permission;
extern const GmqDefinitionType gmq_definition_topic_permission;
extern const GmqDefinitionType gmq_definition_policy;
extern const GmqDefinitionType gmq_definition_operator_policy;
extern const GmqDefinitionType gmq_definition_exchange;
extern const GmqDefinitionType gmq_definition_queue;
extern const GmqDefinitionType gmq_definition_binding;

/* ---- tables (definition-table.c) ---- */

/* Appends the type and all keys. */
void gmq_definition_write(const GmqDefinitionType *type, const void *values, GmqBuffer *table);

/* Finds out of which type, of a list that ends with NULL, a table is, and reads its values, which
 * are lent from it: NULL with an error. The struct is the caller's to free. */
const GmqDefinitionType *gmq_definition_type(const GmqDefinitionType *const *types, GmqSlice table,
                                             GError **error);
void *gmq_definition_read(const GmqDefinitionType *type, GmqSlice table, GError **error);

/* ---- records ---- */

/* Whether definitions count at all: what follows has an effect. */
bool gmq_definition_is_kept(const GmqBroker *broker);

/* Writes a definition, or while definitions are applied takes over the one that is; drops the
 * record that was there before. */
void gmq_definition_put(GmqBroker *broker, uint64_t *record, const GmqDefinitionType *type,
                        const void *values);

/* Writes that the broker has all that it begins with. */
void gmq_definition_keep_broker(GmqBroker *broker);

/* ---- while definitions are applied ---- */

struct GmqRestoring {
    uint64_t id;        /* of the definition that is applied */
    GHashTable *queues; /* of number to GmqQueue; look-up only */
    uint32_t queue_max; /* the highest number */
    bool is_whole;      /* that of the broker was there */
    GArray *leftovers;  /* of uint64_t: ids to drop in the end */
};

/* Does nothing for NULL. */
void gmq_restoring_free(GmqRestoring *restoring);

G_END_DECLS
