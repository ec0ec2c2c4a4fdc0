/* heirs.h - those who waited for a message that died unwritten and left something in its place, a
 * dead letter: they wait for that instead. In the order of their marks. */
#pragma once

#include "core/store/journal.h"

G_BEGIN_DECLS

typedef struct {
    uint64_t mark; /* what gmq_journal_committed() reaches when it is on the disk */
    void *waiter;
    uint64_t tag;
} GmqHeir;

typedef struct {
    GArray *line; /* of GmqHeir */
} GmqHeirs;

void gmq_heirs_init(GmqHeirs *heirs);
void gmq_heirs_clear(GmqHeirs *heirs);

/* Its mark is not below those before. */
void gmq_heirs_add(GmqHeirs *heirs, const GmqHeir *heir);

/* Calls done() for those with marks up to that one, which need not wait any more. */
void gmq_heirs_tell(GmqJournal *journal, uint64_t mark, bool is_kept);

G_END_DECLS
