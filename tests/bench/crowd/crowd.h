/* crowd.h - the cases of crowd, and how they take the time. */
#pragma once

#include "tests/bench/crowd/talk.h"

/* So many of everything, unless a case says otherwise; divided for a broker that would take all
 * day. */
size_t crowd_size(size_t size);

/* A step of the case at hand: what lies between these two is timed and printed. count is how many
 * things it did. */
void step_begin(void);
void step_end(const char *step, size_t count);

/* Shuffles the numbers from 0 to count - 1: always the same way. */
void shuffle(uint32_t *numbers, size_t count);

void *allocate(size_t size);

/* Topology (crowd-topology.c). */
void run_queues(void);
void run_queues_one_by_one(void);
void run_queues_backwards(void);
void run_exclusive_queues(void);
void run_auto_delete_queues(void);
void run_direct_bindings(void);
void run_topic_bindings(void);
void run_fanout_bindings(void);
void run_headers_bindings(void);
void run_bindings_of_a_queue(void);
void run_bindings_of_an_exchange(void);

/* Clients (crowd-clients.c). */
void run_connections(void);
void run_channels(void);
void run_consumers(void);
void run_preferred_consumer(void);
void run_single_active(void);
void run_tags(void);

/* Messages (crowd-messages.c). */
void run_backlog(void);
void run_single_acks(void);
void run_requeue(void);
void run_priorities(void);
void run_falling_ttl(void);
void run_expiry(void);
void run_dead_letters(void);
void run_deaths(void);
