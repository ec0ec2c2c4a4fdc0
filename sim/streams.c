#include "sim/streams.h"

typedef struct {
    GmqRandom *stream;
    char *name;
} Entry;

struct GmqStreams {
    uint64_t seed;
    GArray *entries; /* of Entry, in the order of opening */
};

static void
clear_entry(void *data)
{
    Entry *entry = data;
    g_free(entry->name);
}

GmqStreams *
gmq_streams_new(uint64_t seed)
{
    GmqStreams *streams = g_new0(GmqStreams, 1);

    streams->seed    = seed;
    streams->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(streams->entries, clear_entry);
    return streams;
}

void
gmq_streams_free(GmqStreams *streams)
{
    if (streams == NULL)
        return;
    g_array_unref(streams->entries);
    g_free(streams);
}

void
gmq_streams_open(GmqStreams *streams, GmqRandom *stream, const char *name)
{
    Entry entry = {.stream = stream, .name = g_strdup(name)};

    gmq_random_init(stream, streams->seed, name);
    g_array_append_val(streams->entries, entry);
}

void
gmq_streams_redraw(GmqStreams *streams, uint64_t seed)
{
    streams->seed = seed;
    for (unsigned i = 0; i < streams->entries->len; i++) {
        const Entry *entry = &g_array_index(streams->entries, Entry, i);
        gmq_random_init(entry->stream, seed, entry->name);
    }
}
