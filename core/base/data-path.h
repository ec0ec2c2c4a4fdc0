/* data-path.h - where the directory of a broker is, and the socket in it, for whoever serves it and
 * for whoever looks. The caller frees the paths. It reads the environment, so it stays out of the
 * core's archives: functions of a header are where they are used. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where it is when nobody says otherwise: "glassmq" in the user's directory for state
 * ($XDG_STATE_HOME). */
static inline char *
gmq_data_path_default(void)
{
    return g_build_filename(g_get_user_state_dir(), "glassmq", NULL);
}

static inline char *
gmq_data_path_socket(const char *directory)
{
    return g_build_filename(directory, "control", NULL);
}

G_END_DECLS
