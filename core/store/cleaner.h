/* cleaner.h - old segments are made empty, a little in each turn: what is live in them is staged
 * again. */
#pragma once

#include "core/store/journal.h"
#include "core/store/segment.h"

G_BEGIN_DECLS

typedef struct {
    uint32_t segment; /* that is being made empty; 0: none */
    unsigned n_known; /* of its definitions that were looked at, before all else */
    uint64_t at;      /* how far it was looked at then */
    uint64_t staged;  /* bytes of it that were staged */
    uint8_t *bytes;   /* what is read at once */
} GmqCleaner;

void gmq_cleaner_clear(GmqCleaner *cleaner);

/* Goes on, when there is something to do. */
void gmq_cleaner_step(GmqJournal *journal);

/* Whether it wants another turn soon. */
bool gmq_cleaner_is_busy(const GmqJournal *journal);

G_END_DECLS
