/* A client that knows no AMQP: it says its lines, byte by byte, and tells what it hears. */
#include "core/wire/frame.h"
#include "sim/raw-line.h"
#include "sim/raw-said.h"
#include "sim/wire-text.h"
#include "sim/world-private.h"

#define PROTOCOL_HEADER_SIZE 8

typedef struct {
    GmqSimClient *client;
    unsigned next;   /* of its lines */
    uint64_t ticket; /* of the end of a pause; 0: none */
    GmqRawSaid *said;
    GByteArray *out; /* said, and not yet on its way */
    GByteArray *in;  /* heard, and not yet whole */
    GArray *heard;   /* of GmqMethodId, as they came */
    unsigned n_used; /* of them: a line that waits wants a later one */
    bool has_begun;  /* something was heard */
    bool is_garbled; /* and it was no frame: the rest are bytes */
    bool is_over;    /* the other end has gone */
    unsigned code;   /* with which it closed the connection; 0: without a word */
    char *why;
} Raw;

/* ---- saying ---- */

static void
note(Raw *raw, GmqEventKind kind, size_t size, const char *text)
{
    g_autofree char *brief = gmq_raw_shorten(text);

    gmq_sim_client_note(raw->client,
                        (GmqEvent){.kind = kind, .count = size, .text = gmq_slice_of(brief)});
}

/* Whether the method has come that a line waits for. */
static bool
has_heard(Raw *raw, GmqMethodId method)
{
    for (unsigned i = raw->n_used; i < raw->heard->len; i++) {
        if (g_array_index(raw->heard, GmqMethodId, i) == method) {
            raw->n_used = i + 1;
            return true;
        }
    }
    return false;
}

static void on_paused(void *data);

/* Says what can be said now. */
static void
go_on(Raw *raw)
{
    GmqSimClient *client = raw->client;

    while (raw->ticket == 0 && !raw->is_over && raw->next < client->spec->lines->len) {
        const GmqRawLine *line = client->spec->lines->pdata[raw->next];

        if (line->kind == GMQ_RAW_HEAR && !has_heard(raw, line->method))
            return;
        if (line->kind == GMQ_RAW_WAIT) {
            raw->ticket = gmq_sim_client_plan(client, line->wait_ns, GMQ_PHASE_CLIENT,
                                              "a raw client goes on", on_paused, raw);
            return;
        }
        if (line->kind == GMQ_RAW_SEND) {
            note(raw, GMQ_EVENT_CLIENT_WROTE, line->bytes.size, line->text);
            gmq_raw_said_add(raw->said, gmq_buffer_slice(&line->bytes));
            g_byte_array_append(raw->out, line->bytes.data, (unsigned)line->bytes.size);
        }
        raw->next++;
    }
}

static void
on_paused(void *data)
{
    Raw *raw = data;

    raw->ticket = 0;
    raw->next++;
    go_on(raw);
    gmq_sim_client_flush(raw->client);
}

static void
on_flush(void *role)
{
    Raw *raw = role;

    if (raw->out->len > 0) {
        size_t taken =
            gmq_sim_peer_send(raw->client->peer, (GmqSlice){raw->out->data, raw->out->len});
        g_byte_array_remove_range(raw->out, 0, (unsigned)taken);
    }
    if (raw->is_over) {
        g_autofree char *why = g_strdup(raw->why == NULL ? "closed by the broker" : raw->why);
        gmq_sim_client_end(raw->client, raw->code, why);
    }
}

/* ---- hearing ---- */

static void
take_method(Raw *raw, GmqSlice payload)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(payload, &method, &fault))
        return;
    g_array_append_val(raw->heard, method.id);
    if (method.id != GMQ_CONNECTION_CLOSE)
        return;
    g_free(raw->why);
    raw->why  = gmq_slice_dup(method.connection_close.reply_text);
    raw->code = method.connection_close.reply_code;
}

static void
take_frame(Raw *raw, const GmqFrame *frame)
{
    g_autofree char *text = gmq_wire_text(frame);

    note(raw, GMQ_EVENT_CLIENT_READ, gmq_frame_bytes(frame).size, text);
    if (frame->type == GMQ_FRAME_METHOD)
        take_method(raw, frame->payload);
}

/* A broker that wants another protocol says which. */
static bool
take_protocol_header(Raw *raw, GmqSlice *rest)
{
    if (raw->has_begun || rest->size < PROTOCOL_HEADER_SIZE ||
        !gmq_slice_starts_with(*rest, GMQ_SLICE("AMQP")))
        return false;
    g_autofree char *text = g_strdup_printf("the protocol header AMQP %u %u %u %u", rest->data[4],
                                            rest->data[5], rest->data[6], rest->data[7]);
    note(raw, GMQ_EVENT_CLIENT_READ, PROTOCOL_HEADER_SIZE, text);
    rest->data += PROTOCOL_HEADER_SIZE;
    rest->size -= PROTOCOL_HEADER_SIZE;
    return true;
}

/* Whether what came so far may be the beginning of a protocol header. */
static bool
may_be_header(const Raw *raw, GmqSlice rest)
{
    return !raw->has_begun && rest.size < PROTOCOL_HEADER_SIZE &&
           gmq_slice_starts_with(GMQ_SLICE("AMQP"), (GmqSlice){rest.data, MIN(rest.size, 4)});
}

static void
take_bytes(Raw *raw, GmqSlice *rest)
{
    g_autofree char *text = gmq_raw_bytes_text(*rest);

    note(raw, GMQ_EVENT_CLIENT_READ, rest->size, text);
    raw->is_garbled = true;
    rest->size      = 0;
}

static void
on_heard(void *role, GmqSlice bytes)
{
    Raw *raw = role;
    GmqFrame frame;
    GmqFault fault;

    g_byte_array_append(raw->in, bytes.data, (unsigned)bytes.size);
    GmqSlice rest = {raw->in->data, raw->in->len};
    while (rest.size > 0 && !may_be_header(raw, rest)) {
        if (!take_protocol_header(raw, &rest)) {
            GmqFrameStatus status =
                raw->is_garbled ? GMQ_FRAME_BAD : gmq_frame_read(&rest, G_MAXINT32, &frame, &fault);

            if (status == GMQ_FRAME_NEEDS_MORE)
                break;
            if (status == GMQ_FRAME_READY)
                take_frame(raw, &frame);
            else
                take_bytes(raw, &rest);
        }
        raw->has_begun = true;
    }
    g_byte_array_remove_range(raw->in, 0, raw->in->len - (unsigned)rest.size);
    go_on(raw);
}

/* ---- life ---- */

static void *
make(GmqSimClient *client)
{
    Raw *raw = g_new0(Raw, 1);

    raw->client = client;
    raw->said   = gmq_raw_said_new(client);
    raw->out    = g_byte_array_new();
    raw->in     = g_byte_array_new();
    raw->heard  = g_array_new(FALSE, FALSE, sizeof(GmqMethodId));
    return raw;
}

/* A new connection begins with the first line. */
static void
on_lost(void *role)
{
    Raw *raw = role;

    gmq_schedule_forget(raw->client->world->schedule, &raw->ticket);
    gmq_raw_said_clear(raw->said);
    g_byte_array_set_size(raw->out, 0);
    g_byte_array_set_size(raw->in, 0);
    g_array_set_size(raw->heard, 0);
    g_clear_pointer(&raw->why, g_free);
    raw->next = raw->n_used = raw->code = 0;
    raw->has_begun = raw->is_garbled = raw->is_over = false;
}

static void
free_raw(void *role)
{
    Raw *raw = role;

    on_lost(raw);
    gmq_raw_said_free(raw->said);
    g_byte_array_unref(raw->out);
    g_byte_array_unref(raw->in);
    g_array_unref(raw->heard);
    g_free(raw);
}

static void
on_opened(void *role)
{
    go_on(role);
}

static void
on_hung_up(void *role)
{
    ((Raw *)role)->is_over = true;
}

static bool
is_busy(const void *role)
{
    const Raw *raw = role;
    return raw->next < raw->client->spec->lines->len;
}

const GmqRoleClass gmq_raw_class = {
    .make    = make,
    .free    = free_raw,
    .lost    = on_lost,
    .died    = on_lost,
    .opened  = on_opened,
    .heard   = on_heard,
    .hung_up = on_hung_up,
    .flush   = on_flush,
    .is_busy = is_busy,
};
