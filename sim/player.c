#include "core/base/hash.h"
#include "sim/language.h"
#include "sim/player-private.h"

static const GmqServer *server;

void
gmq_player_set_server(const GmqServer *given)
{
    server = given;
}

const GmqServer *
gmq_player_server(void)
{
    return server;
}

/* ---- where the runs part ---- */

void
gmq_player_part(GmqPlayer *player, char *sentence)
{
    if (player->parted == NULL && !player->is_over)
        player->parted = sentence;
    else
        g_free(sentence);
}

/* What a damaged file cannot answer is no fault of the broker. */
const GmqRecorded *
gmq_player_answer(GmqPlayer *player, GmqRecordedKind kind)
{
    if (player->parted != NULL || player->is_over)
        return NULL;

    const GmqRecorded *next = gmq_recording_file_peek(player->file);
    if (next != NULL && next->kind == kind) {
        gmq_recording_file_take(player->file);
        return next;
    }
    if (next == NULL)
        player->is_over = true; /* the recording was cut in the middle of an input */
    else
        gmq_player_part(player,
                        g_strdup_printf(_("the broker asks for %s, where it was answered %s then"),
                                        _(gmq_recorded_info(kind)->what),
                                        _(gmq_recorded_info(next->kind)->what)));
    return NULL;
}

/* ---- the host ---- */

static GmqPlayer *
player_of(GmqHost *host)
{
    return (GmqPlayer *)(void *)host;
}

static int64_t
host_now(GmqHost *host)
{
    return player_of(host)->now_ns;
}

static int64_t
host_wall_ms(GmqHost *host)
{
    return player_of(host)->wall_ms;
}

/* The recording says when the timers were due. */
static void
host_wake_at(GmqHost *host, int64_t time_ns)
{
    (void)host;
    (void)time_ns;
}

static size_t
host_write(GmqHost *host, GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    GmqPlayer *player = player_of(host);
    uint64_t size     = 0;

    for (size_t i = 0; i < n_slices; i++)
        size += slices[i].size;
    const GmqRecorded *answer = gmq_player_answer(player, GMQ_RECORDED_WROTE);
    if (answer == NULL)
        return (size_t)size;
    if (answer->numbers[0] != size || answer->numbers[1] > size)
        gmq_player_part(
            player, g_strdup_printf(_("the broker writes %ju bytes to connection %ju, and wrote "
                                      "%ju then"),
                                    size, peer->number, answer->numbers[0]));
    return (size_t)MIN(answer->numbers[1], size);
}

static void
host_read_gate(GmqHost *host, GmqPeer *peer, bool open)
{
    (void)host;
    (void)peer;
    (void)open;
}

/* The end of the connection is an input. */
static void
host_close(GmqHost *host, GmqPeer *peer)
{
    (void)host;
    (void)peer;
}

/* Where there is no answer the numbers must still differ, since names are drawn until one is
 * free. */
static uint64_t
host_random(GmqHost *host, GmqStream stream)
{
    GmqPlayer *player         = player_of(host);
    const GmqRecorded *answer = gmq_player_answer(player, GMQ_RECORDED_RANDOM);

    if (answer == NULL)
        return gmq_hash_add(GMQ_HASH_START, ++player->n_made_up);
    if (answer->numbers[0] != stream)
        gmq_player_part(player, g_strdup(_("the broker draws for something else than then")));
    return answer->numbers[1];
}

static uint64_t
host_note(GmqHost *host, const GmqEvent *event)
{
    return gmq_player_note(player_of(host), event);
}

static const GmqHost host_functions = {
    .now       = host_now,
    .wall_ms   = host_wall_ms,
    .wake_at   = host_wake_at,
    .write     = host_write,
    .read_gate = host_read_gate,
    .close     = host_close,
    .abort     = host_close,
    .random    = host_random,
    .note      = host_note,
    .unheard   = GMQ_HEARD,
};

/* ---- life ---- */

GmqPlayer *
gmq_player_new(GmqRecordingFile *file, GmqTrace *trace)
{
    GmqPlayer *player = g_new0(GmqPlayer, 1);

    g_assert(server != NULL);
    player->host         = host_functions;
    player->file         = file;
    player->trace        = trace;
    player->recorder     = gmq_recorder_new(trace);
    player->peers        = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    player->numbers      = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    player->ids          = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    player->tickets      = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    player->bytes        = g_string_new(NULL);
    player->mended       = g_ptr_array_new_with_free_func(g_free);
    player->now_ns       = -1;
    player->played.story = GMQ_HASH_START;
    return player;
}

static void
hang_up(GmqPlayer *player)
{
    while (player->order.head != NULL) {
        GmqPeer *peer = player->order.head->data;

        gmq_connection_closed(peer->connection);
        gmq_player_forget_peer(player, peer);
    }
}

void
gmq_player_free(GmqPlayer *player)
{
    if (player == NULL)
        return;
    player->is_over      = true;
    player->host.unheard = 0;
    hang_up(player);
    if (player->served != NULL)
        server->free(player->served);
    gmq_recorder_free(player->recorder);
    g_hash_table_unref(player->peers);
    g_hash_table_unref(player->numbers);
    g_hash_table_unref(player->ids);
    g_hash_table_unref(player->tickets);
    g_string_free(player->bytes, TRUE);
    g_ptr_array_unref(player->mended);
    g_free(player->parted);
    g_free(player);
}

/* ---- the start ---- */

/* Takes the next record when it is of that kind; its bytes are the caller's then. */
static bool
take_text(GmqPlayer *player, GmqRecordedKind kind, char **text, uint64_t *number)
{
    const GmqRecorded *next = gmq_recording_file_peek(player->file);

    while (next != NULL && next->kind == GMQ_RECORDED_TIME && gmq_player_take_time(player, next)) {
        gmq_recording_file_take(player->file);
        next = gmq_recording_file_peek(player->file);
    }
    if (next == NULL || next->kind != kind)
        return false;
    *text   = gmq_slice_dup(next->bytes);
    *number = next->numbers[0];
    gmq_recording_file_take(player->file);
    return true;
}

static bool
start(GmqPlayer *player)
{
    g_autofree char *settings = NULL;
    g_autofree char *users    = NULL;
    g_autoptr(GError) error   = NULL;
    uint64_t has_disk         = 0;
    uint64_t unused;

    if (!take_text(player, GMQ_RECORDED_SETTINGS, &settings, &has_disk))
        return false;
    bool has_users = take_text(player, GMQ_RECORDED_USERS, &users, &unused);
    GmqSlice slice = gmq_slice_of(users);
    if (has_disk != 0)
        gmq_player_init_disk(player);
    player->served =
        server->make(&player->host, gmq_slice_of(settings), has_users ? &slice : NULL, &error);
    if (player->served == NULL)
        gmq_player_part(player,
                        g_strdup_printf(_("the broker does not start: %s"), error->message));
    return player->served != NULL;
}

/* ---- the whole ---- */

bool
gmq_player_step(GmqPlayer *player)
{
    if (player->is_over || player->parted != NULL)
        return false;
    if (player->served == NULL)
        return start(player);

    const GmqRecorded *next = gmq_recording_file_peek(player->file);
    if (next == NULL)
        return false;
    gmq_player_handle(player, next);
    return player->parted == NULL && !player->is_over;
}

void
gmq_player_result(const GmqPlayer *player, GmqPlayed *played)
{
    *played        = player->played;
    played->parted = player->parted;
}
