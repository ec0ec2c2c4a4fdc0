/* The life of a client: when it starts, connects, comes back, stops, crashes and is cut. */
#include "sim/broker-end.h"
#include "sim/world-private.h"

/* A connection that does not come about in this time never will. */
#define CONNECT_TIMEOUT_NS INT64_C(10000000000)

static void on_connect(void *data);

/* ---- schedule ---- */

/* Its one next step replaces the one that was planned. */
static void
plan(GmqSimClient *client, int64_t delay_ns, GmqPhase phase, const char *what, GmqAction action)
{
    gmq_schedule_forget(client->world->schedule, &client->ticket);
    client->ticket =
        gmq_schedule_add_after(client->world->schedule, delay_ns, phase, what, action, client);
}

/* After an end: comes back, if that was asked for, or is off. */
void
gmq_sim_client_come_back(GmqSimClient *client)
{
    const GmqClientSpec *spec = client->spec;

    client->state = GMQ_SIM_OFF;
    if (client->is_leaving || spec->reconnect_ns < 0 || client->attempts >= spec->reconnect_times)
        return;
    client->attempts++;
    client->state = GMQ_SIM_WAITING;
    plan(client, spec->reconnect_ns, GMQ_PHASE_CLIENT, "a client connects again", on_connect);
}

/* ---- connecting ---- */

static void
on_connected(void *data)
{
    GmqSimClient *client = data;
    GmqWorld *world      = client->world;

    client->ticket = 0;
    world->cause   = client->cause;
    if (!world->end->is_there(world)) {
        gmq_sim_client_drop(client, "refused: there is no broker");
        return;
    }
    gmq_sim_client_open(client);
}

static void
on_timeout(void *data)
{
    GmqSimClient *client = data;

    client->ticket  = 0;
    client->is_held = false;
    gmq_sim_client_drop(client, "the broker does not answer");
}

/* Three times over the line before the first byte leaves: 1.5 times both ways. */
static void
shake_hands(GmqSimClient *client)
{
    const GmqLinkSpec *links = client->links;
    int64_t delay_ns;

    client->is_held = client->cuts[0] > 0 || client->cuts[1] > 0;
    if (client->is_held) {
        plan(client, CONNECT_TIMEOUT_NS, GMQ_PHASE_NETWORK, "a client waits in vain", on_timeout);
        return;
    }
    if (__builtin_add_overflow(links[0].latency_ns, links[1].latency_ns / 2, &delay_ns))
        delay_ns = INT64_MAX;
    plan(client, delay_ns, GMQ_PHASE_NETWORK, "a client is connected", on_connected);
}

static void
connect_now(GmqSimClient *client)
{
    client->state = GMQ_SIM_CONNECTING;
    client->cause = client->world->cause;
    if (!client->world->end->is_there(client->world) || client->world->is_stopping)
        gmq_sim_client_drop(client, "refused: there is no broker");
    else
        shake_hands(client);
}

static void
on_connect(void *data)
{
    GmqSimClient *client = data;

    client->ticket = 0;
    connect_now(client);
}

/* ---- what the timeline does ---- */

void
gmq_sim_client_start(GmqSimClient *client)
{
    if (client->state == GMQ_SIM_CLOSING) {
        client->is_leaving = false;
        gmq_sim_client_drop(client, "started anew");
        gmq_schedule_forget(client->world->schedule, &client->ticket);
        client->state = GMQ_SIM_OFF;
    }
    if (client->state != GMQ_SIM_OFF)
        return;
    gmq_schedule_forget(client->world->schedule, &client->ticket);
    client->is_leaving = false;
    client->attempts   = 0;
    gmq_sim_client_note(client, (GmqEvent){.kind = GMQ_EVENT_CLIENT_STARTED});
    connect_now(client);
}

static void
on_start(void *data)
{
    GmqSimClient *client = data;

    client->ticket = 0;
    gmq_sim_client_start(client);
}

void
gmq_sim_client_plan_start(GmqSimClient *client)
{
    plan(client, client->spec->start_ns - gmq_world_now(client->world), GMQ_PHASE_CLIENT,
         "a client starts", on_start);
}

/* Off at once; a start that was planned does not come either. */
static void
turn_off(GmqSimClient *client, const char *how)
{
    bool was_off = client->state == GMQ_SIM_OFF;

    gmq_schedule_forget(client->world->schedule, &client->ticket);
    client->is_leaving = true;
    client->is_held    = false;
    g_ptr_array_set_size(client->orders, 0);
    client->n_orders_sent = 0;
    client->class_->died(client->role);
    if (!was_off)
        gmq_sim_client_drop(client, how);
}

void
gmq_sim_client_crash(GmqSimClient *client)
{
    turn_off(client, "crashed");
}

void
gmq_sim_client_stop(GmqSimClient *client)
{
    if (client->amqp == NULL || !gmq_client_close(client->amqp, 200, "stopped")) {
        turn_off(client, "stopped");
        return;
    }
    client->is_leaving = true;
    client->state      = GMQ_SIM_CLOSING;
    client->class_->died(client->role);
    gmq_sim_client_flush(client);
}

/* All its connections are on the same line, old ones too. */
static void
set_cut(GmqSimClient *client, unsigned direction, bool is_cut)
{
    const GPtrArray *peers = client->world->peers;

    for (unsigned i = 0; i < peers->len; i++) {
        const GmqPeer *peer = peers->pdata[i];
        GmqSlice name       = gmq_client_of_connection(gmq_slice_of(peer->name));

        if (gmq_slice_equal(name, gmq_slice_of(client->spec->name)))
            gmq_pipe_set_held(direction == 0 ? peer->to_broker : peer->from_broker, GMQ_HELD_BY_CUT,
                              is_cut);
    }
}

static bool
includes(GmqCutSide side, unsigned direction)
{
    return side == GMQ_CUT_BOTH ||
           side == (direction == 0 ? GMQ_CUT_TO_BROKER : GMQ_CUT_FROM_BROKER);
}

void
gmq_sim_client_cut(GmqSimClient *client, GmqCutSide side)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        if (includes(side, direction) && client->cuts[direction]++ == 0)
            set_cut(client, direction, true);
    }
    if (client->state == GMQ_SIM_CONNECTING && !client->is_held)
        shake_hands(client);
}

void
gmq_sim_client_heal(GmqSimClient *client, GmqCutSide side)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        if (includes(side, direction) && client->cuts[direction] > 0 &&
            --client->cuts[direction] == 0)
            set_cut(client, direction, false);
    }
    if (client->is_held)
        shake_hands(client);
}
