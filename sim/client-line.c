/* What befalls a client from outside: its line is cut or clogged, and it freezes. */
#include "sim/resend.h"
#include "sim/world-private.h"

/* ---- its line ---- */

static GmqPipe *
pipe_of(const GmqPeer *peer, unsigned direction)
{
    return direction == 0 ? peer->to_broker : peer->from_broker;
}

static bool
is_of(const GmqPeer *peer, const GmqSimClient *client)
{
    GmqSlice name = gmq_client_of_connection(gmq_slice_of(peer->name));

    return gmq_slice_equal(name, gmq_slice_of(client->spec->name));
}

/* All its connections are on the same line, old ones too. */
static void
set_held(GmqSimClient *client, unsigned direction, GmqPipeHold why, bool is_held)
{
    const GPtrArray *peers = client->world->peers;

    for (unsigned i = 0; i < peers->len; i++) {
        if (is_of(peers->pdata[i], client))
            gmq_pipe_set_held(pipe_of(peers->pdata[i], direction), why, is_held);
    }
}

static bool
includes(GmqCutSide side, unsigned direction)
{
    return side == GMQ_CUT_BOTH ||
           side == (direction == 0 ? GMQ_CUT_TO_BROKER : GMQ_CUT_FROM_BROKER);
}

/* counts is how often each direction is held like this. */
static void
hold(GmqSimClient *client, unsigned *counts, GmqPipeHold why, GmqCutSide side)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        if (includes(side, direction) && counts[direction]++ == 0)
            set_held(client, direction, why, true);
    }
    if (client->state == GMQ_SIM_CONNECTING && !client->is_held)
        gmq_sim_client_knock(client, 0);
}

static void
release(GmqSimClient *client, unsigned *counts, GmqPipeHold why, GmqCutSide side)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        if (includes(side, direction) && counts[direction] > 0 && --counts[direction] == 0)
            set_held(client, direction, why, false);
    }
}

void
gmq_sim_client_cut(GmqSimClient *client, GmqCutSide side)
{
    hold(client, client->cuts, GMQ_HELD_BY_CUT, side);
}

void
gmq_sim_client_clog(GmqSimClient *client, GmqCutSide side)
{
    hold(client, client->clogs, GMQ_HELD_BY_CLOG, side);
}

/* The first segment of a connection is sent again like any other. */
void
gmq_sim_client_heal(GmqSimClient *client, GmqCutSide side)
{
    int64_t now_ns = gmq_world_now(client->world);

    release(client, client->cuts, GMQ_HELD_BY_CUT, side);
    if (client->is_held)
        gmq_sim_client_knock(client, gmq_resend_time(client->knocked_ns, now_ns) - now_ns);
}

void
gmq_sim_client_unclog(GmqSimClient *client, GmqCutSide side)
{
    release(client, client->clogs, GMQ_HELD_BY_CLOG, side);
    if (client->is_held)
        gmq_sim_client_knock(client, 0);
}

void
gmq_sim_client_links_changed(GmqSimClient *client)
{
    if (client->peer == NULL)
        return;
    gmq_pipe_link_changed(client->peer->to_broker);
    gmq_pipe_link_changed(client->peer->from_broker);
}

/* ---- freezing ---- */

static void
set_frozen(GmqSimClient *client, bool is_frozen)
{
    if (is_frozen)
        gmq_schedule_pause(client->world->schedule, &client->clock);
    else
        gmq_schedule_resume(client->world->schedule, &client->clock);
    if (client->peer != NULL)
        gmq_pipe_set_held(client->peer->from_broker, GMQ_HELD_BY_FREEZE, is_frozen);
}

void
gmq_sim_client_freeze(GmqSimClient *client)
{
    if (client->state != GMQ_SIM_OFF && client->freezes++ == 0)
        set_frozen(client, true);
}

void
gmq_sim_client_thaw(GmqSimClient *client)
{
    if (client->freezes == 0 || --client->freezes > 0)
        return;
    set_frozen(client, false);
    if (client->owes_flush)
        gmq_sim_client_flush(client);
    if (!client->is_stop_held)
        return;
    bool is_start_held   = client->is_start_held;
    client->is_stop_held = client->is_start_held = false;
    gmq_sim_client_stop(client);
    if (is_start_held)
        gmq_sim_client_start(client);
}

/* Each way of being held ends once, however often it began. */
void
gmq_sim_client_calm(GmqSimClient *client)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        client->cuts[direction]  = MIN(client->cuts[direction], 1);
        client->clogs[direction] = MIN(client->clogs[direction], 1);
    }
    client->freezes = MIN(client->freezes, 1);
    release(client, client->clogs, GMQ_HELD_BY_CLOG, GMQ_CUT_BOTH);
    gmq_sim_client_heal(client, GMQ_CUT_BOTH);
    gmq_sim_client_thaw(client);
    if (client->peer != NULL)
        gmq_sim_peer_calm(client->peer);
}
