#include "core/broker/headers-index.h"

/* Of long values only the beginning is hashed: a message may bring what it likes. */
#define HASHED_MAX 64

/* The wishes that are filed under one header. */
typedef struct {
    GmqTableEntry header; /* its bytes stand behind the struct */
    GQueue wishes;        /* of GmqHeadersWish; of Filing.link */
} File;

typedef struct {
    File *file;
    GList link; /* data is the wish */
} Filing;

struct GmqHeadersWish {
    const GmqBinding *binding;
    GmqTableEntry *headers; /* all that it wants; the names and values are the binding's */
    unsigned n_headers;
    unsigned n_filings;
    uint64_t mark; /* of the last search that came across it */
    bool wants_all;
    Filing filings[];
};

struct GmqHeadersIndex {
    GHashTable *files;  /* set of File, by name and value; look-up only */
    File always;        /* the wishes that ask for nothing and want all of it */
    GPtrArray *matches; /* of GmqBinding: what the last search found */
    uint64_t mark;      /* of the last search */
};

/* ---- files ---- */

static uint32_t
hash_bytes(uint32_t hash, GmqSlice bytes)
{
    size_t size = MIN(bytes.size, HASHED_MAX);

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes.data[i]) * 16777619u;
    return (hash ^ (uint32_t)bytes.size) * 16777619u;
}

/* Equal values hash alike, so the width of an integer must not count. */
static unsigned
hash_header(const void *data)
{
    const GmqTableEntry *header = data;
    const GmqValue *value       = &header->value;
    uint32_t hash               = hash_bytes(2166136261u, header->name);

    if (gmq_value_is_integer(value)) {
        uint64_t mixed = (hash ^ (uint64_t)value->integer) * 0x9E3779B97F4A7C15u;

        return (uint32_t)(mixed >> 32);
    }
    if (value->type == GMQ_VALUE_TABLE || value->type == GMQ_VALUE_ARRAY)
        return hash ^ (uint32_t)value->type;
    return hash_bytes(hash ^ (uint32_t)(value->bits >> 32) ^ (uint32_t)value->bits * 31 ^
                          (uint32_t)value->integer * 131,
                      value->bytes);
}

static int
same_header(const void *a, const void *b)
{
    const GmqTableEntry *one   = a;
    const GmqTableEntry *other = b;

    return gmq_slice_equal(one->name, other->name) && gmq_value_equal(&one->value, &other->value);
}

static File *
new_file(const GmqTableEntry *header)
{
    GmqSlice name  = header->name;
    GmqSlice value = header->value.bytes;
    File *file     = g_malloc(sizeof(File) + name.size + value.size);
    uint8_t *bytes = (uint8_t *)(file + 1);

    *file                    = (File){.header = *header};
    file->header.name        = (GmqSlice){bytes, name.size};
    file->header.value.bytes = (GmqSlice){bytes + name.size, value.size};
    if (name.size > 0)
        memcpy(bytes, name.data, name.size);
    if (value.size > 0)
        memcpy(bytes + name.size, value.data, value.size);
    return file;
}

/* A File begins with its header, so that a header is enough to look one up. */
static File *
find_file(const GmqHeadersIndex *index, const GmqTableEntry *header)
{
    G_STATIC_ASSERT(offsetof(File, header) == 0);

    return g_hash_table_lookup(index->files, header);
}

/* The file of that header, made when it is missing. */
static File *
need_file(GmqHeadersIndex *index, const GmqTableEntry *header)
{
    File *file = find_file(index, header);

    if (file == NULL) {
        file = new_file(header);
        g_hash_table_add(index->files, file);
    }
    return file;
}

static void
enter_file(GmqHeadersWish *wish, File *file)
{
    Filing *filing = &wish->filings[wish->n_filings++];

    *filing = (Filing){.file = file, .link = {.data = wish}};
    g_queue_push_tail_link(&file->wishes, &filing->link);
}

static void
leave_file(GmqHeadersIndex *index, Filing *filing)
{
    File *file = filing->file;

    g_queue_unlink(&file->wishes, &filing->link);
    if (file->wishes.length == 0 && file != &index->always)
        g_hash_table_remove(index->files, file);
}

/* ---- wishes ---- */

/* The header under which the fewest are filed; NULL when it asks for none. */
static const GmqTableEntry *
find_rarest(const GmqHeadersIndex *index, const GmqHeadersWish *wish)
{
    const GmqTableEntry *rarest = NULL;
    unsigned least              = UINT_MAX;

    for (unsigned i = 0; i < wish->n_headers && least > 0; i++) {
        const File *file = find_file(index, &wish->headers[i]);
        unsigned count   = file == NULL ? 0 : file->wishes.length;

        if (count >= least)
            continue;
        least  = count;
        rarest = &wish->headers[i];
    }
    return rarest;
}

GmqHeadersWish *
gmq_headers_index_add(GmqHeadersIndex *index, const GmqBinding *binding, bool wants_all,
                      const GArray *headers)
{
    unsigned n_filings   = wants_all ? 1 : headers->len;
    GmqHeadersWish *wish = g_malloc(sizeof(GmqHeadersWish) + n_filings * sizeof(Filing));

    *wish = (GmqHeadersWish){
        .binding   = binding,
        .headers   = g_memdup2(headers->data, headers->len * sizeof(GmqTableEntry)),
        .n_headers = headers->len,
        .wants_all = wants_all,
    };
    if (wants_all) {
        const GmqTableEntry *rarest = find_rarest(index, wish);

        enter_file(wish, rarest == NULL ? &index->always : need_file(index, rarest));
        return wish;
    }
    for (unsigned i = 0; i < wish->n_headers; i++)
        enter_file(wish, need_file(index, &wish->headers[i]));
    return wish;
}

void
gmq_headers_index_remove(GmqHeadersIndex *index, GmqHeadersWish *wish)
{
    for (unsigned i = 0; i < wish->n_filings; i++)
        leave_file(index, &wish->filings[i]);
    g_free(wish->headers);
    g_free(wish);
}

GmqHeadersIndex *
gmq_headers_index_new(void)
{
    GmqHeadersIndex *index = g_new0(GmqHeadersIndex, 1);

    index->files   = g_hash_table_new_full(hash_header, same_header, g_free, NULL);
    index->matches = g_ptr_array_new();
    return index;
}

void
gmq_headers_index_free(GmqHeadersIndex *index)
{
    g_assert(index->always.wishes.length == 0);

    g_hash_table_unref(index->files);
    g_ptr_array_unref(index->matches);
    g_free(index);
}

/* ---- matching ---- */

static bool
has_header(const GArray *headers, const GmqTableEntry *wanted)
{
    const GmqTableEntry *found = gmq_table_index_find(headers, wanted->name);

    return found != NULL &&
           (wanted->value.type == GMQ_VALUE_VOID || gmq_value_equal(&wanted->value, &found->value));
}

/* One of any has been found already when the wish comes up. */
static bool
is_fulfilled(const GmqHeadersWish *wish, const GArray *headers)
{
    for (unsigned i = 0; wish->wants_all && i < wish->n_headers; i++) {
        if (!has_header(headers, &wish->headers[i]))
            return false;
    }
    return true;
}

static void
search_file(GmqHeadersIndex *index, const File *file, const GArray *headers)
{
    for (GList *link = file == NULL ? NULL : file->wishes.head; link != NULL; link = link->next) {
        GmqHeadersWish *wish = link->data;

        if (wish->mark != index->mark && is_fulfilled(wish, headers))
            g_ptr_array_add(index->matches, (void *)wish->binding);
        wish->mark = index->mark;
    }
}

static int
compare_ages(const void *a, const void *b)
{
    const GmqBinding *one   = *(const GmqBinding *const *)a;
    const GmqBinding *other = *(const GmqBinding *const *)b;

    return one->number < other->number ? -1 : one->number > other->number;
}

const GPtrArray *
gmq_headers_index_match(GmqHeadersIndex *index, const GArray *headers)
{
    index->mark++;
    g_ptr_array_set_size(index->matches, 0);
    search_file(index, &index->always, headers);
    for (unsigned i = 0; i < headers->len; i++) {
        const GmqTableEntry *header = &g_array_index(headers, GmqTableEntry, i);
        GmqTableEntry presence      = {.name = header->name, .value.type = GMQ_VALUE_VOID};

        search_file(index, find_file(index, &presence), headers);
        if (header->value.type != GMQ_VALUE_VOID)
            search_file(index, find_file(index, header), headers);
    }
    g_ptr_array_sort(index->matches, compare_ages);
    return index->matches;
}
