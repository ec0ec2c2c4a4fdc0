#include "core/server/control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/server/announcer.h"
#include "core/server/backup.h"
#include "core/server/control-client.h"

#define BACKLOG 64

struct GmqControl {
    GmqWatch watch; /* first */
    GmqLoop *loop;
    GmqServing serving;
    char *path;
    int fd;
    int spare_fd;   /* given up when there is no file for a client; -1: lost */
    GQueue clients; /* of GmqControlClient, the one that was silent the longest first; intrusive */
};

G_DEFINE_QUARK(gmq - control - error - quark, gmq_control_error)

bool
gmq_control_address(const char *path, struct sockaddr_un *address, GError **error)
{
    size_t size = strlen(path);

    if (size >= sizeof address->sun_path) {
        g_set_error(
            error, GMQ_CONTROL_ERROR, GMQ_CONTROL_ERROR_FAILED,
            "the path of the socket %s is too long: it has %zu bytes, and %zu are the most; "
            "choose another data directory",
            path, size, sizeof address->sun_path - 1);
        return false;
    }
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, path, size + 1);
    return true;
}

/* ---- clients ---- */

static void
drop_client(GmqControlClient *client)
{
    GmqControl *control = client->user;

    g_queue_unlink(&control->clients, &client->link);
    gmq_control_client_free(client);
}

/* It is the last that would be dropped now. */
static void
note_heard(GmqControlClient *client)
{
    GmqControl *control = client->user;

    g_queue_unlink(&control->clients, &client->link);
    g_queue_push_tail_link(&control->clients, &client->link);
}

/* Listeners have nothing to say. There are fewer of them than clients. */
static GmqControlClient *
find_most_silent(const GmqControl *control)
{
    const GList *each = control->clients.head;

    while (((const GmqControlClient *)each->data)->hearer != NULL)
        each = each->next;
    return each->data;
}

static void
add_client(GmqControl *control, int fd)
{
    if (control->clients.length == GMQ_CONTROL_CLIENTS_MAX)
        drop_client(find_most_silent(control));

    GmqControlClient *client = gmq_control_client_new(control->loop, fd, &control->serving);
    if (client == NULL)
        return;
    client->gone  = drop_client;
    client->heard = note_heard;
    client->user  = control;
    g_queue_push_tail_link(&control->clients, &client->link);
}

static int
open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Out of files: the one who waits is hung up on, so that the socket does not call again for him. */
static void
turn_away(GmqControl *control)
{
    if (control->spare_fd >= 0)
        close(control->spare_fd);
    int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    control->spare_fd = open_spare();
}

/* One a turn. */
static void
control_ready(GmqWatch *watch, uint32_t events)
{
    GmqControl *control = (GmqControl *)watch;
    int fd              = accept4(control->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    (void)events;
    if (fd >= 0)
        add_client(control, fd);
    else if (errno == EMFILE || errno == ENFILE)
        turn_away(control);
}

/* ---- life ---- */

static int
fail(const char *path, GError **error)
{
    g_set_error(error, GMQ_CONTROL_ERROR, GMQ_CONTROL_ERROR_FAILED, "cannot listen on %s: %s", path,
                g_strerror(errno));
    return -1;
}

/* Nobody else may connect, not even between bind and chmod. */
static bool
bind_private(int fd, const struct sockaddr_un *address)
{
    mode_t mask = umask(0177);
    int bound   = bind(fd, (const struct sockaddr *)address, sizeof *address);

    umask(mask);
    return bound == 0;
}

/* Returns a socket that listens, or -1 with an error. */
static int
open_socket(const char *path, GError **error)
{
    struct sockaddr_un address;

    if (!gmq_control_address(path, &address, error))
        return -1;
    if (unlink(path) < 0 && errno != ENOENT)
        return fail(path, error);

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(path, error);
    if (bind_private(fd, &address) && listen(fd, BACKLOG) == 0)
        return fd;
    fail(path, error);
    close(fd);
    return -1;
}

GmqControl *
gmq_control_new(GmqNet *net, const char *path, const GmqServing *serving, GError **error)
{
    GmqLoop *loop = gmq_net_loop(net);
    int fd        = open_socket(path, error);

    if (fd < 0)
        return NULL;

    GmqControl *control = g_new(GmqControl, 1);
    *control            = (GmqControl){
                   .watch    = {control_ready},
                   .loop     = loop,
                   .serving  = *serving,
                   .path     = g_strdup(path),
                   .fd       = fd,
                   .spare_fd = open_spare(),
    };
    control->serving.backups   = gmq_backups_new(loop);
    control->serving.announcer = gmq_announcer_new(net, &control->serving);
    if (gmq_loop_add(loop, fd, EPOLLIN, &control->watch))
        return control;
    fail(path, error);
    gmq_control_free(control);
    return NULL;
}

/* A client is not gone by what it hears now, since it only begins to write then. */
void
gmq_control_on_stored(GmqControl *control)
{
    for (GList *each = control->clients.head; each != NULL; each = each->next)
        gmq_control_client_on_stored(each->data);
}

void
gmq_control_free(GmqControl *control)
{
    if (control == NULL)
        return;
    while (control->clients.head != NULL)
        drop_client(control->clients.head->data);
    gmq_backups_free(control->serving.backups);
    gmq_announcer_free(control->serving.announcer);
    unlink(control->path);
    close(control->fd);
    if (control->spare_fd >= 0)
        close(control->spare_fd);
    gmq_loop_forget(control->loop, &control->watch);
    g_free(control->path);
    g_free(control);
}
