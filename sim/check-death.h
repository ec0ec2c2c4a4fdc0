/* check-death.h - what dies in a queue and is published again (S13). */
#pragma once

#include "sim/check-private.h"

G_BEGIN_DECLS

/* The message died in the queue of that reason; copy is NULL when it never was in it. A letter must
 * follow if the queue has an exchange for that. */
void gmq_check_death(GmqCheck *check, GmqCheckMessage *message, GmqCheckQueue *queue,
                     GmqCheckCopy *copy, const char *reason);
void gmq_check_dead_lettered(GmqCheck *check, const GmqEvent *event);
void gmq_check_all_letters_written(GmqCheck *check);
void gmq_check_free_owed(void *owed);

/* ---- check-deaths.c: what x-death says ---- */

/* One of its records. */
typedef struct {
    char *queue;
    char *reason;
    char *exchange;
    GPtrArray *keys;  /* of texts */
    char *expiration; /* NULL without one */
    int64_t count;
    int64_t time_s;
} GmqCheckDeath;

struct GmqCheckDeaths {
    GPtrArray *records;   /* of GmqCheckDeath, newest first; owned */
    GmqCheckDeath *first; /* what x-first-death-* say; owned, NULL: not died yet */
    GmqCheckDeath *last;  /* what x-last-death-* say, likewise; of a broker that writes them */
};

/* The deaths of a message until now: those of a letter, or what a client wrote, which a broker with
 * the habits of RabbitMQ 4 does not believe. */
GmqCheckDeaths *gmq_check_deaths_copy(const GmqCheck *check, const GmqCheckMessage *message);
void gmq_check_deaths_free(GmqCheckDeaths *deaths);

/* One more death. Returns how often it died there of that. */
int64_t gmq_check_deaths_add(const GmqCheck *check, GmqCheckDeaths *deaths,
                             const GmqCheckMessage *message, const char *queue, const char *reason,
                             int64_t time_s);

/* Whether the message went round from that queue without a rejection: it must not enter again. */
bool gmq_check_deaths_is_cycle(const GmqCheckDeaths *deaths, const char *queue);

/* The header x-death, as an array, says the same; else breaks (S13). who received it. */
void gmq_check_deaths_compare(GmqCheck *check, const GmqCheckDeaths *deaths, GmqSlice headers,
                              const char *who, const char *name);

G_END_DECLS
