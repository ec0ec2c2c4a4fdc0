/* tap.h - what can be known of a broker that is somewhere else: what goes over its wire.
 *
 * A tap looks at the bytes of one connection at the broker's end and announces, with the events
 * that a broker of our own would announce, what they prove: a message went to the broker, it came
 * back from a queue, an ack went there. What goes on inside the broker nobody sees; only that a
 * message entered a queue is told when it comes out, and that it went back when its consumer has
 * left or refused it.
 *
 * The taps of a world share a book of the messages that went by. */
#pragma once

#include "sim/sim-peer.h"

G_BEGIN_DECLS

typedef struct GmqTapBook GmqTapBook;
typedef struct GmqTap GmqTap;

GmqTapBook *gmq_tap_book_new(void);
void gmq_tap_book_free(GmqTapBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTapBook, gmq_tap_book_free)

/* The next number of a message, as brokers give them, for that name; and the last one of a name, 0
 * when none went by. */
uint64_t gmq_tap_book_add(GmqTapBook *book, GmqSlice name);
uint64_t gmq_tap_book_find(const GmqTapBook *book, GmqSlice name);

/* A message comes out of a queue: whether it entered only now, as far as anybody knows. */
bool gmq_tap_book_take(GmqTapBook *book, GmqSlice queue, GmqSlice name, bool is_redelivered);

/* It went back into the queue. */
void gmq_tap_book_put_back(GmqTapBook *book, GmqSlice queue, GmqSlice name);

/* Calls tell for each copy that went back and did not come out again. */
void gmq_tap_book_each_back(GmqTapBook *book,
                            void (*tell)(void *user, const char *queue, const char *name),
                            void *user);

/* Returns a tap of that peer's connection. Both are lent and must outlive it. */
GmqTap *gmq_tap_new(GmqTapBook *book, GmqPeer *peer);
void gmq_tap_free(GmqTap *tap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTap, gmq_tap_free)

/* Bytes that go to the broker, and that come from it. */
void gmq_tap_sent(GmqTap *tap, GmqSlice bytes);
void gmq_tap_received(GmqTap *tap, GmqSlice bytes);

/* The connection is no more. */
void gmq_tap_ended(GmqTap *tap);

/* Requests that went to the broker and have no answer. */
unsigned gmq_tap_due(const GmqTap *tap);

G_END_DECLS
