#include "core/server/backup.h"

#include "core/broker/storage.h"
#include "core/net/worker.h"
#include "core/server/backup-copy.h"

/* How long the end of the program waits for what a disk does with a piece. */
#define STOP_MS 5000

typedef struct Backup Backup;

struct GmqBackups {
    GmqLoop *loop;
    GmqWorker *worker; /* NULL until it is needed */
    Backup *running;   /* NULL: none */
};

typedef enum {
    WAITING, /* for the journal to have all that was said before */
    COPYING,
    DONE,
} State;

struct Backup {
    GmqTask task; /* first */
    GmqJob job;
    GmqBackups *backups;
    GmqBroker *broker;
    char *from;
    char *to;
    uint64_t gate; /* of the journal */
    State state;
    bool is_deserted; /* nobody waits for it: it frees itself */
    bool is_good;     /* in the end */
    GmqBackupCopy *copy;
};

static Backup *
backup_of_job(GmqJob *job)
{
    return (Backup *)((char *)job - offsetof(Backup, job));
}

static void
free_backup(Backup *backup)
{
    if (backup->copy != NULL) {
        g_ptr_array_unref(backup->copy->names);
        g_array_unref(backup->copy->sizes);
        g_free(backup->copy);
    }
    g_free(backup->from);
    g_free(backup->to);
    g_free(backup);
}

/* ---- copying ---- */

static void
work(GmqJob *job)
{
    Backup *backup = backup_of_job(job);

    backup->is_good = gmq_backup_copy(backup->copy);
}

static void
end(Backup *backup)
{
    backup->state            = DONE;
    backup->backups->running = NULL;
    if (backup->is_deserted)
        free_backup(backup);
    else
        backup->task.done(&backup->task);
}

static void
finish_work(GmqJob *job)
{
    Backup *backup = backup_of_job(job);

    gmq_journal_release_files(gmq_broker_journal(backup->broker));
    end(backup);
}

/* From here to the release the journal removes none of its files. */
static void
begin_copy(Backup *backup)
{
    GmqBackupCopy *copy = g_new0(GmqBackupCopy, 1);

    copy->from   = backup->from;
    copy->to     = backup->to;
    copy->names  = g_ptr_array_new_with_free_func(g_free);
    copy->sizes  = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    backup->copy = copy;
    gmq_journal_hold_files(gmq_broker_journal(backup->broker), copy->names, copy->sizes);
    backup->state = COPYING;
    backup->job   = (GmqJob){.work = work, .finish = finish_work};
    gmq_worker_give(backup->backups->worker, &backup->job);
}

/* ---- the task ---- */

static bool
is_journal_fine(const Backup *backup)
{
    return gmq_journal_state(gmq_broker_journal(backup->broker)) == GMQ_JOURNAL_FINE;
}

static void
on_stored(GmqTask *task)
{
    Backup *backup = (Backup *)task;

    if (backup->state != WAITING)
        return;
    if (gmq_storage_committed(gmq_broker_storage(backup->broker)) >= backup->gate)
        begin_copy(backup);
    else if (!is_journal_fine(backup))
        end(backup);
}

static bool
finish(GmqTask *task, GmqAnswer *answer, GError **error)
{
    Backup *backup = (Backup *)task;

    g_assert(backup->state == DONE);
    if (backup->copy == NULL)
        return gmq_command_refuse(error, "the journal is in trouble: %s",
                                  gmq_journal_trouble(gmq_broker_journal(backup->broker)));
    if (!backup->is_good)
        return gmq_command_refuse(error, "%s", backup->copy->error);
    gmq_json_add_count(answer, "files", backup->copy->names->len);
    gmq_json_add_count(answer, "bytes", backup->copy->bytes);
    return true;
}

static void
free_task(GmqTask *task)
{
    Backup *backup = (Backup *)task;

    if (backup->state == COPYING) {
        backup->is_deserted = true;
        g_atomic_int_set(&backup->copy->is_cancelled, 1);
        return;
    }
    if (backup->state == WAITING)
        backup->backups->running = NULL;
    free_backup(backup);
}

/* ---- beginning ---- */

static bool
check(const GmqServing *serving, const char *path, GError **error)
{
    const GmqJournal *journal = gmq_broker_journal(serving->broker);

    if (journal == NULL)
        return gmq_command_refuse(error, "there is nothing to back up: this broker keeps all in "
                                         "memory");
    if (!g_path_is_absolute(path))
        return gmq_command_wrong(error, "a backup goes to an absolute path, not to '%s'", path);
    if (serving->backups->running != NULL)
        return gmq_command_refuse(error, "another backup runs, to %s",
                                  serving->backups->running->to);
    if (gmq_journal_state(journal) != GMQ_JOURNAL_FINE)
        return gmq_command_refuse(error, "the journal is in trouble: %s",
                                  gmq_journal_trouble(journal));
    return true;
}

GmqTask *
gmq_backup_begin(const GmqServing *serving, const char *path, GError **error)
{
    GmqBackups *backups = serving->backups;
    GmqStorage *storage = gmq_broker_storage(serving->broker);

    if (!check(serving, path, error))
        return NULL;
    if (backups->worker == NULL)
        backups->worker = gmq_worker_new(backups->loop, error);
    if (backups->worker == NULL)
        return NULL;

    Backup *backup   = g_new0(Backup, 1);
    backup->task     = (GmqTask){.stored = on_stored, .finish = finish, .free = free_task};
    backup->backups  = backups;
    backup->broker   = serving->broker;
    backup->from     = g_canonicalize_filename(serving->data_path, NULL);
    backup->to       = g_strdup(path);
    backup->gate     = gmq_storage_mark(storage);
    backups->running = backup;
    if (gmq_storage_committed(storage) >= backup->gate)
        begin_copy(backup);
    return &backup->task;
}

/* ---- life ---- */

GmqBackups *
gmq_backups_new(GmqLoop *loop)
{
    GmqBackups *backups = g_new0(GmqBackups, 1);

    backups->loop = loop;
    return backups;
}

/* A disk that does not answer is left with what it has in hands, which stays as it is. */
void
gmq_backups_free(GmqBackups *backups)
{
    if (backups == NULL)
        return;
    if (backups->worker != NULL && !gmq_worker_stop(backups->worker, STOP_MS)) {
        g_message("the disk of the backup does not answer, and is left alone");
        return;
    }
    if (backups->worker != NULL)
        gmq_worker_free(backups->worker);
    g_free(backups);
}
