/* trait.h - what was declared of queues, exchanges and bindings and what no event tells: a time to
 * live, a limit, where dead letters go, the headers of a binding.
 *
 * They come from a scenario, exported definitions or a running broker, and say what a picture's
 * boxes say below the name. Nothing here changes during a run. */
#pragma once

#include "sim/scenario.h"
#include "viz/picture.h"

G_BEGIN_DECLS

/* The headers that a binding asks for. */
typedef struct {
    char *from;
    char *to;
    GmqPlaceKind to_kind;
    char *key;
    char *match;      /* "all", "any" */
    GPtrArray *cells; /* of texts: name, value, name, value ...; owned */
} GmqHeaderTrait;

/* Where the dead letters of a queue go. */
typedef struct {
    char *queue;
    char *exchange;
    char *key; /* NULL: they keep their own */
} GmqDeadTrait;

typedef struct GmqTraits GmqTraits;

GmqTraits *gmq_traits_new(void);
void gmq_traits_free(GmqTraits *traits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTraits, gmq_traits_free)

/* What a scenario declares at its start. (trait-scenario.c) */
GmqTraits *gmq_traits_of_scenario(const GmqScenario *scenario);

/* What a running broker says when one begins to look: the trace is that of a moment, in which each
 * queue is told once. (trait-trace.c) */
GmqTraits *gmq_traits_of_trace(const GmqTrace *trace);

/* Adds a line to a queue or an exchange: "ttl 2s". */
void gmq_traits_add_line(GmqTraits *traits, GmqPlaceKind kind, const char *name, const char *line);

/* key may be NULL. A queue has one such trait: the first stays. */
void gmq_traits_add_dead(GmqTraits *traits, const char *queue, const char *exchange,
                         const char *key);

/* Returns the trait so that cells are added to it. */
GmqHeaderTrait *gmq_traits_add_headers(GmqTraits *traits, const char *from, const char *to,
                                       GmqPlaceKind to_kind, const char *key, const char *match);

/* The lines of an entity, of char *; NULL when it has none. Lent. */
const GPtrArray *gmq_traits_lines(const GmqTraits *traits, GmqPlaceKind kind, const char *name);

/* NULL when the dead letters of that queue are gone. Lent. */
const GmqDeadTrait *gmq_traits_dead(const GmqTraits *traits, const char *queue);

/* All headers traits, of GmqHeaderTrait, in order of creation. Lent. */
const GPtrArray *gmq_traits_headers(const GmqTraits *traits);

/* Adds a line of the kind GMQ_EDGE_DEAD to the picture for every queue in it whose dead letters go
 * somewhere, with is_set, as if one had gone that way. What is there already keeps its place. */
void gmq_traits_lead_dead(const GmqTraits *traits, GmqPicture *picture);

G_END_DECLS
