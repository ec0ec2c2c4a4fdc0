/* recording-file.h - reads what glassmq serve --record wrote, record by record.
 *
 * Only a block is in memory at a time. A file that was cut, as by a broker that was killed, is read
 * up to its last whole block; whatever else is wrong is an error that says where. */
#pragma once

#include <stdbool.h>

#include "core/base/recording.h"

G_BEGIN_DECLS

typedef struct GmqRecordingFile GmqRecordingFile;

#define GMQ_RECORDING_FILE_ERROR (gmq_recording_file_error_quark())
GQuark gmq_recording_file_error_quark(void);

typedef enum {
    GMQ_RECORDING_FILE_ERROR_FAILED, /* it cannot be read */
    GMQ_RECORDING_FILE_ERROR_WRONG,  /* it is none, damaged, or of another version */
} GmqRecordingFileError;

/* Whether the file begins as a recording does; false too for what cannot be read. */
bool gmq_recording_file_is_one(const char *path);

/* NULL with an error, a sentence without its full stop. */
GmqRecordingFile *gmq_recording_file_open(const char *path, GError **error);
void gmq_recording_file_close(GmqRecordingFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRecordingFile, gmq_recording_file_close)

/* The next record, without taking it; its bytes are lent until it was taken and another one is
 * asked for. NULL at the end of the file, and at an error. */
const GmqRecorded *gmq_recording_file_peek(GmqRecordingFile *file);
void gmq_recording_file_take(GmqRecordingFile *file);

/* Records that were taken. */
uint64_t gmq_recording_file_count(const GmqRecordingFile *file);

/* Bytes at the end that are no whole block; known at the end of the file. */
uint64_t gmq_recording_file_cut(const GmqRecordingFile *file);

/* What is wrong with it, as far as it was read; lent, NULL for nothing. */
const GError *gmq_recording_file_error(const GmqRecordingFile *file);

G_END_DECLS
