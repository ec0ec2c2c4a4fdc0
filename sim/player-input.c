/* The inputs of a recording, one function each: the broker is told them again. */
#include "core/broker/storage.h"
#include "sim/language.h"
#include "sim/player-private.h"

static GmqAmqp *
amqp_of(const GmqPlayer *player)
{
    return gmq_player_server()->amqp(player->served);
}

/* ---- time and connections ---- */

bool
gmq_player_take_time(GmqPlayer *player, const GmqRecorded *input)
{
    if (input->numbers[0] > INT64_MAX / 2 ||
        __builtin_add_overflow(player->now_ns, (int64_t)input->numbers[0], &player->now_ns) ||
        __builtin_add_overflow(player->wall_ms, gmq_unzigzag(input->numbers[1]),
                               &player->wall_ms)) {
        gmq_player_part(player, g_strdup(_("the recording holds a time that cannot be")));
        return false;
    }
    player->played.end_ns = player->now_ns;
    return true;
}

void
gmq_player_forget_peer(GmqPlayer *player, GmqPeer *peer)
{
    g_queue_unlink(&player->order, &peer->link);
    g_hash_table_remove(player->peers, &peer->number);
}

static GmqPeer *
find_peer(GmqPlayer *player, uint64_t number)
{
    GmqPeer *peer = g_hash_table_lookup(player->peers, &number);

    if (peer == NULL)
        gmq_player_part(player, g_strdup_printf(_("the recording tells of connection %ju, which "
                                                  "is not there"),
                                                number));
    return peer;
}

static void
on_opened(GmqPlayer *player, const GmqRecorded *input)
{
    g_autofree char *name = gmq_slice_dup(input->bytes);
    GmqPeerInfo info      = {name, input->numbers[1] != 0};
    GmqPeer *peer         = g_new0(GmqPeer, 1);

    peer->number = input->numbers[0];
    if (!g_hash_table_contains(player->peers, &peer->number)) {
        peer->connection = gmq_amqp_opened(amqp_of(player), peer, &info);
        peer->link.data  = peer;
        g_hash_table_insert(player->peers, &peer->number, peer);
        g_queue_push_tail_link(&player->order, &peer->link);
        return;
    }
    gmq_player_part(player,
                    g_strdup_printf(_("the recording opens connection %ju twice"), peer->number));
    g_free(peer);
}

static void
on_received(GmqPlayer *player, const GmqRecorded *input)
{
    const GmqPeer *peer = find_peer(player, input->numbers[0]);

    if (peer != NULL)
        gmq_connection_received(peer->connection, input->bytes);
}

static void
on_filled(GmqPlayer *player, const GmqRecorded *input)
{
    const GmqPeer *peer = find_peer(player, input->numbers[0]);
    size_t size         = 0;
    uint8_t *window     = peer == NULL ? NULL : gmq_connection_window(peer->connection, &size);

    if (peer == NULL)
        return;
    if (window == NULL || size < input->bytes.size) {
        gmq_player_part(player, g_strdup(_("the broker has no place for a body that it had a "
                                           "place for then")));
        return;
    }
    memcpy(window, input->bytes.data, input->bytes.size);
    gmq_connection_window_filled(peer->connection, input->bytes.size);
}

static void
on_writable(GmqPlayer *player, const GmqRecorded *input)
{
    const GmqPeer *peer = find_peer(player, input->numbers[0]);

    if (peer != NULL)
        gmq_connection_writable(peer->connection);
}

static void
on_closed(GmqPlayer *player, const GmqRecorded *input)
{
    GmqPeer *peer = find_peer(player, input->numbers[0]);

    if (peer == NULL)
        return;
    gmq_connection_closed(peer->connection);
    gmq_player_forget_peer(player, peer);
}

static void
on_woken(GmqPlayer *player, const GmqRecorded *input)
{
    (void)input;
    gmq_amqp_woken(amqp_of(player));
}

static void
on_stored(GmqPlayer *player, const GmqRecorded *input)
{
    if (input->numbers[1] > GMQ_DISK_FAILED ||
        !g_hash_table_remove(player->tickets, &input->numbers[0])) {
        gmq_player_part(player, g_strdup(_("the disk answers what the broker did not ask")));
        return;
    }
    gmq_broker_stored(gmq_player_server()->broker(player->served), input->numbers[0],
                      (GmqDiskResult)input->numbers[1]);
}

static void
on_flush(GmqPlayer *player, const GmqRecorded *input)
{
    (void)input;
    gmq_amqp_flush(amqp_of(player));
}

static void
on_admin(GmqPlayer *player, const GmqRecorded *input)
{
    gmq_player_server()->command(player->served, input->bytes);
}

static void
on_stop(GmqPlayer *player, const GmqRecorded *input)
{
    g_autofree char *text = gmq_slice_dup(input->bytes);

    gmq_amqp_stop(amqp_of(player), text);
}

static void
on_last_batch(GmqPlayer *player, const GmqRecorded *input)
{
    (void)input;
    if (player->host.disk != NULL && !player->is_last_batch)
        gmq_broker_stop_storage(gmq_player_server()->broker(player->served));
    player->is_last_batch = true;
}

static void
on_end(GmqPlayer *player, const GmqRecorded *input)
{
    player->played.is_whole        = true;
    player->played.recorded_events = input->numbers[0];
    player->played.recorded_story  = input->numbers[1];
    player->is_over                = true;
}

static void
on_time(GmqPlayer *player, const GmqRecorded *input)
{
    gmq_player_take_time(player, input);
}

static void
on_ready(GmqPlayer *player, const GmqRecorded *input)
{
    (void)player;
    (void)input;
}

/* The others are answers, or belong to the start. */
static void (*const handlers[GMQ_N_RECORDED])(GmqPlayer *player, const GmqRecorded *input) = {
    [GMQ_RECORDED_READY] = on_ready,           [GMQ_RECORDED_TIME] = on_time,
    [GMQ_RECORDED_OPENED] = on_opened,         [GMQ_RECORDED_RECEIVED] = on_received,
    [GMQ_RECORDED_FILLED] = on_filled,         [GMQ_RECORDED_WRITABLE] = on_writable,
    [GMQ_RECORDED_CLOSED] = on_closed,         [GMQ_RECORDED_WOKEN] = on_woken,
    [GMQ_RECORDED_STORED] = on_stored,         [GMQ_RECORDED_FLUSH] = on_flush,
    [GMQ_RECORDED_ADMIN] = on_admin,           [GMQ_RECORDED_STOP] = on_stop,
    [GMQ_RECORDED_LAST_BATCH] = on_last_batch, [GMQ_RECORDED_END] = on_end,
};

/* The answers of an input may stand in the next block, so what it lends is kept. */
void
gmq_player_handle(GmqPlayer *player, const GmqRecorded *next)
{
    GmqRecorded input = *next;

    g_string_truncate(player->bytes, 0);
    if (input.bytes.size > 0)
        g_string_append_len(player->bytes, (const char *)input.bytes.data,
                            (gssize)input.bytes.size);
    input.bytes = (GmqSlice){(const uint8_t *)player->bytes->str, player->bytes->len};
    if (handlers[input.kind] == NULL) {
        gmq_player_part(player,
                        g_strdup_printf(_("the broker asks for nothing, where it was answered %s "
                                          "then"),
                                        _(gmq_recorded_info(input.kind)->what)));
        return;
    }
    gmq_recording_file_take(player->file);
    player->played.n_inputs += input.kind == GMQ_RECORDED_TIME ? 0 : 1;
    handlers[input.kind](player, &input);
}
