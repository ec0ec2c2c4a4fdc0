#include "core/server/control-client.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/broker/storage.h"
#include "core/net/recording.h"
#include "core/server/control-listener.h"

#define READ_SIZE 65536

/* So much of an answer stands ready at a time; a row more than that is the most there is. */
#define OUTPUT_SIZE 65536

/* A buffer that was larger is given back when it is empty. */
#define KEEP_SIZE (4 * READ_SIZE)

/* ---- answers ---- */

static void
begin_last_line(GmqControlClient *client, GmqJson *json, bool is_ok)
{
    *json = (GmqJson){.out = client->output};
    gmq_json_open(json, '{');
    gmq_json_add_bool(json, "ok", is_ok);
}

static void
end_last_line(GmqJson *json)
{
    gmq_json_close(json, '}');
    g_string_append_c(json->out, '\n');
}

static void
answer_error(GmqControlClient *client, const GError *error)
{
    GmqJson json;

    begin_last_line(client, &json, false);
    gmq_json_add_bool(&json, "wrong",
                      g_error_matches(error, GMQ_COMMAND_ERROR, GMQ_COMMAND_ERROR_WRONG));
    gmq_json_add_text_member(&json, "error", gmq_slice_of(error->message));
    end_last_line(&json);
}

static void
answer_ok(GmqControlClient *client)
{
    GmqJson json;

    begin_last_line(client, &json, true);
    end_last_line(&json);
}

/* What a command wrote before it failed is no answer. */
static void
do_command(GmqControlClient *client, const GmqRequest *request)
{
    g_autoptr(GError) error = NULL;
    gsize start             = client->output->len;
    GmqJson json;

    begin_last_line(client, &json, true);
    if (request->command->run(client->serving, request, &json, &error)) {
        end_last_line(&json);
        return;
    }
    g_string_truncate(client->output, start);
    answer_error(client, error);
}

/* ---- answers that wait ---- */

/* What was done holds, but whoever asked may not count on it. */
static void
answer_not_kept(GmqControlClient *client, const GmqJournal *journal)
{
    bool has_failed         = gmq_journal_state(journal) == GMQ_JOURNAL_FAILED;
    g_autoptr(GError) error = NULL;

    if (has_failed)
        gmq_command_refuse(&error, "this holds until the broker stops, and may be lost then, since "
                                   "the journal has failed");
    else
        gmq_command_refuse(&error, "this holds, but the disk is full: it is not kept before there "
                                   "is space again");
    g_string_truncate(client->output, 0);
    answer_error(client, error);
}

/* Opens the gate when the journal has what the answer tells of, or will not have it soon. */
static void
look_at_gate(GmqControlClient *client)
{
    GmqStorage *storage       = gmq_broker_storage(client->serving->broker);
    const GmqJournal *journal = gmq_broker_journal(client->serving->broker);

    if (gmq_storage_committed(storage) < client->gate) {
        if (gmq_journal_state(journal) == GMQ_JOURNAL_FINE)
            return;
        answer_not_kept(client, journal);
    }
    client->gate = 0;
}

/* The answer to a change leaves when the change is on the disk. */
static void
run_command(GmqControlClient *client, const GmqRequest *request, GmqSlice line)
{
    GmqStorage *storage = gmq_broker_storage(client->serving->broker);
    uint64_t changes    = storage == NULL ? 0 : gmq_storage_changes(storage);

    gmq_recording_note(client->serving->recording, GMQ_RECORDED_ADMIN, 0, 0, line);
    do_command(client, request);
    if (storage == NULL || gmq_storage_changes(storage) == changes)
        return;
    client->gate = gmq_storage_mark(storage);
    look_at_gate(client);
}

static void task_done(GmqTask *task);

static void
begin_task(GmqControlClient *client, const GmqRequest *request)
{
    g_autoptr(GError) error = NULL;

    if (client->serving->recording != NULL)
        gmq_command_refuse(&error,
                           "%s has to wait until this broker is not recorded any more: "
                           "start it without --record",
                           request->command->name);
    else
        client->task = request->command->begin(client->serving, request, &error);
    if (client->task == NULL) {
        answer_error(client, error);
        return;
    }
    client->task->done = task_done;
    client->task->user = client;
}

static void
end_task(GmqControlClient *client)
{
    GmqTask *task           = g_steal_pointer(&client->task);
    g_autoptr(GError) error = NULL;
    GmqJson json;

    begin_last_line(client, &json, true);
    if (task->finish(task, &json, &error)) {
        end_last_line(&json);
    } else {
        g_string_truncate(client->output, 0);
        answer_error(client, error);
    }
    task->free(task);
}

static bool
is_waiting(const GmqControlClient *client)
{
    return client->gate != 0 || client->task != NULL;
}

/* ---- requests ---- */

static void
begin_listing(GmqControlClient *client, const GmqRequest *request)
{
    const GmqCommand *command = request->command;
    g_autoptr(GError) error   = NULL;

    if ((command->takes & GMQ_TAKES_VHOST) != 0 &&
        gmq_command_vhost(client->serving, request, &error) == NULL) {
        answer_error(client, error);
        return;
    }
    client->listing = gmq_listing_new(command->columns, request->columns,
                                      command->look(client->serving, request->vhost));
}

static void
begin_listening(GmqControlClient *client, const GmqRequest *request)
{
    g_autoptr(GError) error = NULL;
    GmqJson json;

    if (!gmq_control_listener_begin(client, request, &error)) {
        answer_error(client, error);
        return;
    }
    begin_last_line(client, &json, true);
    gmq_control_listener_greet(client, request, &json);
    end_last_line(&json);
}

static bool
parse(JsonParser *parser, const char *line, size_t size, GError **error)
{
    if (!gmq_json_is_shallow(line, size, GMQ_JSON_DEPTH_MAX)) {
        g_set_error_literal(error, GMQ_COMMAND_ERROR, GMQ_COMMAND_ERROR_WRONG,
                            "this request nests too deep");
        return false;
    }
    if (json_parser_load_from_data(parser, line, (gssize)size, NULL))
        return true;
    g_set_error_literal(error, GMQ_COMMAND_ERROR, GMQ_COMMAND_ERROR_WRONG,
                        "this is no line of JSON");
    return false;
}

static void
answer(GmqControlClient *client, const char *line, size_t size)
{
    g_autoptr(GError) error      = NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    g_auto(GmqRequest) request   = {0};

    if (!parse(parser, line, size, &error) ||
        !gmq_request_read(&request, json_parser_get_root(parser), client->serving->default_vhost,
                          &error))
        answer_error(client, error);
    else if (request.command == &gmq_command_events)
        begin_listening(client, &request);
    else if (request.command->look != NULL)
        begin_listing(client, &request);
    else if (request.command->begin != NULL)
        begin_task(client, &request);
    else
        run_command(client, &request, (GmqSlice){(const uint8_t *)line, size});
}

/* ---- writing ---- */

static void
add_rows(GmqControlClient *client)
{
    while (client->listing != NULL && client->output->len < OUTPUT_SIZE) {
        gsize start = client->output->len;

        g_string_append(client->output, "{\"row\":");
        if (gmq_listing_next(client->listing, client->output)) {
            g_string_append(client->output, "}\n");
            continue;
        }
        g_string_truncate(client->output, start);
        g_clear_pointer(&client->listing, gmq_listing_free);
        answer_ok(client);
    }
}

/* Begins anew with an empty buffer, and gives a large one back. */
static void
empty(GString **buffer)
{
    if ((*buffer)->allocated_len <= KEEP_SIZE) {
        g_string_truncate(*buffer, 0);
        return;
    }
    g_string_free(*buffer, TRUE);
    *buffer = g_string_new(NULL);
}

ssize_t
gmq_control_client_send(const GmqControlClient *client)
{
    ssize_t size;

    do
        size = send(client->fd, client->output->str + client->sent,
                    client->output->len - client->sent, MSG_NOSIGNAL);
    while (size < 0 && errno == EINTR);
    return size;
}

/* One write per turn, so that a quick reader of a long listing keeps nobody waiting. Returns false
 * when the client is gone. */
static bool
write_answer(GmqControlClient *client)
{
    add_rows(client);

    ssize_t size = client->output->len == client->sent ? 0 : gmq_control_client_send(client);
    if (size < 0)
        return errno == EAGAIN;
    client->sent += (size_t)size;
    if (client->sent < client->output->len)
        return true;

    empty(&client->output);
    client->sent = 0;
    if (client->listing == NULL)
        client->is_writing = false;
    return true;
}

/* ---- reading ---- */

/* The end of the first line of the input; NULL while it is not there. */
static char *
find_line_end(GmqControlClient *client)
{
    char *start = client->input->str + client->searched;
    char *end   = memchr(start, '\n', client->input->len - client->searched);

    client->searched = end == NULL ? client->input->len : 0;
    return end;
}

/* Answers the first line of the input, when it is whole. */
static bool
answer_line(GmqControlClient *client)
{
    char *end = find_line_end(client);

    if (end == NULL)
        return false;

    size_t size = (size_t)(end - client->input->str);
    answer(client, client->input->str, size);
    if (size + 1 == client->input->len)
        empty(&client->input);
    else
        g_string_erase(client->input, 0, (gssize)size + 1);
    return true;
}

/* One that says too much in one line is told so, and cut off. */
static bool
refuse_long_line(GmqControlClient *client)
{
    g_autoptr(GError) error =
        g_error_new(GMQ_COMMAND_ERROR, GMQ_COMMAND_ERROR_WRONG, "a request has at most %d bytes",
                    GMQ_CONTROL_REQUEST_MAX);

    answer_error(client, error);
    gmq_control_client_send(client);
    return false;
}

/* Returns false when the client is gone. */
static bool
read_some(GmqControlClient *client)
{
    char data[READ_SIZE];
    ssize_t size = recv(client->fd, data, sizeof data, 0);

    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    if (size == 0)
        return false;
    g_string_append_len(client->input, data, size);
    client->heard(client);
    return client->input->len <= GMQ_CONTROL_REQUEST_MAX || refuse_long_line(client);
}

/* ---- listening ---- */

/* A request ends the listening; it is answered when what was said has left. */
static void
end_listening(GmqControlClient *client)
{
    g_clear_pointer(&client->hearer, gmq_hearer_free);
    client->is_writing = client->output->len > 0;
}

/* Returns false when the client is gone. */
static bool
take_listening_turn(GmqControlClient *client, uint32_t events)
{
    if ((events & (EPOLLERR | EPOLLHUP)) != 0 || ((events & EPOLLIN) != 0 && !read_some(client)))
        return false;
    if (client->output->len > 0 && !gmq_control_listener_send(client))
        return false;
    if (find_line_end(client) == NULL) {
        gmq_control_listener_arm(client);
        return true;
    }
    end_listening(client);
    return true;
}

/* ---- turns ---- */

/* While it is answered nothing more is read; while the answer waits, only the end is heard. */
static void
arm(GmqControlClient *client)
{
    uint32_t events = client->is_writing ? EPOLLOUT : EPOLLIN;

    gmq_loop_change(client->loop, client->fd, is_waiting(client) ? 0 : events, &client->watch);
}

static void
task_done(GmqTask *task)
{
    GmqControlClient *client = task->user;

    end_task(client);
    arm(client);
}

void
gmq_control_client_on_stored(GmqControlClient *client)
{
    if (client->task != NULL) {
        client->task->stored(client->task);
    } else if (client->gate != 0) {
        look_at_gate(client);
        arm(client);
    }
}

static bool
take_turn(GmqControlClient *client, uint32_t events)
{
    if (client->hearer != NULL) {
        if (!take_listening_turn(client, events))
            return false;
        if (client->hearer != NULL)
            return true;
    } else if (is_waiting(client))
        return (events & (EPOLLERR | EPOLLHUP)) == 0;
    if (client->is_writing) {
        if ((events & EPOLLERR) != 0 || !write_answer(client))
            return false;
    } else if (!read_some(client)) {
        return false;
    }
    if (!client->is_writing && answer_line(client))
        client->is_writing = true;
    arm(client);
    return true;
}

static void
client_ready(GmqWatch *watch, uint32_t events)
{
    GmqControlClient *client = (GmqControlClient *)watch;

    if (!take_turn(client, events))
        client->gone(client);
}

/* ---- life ---- */

GmqControlClient *
gmq_control_client_new(GmqLoop *loop, int fd, const GmqServing *serving)
{
    GmqControlClient *client = g_new(GmqControlClient, 1);

    *client = (GmqControlClient){
        .watch     = {client_ready},
        .loop      = loop,
        .serving   = serving,
        .link.data = client,
        .fd        = fd,
        .input     = g_string_new(NULL),
        .output    = g_string_new(NULL),
    };
    if (gmq_loop_add(loop, fd, EPOLLIN, &client->watch))
        return client;
    gmq_control_client_free(client);
    return NULL;
}

void
gmq_control_client_free(GmqControlClient *client)
{
    close(client->fd);
    gmq_loop_forget(client->loop, &client->watch);
    g_string_free(client->input, TRUE);
    g_string_free(client->output, TRUE);
    if (client->listing != NULL)
        gmq_listing_free(client->listing);
    if (client->task != NULL)
        client->task->free(client->task);
    gmq_hearer_free(client->hearer);
    g_free(client);
}
