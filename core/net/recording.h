/* recording.h - writes down all that the core is told, so that it can be let do the same again.
 *
 *     recording = gmq_recording_new("incident.rec", gmq_net_host(net), &error);
 *     gmq_recording_add(recording, GMQ_RECORDED_SETTINGS, has_disk, 0, settings);
 *     broker = gmq_broker_new(gmq_recording_host(recording));
 *     ...
 *     gmq_net_record(net, recording);
 *     gmq_net_run(net); gmq_net_hang_up(net);
 *     gmq_recording_end(recording);
 *
 * The core gets a host of the recording's, which asks the real one and writes its answers down; the
 * net writes each input before the core is told it. A broker that is not recorded knows nothing of
 * all this but for one branch at each input.
 *
 * Records are collected (a few hundred KiB at most) and written to the file when there are many,
 * and each second: into the page cache, which waits for no disk. So a broker that is killed leaves
 * a recording that lacks its last second. When the file cannot be written, the log says so once,
 * the recording stops, and the broker goes on. */
#pragma once

#include "core/base/host.h"
#include "core/base/recording.h"

G_BEGIN_DECLS

typedef struct GmqRecording GmqRecording;

#define GMQ_RECORDING_ERROR (gmq_recording_error_quark())
GQuark gmq_recording_error_quark(void);

typedef enum {
    GMQ_RECORDING_ERROR_FAILED,
} GmqRecordingError;

/* Makes the file, which must not be there and only its owner may read, since it holds passwords and
 * messages. The host is lent, and has its disk already. NULL with an error, a sentence without its
 * full stop. */
GmqRecording *gmq_recording_new(const char *path, GmqHost *host, GError **error);

/* What was not written yet is lost, as after a crash; see gmq_recording_end(). The file of a broker
 * that never was ready is removed. */
void gmq_recording_free(GmqRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRecording, gmq_recording_free)

/* The host for the core; lent. */
GmqHost *gmq_recording_host(GmqRecording *recording);

/* An input, which the core is told next; numbers and bytes as recording.def says. */
void gmq_recording_add(GmqRecording *recording, GmqRecordedKind kind, uint64_t first,
                       uint64_t second, GmqSlice bytes);

/* The same where there may be no recording: NULL. */
static inline void
gmq_recording_note(GmqRecording *recording, GmqRecordedKind kind, uint64_t first, uint64_t second,
                   GmqSlice bytes)
{
    if (G_UNLIKELY(recording != NULL))
        gmq_recording_add(recording, kind, first, second, bytes);
}

/* At the end of each turn: writes what is due. */
void gmq_recording_turned(GmqRecording *recording);

/* When that has something to do; INT64_MAX: nothing is known. */
int64_t gmq_recording_deadline(const GmqRecording *recording);

/* The broker has come to its end in order: writes the rest and the story fingerprint, and waits
 * until the disk has it. */
void gmq_recording_end(GmqRecording *recording);

G_END_DECLS
