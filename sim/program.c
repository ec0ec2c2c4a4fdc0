#include "sim/program.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/program-relay.h"
#include "sim/real-guardian.h"
#include "sim/remote.h"
#include "sim/world-private.h"

#define ROOM_SIZE 16384

typedef struct {
    GmqProgramRelay relay; /* first: it is the role as well */
    GmqSimClient *client;
    GPtrArray *extras;     /* of GmqSimClient: for more connections at a time; the world's */
    GmqGuardian *guardian; /* NULL: the program does not run */
    GmqRemoteSource door;  /* where it connects to */
    GmqRemoteSource words;
    GmqRemoteSource news;
    uint64_t again_ticket; /* it is started again; 0: no */
} Program;

GmqProgramRecord *
gmq_program_record_new(void)
{
    GmqProgramRecord *record = g_new0(GmqProgramRecord, 1);

    record->words = g_string_new(NULL);
    return record;
}

void
gmq_program_record_free(GmqProgramRecord *record)
{
    g_string_free(record->words, TRUE);
    g_free(record->wrong);
    g_free(record);
}

static GmqProgramRecord *
record_of(const Program *program)
{
    return gmq_remote_program(program->client->world->remote);
}

/* ---- what it writes ---- */

/* What can be read now; false when there will be no more. */
static bool
read_words(Program *program)
{
    GString *words = record_of(program)->words;
    char room[ROOM_SIZE];
    gssize n;

    while ((n = read(program->words.fd, room, sizeof room)) > 0) {
        g_string_append_len(words, room, n);
        if (words->len > GMQ_PROGRAM_WORDS_MAX)
            g_string_erase(words, 0, (gssize)(words->len - GMQ_PROGRAM_WORDS_MAX));
        if (n < (gssize)sizeof room)
            break;
    }
    return n != 0;
}

static void
on_words(void *data)
{
    Program *program = data;

    if (!read_words(program))
        program->words.events = 0;
}

/* ---- its door ---- */

/* Another client for another connection; NULL when there are too many. */
static GmqSimClient *
find_extra(Program *program)
{
    GmqSimClient *first = program->client;

    for (unsigned i = 0; i < program->extras->len; i++) {
        GmqSimClient *extra = program->extras->pdata[i];

        if (extra->state == GMQ_SIM_OFF)
            return extra;
    }
    if (program->extras->len + 1 >= GMQ_PROGRAM_AT_A_TIME_MAX)
        return NULL;
    GmqSimClient *extra =
        gmq_sim_client_new(first->world, first->spec, first->links, &gmq_program_extra_class);
    memcpy(extra->cuts, first->cuts, sizeof extra->cuts);
    memcpy(extra->clogs, first->clogs, sizeof extra->clogs);
    extra->is_leaving = true;
    g_ptr_array_add(first->world->clients, extra);
    g_ptr_array_add(program->extras, extra);
    return extra;
}

/* Connections of all of them are numbered together. */
static void
begin_extra(Program *program, int fd)
{
    GmqSimClient *extra = find_extra(program);

    if (extra == NULL) {
        record_of(program)->is_flood = true;
        close(fd);
        return;
    }
    extra->generation           = MAX(program->client->generation, 1);
    program->client->generation = extra->generation + 1;
    gmq_program_relay_begin(extra->role, fd);
}

static void
on_knock(void *data)
{
    Program *program         = data;
    GmqProgramRecord *record = record_of(program);
    int yes                  = 1;
    int fd                   = accept4(program->door.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0)
        return;
    program->client->world->cause = 0;
    if (record->n_connections >= GMQ_PROGRAM_CONNECTIONS_MAX) {
        record->is_flood = true;
        close(fd);
        return;
    }
    record->n_connections++;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (program->client->state == GMQ_SIM_WAITING)
        gmq_program_relay_begin(&program->relay, fd);
    else
        begin_extra(program, fd);
}

/* A port that the kernel chooses; 0 when there is none. */
static uint16_t
open_door(Program *program)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr   = {.s_addr = htonl(INADDR_LOOPBACK)}};
    struct sockaddr *generic   = (struct sockaddr *)&address;
    socklen_t size             = sizeof address;

    if (program->door.fd < 0) {
        program->door.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (bind(program->door.fd, generic, sizeof address) != 0 ||
            listen(program->door.fd, 16) != 0)
            return 0;
        gmq_remote_watch(program->client->world, &program->door);
    }
    return getsockname(program->door.fd, generic, &size) == 0 ? ntohs(address.sin_port) : 0;
}

/* ---- its life ---- */

static const char *
queue_of(const GmqClientSpec *spec)
{
    if (spec->from != NULL && spec->from[0] != '\0')
        return spec->from;
    return spec->publish.message.key == NULL ? "" : spec->publish.message.key;
}

/* Our door, as the address of a broker; the caller frees it. */
static char *
describe_door(const GmqBrokerUrl *broker, uint16_t port)
{
    g_autofree char *user     = g_uri_escape_string(broker->user, NULL, FALSE);
    g_autofree char *password = g_uri_escape_string(broker->password, NULL, FALSE);
    g_autofree char *vhost    = g_uri_escape_string(broker->vhost, NULL, FALSE);

    return g_strdup_printf("AMQP_URL=amqp://%s:%s@127.0.0.1:%u/%s", user, password, port, vhost);
}

static void
start(Program *program, char **command, uint16_t port, GError **error)
{
    GmqWorld *world          = program->client->world;
    GmqProgramRecord *record = record_of(program);
    g_autofree char *url     = describe_door(gmq_remote_broker(world->remote), port);
    g_autofree char *queue   = g_strdup_printf("GLASSMQ_QUEUE=%s", queue_of(program->client->spec));
    char *environment[]      = {url, queue, NULL};

    program->guardian = gmq_guardian_start(command, environment, error);
    if (program->guardian == NULL)
        return;
    record->n_starts++;
    record->is_running    = true;
    program->words.fd     = gmq_guardian_output(program->guardian);
    program->words.events = POLLIN;
    program->news.fd      = gmq_guardian_news(program->guardian);
    gmq_remote_watch(world, &program->words);
    gmq_remote_watch(world, &program->news);
}

static void
begin(Program *program)
{
    GmqProgramRecord *record = record_of(program);
    g_autoptr(GError) error  = NULL;
    g_auto(GStrv) of_file    = NULL;
    uint16_t port            = open_door(program);

    if (port == 0)
        g_set_error(&error, G_IO_ERROR, G_IO_ERROR_FAILED, "there is no free port for it");
    else if (record->command != NULL ||
             g_shell_parse_argv(program->client->spec->run, NULL, &of_file, &error))
        start(program, record->command == NULL ? of_file : record->command, port, &error);
    if (error == NULL)
        return;
    g_free(record->wrong);
    record->wrong = g_strdup(error->message);
    gmq_sim_client_note(program->client, (GmqEvent){.kind = GMQ_EVENT_CLIENT_CANNOT,
                                                    .text = gmq_slice_of(record->wrong)});
}

/* On virtual time there is no program that could keep step. */
static void
on_started(void *role)
{
    Program *program     = role;
    GmqSimClient *client = program->client;

    if (client->world->remote == NULL) {
        gmq_check_program(client->world->check, client->spec->name);
        return;
    }
    client->state = GMQ_SIM_WAITING;
    begin(program);
}

static void
forget_guardian(Program *program)
{
    GmqWorld *world = program->client->world;

    if (program->guardian == NULL)
        return;
    gmq_remote_forget(world, &program->words);
    gmq_remote_forget(world, &program->news);
    g_clear_pointer(&program->guardian, gmq_guardian_free);
    record_of(program)->is_running = false;
}

static void
on_again(void *data)
{
    Program *program = data;

    program->again_ticket = 0;
    gmq_sim_client_note(program->client, (GmqEvent){.kind = GMQ_EVENT_CLIENT_STARTED});
    begin(program);
}

/* A producer that ends well is done; whoever takes from a queue never is. */
static bool
is_to_come_again(const Program *program)
{
    const GmqClientSpec *spec      = program->client->spec;
    const GmqProgramRecord *record = record_of(program);
    bool is_done                   = record->status == 0 && spec->role == GMQ_ROLE_PRODUCER;

    return !is_done && spec->reconnect_ns >= 0 && record->n_starts <= spec->reconnect_times;
}

static void
on_news(void *data)
{
    Program *program         = data;
    GmqProgramRecord *record = record_of(program);
    bool is_crash;

    if (program->guardian == NULL || !gmq_guardian_has_ended(program->guardian, &record->status))
        return;
    read_words(program);
    forget_guardian(program);
    record->has_ended             = true;
    program->client->world->cause = 0;
    is_crash                      = record->status != 0;
    gmq_sim_client_note(program->client, (GmqEvent){.kind = is_crash ? GMQ_EVENT_FAULT_CRASH
                                                                     : GMQ_EVENT_FAULT_STOP});
    if (!is_to_come_again(program))
        return;
    record->is_flood |= record->n_starts >= GMQ_PROGRAM_STARTS_MAX;
    if (!record->is_flood)
        program->again_ticket =
            gmq_sim_client_plan(program->client, program->client->spec->reconnect_ns,
                                GMQ_PHASE_CLIENT, "a program is started again", on_again, program);
}

/* The process is gone, because the timeline says so or the run is over. */
static void
on_died(void *role)
{
    Program *program = role;

    gmq_schedule_forget(program->client->world->schedule, &program->again_ticket);
    forget_guardian(program);
}

static void *
make(GmqSimClient *client)
{
    Program *program = g_new0(Program, 1);

    gmq_program_relay_init(&program->relay, client);
    program->client = client;
    program->extras = g_ptr_array_new();
    program->door =
        (GmqRemoteSource){.fd = -1, .events = POLLIN, .action = on_knock, .data = program};
    program->words = (GmqRemoteSource){.fd = -1, .action = on_words, .data = program};
    program->news =
        (GmqRemoteSource){.fd = -1, .events = POLLIN, .action = on_news, .data = program};
    return program;
}

static void
free_program(void *role)
{
    Program *program = role;
    int door         = program->door.fd;

    on_died(program);
    gmq_remote_forget(program->client->world, &program->door);
    if (door >= 0)
        close(door);
    gmq_program_relay_clear(&program->relay);
    g_ptr_array_unref(program->extras);
    g_free(program);
}

/* What it still wants to do, nobody knows. */
static bool
is_busy(const void *role)
{
    (void)role;
    return false;
}

const GmqRoleClass gmq_program_class = {
    .make    = make,
    .free    = free_program,
    .started = on_started,
    .lost    = gmq_program_relay_lost,
    .died    = on_died,
    .opened  = gmq_program_relay_opened,
    .heard   = gmq_program_relay_heard,
    .hung_up = gmq_program_relay_hung_up,
    .flush   = gmq_program_relay_flush,
    .is_busy = is_busy,
};
