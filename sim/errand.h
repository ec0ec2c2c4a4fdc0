/* errand.h - a short visit to a broker, step by step: what is in its queues, and what is to go.
 *
 * Each step waits for its answer, for ten seconds at most. */
#pragma once

#include "core/wire/method.h"
#include "sim/real-dial.h"

G_BEGIN_DECLS

typedef struct GmqErrand GmqErrand;

/* Connects and logs in. NULL with a sentence for people: nobody listens, the login is refused, it
 * is no AMQP, or nobody answers. url and dial are lent and must outlive it. */
GmqErrand *gmq_errand_new(const GmqBrokerUrl *url, const GmqDial *dial, GError **error);

/* Says good-bye. */
void gmq_errand_free(GmqErrand *errand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqErrand, gmq_errand_free)

typedef struct {
    bool exists;
    uint64_t ready;
    uint64_t consumers;
} GmqErrandQueue;

/* What a queue has; false with an error when the broker does not say. */
bool gmq_errand_look(GmqErrand *errand, const char *queue, GmqErrandQueue *found, GError **error);

/* Takes the next message out of a queue and returns its message-id, "" without one, for the caller
 * to free; NULL when there is none, or with an error. */
char *gmq_errand_take(GmqErrand *errand, const char *queue, GError **error);

bool gmq_errand_has_exchange(GmqErrand *errand, const char *exchange, bool *exists, GError **error);

/* Declares what is there already, which shows whether its settings are those; what is a word for
 * people. False with an error when they are not. */
bool gmq_errand_declare(GmqErrand *errand, const char *what, const char *name,
                        const GmqMethod *declare, GError **error);

/* Deletes what may be there; false with an error when the broker does not want that. */
bool gmq_errand_delete_queue(GmqErrand *errand, const char *queue, GError **error);
bool gmq_errand_delete_exchange(GmqErrand *errand, const char *exchange, GError **error);

G_END_DECLS
