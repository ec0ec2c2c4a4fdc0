#include "sim/tap.h"

/* A message in a queue, as far as it was seen there. */
typedef struct {
    char *queue;
    char *name;
    uint64_t n_back; /* copies that went back and did not come out again */
} Copy;

struct GmqTapBook {
    GHashTable *numbers; /* of names of messages to numbers; look-up only */
    GHashTable *copies;  /* of "queue\nname" to Copy; look-up only */
    GPtrArray *all;      /* of Copy, in the order in which they were seen; owned */
    GString *room;
    uint64_t last;
};

static void
free_copy(void *data)
{
    Copy *copy = data;

    g_free(copy->queue);
    g_free(copy->name);
    g_free(copy);
}

GmqTapBook *
gmq_tap_book_new(void)
{
    GmqTapBook *book = g_new0(GmqTapBook, 1);

    book->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    book->copies  = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    book->all     = g_ptr_array_new_with_free_func(free_copy);
    book->room    = g_string_new(NULL);
    return book;
}

void
gmq_tap_book_free(GmqTapBook *book)
{
    if (book == NULL)
        return;
    g_hash_table_unref(book->numbers);
    g_hash_table_unref(book->copies);
    g_ptr_array_unref(book->all);
    g_string_free(book->room, TRUE);
    g_free(book);
}

uint64_t
gmq_tap_book_add(GmqTapBook *book, GmqSlice name)
{
    book->last++;
    g_hash_table_insert(book->numbers, gmq_slice_dup(name), GSIZE_TO_POINTER(book->last));
    return book->last;
}

uint64_t
gmq_tap_book_find(const GmqTapBook *book, GmqSlice name)
{
    g_string_truncate(book->room, 0);
    g_string_append_len(book->room, (const char *)name.data, (gssize)name.size);
    return GPOINTER_TO_SIZE(g_hash_table_lookup(book->numbers, book->room->str));
}

static Copy *
copy_of(GmqTapBook *book, GmqSlice queue, GmqSlice name)
{
    g_string_truncate(book->room, 0);
    g_string_append_len(book->room, (const char *)queue.data, (gssize)queue.size);
    g_string_append_c(book->room, '\n');
    g_string_append_len(book->room, (const char *)name.data, (gssize)name.size);

    Copy *copy = g_hash_table_lookup(book->copies, book->room->str);
    if (copy == NULL) {
        copy        = g_new0(Copy, 1);
        copy->queue = gmq_slice_dup(queue);
        copy->name  = gmq_slice_dup(name);
        g_hash_table_insert(book->copies, g_strdup(book->room->str), copy);
        g_ptr_array_add(book->all, copy);
    }
    return copy;
}

bool
gmq_tap_book_take(GmqTapBook *book, GmqSlice queue, GmqSlice name, bool is_redelivered)
{
    Copy *copy   = copy_of(book, queue, name);
    bool is_back = is_redelivered && copy->n_back > 0;

    copy->n_back -= is_back;
    return !is_back;
}

void
gmq_tap_book_put_back(GmqTapBook *book, GmqSlice queue, GmqSlice name)
{
    copy_of(book, queue, name)->n_back++;
}

void
gmq_tap_book_each_back(GmqTapBook *book,
                       void (*tell)(void *user, const char *queue, const char *name), void *user)
{
    for (unsigned i = 0; i < book->all->len; i++) {
        Copy *copy = book->all->pdata[i];

        for (; copy->n_back > 0; copy->n_back--)
            tell(user, copy->queue, copy->name);
    }
}
