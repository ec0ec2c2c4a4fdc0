/* The life of a client: when it starts, connects, comes back, stops and crashes. */
#include "sim/broker-end.h"
#include "sim/resend.h"
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
    client->ticket = gmq_sim_client_plan(client, delay_ns, phase, what, action, client);
}

/* After an end: comes back, if that was asked for, or is off. */
void
gmq_sim_client_come_back(GmqSimClient *client)
{
    const GmqClientSpec *spec = client->spec;

    client->state = GMQ_SIM_OFF;
    if (client->class_->started != NULL && !client->is_leaving) {
        client->state = GMQ_SIM_WAITING;
        return;
    }
    if (client->is_leaving || spec->reconnect_ns < 0 || client->attempts >= spec->reconnect_times)
        return;
    client->attempts++;
    client->state = GMQ_SIM_WAITING;
    plan(client, spec->reconnect_ns, GMQ_PHASE_CLIENT, "a client connects again", on_connect);
}

/* ---- connecting ---- */

static void
be_refused(GmqSimClient *client)
{
    const GmqWorld *world = client->world;

    if (world->watch != NULL && world->watch->refused != NULL)
        world->watch->refused(world->watcher, client->spec);
    gmq_sim_client_drop(client, "refused: there is no broker");
}

static void
on_connected(void *data)
{
    GmqSimClient *client = data;
    GmqWorld *world      = client->world;

    client->ticket = 0;
    world->cause   = client->cause;
    if (!world->end->is_there(world)) {
        be_refused(client);
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

/* How long the two first segments of a connection wait because they are lost; -1 for too long. */
static int64_t
wait_for_losses(GmqSimClient *client)
{
    int64_t wait_ns = 0;

    for (unsigned direction = 0; direction < G_N_ELEMENTS(client->loss); direction++) {
        unsigned losses = gmq_resend_draw(&client->loss[direction], client->links[direction].loss);

        if (losses == GMQ_RESEND_LOSSES_MAX)
            return -1;
        wait_ns += gmq_resend_wait(losses);
    }
    return wait_ns;
}

static bool
is_line_held(const GmqSimClient *client)
{
    return client->cuts[0] + client->cuts[1] + client->clogs[0] + client->clogs[1] > 0;
}

/* Three times over the line before the first byte leaves: 1.5 times both ways. */
void
gmq_sim_client_knock(GmqSimClient *client, int64_t wait_ns)
{
    const GmqLinkSpec *links = client->links;
    int64_t losses_ns        = wait_for_losses(client);
    int64_t delay_ns;

    client->is_held = is_line_held(client);
    if (client->is_held || losses_ns < 0) {
        plan(client, CONNECT_TIMEOUT_NS, GMQ_PHASE_NETWORK, "a client waits in vain", on_timeout);
        return;
    }
    if (__builtin_add_overflow(links[0].latency_ns, links[1].latency_ns / 2, &delay_ns) ||
        __builtin_add_overflow(delay_ns, wait_ns + losses_ns, &delay_ns))
        delay_ns = INT64_MAX;
    plan(client, delay_ns, GMQ_PHASE_NETWORK, "a client is connected", on_connected);
}

/* Nobody is there to refuse on a line that is cut. */
void
gmq_sim_client_dial(GmqSimClient *client)
{
    const GmqWorld *world = client->world;
    bool has_broker       = world->end->is_there(world) && !world->is_stopping;

    client->state      = GMQ_SIM_CONNECTING;
    client->cause      = client->world->cause;
    client->knocked_ns = gmq_world_now(client->world);
    if (!has_broker && !is_line_held(client))
        be_refused(client);
    else
        gmq_sim_client_knock(client, 0);
}

static void
on_connect(void *data)
{
    GmqSimClient *client = data;

    client->ticket = 0;
    gmq_sim_client_dial(client);
}

/* ---- what the timeline does ---- */

void
gmq_sim_client_start(GmqSimClient *client)
{
    client->is_start_held = client->is_stop_held;
    if (client->freezes > 0)
        return;
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
    if (client->class_->started != NULL)
        client->class_->started(client->role);
    else
        gmq_sim_client_dial(client);
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

    if (client->freezes > 0)
        gmq_schedule_resume(client->world->schedule, &client->clock);
    client->freezes      = 0;
    client->is_stop_held = client->is_start_held = false;
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
    if (client->freezes > 0) {
        client->is_stop_held  = true;
        client->is_start_held = false;
        return;
    }
    if (client->amqp == NULL || !gmq_client_close(client->amqp, 200, "stopped")) {
        turn_off(client, "stopped");
        return;
    }
    client->is_leaving = true;
    client->state      = GMQ_SIM_CLOSING;
    client->class_->died(client->role);
    gmq_sim_client_flush(client);
}
