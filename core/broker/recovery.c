#include "core/broker/recovery.h"

/* Records in one piece of memory: large enough to be few, small enough to be freed bit by bit. */
#define PART_SIZE 8192

enum {
    COPY,
    DROP,
    MARK
};

/* What was found of one queue. */
typedef struct {
    uint32_t number;
    bool is_sorted; /* nothing but copies, their ids going up */
    uint64_t last_id;
    GPtrArray *parts; /* of GArray of GmqRecovered; NULL while it is taken */
} Pile;

struct GmqRecovery {
    GHashTable *by_number; /* of Pile; for look-up only */
    GPtrArray *piles;      /* of Pile, in the order in which they were found; owned */
    Pile *last;            /* that was asked for */
    uint64_t message_max;
};

static void
free_pile(void *data)
{
    Pile *pile = data;

    for (unsigned i = 0; i < pile->parts->len; i++)
        g_clear_pointer((GArray **)&pile->parts->pdata[i], g_array_unref);
    g_ptr_array_unref(pile->parts);
    g_free(pile);
}

GmqRecovery *
gmq_recovery_new(void)
{
    GmqRecovery *recovery = g_new0(GmqRecovery, 1);

    recovery->by_number = g_hash_table_new(g_direct_hash, g_direct_equal);
    recovery->piles     = g_ptr_array_new_with_free_func(free_pile);
    return recovery;
}

void
gmq_recovery_free(GmqRecovery *recovery)
{
    g_hash_table_unref(recovery->by_number);
    g_ptr_array_unref(recovery->piles);
    g_free(recovery);
}

/* ---- what is found ---- */

static Pile *
add_pile(GmqRecovery *recovery, uint32_t number)
{
    Pile *pile = g_new0(Pile, 1);

    pile->number    = number;
    pile->is_sorted = true;
    pile->parts     = g_ptr_array_new();
    g_ptr_array_add(recovery->piles, pile);
    g_hash_table_insert(recovery->by_number, GUINT_TO_POINTER(number), pile);
    return pile;
}

static Pile *
find_pile(GmqRecovery *recovery, uint32_t number)
{
    if (recovery->last != NULL && recovery->last->number == number)
        return recovery->last;

    Pile *pile     = g_hash_table_lookup(recovery->by_number, GUINT_TO_POINTER(number));
    recovery->last = pile != NULL ? pile : add_pile(recovery, number);
    return recovery->last;
}

static void
put(GmqRecovery *recovery, uint32_t queue, const GmqRecovered *record)
{
    Pile *pile   = find_pile(recovery, queue);
    GArray *part = pile->parts->len == 0 ? NULL : pile->parts->pdata[pile->parts->len - 1];

    if (part == NULL || part->len == PART_SIZE) {
        part = g_array_new(FALSE, FALSE, sizeof(GmqRecovered));
        g_ptr_array_add(pile->parts, part);
    }
    g_array_append_vals(part, record, 1);
    pile->is_sorted &= record->what == COPY && record->id > pile->last_id;
    pile->last_id = record->id;
}

void
gmq_recovery_add(GmqRecovery *recovery, const GmqFoundCopy *copy)
{
    put(recovery, copy->queue,
        &(GmqRecovered){.id         = copy->id,
                        .expires_ms = copy->expires_ms,
                        .flags      = copy->flags,
                        .body_size  = copy->body_size,
                        .priority   = copy->priority,
                        .what       = COPY});
    recovery->message_max = MAX(recovery->message_max, copy->number);
}

void
gmq_recovery_drop(GmqRecovery *recovery, uint64_t id, uint32_t queue)
{
    put(recovery, queue, &(GmqRecovered){.id = id, .what = DROP});
}

void
gmq_recovery_mark(GmqRecovery *recovery, uint64_t id, uint32_t queue, uint32_t flags)
{
    put(recovery, queue, &(GmqRecovered){.id = id, .flags = flags, .what = MARK});
}

uint64_t
gmq_recovery_message_max(const GmqRecovery *recovery)
{
    return recovery->message_max;
}

unsigned
gmq_recovery_queue_count(const GmqRecovery *recovery)
{
    return recovery->piles->len;
}

uint32_t
gmq_recovery_queue_at(const GmqRecovery *recovery, unsigned place)
{
    return ((const Pile *)g_ptr_array_index(recovery->piles, place))->number;
}

/* ---- in order ---- */

static GArray *
take_part(const Pile *pile, unsigned i)
{
    return g_steal_pointer(&pile->parts->pdata[i]);
}

/* All records in one array. */
static GArray *
join_parts(const Pile *pile)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(GmqRecovered));

    for (unsigned i = 0; i < pile->parts->len; i++) {
        g_autoptr(GArray) part = take_part(pile, i);

        g_array_append_vals(all, part->data, part->len);
    }
    return all;
}

/* Merges two sorted halves; of equal ids the first half's come first. */
static void
merge(GmqRecovered *records, size_t half, size_t count, GmqRecovered *scratch)
{
    size_t left  = 0;
    size_t right = half;
    size_t at    = 0;

    memcpy(scratch, records, half * sizeof *records);
    while (left < half && right < count)
        records[at++] = records[right].id < scratch[left].id ? records[right++] : scratch[left++];
    memcpy(records + at, scratch + left, (half - left) * sizeof *records);
}

/* By id, in the order of the journal where ids are the same. Mostly sorted already, which costs one
 * look. */
static void
sort(GmqRecovered *records, size_t count, GmqRecovered *scratch)
{
    size_t half = count / 2;

    if (count < 2)
        return;
    sort(records, half, scratch);
    sort(records + half, count - half, scratch);
    if (records[half].id < records[half - 1].id)
        merge(records, half, count, scratch);
}

/* What became of the copy that the records from there on are about; they are stepped over. False
 * when it was dropped. */
static bool
fold(const GArray *all, unsigned *at, GmqRecovered *copy)
{
    uint64_t id   = g_array_index(all, GmqRecovered, *at).id;
    bool is_there = false;

    for (; *at < all->len && g_array_index(all, GmqRecovered, *at).id == id; (*at)++) {
        const GmqRecovered *record = &g_array_index(all, GmqRecovered, *at);

        if (record->what == COPY)
            *copy = *record;
        else if (record->what == MARK)
            copy->flags = record->flags;
        is_there = record->what == COPY || (is_there && record->what == MARK);
    }
    return is_there;
}

static void
take_unsorted(const Pile *pile, GmqRecoveredFunc each, void *user)
{
    g_autoptr(GArray) all          = join_parts(pile);
    g_autofree GmqRecovered *spare = g_new(GmqRecovered, all->len / 2 + 1);
    GmqRecovered copy              = {0};

    sort((GmqRecovered *)(void *)all->data, all->len, spare);
    for (unsigned at = 0; at < all->len;) {
        if (fold(all, &at, &copy))
            each(&copy, user);
    }
}

static void
take_sorted(const Pile *pile, GmqRecoveredFunc each, void *user)
{
    for (unsigned i = 0; i < pile->parts->len; i++) {
        g_autoptr(GArray) part = take_part(pile, i);

        for (unsigned j = 0; j < part->len; j++)
            each(&g_array_index(part, GmqRecovered, j), user);
    }
}

void
gmq_recovery_take(GmqRecovery *recovery, unsigned place, GmqRecoveredFunc each, void *user)
{
    const Pile *pile = g_ptr_array_index(recovery->piles, place);

    if (pile->is_sorted)
        take_sorted(pile, each, user);
    else
        take_unsorted(pile, each, user);
    g_ptr_array_set_size(pile->parts, 0);
}
