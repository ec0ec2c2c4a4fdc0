#include "core/store/epoch.h"

static GmqEpoch *
epoch_at(const GmqEpochs *epochs, unsigned i)
{
    return &g_array_index(epochs->open, GmqEpoch, i);
}

void
gmq_epochs_init(GmqEpochs *epochs)
{
    GmqEpoch present = {0};

    *epochs = (GmqEpochs){.open = g_array_new(FALSE, FALSE, sizeof(GmqEpoch)), .first = 1};
    g_array_append_val(epochs->open, present);
}

void
gmq_epochs_clear(GmqEpochs *epochs)
{
    g_array_unref(epochs->open);
}

uint64_t
gmq_epochs_now(const GmqEpochs *epochs)
{
    return epochs->first + epochs->open->len - 1;
}

void
gmq_epochs_end(GmqEpochs *epochs, uint64_t notes_end)
{
    GmqEpoch next = {0};

    epoch_at(epochs, epochs->open->len - 1)->notes_end = notes_end;
    g_array_append_val(epochs->open, next);
}

void
gmq_epochs_fold(GmqEpochs *epochs, uint64_t notes_end)
{
    unsigned n      = epochs->open->len;
    uint64_t before = n == 1 ? 0 : epoch_at(epochs, n - 2)->notes_end;

    if (epoch_at(epochs, n - 1)->waiting == 0 && notes_end == before)
        return;
    if (n == 1 || epoch_at(epochs, n - 1)->waiting > 0 || epoch_at(epochs, n - 2)->waiting > 0 ||
        epoch_at(epochs, n - 2)->hangs_on > 0)
        gmq_epochs_end(epochs, notes_end);
    else
        epoch_at(epochs, n - 2)->notes_end = notes_end;
}

/* How many ended epochs in front are whole: in none of them anything waits, nor in those that they
 * hang on, which are among them. */
static unsigned
n_whole(const GmqEpochs *epochs)
{
    uint64_t reach = 0;
    unsigned n     = 0;

    for (unsigned i = 0; i + 1 < epochs->open->len && epoch_at(epochs, i)->waiting == 0; i++) {
        reach = MAX(reach, epoch_at(epochs, i)->hangs_on);
        if (reach <= epochs->first + i)
            n = i + 1;
    }
    return n;
}

uint64_t
gmq_epochs_free_notes(const GmqEpochs *epochs)
{
    unsigned n = n_whole(epochs);

    return n == 0 ? 0 : epoch_at(epochs, n - 1)->notes_end;
}

void
gmq_epochs_foreach_whole(GmqEpochs *epochs, GmqEpochWhole whole, void *data)
{
    unsigned broken = epochs->open->len - 1; /* the next that is not whole; the present is not */

    for (unsigned i = broken; i-- > 0;) {
        GmqEpoch *epoch = epoch_at(epochs, i);
        uint64_t from   = i == 0 ? 0 : epoch_at(epochs, i - 1)->notes_end;

        if (epoch->waiting > 0 || epoch->hangs_on >= epochs->first + broken) {
            broken = i;
            continue;
        }
        whole(MAX(from, epoch->told), epoch->notes_end, data);
        epoch->told = epoch->notes_end;
    }
}

void
gmq_epochs_forget(GmqEpochs *epochs, uint64_t written)
{
    unsigned n = n_whole(epochs);

    while (n > 0 && epoch_at(epochs, n - 1)->notes_end > written)
        n--;
    if (n > 0)
        g_array_remove_range(epochs->open, 0, n);
    epochs->first += n;
}
