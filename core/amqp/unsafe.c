#include "core/amqp/unsafe.h"

#define N_WORDS_LEAST 4

struct GmqUnsafe {
    GmqWaiter waiter;    /* stands first: it is what the storage hands back */
    GmqChannel *channel; /* NULL: it is gone */
    GmqUnsafeFunc *tell;
    GArray *acks;    /* of GmqTagRange */
    GArray *nacks;   /* likewise */
    uint64_t *words; /* a ring of bits, one per number from low on: whether it is not safe */
    size_t n_words;  /* a power of two */
    uint64_t low;    /* nothing before it is waited for */
    uint64_t high;   /* the last that was */
    uint64_t count;  /* that are not safe */
};

static uint64_t *
word_of(const GmqUnsafe *unsafe, uint64_t tag)
{
    return &unsafe->words[tag / 64 & (unsafe->n_words - 1)];
}

static void
unsafe_free(GmqUnsafe *unsafe)
{
    g_array_unref(unsafe->acks);
    g_array_unref(unsafe->nacks);
    g_free(unsafe->words);
    g_free(unsafe);
}

static void
add_tag(GArray *ranges, uint64_t tag)
{
    GmqTagRange *last =
        ranges->len == 0 ? NULL : &g_array_index(ranges, GmqTagRange, ranges->len - 1);

    if (last != NULL && last->last + 1 == tag)
        last->last = tag;
    else
        g_array_append_vals(ranges, &(GmqTagRange){tag, tag}, 1);
}

static void
on_done(GmqWaiter *waiter, uint64_t tag, bool is_kept)
{
    GmqUnsafe *unsafe = (GmqUnsafe *)waiter;

    g_assert(unsafe->count > 0);
    unsafe->count--;
    *word_of(unsafe, tag) &= ~(UINT64_C(1) << tag % 64);
    if (unsafe->channel != NULL) {
        add_tag(is_kept ? unsafe->acks : unsafe->nacks, tag);
        unsafe->tell(unsafe->channel);
    } else if (unsafe->count == 0) {
        unsafe_free(unsafe);
    }
}

/* ---- life ---- */

GmqUnsafe *
gmq_unsafe_new(GmqChannel *channel, GmqUnsafeFunc *tell)
{
    GmqUnsafe *unsafe = g_new0(GmqUnsafe, 1);

    unsafe->waiter.done = on_done;
    unsafe->channel     = channel;
    unsafe->tell        = tell;
    unsafe->acks        = g_array_new(FALSE, FALSE, sizeof(GmqTagRange));
    unsafe->nacks       = g_array_new(FALSE, FALSE, sizeof(GmqTagRange));
    unsafe->n_words     = N_WORDS_LEAST;
    unsafe->words       = g_new0(uint64_t, N_WORDS_LEAST);
    return unsafe;
}

void
gmq_unsafe_leave(GmqUnsafe *unsafe)
{
    unsafe->channel = NULL;
    if (unsafe->count == 0)
        unsafe_free(unsafe);
}

/* ---- numbers ---- */

static void
grow(GmqUnsafe *unsafe)
{
    g_autofree uint64_t *old = unsafe->words;
    size_t n_old             = unsafe->n_words;

    unsafe->n_words = 2 * n_old;
    unsafe->words   = g_new0(uint64_t, unsafe->n_words);
    for (uint64_t i = unsafe->low / 64; i <= unsafe->high / 64; i++)
        unsafe->words[i & (unsafe->n_words - 1)] = old[i & (n_old - 1)];
}

void
gmq_unsafe_add(GmqUnsafe *unsafe, GmqStorage *storage, const GmqMessage *message, uint64_t tag)
{
    if (!gmq_storage_await(storage, message, &unsafe->waiter, tag)) {
        gmq_unsafe_add_safe(unsafe, tag);
        return;
    }
    if (unsafe->count == 0)
        unsafe->low = tag;
    else
        gmq_unsafe_first(unsafe);
    while (tag / 64 - unsafe->low / 64 >= unsafe->n_words)
        grow(unsafe);
    *word_of(unsafe, tag) |= UINT64_C(1) << tag % 64;
    unsafe->high = tag;
    unsafe->count++;
}

void
gmq_unsafe_add_safe(GmqUnsafe *unsafe, uint64_t tag)
{
    add_tag(unsafe->acks, tag);
    unsafe->tell(unsafe->channel);
}

void
gmq_unsafe_add_refused(GmqUnsafe *unsafe, uint64_t tag)
{
    add_tag(unsafe->nacks, tag);
    unsafe->tell(unsafe->channel);
}

uint64_t
gmq_unsafe_first(GmqUnsafe *unsafe)
{
    if (unsafe->count == 0)
        return UINT64_MAX;

    uint64_t bits = *word_of(unsafe, unsafe->low) >> unsafe->low % 64;
    while (bits == 0) {
        unsafe->low = (unsafe->low / 64 + 1) * 64;
        bits        = *word_of(unsafe, unsafe->low);
    }
    unsafe->low += (uint64_t)__builtin_ctzll(bits);
    return unsafe->low;
}

GArray *
gmq_unsafe_acks(const GmqUnsafe *unsafe)
{
    return unsafe->acks;
}

GArray *
gmq_unsafe_nacks(const GmqUnsafe *unsafe)
{
    return unsafe->nacks;
}
