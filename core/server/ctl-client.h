/* ctl-client.h - asks a running broker something, through the socket in its data directory. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_CTL_ERROR_FAILED,
    GMQ_CTL_ERROR_WRONG, /* the broker understood no word */
} GmqCtlError;

#define GMQ_CTL_ERROR (gmq_ctl_error_quark())
GQuark gmq_ctl_error_quark(void);

/* What the broker answered. */
typedef struct {
    GPtrArray *rows; /* of JsonNode: objects; owned */
    JsonNode *last;  /* the object of the last line; owned */
} GmqCtlAnswer;

void gmq_ctl_answer_clear(GmqCtlAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqCtlAnswer, gmq_ctl_answer_clear)

/* Sends the request, a line with its newline, and waits for the whole answer; is_long: as long as
 * that takes. False with an error, a sentence without its full stop, when nobody answers or the
 * answer is a refusal. */
bool gmq_ctl_ask(const char *data_path, GmqSlice request, bool is_long, GmqCtlAnswer *answer,
                 GError **error);

G_END_DECLS
