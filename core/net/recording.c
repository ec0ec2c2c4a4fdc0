#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/net/recording-private.h"
#include "core/store/crc32c.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

/* A block is written when it is so large, and each second. */
#define BLOCK_SIZE (256 * 1024)
#define WRITE_NS NS_PER_S

/* A buffer that one large record made longer is given back. */
#define KEEP_SIZE (4 * BLOCK_SIZE)

G_DEFINE_QUARK(gmq - recording - error - quark, gmq_recording_error)

/* ---- the file ---- */

static void
begin_block(GmqRecording *recording)
{
    if (recording->records->allocated_len > KEEP_SIZE) {
        g_string_free(recording->records, TRUE);
        recording->records = g_string_sized_new(BLOCK_SIZE);
    }
    g_string_set_size(recording->records, GMQ_RECORDING_BLOCK_HEADER);
}

static bool
write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

static void
stop(GmqRecording *recording)
{
    g_message("the recording %s ends here: %s; the broker goes on without it", recording->path,
              g_strerror(errno));
    close(recording->fd);
    recording->fd = -1;
    begin_block(recording);
}

static void
put_be32(char *at, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (char)(uint8_t)(number >> (24 - 8 * i));
}

static void
write_block(GmqRecording *recording)
{
    GString *records = recording->records;
    size_t size      = records->len - GMQ_RECORDING_BLOCK_HEADER;

    recording->write_at_ns = INT64_MAX;
    if (size == 0 || recording->fd < 0)
        return;
    put_be32(records->str, (uint32_t)size);
    put_be32(records->str + 4, gmq_crc32c(0, records->str + GMQ_RECORDING_BLOCK_HEADER, size));
    if (write_all(recording->fd, records->str, records->len))
        begin_block(recording);
    else
        stop(recording);
}

static void
append(GmqRecording *recording, const GmqRecorded *recorded)
{
    size_t room = recorded->bytes.size + 32;

    if (recording->fd < 0)
        return;
    if (recording->records->len + room > BLOCK_SIZE)
        write_block(recording);
    gmq_recorded_write(recorded, recording->records);
}

/* ---- records ---- */

/* Within a turn the time stands still. */
static void
look_at_clock(GmqRecording *recording)
{
    int64_t now_ns = recording->real->now(recording->real);

    if (now_ns == recording->now_ns)
        return;
    int64_t wall_ms   = recording->real->wall_ms(recording->real);
    GmqRecorded moved = {.kind    = GMQ_RECORDED_TIME,
                         .numbers = {(uint64_t)(now_ns - recording->now_ns),
                                     gmq_zigzag(wall_ms - recording->wall_ms)}};

    recording->now_ns  = now_ns;
    recording->wall_ms = wall_ms;
    append(recording, &moved);
}

/* A turn in which nothing came ends unseen: it only follows the clock. */
void
gmq_recording_add(GmqRecording *recording, GmqRecordedKind kind, uint64_t first, uint64_t second,
                  GmqSlice bytes)
{
    bool is_flush = kind == GMQ_RECORDED_FLUSH;

    if (is_flush && recording->is_flushed)
        return;
    recording->is_flushed = is_flush;
    recording->has_begun |= kind == GMQ_RECORDED_READY;
    look_at_clock(recording);
    append(recording, &(GmqRecorded){kind, {first, second}, bytes});
    if (recording->write_at_ns == INT64_MAX)
        recording->write_at_ns = recording->now_ns + WRITE_NS;
}

void
gmq_recording_answer(GmqRecording *recording, GmqRecordedKind kind, uint64_t first, uint64_t second,
                     GmqSlice bytes)
{
    append(recording, &(GmqRecorded){kind, {first, second}, bytes});
}

void
gmq_recording_turned(GmqRecording *recording)
{
    if (recording->real->now(recording->real) >= recording->write_at_ns)
        write_block(recording);
}

int64_t
gmq_recording_deadline(const GmqRecording *recording)
{
    return recording->write_at_ns;
}

/* ---- the host ---- */

static GmqRecording *
recording_of(GmqHost *host)
{
    return (GmqRecording *)(void *)host;
}

static int64_t
host_now(GmqHost *host)
{
    return recording_of(host)->now_ns;
}

static int64_t
host_wall_ms(GmqHost *host)
{
    return recording_of(host)->wall_ms;
}

static void
host_wake_at(GmqHost *host, int64_t time_ns)
{
    GmqHost *real = recording_of(host)->real;

    real->wake_at(real, time_ns);
}

static size_t
host_write(GmqHost *host, GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    GmqRecording *recording = recording_of(host);
    size_t taken            = recording->real->write(recording->real, peer, slices, n_slices);
    size_t size             = 0;

    for (size_t i = 0; i < n_slices; i++)
        size += slices[i].size;
    gmq_recording_answer(recording, GMQ_RECORDED_WROTE, size, taken, (GmqSlice){0});
    return taken;
}

static void
host_read_gate(GmqHost *host, GmqPeer *peer, bool open)
{
    GmqHost *real = recording_of(host)->real;

    real->read_gate(real, peer, open);
}

static void
host_close(GmqHost *host, GmqPeer *peer)
{
    GmqHost *real = recording_of(host)->real;

    real->close(real, peer);
}

static void
host_abort(GmqHost *host, GmqPeer *peer)
{
    GmqHost *real = recording_of(host)->real;

    real->abort(real, peer);
}

static uint64_t
host_random(GmqHost *host, GmqStream stream)
{
    GmqRecording *recording = recording_of(host);
    uint64_t number         = recording->real->random(recording->real, stream);

    gmq_recording_answer(recording, GMQ_RECORDED_RANDOM, stream, number, (GmqSlice){0});
    return number;
}

/* Whoever listens hears of it too. Heard or not, each event counts, so their number is ours. */
static uint64_t
host_note(GmqHost *host, const GmqEvent *event)
{
    GmqRecording *recording = recording_of(host);

    recording->n_events++;
    recording->story = gmq_event_fingerprint(recording->story, event);
    if (gmq_host_is_unheard(recording->real))
        return recording->n_events;
    return recording->real->note(recording->real, event);
}

static const GmqHost host_functions = {
    .now       = host_now,
    .wall_ms   = host_wall_ms,
    .wake_at   = host_wake_at,
    .write     = host_write,
    .read_gate = host_read_gate,
    .close     = host_close,
    .abort     = host_abort,
    .random    = host_random,
    .note      = host_note,
    .unheard   = GMQ_HEARD,
};

GmqHost *
gmq_recording_host(GmqRecording *recording)
{
    return &recording->host;
}

/* ---- life ---- */

/* Returns the open file, or -1 with an error. */
static int
make_file(const char *path, GError **error)
{
    const char magic[] = GMQ_RECORDING_MAGIC;
    int fd             = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0 && write_all(fd, magic, sizeof magic - 1))
        return fd;
    if (fd < 0 && errno == EEXIST)
        g_set_error(error, GMQ_RECORDING_ERROR, GMQ_RECORDING_ERROR_FAILED,
                    "%s is there already, and a recording is not written over: give another "
                    "name with --record, or move the file away",
                    path);
    else
        g_set_error(error, GMQ_RECORDING_ERROR, GMQ_RECORDING_ERROR_FAILED,
                    "cannot write the recording %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

GmqRecording *
gmq_recording_new(const char *path, GmqHost *host, GError **error)
{
    int fd = make_file(path, error);

    if (fd < 0)
        return NULL;

    GmqRecording *recording = g_new0(GmqRecording, 1);
    recording->host         = host_functions;
    recording->real         = host;
    recording->path         = g_strdup(path);
    recording->fd           = fd;
    recording->records      = g_string_sized_new(BLOCK_SIZE);
    recording->now_ns       = -1;
    recording->write_at_ns  = INT64_MAX;
    recording->story        = GMQ_HASH_START;
    begin_block(recording);
    if (host->disk != NULL)
        gmq_recording_init_disk(recording);
    return recording;
}

void
gmq_recording_end(GmqRecording *recording)
{
    gmq_recording_add(recording, GMQ_RECORDED_END, recording->n_events, recording->story,
                      (GmqSlice){0});
    write_block(recording);
    if (recording->fd >= 0 && fsync(recording->fd) < 0)
        stop(recording);
}

void
gmq_recording_free(GmqRecording *recording)
{
    if (recording == NULL)
        return;
    if (recording->fd >= 0)
        close(recording->fd);
    if (!recording->has_begun)
        unlink(recording->path);
    g_string_free(recording->records, TRUE);
    g_free(recording->path);
    g_free(recording);
}
