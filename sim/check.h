/* check.h - the safety invariants: watches a run with plain lists and knows nothing of the broker.
 *
 * It is told every announced event, every byte that the broker sends, and what clients send and
 * receive. It keeps its own naive picture of queues, routes, tags and confirms, and the first thing
 * that does not fit is told as one exact sentence. It shares no code with the broker.
 *
 * Where nobody looks there is no check: everything that is told to NULL is nothing. */
#pragma once

#include "sim/disk.h"
#include "sim/outgoing.h"
#include "sim/trace.h"

#include "core/client/events.h"

G_BEGIN_DECLS

typedef struct GmqCheck GmqCheck;

/* Told of each broken check: whom it is about, and a whole sentence that begins with the
 * invariant, "S6 broken: ...". */
typedef void (*GmqCheckBroken)(void *user, const char *who, const char *sentence);

/* The scenario is lent and must outlive the check. */
GmqCheck *gmq_check_new(const GmqScenario *scenario, GmqCheckBroken broken, void *user);
void gmq_check_free(GmqCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqCheck, gmq_check_free)

/* Where the truth is about what is durable; lent. Without it S12 is not checked. */
void gmq_check_set_disk(GmqCheck *check, const GmqSimDisk *disk);

/* The broker is somewhere else: only what clients can know is checked. */
void gmq_check_set_remote(GmqCheck *check);

/* Whether a text names an invariant: "S1" to "S21", "L1" to "L5". */
bool gmq_check_is_known(const char *name);

/* Whether a sentence that was told is about the invariant of that name. */
bool gmq_check_is_about(const char *sentence, const char *name);

/* What broke, without what the scenario allows or expects to break. */
size_t gmq_check_broken_count(const GmqCheck *check);

/* The topology of the scenario stands. */
void gmq_check_begin(GmqCheck *check);

/* An event as it was announced, with the names of connections, and as it is traced. */
void gmq_check_add(GmqCheck *check, const GmqEvent *event, const GmqTraceEvent *traced);

/* The broker has finished a turn: what belongs together has been told. */
void gmq_check_turn_ended(GmqCheck *check);

/* The broker is gone, by a crash or in an orderly way: all that it knew may come back with the next
 * one, as far as it is durable. And: that one could not start. */
void gmq_check_broker_gone(GmqCheck *check, bool was_clean);
void gmq_check_refused(GmqCheck *check, const char *why, bool is_damaged);

/* All that harmed broker and network is healed: from now on things must happen in time (L1 to
 * L5). */
void gmq_check_calm(GmqCheck *check);

/* The broker has woken up, and nobody had told it anything (L5). */
void gmq_check_woken(GmqCheck *check, int64_t now_ns);

/* The connection takes no more bytes from the broker for now, or does again: nobody can be sent
 * anything there (L1, L4). */
void gmq_check_clogged(GmqCheck *check, const char *connection, bool is_clogged);

/* What the broker holds at one moment: the bytes that a connection does not take, and the rest
 * (S19). */
typedef struct {
    uint64_t n_connections;
    uint64_t n_exchanges;
    uint64_t n_timers;
    uint64_t journal_bytes;
    uint64_t live_bytes; /* of these, that count */
} GmqCheckHoldings;

void gmq_check_output(GmqCheck *check, const char *connection, uint64_t bytes);
void gmq_check_holdings(GmqCheck *check, const GmqCheckHoldings *holdings);

/* The run is over. */
void gmq_check_finish(GmqCheck *check);

/* A client is about to send a message on that connection; or to send on one that it received,
 * unchanged and not mandatory; and a client received one there under that delivery tag, or got one
 * back, without a tag: 0 (S2, S13). */
void gmq_check_sent(GmqCheck *check, const char *connection, const GmqOutgoing *message);
void gmq_check_forwarded(GmqCheck *check, const char *connection, const GmqProperties *properties,
                         GmqSlice body);
void gmq_check_received(GmqCheck *check, const char *connection, uint64_t tag,
                        const GmqProperties *properties, const GmqClientContent *content);

/* Bytes from a client come to the broker on that connection: what it asks for (S10, S13 to S15). */
void gmq_check_heard(GmqCheck *check, const char *connection, GmqSlice bytes);

/* Bytes from the broker arrived on that connection (S18). True when they end inside the header of a
 * frame. */
bool gmq_check_wire(GmqCheck *check, const char *connection, GmqSlice bytes);

/* A client says that the broker broke the protocol (S18). */
void gmq_check_protocol(GmqCheck *check, const char *who, const char *how);

/* The broker did not take the topology. */
void gmq_check_topology(GmqCheck *check, const char *how);

/* The broker did not do what the timeline wants of it. */
void gmq_check_order(GmqCheck *check, const char *how);

/* A client is a real program, and time is not. */
void gmq_check_program(GmqCheck *check, const char *client);

/* The run stands still in one instant: these events come again and again. */
void gmq_check_livelock(GmqCheck *check, const char *events);

G_END_DECLS
