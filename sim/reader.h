/* reader.h - reading a scenario file, shared by the files scenario-*.c alone.
 *
 * Each part of the file has its function, named by keys.def: it takes a node of the tree, fills the
 * struct of its part, and adds problems. It never stops at one: all are told together. */
#pragma once

#include "sim/keys.h"
#include "sim/rule.h"
#include "sim/yaml.h"

G_BEGIN_DECLS

/* A name that was used, and what it may be the name of: GmqNameKinds. */
typedef struct {
    const GmqYaml *node;
    unsigned kinds;
} GmqReference;

/* The name of a link, and what it is the name of: see link.h. */
typedef struct {
    const GmqYaml *node;
    const struct GmqLinkChange *change;
} GmqLinkName;

struct GmqScenarioReader {
    GmqScenario *scenario;
    GmqProblems *problems;
    GArray *references;   /* of GmqReference, to be looked up at the end */
    const GmqYaml *links; /* to be read when all clients are known */
    GArray *link_names;   /* of GmqLinkName: of the timeline, to be checked then */
    uint64_t copies;      /* of the client being read; 0: not said */
};

/* Parts that are put together from several nodes. */
typedef struct {
    GmqTimelineEntry entry;
    int64_t at_ns;    /* -1: not given */
    int64_t after_ns; /* likewise */
    const GmqYaml *when;
    const GmqYaml *times;
    const GmqYaml *ask;
    const GmqYaml *deeds[GMQ_N_DEEDS];
    const GmqYaml *set;
    GmqCutSide cut_side;
    GmqEndSide end_side;
    int64_t slow_close_ns;
} GmqEntryNodes;

typedef struct {
    GmqMessageSpec message;
    char *as;
} GmqPublishNodes;

typedef struct {
    const GmqYaml *message;
    const GmqYaml *queue;
    const GmqYaml *client;
    const GmqYaml *is;
    const GmqYaml *has;
    uint64_t event; /* 0: not given */
} GmqWhenNodes;

typedef struct {
    const GmqYaml *question;
    const GmqYaml *choices;
    const GmqYaml *answer;
    const GmqYaml *because;
} GmqAskNodes;

/* What declare, bind, unbind, delete and purge of the timeline take. The line stands first, so that
 * the keys of the topology can fill it. */
typedef struct {
    union {
        GmqQueueLine queue;
        GmqExchangeLine exchange;
        GmqBindingLine binding;
    } line;
    char *queue_name;    /* NULL: it is about none */
    char *exchange_name; /* likewise */
    char *as;            /* NULL: nobody who is seen */
} GmqTopologySpec;

/* What an expectation is about. */
typedef struct {
    const char *label; /* "queues.tasks", or "" */
    const char *name;  /* of the queue, message or client; NULL for the run */
} GmqExpectScope;

/* ---- scenario-read.c: what all parts use ---- */

void gmq_read_problem(GmqScenarioReader *reader, const GmqYaml *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Copies that live as long as the scenario. */
char *gmq_read_keep(GmqScenarioReader *reader, const char *text);
GPtrArray *gmq_read_new_array(GmqScenarioReader *reader, GDestroyNotify free_item);

/* Reads all keys of a map into target; owners are the parts whose keys may stand there, up to
 * GMQ_N_OWNERS. Nothing at all counts as an empty map. */
void gmq_read_map(GmqScenarioReader *reader, const GmqYaml *node, const GmqKeyOwner *owners,
                  void *target);

/* The text of a scalar; a problem and NULL when node is something else. what is "an exchange". */
const char *gmq_read_text(GmqScenarioReader *reader, const GmqYaml *node, const char *what);

/* Whether node is a list, or a map; a problem when it is not. An empty node is neither, and no
 * problem. */
bool gmq_read_is_list(GmqScenarioReader *reader, const GmqYaml *node, const char *what);
bool gmq_read_is_map(GmqScenarioReader *reader, const GmqYaml *node, const char *what);

/* A key that must be there; a problem when it is missing. */
const GmqYaml *gmq_read_need(GmqScenarioReader *reader, const GmqYaml *map, GmqKeyOwner owner,
                             const char *key);

/* The sentence as a problem, with "Did you mean ...?" when node's text is near a known word. */
void gmq_read_unknown(GmqScenarioReader *reader, const GmqYaml *node, const char *sentence,
                      const char *const *known, size_t n_known);

/* The problem that a value is not what its key takes. */
void gmq_read_refuse(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node);

/* A count that is used outside the table. */
bool gmq_read_count_node(GmqScenarioReader *reader, const GmqYaml *node, uint64_t least,
                         uint64_t most, uint64_t *count);

/* A name that is declared: a problem when it is empty, too long, or has control characters. */
char *gmq_read_name(GmqScenarioReader *reader, const GmqYaml *node, const char *what);

/* ---- scenario-expect.c ---- */

/* One expectation; node is what stands behind its key. */
void gmq_read_expectation(GmqScenarioReader *reader, const GmqKey *key, const GmqYaml *node,
                          const GmqExpectScope *scope);

/* ---- scenario-names.c: names that are used must be declared ---- */

typedef enum {
    GMQ_NAME_EXCHANGE = 1 << 0,
    GMQ_NAME_QUEUE    = 1 << 1,
    GMQ_NAME_CLIENT   = 1 << 2,
    GMQ_NAME_BROKER   = 1 << 3, /* the word "broker" */
    GMQ_NAME_ALL      = 1 << 4, /* the word "all" */
    GMQ_NAME_MESSAGE  = 1 << 5,
    GMQ_NAME_COPY     = 1 << 6, /* a message, or its copy in a queue: "p1-5@audit" */
    GMQ_NAME_OUTCOME  = 1 << 7, /* acked, dropped, lost */
    GMQ_NAME_SPEAKER  = 1 << 8, /* a client that does what it is told: any but a raw one */
} GmqNameKinds;

/* Notes that the text of node names one of these; it is checked when everything was read. */
void gmq_read_refer(GmqScenarioReader *reader, const GmqYaml *node, unsigned kinds);
void gmq_read_check_names(GmqScenarioReader *reader);

/* Whether an exchange of that name is declared somewhere in the scenario. */
bool gmq_scenario_has_exchange(const GmqScenario *scenario, const char *name);

/* Splits "p1-5@audit" into the client, the number and the queue, "" without one; false when it is
 * no name of a message. *client and *queue are the caller's. */
bool gmq_message_name_split(const char *name, char **client, uint64_t *number, char **queue);

/* ---- scenario-links.c ---- */

/* Fills scenario->links, when all clients are known. */
void gmq_read_apply_links(GmqScenarioReader *reader);

/* ---- scenario-timeline.c ---- */

/* What can be checked only when everything was read: entries that lie behind the end. */
void gmq_read_check_timeline(GmqScenarioReader *reader);

/* ---- scenario-publish.c ---- */

/* What must be so of a message; node is the map where it is said. */
void gmq_read_check_message(GmqScenarioReader *reader, const GmqYaml *node,
                            GmqMessageSpec *message);

/* What must be so when all keys of a producer were read. */
void gmq_read_check_producer(GmqScenarioReader *reader, const GmqYaml *node,
                             const GmqClientSpec *client);

/* ---- scenario-receive.c ---- */

/* Likewise of a consumer or an rpc-server, and of a getter. */
void gmq_read_check_consumer(GmqScenarioReader *reader, const GmqYaml *node,
                             const GmqClientSpec *client);
void gmq_read_check_getter(GmqScenarioReader *reader, const GmqYaml *node,
                           const GmqClientSpec *client);

/* ---- scenario-raw.c ---- */

/* Likewise of a raw client. */
void gmq_read_check_raw(GmqScenarioReader *reader, const GmqYaml *node,
                        const GmqClientSpec *client);

/* ---- rule-condition.c ---- */

/* "header.poison == yes and n >= 3" as a list of GmqTerm; what is wrong in it is a problem. */
GPtrArray *gmq_read_condition(GmqScenarioReader *reader, const GmqYaml *node);

/* ---- scenario-topology.c ---- */

/* A name of something that is declared: one that begins with amq. is the broker's own. */
char *gmq_read_new_name(GmqScenarioReader *reader, const GmqYaml *node, const char *what);

/* Checks what was said of a binding alone. */
void gmq_read_check_binding(GmqScenarioReader *reader, const GmqYaml *node,
                            const GmqBindingLine *binding);

/* A map of header names to texts, whole numbers and truths, as a list of GmqHeaderLine. */
GPtrArray *gmq_read_headers(GmqScenarioReader *reader, const GmqYaml *node);

/* What the keys of an exchange say together makes sense. */
void gmq_read_check_exchange(GmqScenarioReader *reader, const GmqYaml *node,
                             const GmqExchangeLine *exchange);

/* ---- scenario-queue.c ---- */

/* What a queue is of which nothing is said. */
#define GMQ_QUEUE_LINE_DEFAULT                                                                     \
    {                                                                                              \
        .ttl_ns = -1, .expires_ns = -1, .max_length = GMQ_NO_NUMBER, .max_bytes = GMQ_NO_NUMBER,   \
        .overflow = GMQ_FULL_UNSAID, .delivery_limit = GMQ_NO_NUMBER                               \
    }

/* Checks what was said of a queue in the map node. */
void gmq_read_check_queue(GmqScenarioReader *reader, const GmqYaml *node, GmqQueueLine *queue);

/* "NAME: MAP" of the topology. */
void gmq_read_queue(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node);

/* ---- the parts of keys.def ---- */

#define PART(IN, key, name, values, doc)                                                           \
    void gmq_read_##name(GmqScenarioReader *reader, const void *node, void *target);
#include "sim/keys.def"

G_END_DECLS
