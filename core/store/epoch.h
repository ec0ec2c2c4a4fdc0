/* epoch.h - what belongs together: all that was noted down between two batches.
 *
 * What happens in a turn may hang together: a message that is dead-lettered is added anew and gone
 * from its old queue, a new definition replaces an old one. So what goes away in an epoch is
 * written only with, or behind, all that was added in it and before; otherwise a crash between the
 * two would lose it. When something that waits goes away without ever having been written, what
 * took its place in a later epoch counts for its own. A batch ends an epoch, whether it takes all
 * of it or not. Epochs are numbered from 1. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct {
    uint32_t waiting;   /* things added in it that no batch has taken */
    uint64_t hangs_on;  /* number of a later one, with which it belongs together; 0: none */
    uint64_t notes_end; /* notes with numbers below this were made in it or before */
    uint64_t told;      /* of them, those below this were given to whole() */
} GmqEpoch;

typedef struct {
    GArray *open;   /* of GmqEpoch; the last one is the present */
    uint64_t first; /* number of the first of them: those before are done */
} GmqEpochs;

void gmq_epochs_init(GmqEpochs *epochs);
void gmq_epochs_clear(GmqEpochs *epochs);

/* The number of the present one. */
uint64_t gmq_epochs_now(const GmqEpochs *epochs);

static inline GmqEpoch *
gmq_epoch_at(const GmqEpochs *epochs, uint32_t epoch)
{
    return &g_array_index(epochs->open, GmqEpoch, (uint32_t)(epoch - (uint32_t)epochs->first));
}

/* Something waits in an epoch, which is named by its lower bits, or is taken. */
static inline void
gmq_epochs_wait(GmqEpochs *epochs, uint32_t epoch)
{
    gmq_epoch_at(epochs, epoch)->waiting++;
}

static inline void
gmq_epochs_take(GmqEpochs *epochs, uint32_t epoch)
{
    gmq_epoch_at(epochs, epoch)->waiting--;
}

/* It went away unwritten: what was noted in its epoch hangs on the present one. */
static inline void
gmq_epochs_hang(GmqEpochs *epochs, uint32_t epoch)
{
    uint64_t now = epochs->first + epochs->open->len - 1;

    if (epoch != (uint32_t)now)
        gmq_epoch_at(epochs, epoch)->hangs_on = now;
}

/* Ends the present one, whose notes end there, and begins another. */
void gmq_epochs_end(GmqEpochs *epochs, uint64_t notes_end);

/* For a time in which no batch ends epochs: ends the present one, but goes on with the one before
 * it when nothing waits in the two. */
void gmq_epochs_fold(GmqEpochs *epochs, uint64_t notes_end);

/* The notes that may be written: those of epochs before all that waits. */
uint64_t gmq_epochs_free_notes(const GmqEpochs *epochs);

/* Calls whole() for each ended epoch that is whole by itself, with the numbers of its notes, from
 * and up to, that one left out; each note once. Nothing of such an epoch waits, nor of those behind
 * it up to the one that it hangs on. What was added before it may wait still: that was in other
 * turns, so that nothing took the place of what went away in this one but what is on the disk, or
 * went away itself. */
typedef void (*GmqEpochWhole)(uint64_t from, uint64_t to, void *data);
void gmq_epochs_foreach_whole(GmqEpochs *epochs, GmqEpochWhole whole, void *data);

/* Forgets the ended epochs before all that waits whose notes are below written. */
void gmq_epochs_forget(GmqEpochs *epochs, uint64_t written);

G_END_DECLS
