/* backup-copy.h - copies files to a new directory, for a thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    const char *from;  /* a directory */
    const char *to;    /* one that does not exist or is empty */
    GPtrArray *names;  /* of files in from, char * */
    GArray *sizes;     /* bytes to copy of each, uint64_t */
    gint is_cancelled; /* atomic: whoever sets it wants an end soon */
    uint64_t bytes;    /* copied */
    char error[4096];  /* a sentence without its full stop, once it failed */
    int to_fd;         /* its own, from here on */
    bool has_made;     /* the directory */
    uint8_t piece[1024 * 1024];
} GmqBackupCopy;

/* Copies, syncs, and gives the files their names. False with an error in the struct; then nothing
 * of it is left. */
bool gmq_backup_copy(GmqBackupCopy *copy);

G_END_DECLS
