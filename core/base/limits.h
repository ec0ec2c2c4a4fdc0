/* limits.h - every bound of the broker, with its reason. */
#pragma once

/* Frames (AMQP.md 2.7, 2.8, 3.2). */
#define GMQ_FRAME_OVERHEAD 8         /* type, channel, size and frame-end octets around a payload */
#define GMQ_FRAME_MAX_LEAST 4096     /* 0-9-1 spec, 4.2.3: any peer must take this much */
#define GMQ_FRAME_MAX_DEFAULT 131072 /* what RabbitMQ offers, so clients are tuned for it */
#define GMQ_CHANNEL_MAX_DEFAULT 2047 /* likewise */
#define GMQ_HEARTBEAT_DEFAULT_S 60   /* likewise */

/* Content (AMQP.md 4.3). */
#define GMQ_BODY_SIZE_MAX 536870912    /* above: the header is nonsense, 501 */
#define GMQ_MESSAGE_SIZE_MAX 134217728 /* above: 406 once the body is in */
#define GMQ_BODY_TRUST 262144          /* memory given to an announced body before its bytes come */

/* Field tables: RabbitMQ's own clients nest a few levels; deeper ones only waste our stack. */
#define GMQ_TABLE_DEPTH_MAX 32

/* A shortstr, and so any name or routing key (0-9-1 spec, 4.2.5.3). */
#define GMQ_SHORTSTR_MAX 255

/* Handshake (AMQP.md 2.9, 2.11, 2.13). */
#define GMQ_HANDSHAKE_MS 10000
#define GMQ_REFUSE_DELAY_MS 3000
#define GMQ_CLOSE_WAIT_MS 30000
