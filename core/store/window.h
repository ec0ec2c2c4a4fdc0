/* window.h - pieces of segments that were read lately, so that reading the heads of several queues
 * in order costs few reads. */
#pragma once

#include "core/store/segment.h"

G_BEGIN_DECLS

#define GMQ_N_WINDOWS 64

typedef struct {
    uint8_t *bytes;
    uint64_t at;
    uint64_t used;
    uint32_t segment; /* 0: none */
    uint32_t size;
} GmqWindow;

typedef struct {
    GmqWindow windows[GMQ_N_WINDOWS];
    unsigned last; /* that was used */
    uint64_t clock;
    uint8_t *large; /* what fits into no window */
} GmqWindows;

/* All zero is empty. */
void gmq_windows_clear(GmqWindows *windows);

/* Lends bytes of a segment until the next call; NULL with an error. */
const uint8_t *gmq_windows_read(GmqWindows *windows, GmqSegments *segments, GmqSegment *segment,
                                uint64_t offset, uint32_t size, GError **error);

G_END_DECLS
