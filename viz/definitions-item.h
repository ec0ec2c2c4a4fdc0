/* definitions-item.h - one object of an exported definitions file, read with care; only for
 * definitions-*.c. Every error tells the object and its member: "queues[3]: ...". */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    const char *list; /* "queues" */
    unsigned index;   /* in its list, from 0 on */
    JsonObject *object;
} GmqDefinition;

/* Fills the object of a list; false when that element is no object, or holds a member that known,
 * ending with NULL, does not name. */
bool gmq_definition_open(GmqDefinition *item, const char *list, unsigned index, JsonNode *node,
                         const char *const *known, GError **error);

/* Each reads a member. One that is absent leaves what *value holds, unless that is NULL, which
 * means that it must be there. Texts and objects are lent. */
bool gmq_definition_text(const GmqDefinition *item, const char *member, const char **value,
                         GError **error);
bool gmq_definition_truth(const GmqDefinition *item, const char *member, bool *value,
                          GError **error);
bool gmq_definition_number(const GmqDefinition *item, const char *member, int64_t *value,
                           GError **error);

/* Absent or an empty list, which is how some writers call an empty object: NULL. */
bool gmq_definition_object(const GmqDefinition *item, const char *member, JsonObject **value,
                           GError **error);

/* Any value for people: texts as they are, all else as JSON. The caller frees it. */
char *gmq_definition_words(JsonNode *node);

/* "queues[3]: why" */
bool gmq_definition_refuse(const GmqDefinition *item, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
