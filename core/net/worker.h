/* worker.h - a helper thread, so that the loop never waits for a disk.
 *
 * Jobs are done one after the other, in the order in which they were given. When a job is done the
 * loop is told and finishes it, in the same order and from a watch: never from inside a call. */
#pragma once

#include "core/net/loop.h"

G_BEGIN_DECLS

typedef struct GmqWorker GmqWorker;
typedef struct GmqJob GmqJob;

/* Stands at the start of its owner's struct. */
struct GmqJob {
    void (*work)(GmqJob *job);   /* on the thread */
    void (*finish)(GmqJob *job); /* on the loop; frees the job */
    bool is_dropped; /* in finish(): the worker was stopped, and nobody is to hear of it any more */
    GmqJob *next;    /* the worker's */
};

/* NULL with an error when there is no thread to be had. Signals stay with the other threads. */
GmqWorker *gmq_worker_new(GmqLoop *loop, GError **error);

/* Takes the job. One that comes after the stop is dropped at once. */
void gmq_worker_give(GmqWorker *worker, GmqJob *job);

/* Ends the thread when it is done with the job that it is at, and drops all others, also those
 * whose finish() is still to come. False when that job takes longer than patience_ms: then the
 * thread goes on with it, what it works with must not be freed, and the process can only end. */
bool gmq_worker_stop(GmqWorker *worker, unsigned patience_ms);

/* It must have been stopped. */
void gmq_worker_free(GmqWorker *worker);

G_END_DECLS
