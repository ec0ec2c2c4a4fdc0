/* frame-fields.h - a frame taken apart: each field with its name and what is in it, for people. */
#pragma once

#include "core/wire/frame.h"

G_BEGIN_DECLS

typedef struct {
    char *name;  /* "routing-key" */
    char *value; /* as gmq_format_text() writes it */
} GmqFrameField;

/* "basic.publish", "content header", "content body", "heartbeat", "protocol header". Type 0 stands
 * for bytes that are no frame. The caller frees it. */
char *gmq_frame_name(const GmqFrame *frame, GmqSlice bytes);

/* All fields in the order of the wire: an array of GmqFrameField, which the caller frees with
 * g_ptr_array_unref(). Passwords are told by their size alone. */
GPtrArray *gmq_frame_fields(const GmqFrame *frame, GmqSlice bytes);

G_END_DECLS
