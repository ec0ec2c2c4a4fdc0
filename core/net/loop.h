/* loop.h - waits until a file descriptor is ready or a time has come, over epoll.
 *
 * Level-triggered: what is not dealt with is reported again. The owner of a watch keeps it alive
 * until the loop is about to wait again, since an event of the same batch may still name it, or
 * until the loop was told to forget it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct GmqLoop GmqLoop;
typedef struct GmqWatch GmqWatch;

/* What a descriptor calls when it is ready; stands at the start of its owner's struct. */
struct GmqWatch {
    void (*ready)(GmqWatch *watch, uint32_t events); /* EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP */
};

typedef enum {
    GMQ_LOOP_ERROR_FAILED,
} GmqLoopError;

#define GMQ_LOOP_ERROR (gmq_loop_error_quark())
GQuark gmq_loop_error_quark(void);

/* NULL with an error when the kernel gives no epoll. */
GmqLoop *gmq_loop_new(GError **error);
void gmq_loop_free(GmqLoop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLoop, gmq_loop_free)

/* Watches fd for events; false when the kernel has no room for one more (errno says). Closing fd
 * ends the watch. */
bool gmq_loop_add(GmqLoop *loop, int fd, uint32_t events, GmqWatch *watch);
void gmq_loop_change(GmqLoop *loop, int fd, uint32_t events, GmqWatch *watch);

/* The events of the running batch that are still to come do not name the watch any more: with its
 * descriptor closed, it may be freed. */
void gmq_loop_forget(GmqLoop *loop, const GmqWatch *watch);

/* Waits for something to be ready until deadline_ns of now (INT64_MAX: for ever), then calls the
 * watches that are. */
void gmq_loop_wait(GmqLoop *loop, int64_t deadline_ns);

/* Nanoseconds since the loop was made, read when the last wait ended. */
int64_t gmq_loop_now(const GmqLoop *loop);

/* The same, read anew. */
int64_t gmq_loop_clock(const GmqLoop *loop);

G_END_DECLS
