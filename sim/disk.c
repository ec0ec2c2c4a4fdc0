#include "sim/disk.h"

#include <string.h>

#include "core/base/hash.h"
#include "sim/disk-private.h"

/* As large as the largest disks are. */
#define CAPACITY (UINT64_C(1) << 40)

static GmqSimDisk *
disk_of(GmqDisk *host)
{
    return (GmqSimDisk *)(void *)host;
}

/* ---- files ---- */

static GmqFile *
file_new(GmqSimDisk *disk, const char *name)
{
    GmqFile *file = g_new0(GmqFile, 1);

    file->name    = g_strdup(name);
    file->written = g_byte_array_new();
    file->durable = g_byte_array_new();
    file->flips   = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_ptr_array_add(disk->files, file);
    return file;
}

static void
file_free(void *data)
{
    GmqFile *file = data;

    g_free(file->name);
    g_byte_array_unref(file->written);
    g_byte_array_unref(file->durable);
    g_array_unref(file->flips);
    g_free(file);
}

static GmqFile *
find_file(const GmqSimDisk *disk, const char *name)
{
    for (unsigned i = 0; i < disk->files->len; i++) {
        GmqFile *file = disk->files->pdata[i];

        if (!file->is_removed && strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

void
gmq_disk_file_sync(GmqFile *file)
{
    size_t n_durable = file->durable->len;

    g_byte_array_append(file->durable, file->written->data + n_durable,
                        (unsigned)(file->written->len - n_durable));
    file->n_old    = file->written->len;
    file->is_named = true;
}

void
gmq_disk_file_cut(GmqFile *file, size_t size)
{
    g_byte_array_set_size(file->written, (unsigned)size);
    g_byte_array_set_size(file->durable, (unsigned)MIN(file->durable->len, size));
    file->n_old = MIN(file->n_old, size);
    for (unsigned i = file->flips->len; i-- > 0;) {
        if (g_array_index(file->flips, uint64_t, i) / 8 >= size)
            g_array_remove_index(file->flips, i);
    }
}

/* ---- steps ---- */

void
gmq_disk_step_free(GmqDiskStep *step)
{
    g_free(step->slices);
    g_free(step);
}

static uint64_t
hash_step(const GmqDiskStep *step)
{
    uint64_t hash = GMQ_HASH_START;

    for (size_t i = 0; i < step->n_slices; i++)
        hash = gmq_hash_add(hash, gmq_hash_bytes(step->slices[i]));
    return hash;
}

void
gmq_disk_step_add_to(const GmqDiskStep *step, GByteArray *bytes, size_t size)
{
    g_assert(hash_step(step) == step->hash); /* what is lent does not change */
    for (size_t i = 0; i < step->n_slices && size > 0; i++) {
        size_t part = MIN(step->slices[i].size, size);

        g_byte_array_append(bytes, step->slices[i].data, (unsigned)part);
        size -= part;
    }
}

static void begin_first(GmqSimDisk *disk);

/* The answer is given when the disk is ready for the next step. */
static void
finish(GmqSimDisk *disk)
{
    GmqDiskStep *step = g_queue_pop_head(&disk->steps);
    uint64_t ticket   = step->ticket;
    bool is_remove    = step->is_remove;

    disk->n_syncs += step->is_sync && step->result == GMQ_DISK_DONE;
    GmqDiskResult result = step->result;
    gmq_disk_step_free(step);
    begin_first(disk);
    if (!is_remove)
        disk->stored(disk->user, ticket, result);
}

/* Whether this is to fail; that may be the last time. */
static bool
takes_failure(GmqSimDisk *disk, GmqDiskFailure failure)
{
    bool fails = disk->failure == failure;

    if (fails && disk->fails_once)
        disk->failure = GMQ_FAIL_NOTHING;
    return fails;
}

static void
on_synced(void *data)
{
    GmqSimDisk *disk  = data;
    GmqDiskStep *step = g_queue_peek_head(&disk->steps);

    disk->ticket = 0;
    if (takes_failure(disk, GMQ_FAIL_SYNC)) {
        step->file->is_poisoned = true;
        step->result            = GMQ_DISK_FAILED;
    } else if (!disk->is_lying && !step->file->is_poisoned) {
        gmq_disk_file_sync(step->file);
    }
    finish(disk);
}

/* What fails leaves a part of it behind. */
static void
write_step(GmqSimDisk *disk, GmqDiskStep *step)
{
    size_t size = step->size;

    if (takes_failure(disk, GMQ_FAIL_WRITE))
        step->result = GMQ_DISK_FAILED;
    else if (disk->is_full)
        step->result = GMQ_DISK_FULL;
    if (step->result != GMQ_DISK_DONE)
        size = gmq_random_below(&disk->random, size + 1);
    size_t before = step->file->written->len;
    gmq_disk_step_add_to(step, step->file->written, size);
    step->is_written = true;
    if (disk->wrote != NULL)
        disk->wrote(disk->watcher, (GmqSlice){step->file->written->data + before, size});
}

static void
on_written(void *data)
{
    GmqSimDisk *disk  = data;
    GmqDiskStep *step = g_queue_peek_head(&disk->steps);

    disk->ticket = 0;
    if (step->is_remove)
        step->file->is_removed = true;
    else
        write_step(disk, step);
    if (step->is_sync && step->result == GMQ_DISK_DONE)
        disk->ticket = gmq_schedule_add_after(disk->schedule, disk->sync_ns, GMQ_PHASE_DISK,
                                              "the disk syncs", on_synced, disk);
    else
        finish(disk);
}

static void
begin_first(GmqSimDisk *disk)
{
    if (disk->ticket == 0 && disk->steps.length > 0)
        disk->ticket = gmq_schedule_add_after(disk->schedule, disk->append_ns, GMQ_PHASE_DISK,
                                              "the disk writes", on_written, disk);
}

static void
add_step(GmqSimDisk *disk, const GmqDiskStep *step)
{
    g_queue_push_tail(&disk->steps, g_memdup2(step, sizeof *step));
    begin_first(disk);
}

/* ---- what the core asks for ---- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
disk_list(GmqDisk *host, GPtrArray *names, GError **error)
{
    const GmqSimDisk *disk = disk_of(host);

    (void)error;
    for (unsigned i = 0; i < disk->files->len; i++) {
        const GmqFile *file = disk->files->pdata[i];

        if (!file->is_removed)
            g_ptr_array_add(names, g_strdup(file->name));
    }
    g_ptr_array_sort(names, compare_names);
    return true;
}

static GmqFile *
disk_open(GmqDisk *host, const char *name, bool create, GError **error)
{
    GmqSimDisk *disk = disk_of(host);
    GmqFile *file    = find_file(disk, name);

    if (create && disk->is_full) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FULL, "%s cannot be made: no space",
                    name);
        return NULL;
    }
    if (create == (file != NULL)) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED, "%s %s", name,
                    create ? "exists" : "does not exist");
        return NULL;
    }
    return create ? file_new(disk, name) : file;
}

/* A file lives as long as its disk. */
static void
disk_close(GmqDisk *host, GmqFile *file)
{
    (void)host;
    (void)file;
}

static uint64_t
disk_size(GmqDisk *host, GmqFile *file)
{
    (void)host;
    return file->written->len;
}

static void
apply_flips(const GmqFile *file, uint64_t offset, uint8_t *to, size_t size)
{
    for (unsigned i = 0; i < file->flips->len; i++) {
        uint64_t bit = g_array_index(file->flips, uint64_t, i);

        if (bit / 8 >= offset && bit / 8 - offset < size)
            to[bit / 8 - offset] ^= (uint8_t)(1u << bit % 8);
    }
}

static bool
disk_read(GmqDisk *host, GmqFile *file, uint64_t offset, uint8_t *to, size_t size, GError **error)
{
    (void)host;
    if (offset > file->written->len || size > file->written->len - offset) {
        g_set_error(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FAILED,
                    "%s ends before byte %" G_GUINT64_FORMAT, file->name, (guint64)(offset + size));
        return false;
    }
    if (size > 0)
        memcpy(to, file->written->data + offset, size);
    apply_flips(file, offset, to, size);
    return true;
}

static void
disk_append(GmqDisk *host, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
            uint64_t ticket)
{
    GmqDiskStep step = {.file     = file,
                        .is_sync  = sync,
                        .slices   = g_memdup2(slices, n_slices * sizeof *slices),
                        .n_slices = n_slices,
                        .ticket   = ticket};

    for (size_t i = 0; i < n_slices; i++)
        step.size += slices[i].size;
    step.hash = hash_step(&step);
    add_step(disk_of(host), &step);
}

static bool
disk_truncate(GmqDisk *host, GmqFile *file, uint64_t size, GError **error)
{
    const GmqSimDisk *disk = disk_of(host);

    (void)error;
    for (const GList *link = disk->steps.head; link != NULL; link = link->next)
        g_assert(((const GmqDiskStep *)link->data)->file != file);
    g_assert(size <= file->written->len);
    gmq_disk_file_cut(file, size);
    if (!disk->is_lying && !file->is_poisoned)
        gmq_disk_file_sync(file);
    return true;
}

/* Written anew, bytes that a failed sync covered can become durable; those before them cannot. */
static bool
disk_renew(GmqDisk *host, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    g_assert(bytes.size == 0 || memcmp(file->written->data + offset, bytes.data, bytes.size) == 0);
    file->is_poisoned &= offset > file->durable->len;
    return disk_truncate(host, file, offset + bytes.size, error);
}

static void
disk_remove(GmqDisk *host, const char *name)
{
    GmqSimDisk *disk = disk_of(host);
    GmqFile *file    = find_file(disk, name);

    if (file != NULL)
        add_step(disk, &(GmqDiskStep){.file = file, .is_remove = true});
}

static uint64_t
disk_free_space(GmqDisk *host)
{
    const GmqSimDisk *disk = disk_of(host);
    uint64_t used          = 0;

    for (unsigned i = 0; i < disk->files->len; i++) {
        const GmqFile *file = disk->files->pdata[i];
        used += file->is_removed ? 0 : file->written->len;
    }
    return disk->is_full ? 0 : CAPACITY - used;
}

/* ---- life ---- */

GmqSimDisk *
gmq_sim_disk_new(GmqSchedule *schedule, uint64_t seed, GmqSimDiskStored stored, void *user)
{
    GmqSimDisk *disk = g_new0(GmqSimDisk, 1);

    disk->host = (GmqDisk){
        .list       = disk_list,
        .open       = disk_open,
        .close      = disk_close,
        .size       = disk_size,
        .read       = disk_read,
        .append     = disk_append,
        .truncate   = disk_truncate,
        .renew      = disk_renew,
        .remove     = disk_remove,
        .free_space = disk_free_space,
    };
    disk->schedule = schedule;
    disk->stored   = stored;
    disk->user     = user;
    disk->failure  = GMQ_FAIL_NOTHING;
    disk->files    = g_ptr_array_new_with_free_func(file_free);
    g_queue_init(&disk->steps);
    gmq_random_init(&disk->random, seed, "disk");
    return disk;
}

void
gmq_sim_disk_free(GmqSimDisk *disk)
{
    if (disk == NULL)
        return;
    gmq_schedule_forget(disk->schedule, &disk->ticket);
    g_queue_clear_full(&disk->steps, (GDestroyNotify)gmq_disk_step_free);
    g_ptr_array_unref(disk->files);
    g_free(disk);
}

GmqRandom *
gmq_sim_disk_random(GmqSimDisk *disk)
{
    return &disk->random;
}

GmqDisk *
gmq_sim_disk_host(GmqSimDisk *disk)
{
    return &disk->host;
}

void
gmq_sim_disk_watch(GmqSimDisk *disk, void (*wrote)(void *user, GmqSlice bytes), void *user)
{
    disk->wrote   = wrote;
    disk->watcher = user;
}

void
gmq_sim_disk_set_times(GmqSimDisk *disk, int64_t append_ns, int64_t sync_ns)
{
    disk->append_ns = append_ns;
    disk->sync_ns   = sync_ns;
}

void
gmq_sim_disk_set_full(GmqSimDisk *disk, bool is_full)
{
    disk->is_full = is_full;
}

void
gmq_sim_disk_set_lying(GmqSimDisk *disk, bool is_lying)
{
    disk->is_lying = is_lying;
}

void
gmq_sim_disk_set_failing(GmqSimDisk *disk, GmqDiskFailure failure, bool is_once)
{
    disk->failure    = failure;
    disk->fails_once = is_once;
}

uint64_t
gmq_sim_disk_syncs(const GmqSimDisk *disk)
{
    return disk->n_syncs;
}

int64_t
gmq_sim_disk_now(const GmqSimDisk *disk)
{
    return gmq_schedule_now(disk->schedule);
}

/* What is asked for was mostly written a moment ago, so the search goes from the end to the
 * start. */
static bool
has_bytes(const GByteArray *all, GmqSlice bytes)
{
    size_t left = all->len < bytes.size ? 0 : all->len - bytes.size + 1;

    while (left > 0) {
        const uint8_t *at = memrchr(all->data, *bytes.data, left);

        if (at == NULL)
            return false;
        if (memcmp(at, bytes.data, bytes.size) == 0)
            return true;
        left = (size_t)(at - all->data);
    }
    return false;
}

bool
gmq_sim_disk_has(const GmqSimDisk *disk, GmqSlice bytes)
{
    for (unsigned i = disk->files->len; i > 0; i--) {
        const GmqFile *file = disk->files->pdata[i - 1];

        if (!file->is_removed && file->is_named && has_bytes(file->durable, bytes))
            return true;
    }
    return false;
}
