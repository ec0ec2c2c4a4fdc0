#include "core/server/control-listener.h"

#include <errno.h>
#include <sys/epoll.h>

bool
gmq_control_listener_send(GmqControlClient *client)
{
    ssize_t size = gmq_control_client_send(client);

    if (size < 0)
        return errno == EAGAIN;
    client->sent += (size_t)size;
    if (client->sent < client->output->len)
        return true;
    g_string_truncate(client->output, 0);
    client->sent = 0;
    gmq_hearer_resume(client->hearer);
    return true;
}

void
gmq_control_listener_arm(GmqControlClient *client)
{
    uint32_t events = client->output->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN;

    gmq_loop_change(client->loop, client->fd, events, &client->watch);
}

/* There are lines. */
static void
send_lines(void *user)
{
    GmqControlClient *client = user;

    if (gmq_control_listener_send(client))
        gmq_control_listener_arm(client);
    else
        client->gone(client);
}

bool
gmq_control_listener_begin(GmqControlClient *client, const GmqRequest *request, GError **error)
{
    const GmqServing *serving = client->serving;
    GmqHearing hearing        = {client->output, send_lines, client};

    if (gmq_command_vhost(serving, request, error) == NULL)
        return false;
    client->hearer = gmq_hearer_new(serving->announcer, request->vhost, &hearing, error);
    return client->hearer != NULL;
}

void
gmq_control_listener_greet(const GmqControlClient *client, const GmqRequest *request, GmqJson *json)
{
    GmqHost *host = gmq_broker_host(client->serving->broker);

    gmq_json_add_text_member(json, "vhost", request->vhost);
    gmq_json_add_count(json, "vhosts", gmq_broker_vhosts(client->serving->broker)->length);
    gmq_json_add_count(json, "t", (uint64_t)host->now(host));
    gmq_json_add_count(json, "wall_ms", (uint64_t)host->wall_ms(host));
}
