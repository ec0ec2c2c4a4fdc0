/* Waiters whose message died before it was written, and left something in its place. */
#include "core/store/heirs.h"

#include "core/store/journal-private.h"

void
gmq_heirs_init(GmqHeirs *heirs)
{
    heirs->line = g_array_new(FALSE, FALSE, sizeof(GmqHeir));
}

void
gmq_heirs_clear(GmqHeirs *heirs)
{
    g_array_unref(heirs->line);
}

void
gmq_heirs_add(GmqHeirs *heirs, const GmqHeir *heir)
{
    g_array_append_vals(heirs->line, heir, 1);
}

void
gmq_heirs_tell(GmqJournal *journal, uint64_t mark, bool is_kept)
{
    GArray *line = journal->heirs.line;
    unsigned n   = 0;

    for (; n < line->len && g_array_index(line, GmqHeir, n).mark <= mark; n++) {
        const GmqHeir *heir = &g_array_index(line, GmqHeir, n);

        journal->class_->done(journal->user, heir->waiter, heir->tag, is_kept);
    }
    if (n > 0)
        g_array_remove_range(line, 0, n);
}
