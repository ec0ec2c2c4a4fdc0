/* data-dir.h - the broker's directory: what one broker keeps, and nobody else touches meanwhile.
 *
 * It holds the file "lock", which the broker that uses the directory has locked and written its
 * process id to, the socket "control" that `glassmq ctl` talks to, and the journal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct GmqDataDir GmqDataDir;

typedef enum {
    GMQ_DATA_DIR_ERROR_FAILED,
    GMQ_DATA_DIR_ERROR_IN_USE,
} GmqDataDirError;

#define GMQ_DATA_DIR_ERROR (gmq_data_dir_error_quark())
GQuark gmq_data_dir_error_quark(void);

/* Where it is when nobody says otherwise: "glassmq" in the user's directory for state
 * ($XDG_STATE_HOME). The caller frees the path. */
char *gmq_data_dir_default(void);

/* The path of the socket in the directory of that path; the caller frees it. */
char *gmq_data_dir_socket_path(const char *path);

/* Makes the directory where it is missing, for its owner alone (0700), and takes it for this
 * process. NULL with an error, a sentence without its full stop, when that fails or another broker
 * has it. */
GmqDataDir *gmq_data_dir_open(const char *path, GError **error);

/* Takes a directory that is there, for looking at it while no broker uses it, as others may
 * too: nothing is made in it nor written to it. NULL with an error as above. */
GmqDataDir *gmq_data_dir_look(const char *path, GError **error);

/* Gives it up for others; all files stay. */
void gmq_data_dir_free(GmqDataDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqDataDir, gmq_data_dir_free)

const char *gmq_data_dir_path(const GmqDataDir *dir);

G_END_DECLS
