/* wire-text.h - frames in words for people, as the codec understands them. */
#pragma once

#include "core/wire/frame.h"

G_BEGIN_DECLS

/* "basic.ack delivery-tag=5 multiple=0", what a header or a body holds, or "heartbeat". What makes
 * no sense is told as that. The caller frees it. */
char *gmq_wire_text(const GmqFrame *frame);

G_END_DECLS
