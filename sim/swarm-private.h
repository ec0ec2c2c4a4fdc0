/* swarm-private.h - drawing a scenario, for the files that draw its parts. */
#pragma once

#include "sim/random.h"
#include "sim/yaml-edit.h"

G_BEGIN_DECLS

/* Features that a seed switches on or off. */
typedef enum {
#define FEATURE(NAME, words, IN, key) GMQ_SWARM_##NAME,
#include "sim/swarm.def"
#undef FEATURE
    GMQ_N_SWARM_FEATURES,
} GmqSwarmFeature;

typedef struct {
    GmqYamlDocument *document;
    GmqRandom random; /* of the part that is drawn now */
    uint64_t seed;
    bool is_on[GMQ_N_SWARM_FEATURES];
    GPtrArray *queues;     /* of names; owned */
    GPtrArray *exchanges;  /* likewise */
    GPtrArray *clients;    /* likewise */
    const char *rpc_queue; /* where questions go; NULL: nobody asks any */
    bool has_deaths;       /* queues have a dead-letter exchange to go to */
} GmqSwarm;

/* ---- swarm.c ---- */

/* A number between both, both included; each of them as likely as any. */
uint64_t gmq_swarm_between(GmqSwarm *swarm, uint64_t least, uint64_t most);

/* Likewise, but small numbers come as often as large ones: first it draws how many digits. */
uint64_t gmq_swarm_scale(GmqSwarm *swarm, uint64_t least, uint64_t most);

/* True for one of n. */
bool gmq_swarm_one_of(GmqSwarm *swarm, uint64_t n);

/* Whether the feature is on; and then for one of two. */
bool gmq_swarm_has(const GmqSwarm *swarm, GmqSwarmFeature feature);
bool gmq_swarm_uses(GmqSwarm *swarm, GmqSwarmFeature feature);

/* A name of a list; NULL when that is empty. */
const char *gmq_swarm_pick(GmqSwarm *swarm, const GPtrArray *names);

/* Gives a key of a map a text, a number, or a duration. */
void gmq_swarm_put(GmqSwarm *swarm, GmqYaml *map, const char *key, const char *text);
void gmq_swarm_put_number(GmqSwarm *swarm, GmqYaml *map, const char *key, uint64_t number);
void gmq_swarm_put_ms(GmqSwarm *swarm, GmqYaml *map, const char *key, uint64_t ms);

/* ---- the parts ---- */

void gmq_swarm_add_topology(GmqSwarm *swarm, GmqYaml *root);
void gmq_swarm_add_clients(GmqSwarm *swarm, GmqYaml *root);

G_END_DECLS
