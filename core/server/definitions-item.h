/* definitions-item.h - one item of a document of definitions, and the members that it should have.
 *
 * Every function that reads a member sets an error that names its place, "queues[3].durable: ...",
 * and returns false, when it is not there or of another kind. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/wire/buffer.h"

G_BEGIN_DECLS

typedef struct {
    const char *list;   /* "queues" */
    unsigned at;        /* 0, 1, 2 ... */
    const char *inside; /* "value": the object is that member of the item; NULL: the item itself */
    JsonObject *object;
    GError **error;
} GmqItem;

bool gmq_item_refuse(const GmqItem *item, const char *key, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Reads the member as a text; when it is missing, standard, or without one an error. A name has at
 * most 255 bytes. */
bool gmq_item_text(const GmqItem *item, const char *key, const char *standard, const char **text);
bool gmq_item_name(const GmqItem *item, const char *key, const char *standard, const char **name);

bool gmq_item_bool(const GmqItem *item, const char *key, bool standard, bool *value);
bool gmq_item_integer(const GmqItem *item, const char *key, int64_t standard, int64_t *value);

/* Reads an object, or a list of pairs as RabbitMQ writes some of them; empty when it is missing.
 * The caller unrefs it. */
bool gmq_item_object(const GmqItem *item, const char *key, JsonObject **object);

/* The same as the inside of a field table. */
bool gmq_item_table(const GmqItem *item, const char *key, GmqBuffer *table);

/* A list of texts, or one text in which commas part them; the caller frees it. */
bool gmq_item_texts(const GmqItem *item, const char *key, char ***texts);

G_END_DECLS
