#include "sim/recorder.h"

#include "sim/arena.h"

/* So many copies of a message are kept by their queues; the names of others are put together. */
#define COPIES_MAX 8

/* The name of one copy of a message, "p1-5@audit". */
typedef struct Copy {
    struct Copy *next; /* of the same message */
    const char *name;
    GmqSlice queue; /* a part of the name */
} Copy;

/* A message that the broker has. */
typedef struct {
    const char *name;  /* NULL: never heard of */
    Copy *copies;      /* the names that were put together so far */
    unsigned n_copies; /* of these */
    unsigned n_queues; /* that it was routed to */
} Message;

struct GmqRecorder {
    GmqTrace *trace;
    GmqNames *names;  /* the trace's; lent */
    GArray *messages; /* of Message, by the broker's number */
    GArray *places;   /* of uint32_t: in messages, by the number of a name; 0: none */
    size_t first;     /* place of the message that would have number 0 */
    size_t before;    /* likewise, of the broker before this one */
    GmqArena arena;   /* of copies */
    GString *room;    /* for putting names together */
};

/* Which member of an event names a connection, and which a queue that holds a copy. */
static const struct {
    uint8_t connection;
    uint8_t queue;
} fields[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_CONNECTION_CLOSED] = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_BLOCKED]           = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_UNBLOCKED]         = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_CHANNEL_OPENED]    = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_CHANNEL_CLOSED]    = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_CONSUMER_ADDED]    = {GMQ_FIELD_TO, 0},
    [GMQ_EVENT_CONSUMER_REMOVED]  = {GMQ_FIELD_TO, 0},
    [GMQ_EVENT_PUBLISHED]         = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_RETURNED]          = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_CONFIRMED]         = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_NACKED]            = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_COMMITTED]         = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_ROLLED_BACK]       = {GMQ_FIELD_WHO, 0},
    [GMQ_EVENT_ENQUEUED]          = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_REQUEUED]          = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_EXPIRED]           = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_DROPPED]           = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_DEAD_LETTERED]     = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_RECOVERED]         = {0, GMQ_FIELD_WHO},
    [GMQ_EVENT_DELIVERED]         = {GMQ_FIELD_TO, GMQ_FIELD_WHO},
    [GMQ_EVENT_GOT]               = {GMQ_FIELD_TO, GMQ_FIELD_WHO},
    [GMQ_EVENT_SETTLED_UNSEEN]    = {GMQ_FIELD_TO, GMQ_FIELD_WHO},
    [GMQ_EVENT_ACKED]             = {GMQ_FIELD_TO, GMQ_FIELD_WHO},
    [GMQ_EVENT_REJECTED]          = {GMQ_FIELD_TO, GMQ_FIELD_WHO},
    [GMQ_EVENT_CLIENT_RECEIVED]   = {0, GMQ_FIELD_TO},
    [GMQ_EVENT_CLIENT_FINISHED]   = {0, GMQ_FIELD_TO},
    [GMQ_EVENT_CLIENT_REPLIED]    = {0, GMQ_FIELD_TO},
};

static GmqSlice
member(const GmqEvent *event, uint8_t field)
{
    if (field == GMQ_FIELD_WHO)
        return event->who;
    return field == GMQ_FIELD_TO ? event->to : (GmqSlice){0};
}

GmqSlice
gmq_event_connection(const GmqEvent *event)
{
    return member(event, fields[event->kind].connection);
}

GmqSlice
gmq_event_queue(const GmqEvent *event)
{
    return member(event, fields[event->kind].queue);
}

GmqSlice
gmq_client_of_connection(GmqSlice connection)
{
    const uint8_t *mark =
        connection.size == 0 ? NULL : memchr(connection.data, '#', connection.size);

    if (mark != NULL)
        connection.size = (size_t)(mark - connection.data);
    return connection;
}

GmqRecorder *
gmq_recorder_new(GmqTrace *trace)
{
    GmqRecorder *recorder = g_new0(GmqRecorder, 1);

    recorder->trace    = trace;
    recorder->names    = gmq_trace_names(trace);
    recorder->messages = g_array_new(FALSE, TRUE, sizeof(Message));
    recorder->places   = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    recorder->room     = g_string_new(NULL);
    g_array_set_size(recorder->messages, 1);
    return recorder;
}

void
gmq_recorder_free(GmqRecorder *recorder)
{
    if (recorder == NULL)
        return;
    g_array_unref(recorder->messages);
    g_array_unref(recorder->places);
    gmq_arena_clear(&recorder->arena);
    g_string_free(recorder->room, TRUE);
    g_free(recorder);
}

void
gmq_recorder_restart(GmqRecorder *recorder)
{
    recorder->before = recorder->first;
    recorder->first  = recorder->messages->len;
    g_array_set_size(recorder->messages, recorder->messages->len + 1);
}

/* ---- messages ---- */

static Message *
message_at(GmqRecorder *recorder, size_t place)
{
    if (place >= recorder->messages->len)
        g_array_set_size(recorder->messages, (unsigned)place + 1);
    return &g_array_index(recorder->messages, Message, place);
}

/* A message from somebody who gives no message-id is called by its number. */
static const char *
name_message(GmqRecorder *recorder, const GmqEvent *event)
{
    if (event->message_id.size > 0)
        return gmq_names_intern(recorder->names, event->message_id);
    g_string_printf(recorder->room, "#%" G_GUINT64_FORMAT, event->message);
    return gmq_names_intern(recorder->names, gmq_slice_of(recorder->room->str));
}

/* From now on clients mean that message by its name. */
static void
set_place(GmqRecorder *recorder, const char *name, size_t place)
{
    uint32_t number = gmq_name_number(name);

    if (number >= recorder->places->len)
        g_array_set_size(recorder->places, number + 1);
    g_array_index(recorder->places, uint32_t, number) = (uint32_t)place;
}

static size_t
place_of(const GmqRecorder *recorder, const char *name)
{
    uint32_t number = gmq_name_number(name);

    return number < recorder->places->len ? g_array_index(recorder->places, uint32_t, number) : 0;
}

/* A message that comes back has the number that it had, and keeps its name. */
static void
remember(GmqRecorder *recorder, const GmqEvent *event)
{
    Message old      = {0};
    Message *message = message_at(recorder, recorder->first + event->message);

    if (recorder->before + event->message < recorder->first)
        old = g_array_index(recorder->messages, Message, recorder->before + event->message);
    *message = old;
    if (old.name == NULL)
        message->name = name_message(recorder, event);
    set_place(recorder, message->name, recorder->first + event->message);
}

static void
learn(GmqRecorder *recorder, const GmqEvent *event)
{
    size_t place     = recorder->first + event->message;
    Message *message = message_at(recorder, place);

    if (event->kind == GMQ_EVENT_PUBLISHED) {
        message->name     = name_message(recorder, event);
        message->copies   = NULL;
        message->n_copies = 0;
        set_place(recorder, message->name, place);
    } else if (event->kind == GMQ_EVENT_ROUTED &&
               gmq_slice_equal(event->text, GMQ_SLICE("queue"))) {
        message->n_queues++;
    } else if (event->kind == GMQ_EVENT_DEAD_LETTERED && message->n_queues < 2) {
        message->n_queues = 0; /* the only copy there was, which goes on by its name */
    } else if (event->kind == GMQ_EVENT_RECOVERED && message->name == NULL) {
        remember(recorder, event);
    }
}

/* The message of an event; NULL when the broker has none of that name. Clients know the name alone,
 * all others the broker's number. */
static Message *
find_message(GmqRecorder *recorder, const GmqEvent *event, const char **name)
{
    if (event->message > 0) {
        Message *message = message_at(recorder, recorder->first + event->message);

        *name = message->name;
        return message;
    }
    *name        = gmq_names_intern(recorder->names, event->message_id);
    size_t place = place_of(recorder, *name);
    return place > 0 ? message_at(recorder, place) : NULL;
}

/* "p1-5@audit" */
static const char *
make_copy_name(GmqRecorder *recorder, const char *message, GmqSlice queue)
{
    size_t size = strlen(message);

    g_string_set_size(recorder->room, size + 1 + queue.size);
    char *room = recorder->room->str;
    memcpy(room, message, size);
    room[size] = '@';
    memcpy(room + size + 1, queue.data, queue.size);
    return gmq_names_intern(recorder->names,
                            (GmqSlice){(const uint8_t *)room, recorder->room->len});
}

/* A copy is named in several events, and a message seldom has many. What had to be mended is not
 * kept: it does not end with the queue. */
static const char *
copy_name(GmqRecorder *recorder, Message *message, const char *name, GmqSlice queue)
{
    bool is_same = message->name == name;

    for (const Copy *copy = is_same ? message->copies : NULL; copy != NULL; copy = copy->next) {
        if (gmq_slice_equal(copy->queue, queue))
            return copy->name;
    }
    const char *made = make_copy_name(recorder, name, queue);
    size_t size      = strlen(made);
    if (!is_same || message->n_copies == COPIES_MAX || size != recorder->room->len)
        return made;

    Copy *copy = gmq_arena_new(&recorder->arena, Copy);
    *copy      = (Copy){
             .next  = message->copies,
             .name  = made,
             .queue = {(const uint8_t *)made + size - queue.size, queue.size},
    };
    message->copies = copy;
    message->n_copies++;
    return made;
}

/* "p1-5", or "p1-5@audit" for one of several copies: a name of the trace, empty for none. */
static const char *
message_name(GmqRecorder *recorder, const GmqEvent *event)
{
    const char *name;

    if ((gmq_event_info(event->kind)->fields & GMQ_FIELD_MESSAGE) == 0)
        return gmq_names_intern(recorder->names, GMQ_SLICE(""));

    Message *message = find_message(recorder, event, &name);
    GmqSlice queue   = gmq_event_queue(event);
    if (name == NULL)
        return gmq_names_intern(recorder->names, GMQ_SLICE(""));
    if (message == NULL || message->n_queues < 2 || queue.size == 0)
        return name;
    return copy_name(recorder, message, name, queue);
}

uint64_t
gmq_recorder_add(GmqRecorder *recorder, const GmqEvent *event)
{
    GmqSlice connection = gmq_event_connection(event);
    GmqSlice client     = gmq_client_of_connection(connection);

    if (gmq_slice_equal(client, GMQ_SLICE(GMQ_SETUP_NAME)) ||
        (event->kind >= GMQ_EVENT_CLIENT_ADDED &&
         gmq_slice_equal(event->who, GMQ_SLICE(GMQ_SETUP_NAME))))
        return 0;
    if (event->message > 0)
        learn(recorder, event);

    const char *name = message_name(recorder, event);
    if (G_LIKELY(client.size == connection.size))
        return gmq_trace_add_named(recorder->trace, event, name);

    GmqEvent copy = *event;
    if (fields[event->kind].connection == GMQ_FIELD_WHO)
        copy.who = client;
    else
        copy.to = client;
    return gmq_trace_add_named(recorder->trace, &copy, name);
}
