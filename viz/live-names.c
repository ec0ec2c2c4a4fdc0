#include "viz/live-names.h"

typedef struct {
    uint64_t number; /* first: it is the key */
    char *name;
    unsigned n_queues; /* that it was routed to */
} Message;

struct GmqLiveNames {
    GHashTable *by_number; /* of Message, by its number; owned */
    GHashTable *taken;     /* names, lent from the messages; look-up only */
    GString *room;
};

static void
free_message(void *data)
{
    Message *message = data;

    g_free(message->name);
    g_free(message);
}

GmqLiveNames *
gmq_live_names_new(void)
{
    GmqLiveNames *names = g_new0(GmqLiveNames, 1);

    names->by_number = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_message);
    names->taken     = g_hash_table_new(g_str_hash, g_str_equal);
    names->room      = g_string_new(NULL);
    return names;
}

void
gmq_live_names_free(GmqLiveNames *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->taken);
    g_hash_table_unref(names->by_number);
    g_string_free(names->room, TRUE);
    g_free(names);
}

void
gmq_live_names_clear(GmqLiveNames *names)
{
    g_hash_table_remove_all(names->taken);
    g_hash_table_remove_all(names->by_number);
}

/* Whether a text can stand in a line and in a picture as one word. */
static bool
is_plain(GmqSlice text)
{
    const char *at  = (const char *)text.data;
    const char *end = at + text.size;

    if (text.size == 0 || text.size > GMQ_LIVE_NAME_SIZE_MAX ||
        !g_utf8_validate_len(at, text.size, NULL))
        return false;
    for (; at < end; at = g_utf8_next_char(at)) {
        if (!g_unichar_isgraph(g_utf8_get_char(at)) || *at == '@')
            return false;
    }
    return true;
}

static char *
name_of(GmqLiveNames *names, const GmqEvent *event)
{
    g_autofree char *id =
        is_plain(event->message_id)
            ? g_strndup((const char *)event->message_id.data, event->message_id.size)
            : NULL;

    if (id != NULL && !g_hash_table_contains(names->taken, id))
        return g_steal_pointer(&id);
    return g_strdup_printf("m%" G_GUINT64_FORMAT, event->message);
}

static Message *
need(GmqLiveNames *names, const GmqEvent *event)
{
    Message *message = g_hash_table_lookup(names->by_number, &event->message);

    if (message != NULL)
        return message;
    if (g_hash_table_size(names->by_number) >= GMQ_LIVE_NAMES_MAX)
        gmq_live_names_clear(names);
    message         = g_new0(Message, 1);
    message->number = event->message;
    message->name   = name_of(names, event);
    g_hash_table_add(names->by_number, message);
    g_hash_table_add(names->taken, message->name);
    return message;
}

const char *
gmq_live_names_of(GmqLiveNames *names, const GmqEvent *event, GmqSlice queue)
{
    if (event->message == 0)
        return "";

    Message *message = need(names, event);
    if (event->kind == GMQ_EVENT_ROUTED && gmq_slice_equal(event->text, GMQ_SLICE("queue")))
        message->n_queues++;
    else if (event->kind == GMQ_EVENT_DEAD_LETTERED && message->n_queues < 2)
        message->n_queues = 0; /* the only copy there was, which goes on by its name */
    if (message->n_queues < 2 || queue.size == 0)
        return message->name;
    g_string_assign(names->room, message->name);
    g_string_append_c(names->room, '@');
    g_string_append_len(names->room, (const char *)queue.data, (gssize)queue.size);
    return names->room->str;
}
