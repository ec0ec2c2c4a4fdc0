/* backup.h - a copy of what a running broker keeps, as another data directory.
 *
 * The journal only grows at its end, so its files up to their sizes of one moment are a whole
 * journal, whatever comes behind. A thread copies them, under names that no broker reads; when all
 * are on the disk they get their own. One backup runs at a time. */
#pragma once

#include "core/net/loop.h"
#include "core/server/command.h"

G_BEGIN_DECLS

GmqBackups *gmq_backups_new(GmqLoop *loop);

/* Ends the one that runs. */
void gmq_backups_free(GmqBackups *backups);

/* Begins a backup to the directory of that path, which must not exist or be empty. It answers with
 * the number of files and bytes. NULL with an error when there is nothing to copy, the journal is
 * in trouble, or another backup runs. */
GmqTask *gmq_backup_begin(const GmqServing *serving, const char *path, GError **error);

G_END_DECLS
