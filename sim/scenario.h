/* scenario.h - a scenario file in memory: what exists, who acts, what happens, what must hold.
 *
 * A scenario is read once and never changes; any number of runs may share it. It owns everything
 * that its members point to. Order in the file is the order of everything. */
#pragma once

#include <gio/gio.h>

#include "core/base/slice.h"

G_BEGIN_DECLS

/* The file was read and is wrong; the message holds every error found, up to 20, one below the
 * other. A file that cannot be read at all is a GFileError. */
#define GMQ_SCENARIO_ERROR gmq_scenario_error_quark()
GQuark gmq_scenario_error_quark(void);

typedef enum {
    GMQ_SCENARIO_ERROR_WRONG,
} GmqScenarioError;

/* ---- broker and topology ---- */

/* Whose habits the broker follows where versions of RabbitMQ differ. */
typedef enum {
    GMQ_HABITS_DEFAULT,
    GMQ_HABITS_RABBITMQ_3_10,
    GMQ_HABITS_RABBITMQ_3_13,
    GMQ_HABITS_RABBITMQ_4,
} GmqHabits;

/* "rabbitmq-4", the name of a profile of the core. */
const char *gmq_habits_name(GmqHabits habits);

typedef struct {
    int64_t heartbeat_ns;  /* whole seconds; 0: none */
    uint64_t frame_max;    /* bytes */
    int64_t sync_ns;       /* of its disk */
    uint64_t segment_size; /* bytes of its journal's files */
    uint64_t channel_max;  /* channels of a connection */
    int64_t batch_ns;      /* confirms are collected for so long */
    uint64_t memory;       /* bytes that messages may hold before it blocks; 0: no limit */
    GmqHabits profile;
} GmqBrokerSpec;

typedef enum {
    GMQ_EXCHANGE_KIND_DIRECT,
    GMQ_EXCHANGE_KIND_FANOUT,
    GMQ_EXCHANGE_KIND_TOPIC,
    GMQ_EXCHANGE_KIND_HEADERS,
    GMQ_EXCHANGE_KIND_CONSISTENT_HASH, /* from here on: one binding takes each message */
    GMQ_EXCHANGE_KIND_MODULUS_HASH,
    GMQ_EXCHANGE_KIND_RANDOM,
    GMQ_EXCHANGE_KIND_DELAYED, /* holds messages back, and routes as another kind then */
    GMQ_N_EXCHANGE_KINDS,
} GmqExchangeKind;

/* "direct" */
const char *gmq_exchange_kind_name(GmqExchangeKind kind);

typedef struct {
    unsigned line;
    char *name;
    GmqExchangeKind type;
    GmqExchangeKind delayed_type; /* of a delayed one; GMQ_N_EXCHANGE_KINDS: not said */
    char *alternate;              /* NULL without one */
    bool durable;
    bool auto_delete;
    bool internal;
} GmqExchangeLine;

/* What a queue does when it is full. */
typedef enum {
    GMQ_FULL_DROP_HEAD,
    GMQ_FULL_REJECT_PUBLISH,
    GMQ_FULL_REJECT_PUBLISH_DLX,
    GMQ_FULL_UNSAID,
} GmqFull;

/* "reject-publish" */
const char *gmq_full_name(GmqFull full);

/* A number that is not said, and one that is no limit. */
#define GMQ_NO_NUMBER UINT64_MAX

typedef struct {
    unsigned line;
    char *name;
    bool durable;
    bool auto_delete;
    bool exclusive;
    bool single_active_consumer;
    int64_t ttl_ns;      /* whole milliseconds, as is the next; -1: for ever */
    int64_t expires_ns;  /* -1: never */
    uint64_t max_length; /* GMQ_NO_NUMBER: no limit, as in the next and in delivery_limit */
    uint64_t max_bytes;
    GmqFull overflow;
    uint64_t max_priority; /* 0: none */
    uint64_t delivery_limit;
    char *dead_to;  /* exchange; "" for default, NULL: what dies is gone */
    char *dead_key; /* NULL: the message keeps its own */
} GmqQueueLine;

typedef enum {
    GMQ_HEADER_TEXT,
    GMQ_HEADER_INTEGER,
    GMQ_HEADER_BOOL,
} GmqHeaderKind;

typedef struct {
    char *name;
    GmqHeaderKind kind;
    char *text; /* of a text; {n} is not yet replaced */
    int64_t integer;
} GmqHeaderLine;

typedef enum {
    GMQ_MATCH_ALL,
    GMQ_MATCH_ANY,
} GmqMatch;

typedef struct {
    unsigned line;
    char *from;
    char *to;
    bool to_queue;      /* else to an exchange */
    char *key;          /* "" without one */
    GmqMatch match;     /* only with headers */
    GPtrArray *headers; /* of GmqHeaderLine; NULL without any */
} GmqBindingLine;

/* ---- clients ---- */

typedef enum {
    GMQ_ROLE_PRODUCER,
    GMQ_ROLE_CONSUMER,
    GMQ_ROLE_GETTER,
    GMQ_ROLE_RPC_SERVER,
    GMQ_ROLE_RPC_CLIENT,
    GMQ_ROLE_ADMIN,
    GMQ_ROLE_RAW,
    GMQ_N_ROLES,
} GmqRole;

/* "producer" */
const char *gmq_role_name(GmqRole role);

/* What is said of a message, in publish itself or in one line of messages. NULL and GMQ_UNSET are
 * what is not said there. */
enum {
    GMQ_UNSET,
    GMQ_NO,
    GMQ_YES
};

typedef struct {
    unsigned line;
    uint64_t first, last, step; /* the message numbers that a line of messages fits */
    char *to;                   /* exchange; "" for default */
    char *key;
    char *body;
    GPtrArray *headers; /* of GmqHeaderLine */
    int persistent;
    int mandatory;
    uint64_t priority; /* UINT64_MAX: not said */
    int64_t ttl_ns;    /* -1: not said */
} GmqMessageSpec;

#define GMQ_MESSAGE_UNSET                                                                          \
    {                                                                                              \
        .priority = UINT64_MAX, .ttl_ns = -1                                                       \
    }

typedef enum {
    GMQ_THEN_IGNORE,
    GMQ_THEN_REPUBLISH,
    GMQ_THEN_RECONNECT,
    GMQ_THEN_STOP,
} GmqThen;

/* Numbers that are meant: "5", "2..4", "every 3". */
typedef struct {
    uint64_t first, last;
    uint64_t step; /* 0: none */
} GmqNumbers;

typedef struct {
    GmqMessageSpec message;
    GPtrArray *messages; /* of GmqMessageSpec: the first that fits number n is merged in */
    int64_t every_ns;
    bool every_is_exponential; /* every_ns is the mean */
    bool after_confirm;        /* the next one leaves when nothing is unconfirmed */
    bool after_reply;          /* the next one leaves when no reply is waited for */
    uint64_t count;            /* UINT64_MAX: unlimited */
} GmqPublishSpec;

typedef enum {
    GMQ_ACK_AUTO,
    GMQ_ACK_MANUAL,
    GMQ_ACK_NEVER,
} GmqAckMode;

typedef enum {
    GMQ_SCOPE_CONSUMER,
    GMQ_SCOPE_CHANNEL,
} GmqScope;

typedef enum {
    GMQ_DEDUPE_BY_MESSAGE_ID,
    GMQ_DEDUPE_NOTHING,
} GmqDedupe;

typedef struct {
    unsigned line;  /* in the file, as everywhere in this header */
    unsigned index; /* its place among the clients */
    char *name;     /* copies have their number: "w1" */
    char *family;   /* as it stands in the file: "w" */
    GmqRole role;
    int64_t start_ns;
    int64_t reconnect_ns;     /* -1: never */
    uint64_t reconnect_times; /* UINT64_MAX: as often as needed */
    int64_t heartbeat_ns;     /* -1: what the broker offers */
    uint64_t channel_max;     /* 0: what the broker offers */
    char *run;                /* the program that plays it; NULL: the simulator does */

    /* producer */
    GmqPublishSpec publish;
    uint64_t window;    /* publishes that may wait for a confirm; 0: no confirms */
    int64_t timeout_ns; /* of a confirm; 0: none */
    GmqThen then;
    uint64_t tx_every; /* messages of a transaction; 0: no transactions */
    GmqNumbers tx_rollback;

    /* rpc-client, which is a producer too */
    int64_t reply_timeout_ns; /* 0: none */

    /* whoever receives: consumer, getter, rpc-server */
    char *from;
    GmqAckMode ack;
    uint64_t batch; /* acks are sent for so many at once */
    int64_t work_ns;
    bool work_per_dot;     /* work_ns for each dot in the body */
    bool work_exponential; /* work_ns is the mean */
    GPtrArray *rules;      /* of GmqRule; NULL without any */
    GmqDedupe dedupe;

    /* consumer and rpc-server */
    uint64_t prefetch;
    GmqScope scope; /* whom the prefetch limits */
    bool exclusive;
    int64_t consumer_priority;

    /* getter */
    int64_t ask_ns; /* from one basic.get to the next */
    bool ask_exponential;

    /* raw */
    GPtrArray *lines; /* of GmqRawLine, see raw-line.h; NULL for all others */
} GmqClientSpec;

/* ---- links ---- */

typedef enum {
    GMQ_CHUNKS_WHOLE,
    GMQ_CHUNKS_SEGMENTS,
    GMQ_CHUNKS_RANDOM,
    GMQ_CHUNKS_BYTES,
    GMQ_N_CHUNKS,
} GmqChunks;

typedef enum {
    GMQ_JITTER_UNIFORM,     /* 0 to so much */
    GMQ_JITTER_EXPONENTIAL, /* so much on average */
    GMQ_N_JITTERS,
} GmqJitterShape;

typedef struct {
    int64_t latency_ns; /* one way */
    int64_t jitter_ns;  /* on top of it */
    GmqJitterShape jitter_shape;
    uint64_t rate;   /* bit/s; 0: no limit */
    uint64_t loss;   /* of a segment, in parts of a million */
    uint64_t buffer; /* bytes that may be on their way */
    GmqChunks chunks;
} GmqLinkSpec;

/* ---- timeline ---- */

typedef enum {
    GMQ_TRIGGER_AT,
    GMQ_TRIGGER_AFTER,
    GMQ_TRIGGER_MESSAGE,
    GMQ_TRIGGER_QUEUE,
    GMQ_TRIGGER_CLIENT,
    GMQ_TRIGGER_EVENT,
} GmqTrigger;

/* What a message, a queue or a client may be or have; which of them belong to which trigger, and
 * their words, stand in the table of timeline conditions. */
typedef enum {
    GMQ_IS_PUBLISHED,
    GMQ_IS_ARRIVED,
    GMQ_IS_ROUTED,
    GMQ_IS_RETURNED,
    GMQ_IS_ENQUEUED,
    GMQ_IS_DELIVERED,
    GMQ_IS_ACKED,
    GMQ_IS_REQUEUED,
    GMQ_IS_CONFIRMED,
    GMQ_IS_APPENDED,
    GMQ_IS_DURABLE,
    GMQ_IS_RECOVERED,
    GMQ_IS_REJECTED,
    GMQ_IS_DEAD_LETTERED,
    GMQ_IS_EXPIRED,
    GMQ_IS_DROPPED,
    GMQ_HAS_READY,
    GMQ_HAS_UNACKED,
    GMQ_HAS_REQUEUE,
    GMQ_HAS_DUPLICATE,
    GMQ_HAS_NO_CONSUMER,
    GMQ_IS_CONNECTED,
    GMQ_IS_CLOSED,
    GMQ_IS_IDLE,
    GMQ_IS_BLOCKED,
    GMQ_N_CONDITIONS,
} GmqCondition;

typedef struct {
    char *question;
    char **choices; /* up to NULL */
    char *answer;   /* one of the choices */
    char *because;  /* may be NULL */
} GmqQuestion;

typedef enum {
    GMQ_CUT_FROM_BROKER,
    GMQ_CUT_TO_BROKER,
    GMQ_CUT_BOTH,
} GmqCutSide;

/* Which end of a connection learns that it is over. */
typedef enum {
    GMQ_END_CLIENT,
    GMQ_END_BROKER,
    GMQ_END_BOTH,
    GMQ_N_ENDS,
} GmqEndSide;

/* What goes at a crash, of what was written and not synced. */
typedef enum {
    GMQ_LOSE_UNSYNCED,
    GMQ_LOSE_SOME, /* from a random record on */
    GMQ_LOSE_NOTHING,
} GmqDiskLoss;

/* A part of the disk: what no sync has made durable, and all else. */
typedef enum {
    GMQ_PART_UNSYNCED,
    GMQ_PART_OLD,
    GMQ_PART_NONE,
} GmqDiskPart;

typedef enum {
    GMQ_FAIL_WRITE,
    GMQ_FAIL_SYNC,
    GMQ_FAIL_NOTHING,
} GmqDiskFailure;

typedef enum {
    GMQ_TEAR_LAST_RECORD,
    GMQ_TEAR_NOTHING,
} GmqDiskTear;

/* What happens to the disk of the broker. */
typedef struct {
    GmqDiskLoss lose; /* with a crash of the broker, as is the next */
    GmqDiskTear tear;
    GmqDiskPart flip;
    int full; /* GMQ_YES or GMQ_NO; GMQ_UNSET: as it is */
    int lie;
    GmqDiskFailure fail;
    int64_t sync_ns; /* -1: as it is */
} GmqDiskSpec;

/* What an entry can do: the rows of deed.def. */
typedef enum {
#define DEED(NAME, key, class_) GMQ_DEED_##NAME,
#include "sim/deed.def"
    GMQ_N_DEEDS,
} GmqDeedKind;

/* Something that an entry does. */
typedef struct {
    GmqDeedKind kind;
    const char *name; /* to whom: a client, "broker", "all", "disk" */
    const void *spec; /* what else is said of it, as its class knows it; NULL without */
} GmqDeed;

typedef struct {
    unsigned line;
    GmqTrigger trigger;
    int64_t time_ns; /* of at and after */
    char *name;      /* of the message, queue or client; NULL for at and after */
    GmqCondition is;
    uint64_t number; /* of "N ready" and "N unacked"; of the event */
    int64_t wait_ns; /* from a when to its actions */
    uint64_t times;  /* UINT64_MAX: every time */
    uint64_t chance; /* in parts of a million; UINT64_MAX: always, and nothing is drawn */

    GPtrArray *deeds; /* of GmqDeed, in the order in which they are done; what is said comes then */
    int64_t for_ns;   /* then the deeds are undone; 0: never */
    char *say;        /* NULL and no for what is not said, as in the next two */
    bool pause;
    GmqQuestion *ask;
} GmqTimelineEntry;

/* ---- expectations ---- */

/* What each kind means stands in keys.def. */
typedef enum {
#define EXPECT(IN, key, KIND, TYPE, values, doc) GMQ_EXPECT_##KIND,
#include "sim/keys.def"
    GMQ_N_EXPECTATIONS,
} GmqExpectKind;

typedef struct {
    unsigned line;
    GmqExpectKind kind;
    char *name;           /* of the queue, message or client; NULL for the whole run */
    uint64_t least, most; /* counts, and ns for times */
    char *word;           /* of ends_in, sometimes */
    char **names;         /* of route, up to NULL */
    char *label;          /* for reports: "queues.tasks.ready" */
    char *text;           /* what is expected, as it stands in the file */
} GmqExpectation;

/* ---- the whole ---- */

/* What comes first of what happens at the same time and in the same phase. */
typedef enum {
    GMQ_TIES_FILE,   /* what was planned first, which follows the order of the file */
    GMQ_TIES_RANDOM, /* drawn from the stream "ties" */
} GmqTies;

typedef struct {
    char *name; /* the file's, without folder and .yaml; of scenario.yaml, its folder's */
    char *path; /* as it was given */
    char *text; /* the file */
    char *title;
    char *about; /* may be NULL */
    uint64_t seed;
    int64_t stop_ns;
    GmqTies ties;
    int64_t epoch_ms; /* wall clock at t = 0, since 1970 */
    GmqBrokerSpec broker;
    GPtrArray *exchanges;       /* of GmqExchangeLine */
    GPtrArray *queues;          /* of GmqQueueLine */
    GPtrArray *bindings;        /* of GmqBindingLine */
    GPtrArray *later_queues;    /* of texts: names of queues that the timeline declares */
    GPtrArray *later_exchanges; /* of texts: likewise of exchanges */
    GPtrArray *clients;         /* of GmqClientSpec, copies one after the other */
    GArray *links;              /* of GmqLinkSpec, two per client: to the broker, from the broker */
    GPtrArray *timeline;        /* of GmqTimelineEntry */
    GPtrArray *expectations;    /* of GmqExpectation */
    GPtrArray *allowed;         /* of texts: invariants that may break, "S1" */
    const char *broken;         /* one that must; NULL: none */
    GStringChunk *texts;        /* all texts above that are not the file's own */
    GPtrArray *arrays;          /* of GPtrArray: all small lists above */
} GmqScenario;

/* Reads and checks a file; NULL with an error when anything in it is wrong. */
GmqScenario *gmq_scenario_load(const char *path, GError **error);

/* Reads a file, but no more than a byte beyond the largest scenario, so that any file can be given.
 * The text, which ends with a NUL, is the caller's. */
char *gmq_scenario_read_file(const char *path, size_t *size, GError **error);

/* The same for a text of that size that came from elsewhere, such as the header of a trace. */
GmqScenario *gmq_scenario_parse(const char *path, const char *text, size_t size, GError **error);

void gmq_scenario_free(GmqScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqScenario, gmq_scenario_free)

/* The queue of the topology of that name; NULL without one. */
const GmqQueueLine *gmq_scenario_find_queue(const GmqScenario *scenario, const char *name);

/* Whether a queue of that name is there at the start, or declared by the timeline. */
bool gmq_scenario_is_queue(const GmqScenario *scenario, const char *name);

/* The client of that name; NULL without one. */
const GmqClientSpec *gmq_scenario_find_client(const GmqScenario *scenario, const char *name);

G_END_DECLS
