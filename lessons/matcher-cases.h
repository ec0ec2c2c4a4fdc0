/* matcher-cases.h - what a topic exchange was asked in a run, and what it answered. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    char *queue;
    char *pattern;
} GmqMatcherBinding;

typedef struct {
    char *message; /* its name in the run */
    char *key;
    GPtrArray *queues;   /* of texts: who gets it, in the order of the bindings */
    GPtrArray *patterns; /* of texts: a pattern of each that fits */
} GmqMatcherCase;

typedef struct {
    GPtrArray *bindings; /* of GmqMatcherBinding */
    GPtrArray *cases;    /* of GmqMatcherCase, in the order of the run */
} GmqMatcherCases;

/* Runs the scenario of that path. NULL with an error when it is none, or does not ask one topic
 * exchange. */
GmqMatcherCases *gmq_matcher_cases_load(const char *path, GError **error);
void gmq_matcher_cases_free(GmqMatcherCases *cases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqMatcherCases, gmq_matcher_cases_free)

/* All lines for the program; the caller frees it. */
char *gmq_matcher_cases_input(const GmqMatcherCases *cases);

/* Whether the queue is among those that get the message. */
bool gmq_matcher_case_has(const GmqMatcherCase *one, const char *queue);

G_END_DECLS
