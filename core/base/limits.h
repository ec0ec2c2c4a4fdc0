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

/* Milliseconds: the largest expiration, TTL and lease (AMQP.md 10b, 11.4). */
#define GMQ_TTL_MS_MAX INT64_C(315360000000)

/* The highest of x-max-priority: one line of messages for each octet value (AMQP.md 10b, 21). */
#define GMQ_PRIORITY_MAX 255

/* Ids that a queue or exchange remembers to know duplicates (AMQP.md E4): unless it says how many,
 * and at most; each costs about 100 bytes. */
#define GMQ_DEDUP_COUNT_DEFAULT 10000
#define GMQ_DEDUP_COUNT_MAX 100000000

/* Field tables: RabbitMQ's own clients nest a few levels; deeper ones only waste our stack. */
#define GMQ_TABLE_DEPTH_MAX 32

/* A shortstr, and so any name or routing key (0-9-1 spec, 4.2.5.3). */
#define GMQ_SHORTSTR_MAX 255

/* The pattern of a policy: far above what anybody writes, far below what is slow to compile. */
#define GMQ_PATTERN_MAX 4096

/* Handshake (AMQP.md 2.9, 2.11, 2.13). */
#define GMQ_HANDSHAKE_MS 10000
#define GMQ_REFUSE_DELAY_MS 3000
#define GMQ_CLOSE_WAIT_MS 30000

/* How long a client that said connection.close has for closing the socket before we do (2.13). */
#define GMQ_GOODBYE_MS 500

/* How long a delivery may be out, as in RabbitMQ, and how often that is looked at (15.8). */
#define GMQ_ACK_TIMEOUT_MS 1800000
#define GMQ_ACK_LOOK_MS 60000

/* Output of one connection: above HIGH its consumers wait, above MAX it is not read either, until
 * less than LOW is left. HIGH is a few socket buffers, so that a turn keeps the wire busy. */
#define GMQ_OUTPUT_LOW 131072
#define GMQ_OUTPUT_HIGH 524288
#define GMQ_OUTPUT_MAX 4194304

/* Output is collected in blocks of this size; so many empty ones are kept for the next turn. */
#define GMQ_OUTPUT_BLOCK 65536
#define GMQ_OUTPUT_SPARE 32

/* Bodies up to this size are copied into the output; larger ones are sent from where they are, as
 * then a copy costs more than another piece of the write. */
#define GMQ_COPY_MAX 4000

/* The memory alarm stays on for so long at least: RabbitMQ looks about as often (AMQP.md 24). */
#define GMQ_ALARM_LEAST_MS 1000

/* How long a persistent message that a consumer has in hands waits to be written: one that is acked
 * by then need not be. And how long acks alone wait for company. */
#define GMQ_COMMIT_WAIT_MS 2
#define GMQ_SETTLE_WAIT_MS 20

/* Bytes and messages of one batch above which the rest waits for the next, and bytes of old
 * segments that are looked at for moving them in one turn, or a few times that when space runs
 * away: all bound the pause. */
#define GMQ_BATCH_BYTES_MAX 8388608
#define GMQ_BATCH_ITEMS_MAX 32768
#define GMQ_CLEAN_BYTES 262144

/* Messages leave memory when they hold more than half of the limit: what comes in while the disk is
 * busy has the other half before publishers wait (AMQP.md 24.5). */
#define GMQ_PAGE_MARK(limit) ((limit) / 2)

/* Above this the fronts of queues leave too. And when nothing could leave, that is tried again once
 * messages hold so many bytes more. */
#define GMQ_PAGE_TIGHT(limit) ((limit) / 4 * 3)
#define GMQ_PAGE_STEP(limit) ((limit) / 256)

/* In one turn so many messages are looked at for that; going to another queue counts as some. Both
 * bound the pause. */
#define GMQ_PAGE_TURN 4096
#define GMQ_PAGE_VISIT 16

/* The first messages of each queue that stay in memory at first; a quarter of them when there is
 * nothing else to put out, and so on. */
#define GMQ_PAGE_KEPT 16384

/* What a message costs in memory that is on the disk alone: its slot in the journal, and its place
 * in the queue. */
#define GMQ_KEPT_COST 24
#define GMQ_SCRATCH_COST 8

/* Bytes that gather for the scratch file while others are written; above, messages stay. */
#define GMQ_SCRATCH_BYTES_MAX 4194304

/* A full disk is tried again, and free space is looked at, so often. */
#define GMQ_DISK_RETRY_MS 1000

/* Free space of the data directory below which publishers wait, as in RabbitMQ (AMQP.md 24). */
#define GMQ_DISK_FREE_LEAST 50000000

/* Dispatch rounds in one turn: bounds how long the other connections wait for a fast consumer. */
#define GMQ_FLUSH_ROUNDS 4
