/* fault.h - what a peer did wrong, as the reply code and text that it is told.
 *
 * A value, not an object: faults happen per frame, and making one allocates nothing. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The longest reply-text: what a shortstr holds (0-9-1 spec, 4.2.5.3). */
#define GMQ_FAULT_TEXT_MAX 255

/* Reply codes (AMQP.md 1). The scope is that of 1.1: soft ones close the channel. */
typedef enum {
#define REPLY(NAME, code, soft) GMQ_REPLY_##NAME = code,
#include "core/base/reply.def"
#undef REPLY
} GmqReply;

typedef struct {
    GmqReply code;      /* 0: no fault */
    uint16_t class_id;  /* of the offending method; 0 when it is unknown */
    uint16_t method_id; /* likewise */
    char text[GMQ_FAULT_TEXT_MAX + 1];
} GmqFault;

/* No fault, about that method; 0 and 0 about none. The text stays unwritten but for its end: a
 * fault stands ready for each frame that comes, and is seldom needed. */
static inline void
gmq_fault_init(GmqFault *fault, uint16_t class_id, uint16_t method_id)
{
    fault->code      = (GmqReply)0;
    fault->class_id  = class_id;
    fault->method_id = method_id;
    fault->text[0]   = '\0';
}

/* Sets the code and "NAME - text", with a question mark for each byte that is no UTF-8, and leaves
 * the ids alone. Text above GMQ_FAULT_TEXT_MAX bytes is cut and ends with "...". Returns false
 * always, so that a check may end with "return gmq_fault_set(...)". */
bool gmq_fault_set(GmqFault *fault, GmqReply code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Whether the code closes only the channel (AMQP.md 1.1). */
bool gmq_reply_is_soft(GmqReply code);

/* The constant's name as it stands at the start of a reply-text; "UNKNOWN" for any other number. */
const char *gmq_reply_name(unsigned code);

G_END_DECLS
