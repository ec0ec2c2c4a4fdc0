#include "sim/errand.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/client/client.h"
#include "core/client/send.h"

#define PATIENCE_NS INT64_C(10000000000)
#define FIRST_SIZE 16

#define NOT_FOUND 404

struct GmqErrand {
    const GmqBrokerUrl *url;
    GmqClient *client;
    int fd;
    uint16_t channel;
    bool is_opened;
    bool is_answered; /* the step has its answer */
    GmqMethodId answer;
    GmqErrandQueue found;
    char *message_id; /* of the message that was taken */
    unsigned code;    /* why the channel was closed; 0: it was not */
    char *text;
    uint8_t first[FIRST_SIZE]; /* that came from there */
    size_t n_first;
};

/* ---- what the client tells ---- */

static void
on_opened(void *user)
{
    ((GmqErrand *)user)->is_opened = true;
}

static void
on_channel_closed(void *user, uint16_t channel, const GmqClientEnd *end)
{
    GmqErrand *errand = user;

    (void)channel;
    if (end->cause != GMQ_CLIENT_END_SERVERS)
        return;
    errand->code = end->code;
    g_free(errand->text);
    errand->text        = gmq_slice_dup(end->text);
    errand->channel     = 0;
    errand->is_answered = true;
}

static void
on_replied(void *user, uint16_t channel, const GmqMethod *method)
{
    GmqErrand *errand = user;

    (void)channel;
    errand->is_answered = true;
    errand->answer      = method->id;
    if (method->id == GMQ_QUEUE_DECLARE_OK)
        errand->found = (GmqErrandQueue){true, method->queue_declare_ok.message_count,
                                         method->queue_declare_ok.consumer_count};
}

static void
on_delivered(void *user, uint16_t channel, const GmqMethod *method, const GmqClientContent *content)
{
    GmqErrand *errand = user;
    GmqProperties properties;
    GmqFault fault;

    (void)channel;
    if (!gmq_properties_decode(content->header, &properties, &fault))
        properties = (GmqProperties){0};
    errand->is_answered = true;
    errand->answer      = method->id;
    g_free(errand->message_id);
    errand->message_id = gmq_slice_dup(properties.message_id);
}

static void
on_get_empty(void *user, uint16_t channel)
{
    GmqErrand *errand = user;

    (void)channel;
    errand->is_answered = true;
    errand->answer      = GMQ_BASIC_GET_EMPTY;
}

static const GmqClientEvents events = {
    .opened         = on_opened,
    .channel_closed = on_channel_closed,
    .replied        = on_replied,
    .delivered      = on_delivered,
    .get_empty      = on_get_empty,
};

/* ---- bytes ---- */

static bool fail(GError **error, GmqRemoteError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The sentence goes without its full stop, also where it ends with the broker's words. */
static bool
fail(GError **error, GmqRemoteError code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (g_str_has_suffix(text, "."))
        text[strlen(text) - 1] = '\0';
    g_set_error_literal(error, GMQ_REMOTE_ERROR, (int)code, text);
    return false;
}

/* Waits for the socket until the deadline; a signal is no reason to give up. */
static bool
wait_for(const GmqErrand *errand, short what, int64_t deadline_ns, GError **error)
{
    struct pollfd polled = {.fd = errand->fd, .events = what};

    for (;;) {
        int64_t left_ns = deadline_ns - gmq_dial_clock();
        int n           = poll(&polled, 1, (int)MAX(0, left_ns / 1000000));

        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "%s does not answer",
                        errand->url->place);
    }
}

static bool
send_all(const GmqErrand *errand, int64_t deadline_ns, GError **error)
{
    for (;;) {
        GmqSlice output = gmq_client_output(errand->client);

        if (output.size == 0)
            return true;
        gssize n = gmq_dial_write(errand->fd, output);
        if (n == -2)
            return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "%s has ended the connection",
                        errand->url->place);
        if (n > 0)
            gmq_client_wrote(errand->client, (size_t)n);
        else if (!wait_for(errand, POLLOUT, deadline_ns, error))
            return false;
    }
}

/* What somebody who speaks no AMQP said first, as far as it can be shown. */
static bool
fail_foreign(const GmqErrand *errand, GError **error)
{
    const char *place        = errand->url->place;
    g_autoptr(GString) shown = g_string_new(NULL);

    if (errand->n_first == 0)
        return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE,
                    "%s has ended the connection without a word; perhaps it speaks TLS, or no AMQP",
                    place);
    if (errand->first[0] == 0x15 || errand->first[0] == 0x16)
        return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE,
                    "%s speaks TLS; scenarios are played without it, so give the plain port",
                    place);
    if (errand->n_first >= 4 && memcmp(errand->first, "AMQP", 4) == 0)
        return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "%s speaks another AMQP than 0-9-1",
                    place);
    for (size_t i = 0; i < errand->n_first; i++)
        g_string_append_c(shown, g_ascii_isprint(errand->first[i]) ? (char)errand->first[i] : '.');
    return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE,
                "%s does not speak AMQP: it begins with \"%s\"", place, shown->str);
}

/* The end of the connection, in words. */
static bool
fail_closed(const GmqErrand *errand, GError **error)
{
    const GmqClientEnd *end = gmq_client_end(errand->client);
    g_autofree char *text   = gmq_slice_dup(end->text);

    if (end->cause == GMQ_CLIENT_END_SERVERS && !errand->is_opened)
        return fail(error, GMQ_REMOTE_ERROR_REFUSED,
                    "%s does not let user \"%s\" into vhost \"%s\": %s", errand->url->place,
                    errand->url->user, errand->url->vhost, text);
    if (end->cause == GMQ_CLIENT_END_SERVERS)
        return fail(error, GMQ_REMOTE_ERROR_REFUSED, "%s has closed the connection: %s",
                    errand->url->place, text);
    if (!errand->is_opened && errand->n_first > 0 && errand->first[0] == 1)
        return fail(error, GMQ_REMOTE_ERROR_REFUSED,
                    "%s has ended the connection at the login of user \"%s\"", errand->url->place,
                    errand->url->user);
    if (!errand->is_opened)
        return fail_foreign(errand, error);
    return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "%s has ended the connection",
                errand->url->place);
}

static void
receive(GmqErrand *errand, const uint8_t *bytes, size_t size)
{
    size_t kept = MIN(size, FIRST_SIZE - errand->n_first);

    memcpy(errand->first + errand->n_first, bytes, kept);
    errand->n_first += kept;
    gmq_client_received(errand->client, (GmqSlice){bytes, size});
}

/* Goes on until *is_done. */
static bool
run_until(GmqErrand *errand, const bool *is_done, GError **error)
{
    int64_t deadline_ns = gmq_dial_clock() + PATIENCE_NS;
    uint8_t room[4096];

    while (!*is_done) {
        if (!send_all(errand, deadline_ns, error))
            return errand->is_opened ? false : (g_clear_error(error), fail_closed(errand, error));
        if (gmq_client_state(errand->client) == GMQ_CLIENT_CLOSED)
            return fail_closed(errand, error);
        if (!wait_for(errand, POLLIN, deadline_ns, error))
            return false;
        gssize n = gmq_dial_read(errand->fd, room, sizeof room);
        if (n > 0)
            receive(errand, room, (size_t)n);
        else if (n != -1)
            gmq_client_lost(errand->client);
    }
    return true;
}

/* ---- coming and going ---- */

static bool
dial(GmqErrand *errand, const GmqDial *dial, GError **error)
{
    errand->fd = gmq_dial_start(dial);
    if (errand->fd >= 0 && !wait_for(errand, POLLOUT, gmq_dial_clock() + PATIENCE_NS, error))
        return false;
    int wrong = errand->fd < 0 ? errno : gmq_dial_result(errand->fd);
    if (wrong == ECONNREFUSED)
        return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "nothing listens on %s",
                    errand->url->place);
    if (wrong != 0)
        return fail(error, GMQ_REMOTE_ERROR_UNREACHABLE, "cannot connect to %s: %s",
                    errand->url->place, g_strerror(wrong));
    return true;
}

GmqErrand *
gmq_errand_new(const GmqBrokerUrl *url, const GmqDial *where, GError **error)
{
    g_autoptr(GmqErrand) errand = g_new0(GmqErrand, 1);
    GmqClientConfig config      = GMQ_CLIENT_CONFIG_DEFAULT;

    config.name        = "glassmq run";
    config.user        = url->user;
    config.password    = url->password;
    config.vhost       = url->vhost;
    config.heartbeat_s = 0;
    errand->url        = url;
    errand->fd         = -1;
    errand->client     = gmq_client_new(&config, &events, errand);
    if (!dial(errand, where, error) || !run_until(errand, &errand->is_opened, error))
        return NULL;
    return g_steal_pointer(&errand);
}

void
gmq_errand_free(GmqErrand *errand)
{
    bool never = false;

    if (errand == NULL)
        return;
    if (errand->is_opened && gmq_client_close(errand->client, 200, "done"))
        run_until(errand, &never, NULL);
    if (errand->fd >= 0)
        close(errand->fd);
    gmq_client_free(errand->client);
    g_free(errand->message_id);
    g_free(errand->text);
    g_free(errand);
}

/* ---- steps ---- */

/* Sends a method and waits for what comes of it; a channel that the broker closes is one answer. */
static bool
ask(GmqErrand *errand, const GmqMethod *method, GError **error)
{
    if (errand->channel == 0) {
        errand->channel = gmq_client_free_channel(errand->client);
        gmq_client_open_channel(errand->client, errand->channel);
    }
    errand->is_answered = false;
    errand->code        = 0;
    errand->answer      = GMQ_N_METHODS;
    gmq_client_send(errand->client, errand->channel, method);
    return run_until(errand, &errand->is_answered, error);
}

static bool
check_code(const GmqErrand *errand, const char *what, const char *name, GError **error)
{
    if (errand->code == 0)
        return true;
    return fail(error, GMQ_REMOTE_ERROR_REFUSED, "the broker does not let us %s \"%s\": %s", what,
                name, errand->text);
}

bool
gmq_errand_look(GmqErrand *errand, const char *queue, GmqErrandQueue *found, GError **error)
{
    errand->found = (GmqErrandQueue){0};
    if (!ask(errand,
             &(GmqMethod){.id            = GMQ_QUEUE_DECLARE,
                          .queue_declare = {.queue = gmq_slice_of(queue), .passive = true}},
             error))
        return false;
    *found = errand->found;
    if (errand->code == NOT_FOUND)
        return true;
    return check_code(errand, "look into queue", queue, error);
}

bool
gmq_errand_has_exchange(GmqErrand *errand, const char *exchange, bool *exists, GError **error)
{
    GmqMethod look = {.id               = GMQ_EXCHANGE_DECLARE,
                      .exchange_declare = {.exchange = gmq_slice_of(exchange),
                                           .type     = GMQ_SLICE("direct"),
                                           .passive  = true}};

    if (!ask(errand, &look, error))
        return false;
    *exists = errand->code == 0;
    return errand->code == NOT_FOUND || check_code(errand, "look at exchange", exchange, error);
}

bool
gmq_errand_declare(GmqErrand *errand, const char *what, const char *name, const GmqMethod *declare,
                   GError **error)
{
    if (!ask(errand, declare, error))
        return false;
    if (errand->code == 0)
        return true;
    return fail(error, GMQ_REMOTE_ERROR_OCCUPIED,
                "%s \"%s\" is there already and is another one than the scenario's: %s. It is left "
                "alone; with --take-over it is deleted and declared anew",
                what, name, errand->text);
}

char *
gmq_errand_take(GmqErrand *errand, const char *queue, GError **error)
{
    GmqMethod get = {.id        = GMQ_BASIC_GET,
                     .basic_get = {.queue = gmq_slice_of(queue), .no_ack = true}};

    if (!ask(errand, &get, error) || !check_code(errand, "empty queue", queue, error))
        return NULL;
    return errand->answer == GMQ_BASIC_GET_OK ? g_strdup(errand->message_id) : NULL;
}

bool
gmq_errand_delete_queue(GmqErrand *errand, const char *queue, GError **error)
{
    GmqMethod method = {.id = GMQ_QUEUE_DELETE, .queue_delete = {.queue = gmq_slice_of(queue)}};

    if (!ask(errand, &method, error))
        return false;
    return errand->code == NOT_FOUND || check_code(errand, "delete queue", queue, error);
}

bool
gmq_errand_delete_exchange(GmqErrand *errand, const char *exchange, GError **error)
{
    GmqMethod method = {.id              = GMQ_EXCHANGE_DELETE,
                        .exchange_delete = {.exchange = gmq_slice_of(exchange)}};

    if (!ask(errand, &method, error))
        return false;
    return errand->code == NOT_FOUND || check_code(errand, "delete exchange", exchange, error);
}
