/* What a broker announces that is played again: counted, and traced under names for people. */
#include "sim/limit.h"
#include "sim/player-private.h"

/* The longest id of a message that becomes its name. */
#define ID_MAX 48

/* A text that can stand in a trace; lent until the next event. */
static GmqSlice
mend(GmqPlayer *player, GmqSlice text)
{
    if (text.size == 0 || g_utf8_validate_len((const char *)text.data, text.size, NULL))
        return text;

    char *valid = g_utf8_make_valid((const char *)text.data, (gssize)text.size);
    g_ptr_array_add(player->mended, valid);
    return gmq_slice_of(valid);
}

/* "127.0.0.1:40112 -> 127.0.0.1:5672" is long, and its end says nothing new. */
static GmqSlice
shorten(GmqSlice connection)
{
    const char *start = (const char *)connection.data;
    const char *arrow =
        connection.size == 0 ? NULL : g_strstr_len(start, (gssize)connection.size, " -> ");

    return arrow == NULL ? connection : (GmqSlice){connection.data, (size_t)(arrow - start)};
}

/* A message is called as its publisher calls it, when no other one is, and else by the broker's
 * number: as glassmq tail does. */
static GmqSlice
name_message(GmqPlayer *player, const GmqEvent *event)
{
    GmqSlice id         = mend(player, event->message_id);
    g_autofree char *by = gmq_slice_dup(id);

    if (id.size > 0 && id.size <= ID_MAX && g_hash_table_add(player->ids, g_steal_pointer(&by)))
        return id;
    char *name = g_strdup_printf("m%" G_GUINT64_FORMAT, event->message);
    g_ptr_array_add(player->mended, name);
    return gmq_slice_of(name);
}

/* The recorder keeps its messages by number, and those of an old journal are large. */
static uint64_t
small_number(GmqPlayer *player, uint64_t message)
{
    uint64_t *key   = NULL;
    gpointer number = NULL;

    if (message == 0)
        return 0;
    if (g_hash_table_lookup_extended(player->numbers, &message, NULL, &number))
        return GPOINTER_TO_SIZE(number);
    key  = g_new(uint64_t, 1);
    *key = message;
    g_hash_table_insert(player->numbers, key,
                        GSIZE_TO_POINTER(g_hash_table_size(player->numbers) + 1));
    return g_hash_table_size(player->numbers);
}

static void
trace_event(GmqPlayer *player, const GmqEvent *event)
{
    GmqEvent copy       = *event;
    GmqSlice connection = gmq_event_connection(event);
    bool is_known       = g_hash_table_contains(player->numbers, &event->message);

    g_ptr_array_set_size(player->mended, 0);
    if (connection.size > 0 && connection.data == event->who.data)
        copy.who = shorten(connection);
    else if (connection.size > 0)
        copy.to = shorten(connection);
    copy.who     = mend(player, copy.who);
    copy.to      = mend(player, copy.to);
    copy.key     = mend(player, copy.key);
    copy.text    = mend(player, copy.text);
    copy.time_ns = MAX(player->now_ns, 0);
    if (event->message != 0 && !is_known)
        copy.message_id = name_message(player, event);
    copy.message = small_number(player, event->message);
    gmq_recorder_add(player->recorder, &copy);
}

uint64_t
gmq_player_note(GmqPlayer *player, const GmqEvent *event)
{
    if (player->parted != NULL || player->is_over)
        return gmq_trace_length(player->trace);
    player->played.n_events++;
    player->played.story = gmq_event_fingerprint(player->played.story, event);
    if (gmq_trace_length(player->trace) < GMQ_RUN_LINES_MAX)
        trace_event(player, event);
    else
        player->played.n_left_out++;
    return gmq_trace_length(player->trace);
}
