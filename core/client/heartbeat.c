#include "core/client/inside.h"

/* Updates when bytes last went each way. */
static void
note_time(GmqClient *client, int64_t now_ns)
{
    if (client->has_heard || !client->has_ticked)
        client->heard_ns = now_ns;
    if (client->has_written || !client->has_ticked)
        client->written_ns = now_ns;
    client->has_heard   = false;
    client->has_written = false;
    client->has_ticked  = true;
}

/* Output that waits will count as a sign of life when it leaves: no heartbeat is put behind it. */
static void
add_heartbeat(GmqClient *client, int64_t now_ns)
{
    client->written_ns = now_ns;
    if (client->output.size == 0 && client->state == GMQ_CLIENT_OPEN)
        gmq_frame_add(&client->output, GMQ_FRAME_HEARTBEAT, 0, (GmqSlice){NULL, 0});
}

int64_t
gmq_client_tick(GmqClient *client, int64_t now_ns)
{
    const int64_t heartbeat_ns = client->heartbeat_s * INT64_C(1000000000);

    g_assert(!client->is_receiving);

    note_time(client, now_ns);
    if (heartbeat_ns == 0 || client->state == GMQ_CLIENT_CLOSED)
        return INT64_MAX;

    if (now_ns - client->heard_ns >= 2 * heartbeat_ns) {
        gmq_client_finish(client, &(GmqClientEnd){.cause = GMQ_CLIENT_END_SILENT,
                                                  .text  = GMQ_SLICE("nothing was heard for two "
                                                                      "heartbeats")});
        return INT64_MAX;
    }
    if (now_ns - client->written_ns >= heartbeat_ns / 2)
        add_heartbeat(client, now_ns);
    return MIN(client->heard_ns + 2 * heartbeat_ns, client->written_ns + heartbeat_ns / 2);
}
