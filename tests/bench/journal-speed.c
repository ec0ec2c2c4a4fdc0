/* What the journal costs, without a disk: prints a table and judges nothing.
 *
 *     build/tests/bench/journal-speed [--json]
 *
 * "settled" is a message that is acked before it was written, "written" one that comes to the disk,
 * "dropped" its end. The disk is memory, so that the figures are those of the code; recovery reads
 * what was written. Each is processor time, and the quickest of a few rounds counts. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/limits.h"
#include "core/store/journal.h"

#define ROUNDS 5
#define NS_PER_S 1000000000
#define BYTES_MOST 40000000 /* of bodies in a round */
#define MESSAGES_MOST 400000
#define PER_TURN 100

/* A disk of a few files in memory, which answers at once when it is asked to. */
struct GmqFile {
    char name[32];
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

typedef struct {
    GmqDisk table;
    GPtrArray *files; /* of GmqFile */
    GPtrArray *spare; /* likewise: their memory is there already */
    GmqFile *to;      /* of the append that is under way */
    const GmqSlice *slices;
    size_t n_slices;
    uint64_t ticket;
} Disk;

static bool
list_files(GmqDisk *table, GPtrArray *names, GError **error G_GNUC_UNUSED)
{
    const Disk *disk = (const Disk *)(const void *)table;

    for (unsigned i = 0; i < disk->files->len; i++)
        g_ptr_array_add(names, g_strdup(((GmqFile *)g_ptr_array_index(disk->files, i))->name));
    return true;
}

static GmqFile *
open_file(GmqDisk *table, const char *name, bool create, GError **error G_GNUC_UNUSED)
{
    Disk *disk = (Disk *)(void *)table;

    for (unsigned i = 0; !create && i < disk->files->len; i++) {
        GmqFile *file = g_ptr_array_index(disk->files, i);

        if (strcmp(file->name, name) == 0)
            return file;
    }
    GmqFile *file = disk->spare->len > 0
                        ? g_ptr_array_steal_index(disk->spare, disk->spare->len - 1)
                        : g_new0(GmqFile, 1);
    file->size    = 0;
    g_strlcpy(file->name, name, sizeof file->name);
    g_ptr_array_add(disk->files, file);
    return file;
}

static void
close_file(GmqDisk *table G_GNUC_UNUSED, GmqFile *file G_GNUC_UNUSED)
{
}

static uint64_t
size_of_file(GmqDisk *table G_GNUC_UNUSED, GmqFile *file)
{
    return file->size;
}

static bool
read_file(GmqDisk *table G_GNUC_UNUSED, GmqFile *file, uint64_t offset, uint8_t *to, size_t size,
          GError **error G_GNUC_UNUSED)
{
    memcpy(to, file->bytes + offset, size);
    return true;
}

static void
append_to_file(GmqDisk *table, GmqFile *file, const GmqSlice *slices, size_t n_slices,
               bool sync G_GNUC_UNUSED, uint64_t ticket)
{
    Disk *disk = (Disk *)(void *)table;

    disk->to       = file;
    disk->slices   = slices;
    disk->n_slices = n_slices;
    disk->ticket   = ticket;
}

static bool
truncate_file(GmqDisk *table G_GNUC_UNUSED, GmqFile *file, uint64_t size,
              GError **error G_GNUC_UNUSED)
{
    file->size = size;
    return true;
}

static bool
renew_file(GmqDisk *table, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error)
{
    return truncate_file(table, file, offset + bytes.size, error);
}

static void
remove_file(GmqDisk *table, const char *name)
{
    Disk *disk = (Disk *)(void *)table;

    for (unsigned i = 0; i < disk->files->len; i++) {
        GmqFile *file = g_ptr_array_index(disk->files, i);

        if (strcmp(file->name, name) == 0) {
            g_ptr_array_remove_index(disk->files, i);
            return;
        }
    }
}

static void
free_file(gpointer data)
{
    GmqFile *file = data;

    g_free(file->bytes);
    g_free(file);
}

/* Does the append. */
static void
write_file(Disk *disk)
{
    GmqFile *file = disk->to;

    for (size_t i = 0; i < disk->n_slices; i++) {
        GmqSlice slice = disk->slices[i];

        while (file->size + slice.size > file->capacity) {
            file->capacity = MAX(1u << 20, 2 * file->capacity);
            file->bytes    = g_realloc(file->bytes, file->capacity);
        }
        memcpy(file->bytes + file->size, slice.data, slice.size);
        file->size += slice.size;
    }
    disk->to = NULL;
}

/* ---- a world in which no time passes ---- */

static int64_t
no_time(GmqHost *host G_GNUC_UNUSED)
{
    return 0;
}

static uint64_t
no_chance(GmqHost *host G_GNUC_UNUSED, GmqStream stream G_GNUC_UNUSED)
{
    return 4;
}

static GmqSlice
lend(void *message)
{
    return *(GmqSlice *)message;
}

static void
release(void *message G_GNUC_UNUSED)
{
}

static void
done(void *user G_GNUC_UNUSED, void *waiter G_GNUC_UNUSED, uint64_t tag G_GNUC_UNUSED,
     bool is_kept G_GNUC_UNUSED)
{
}

static void
stored(void *user G_GNUC_UNUSED, uint64_t number G_GNUC_UNUSED)
{
}

static void
found_copy(void *user, const GmqFoundCopy *copy G_GNUC_UNUSED)
{
    ++*(unsigned *)user;
}

static void
found_copy_dropped(void *user G_GNUC_UNUSED, uint64_t id G_GNUC_UNUSED,
                   uint32_t queue G_GNUC_UNUSED)
{
}

static void
found_copy_marked(void *user G_GNUC_UNUSED, uint64_t id G_GNUC_UNUSED, uint32_t queue G_GNUC_UNUSED,
                  uint32_t flags G_GNUC_UNUSED)
{
}

static bool
found_definition(void *user G_GNUC_UNUSED, uint64_t id G_GNUC_UNUSED, GmqSlice table G_GNUC_UNUSED,
                 GError **error G_GNUC_UNUSED)
{
    return true;
}

static const GmqJournalClass class_ = {
    .lend               = lend,
    .release            = release,
    .done               = done,
    .stored             = stored,
    .found_copy         = found_copy,
    .found_copy_dropped = found_copy_dropped,
    .found_copy_marked  = found_copy_marked,
    .found_definition   = found_definition,
};

typedef struct {
    Disk disk;
    GmqHost host;
    GmqJournal *journal;
    unsigned n_found;
    unsigned n_messages; /* in a round, whole turns */
} World;

static void
open_journal(World *world)
{
    GmqJournalReport report;

    world->n_found = 0;
    world->journal = gmq_journal_open(&world->host, &class_, &world->n_found, &report, NULL);
    g_assert(world->journal != NULL);
}

static void
make_world(World *world, GPtrArray *spare, size_t size)
{
    *world = (World){
        .n_messages = (unsigned)MIN(MESSAGES_MOST, BYTES_MOST / size) / PER_TURN * PER_TURN,
        .disk.spare = spare,
        .disk.table = {.list     = list_files,
                       .open     = open_file,
                       .close    = close_file,
                       .size     = size_of_file,
                       .read     = read_file,
                       .append   = append_to_file,
                       .truncate = truncate_file,
                       .renew    = renew_file,
                       .remove   = remove_file},
        .disk.files = g_ptr_array_new_with_free_func(free_file),
        .host       = {.now = no_time, .wall_ms = no_time, .random = no_chance},
    };
    world->host.disk = &world->disk.table;
    open_journal(world);
}

static void
clear_world(World *world)
{
    GPtrArray *files = world->disk.files;

    gmq_journal_free(world->journal);
    while (files->len > 0)
        g_ptr_array_add(world->disk.spare, g_ptr_array_steal_index(files, files->len - 1));
    g_ptr_array_unref(files);
}

/* Ends a turn, and waits for the disk. */
static void
end_turn(World *world)
{
    gmq_journal_commit(world->journal);
    while (world->disk.to != NULL) {
        write_file(&world->disk);
        gmq_journal_stored(world->journal, world->disk.ticket, GMQ_DISK_DONE);
        gmq_journal_commit(world->journal);
    }
}

/* ---- what is measured ---- */

static int64_t
processor_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * (int64_t)NS_PER_S + time.tv_nsec;
}

typedef struct {
    double settled_ns; /* for a message */
    double written_ns;
    double dropped_ns;
    double recovery_ns;
    double recovery_mb; /* in a second */
} Figures;

static uint64_t
add(World *world, GmqSlice *bytes, bool is_urgent)
{
    GmqJournalMessage message = {.message = bytes, .number = 1, .body_size = (uint32_t)bytes->size};
    uint64_t id               = gmq_journal_add_message(world->journal, &message);

    gmq_journal_add_copy(world->journal, id, 1, INT64_MAX, is_urgent);
    return id;
}

/* Messages of a turn are there at the same time, as in a flow through a broker. */
static double
measure_settled(World *world, GmqSlice *bytes)
{
    int64_t start = processor_ns();

    for (unsigned i = 0; i < world->n_messages / PER_TURN; i++) {
        uint64_t first = 0;

        for (unsigned n = 0; n < PER_TURN; n++) {
            uint64_t id = add(world, bytes, false);

            first = n == 0 ? id : first;
        }
        for (unsigned n = 0; n < PER_TURN; n++)
            gmq_journal_drop_copy(world->journal, first + n, 1);
        end_turn(world);
    }
    return (double)(processor_ns() - start) / world->n_messages;
}

static double
measure_written(World *world, GmqSlice *bytes, uint64_t *first)
{
    int64_t start = processor_ns();

    for (unsigned i = 0; i < world->n_messages; i++) {
        uint64_t id = add(world, bytes, true);

        *first = i == 0 ? id : *first;
        if (i % PER_TURN == PER_TURN - 1)
            end_turn(world);
    }
    return (double)(processor_ns() - start) / world->n_messages;
}

static double
measure_dropped(World *world, uint64_t first)
{
    int64_t start = processor_ns();

    for (unsigned i = 0; i < world->n_messages; i++) {
        gmq_journal_drop_copy(world->journal, first + i, 1);
        if (i % PER_TURN == PER_TURN - 1)
            end_turn(world);
    }
    gmq_journal_mark(world->journal);
    end_turn(world);
    return (double)(processor_ns() - start) / world->n_messages;
}

static void
measure_recovery(World *world, Figures *figures)
{
    GmqJournalStats stats;

    gmq_journal_get_stats(world->journal, &stats);
    gmq_journal_free(world->journal);
    int64_t start = processor_ns();
    open_journal(world);
    double spent = (double)(processor_ns() - start);
    g_assert(world->n_found == world->n_messages);
    figures->recovery_ns = spent / world->n_messages;
    figures->recovery_mb = (double)stats.bytes * 1000 / spent;
}

static void
measure(size_t size, GPtrArray *spare, Figures *figures)
{
    g_autofree uint8_t *body = g_malloc0(size);
    GmqSlice bytes           = {body, size};
    uint64_t first           = 0;
    World world;

    make_world(&world, spare, size);
    figures->settled_ns = measure_settled(&world, &bytes);
    figures->written_ns = measure_written(&world, &bytes, &first);
    measure_recovery(&world, figures);
    figures->dropped_ns = measure_dropped(&world, first);
    clear_world(&world);
}

static Figures
measure_best(size_t size)
{
    g_autoptr(GPtrArray) spare = g_ptr_array_new_with_free_func(free_file);
    Figures best               = {1e18, 1e18, 1e18, 1e18, 0};

    for (unsigned i = 0; i < ROUNDS; i++) {
        Figures one;

        measure(size, spare, &one);
        best.settled_ns  = MIN(best.settled_ns, one.settled_ns);
        best.written_ns  = MIN(best.written_ns, one.written_ns);
        best.dropped_ns  = MIN(best.dropped_ns, one.dropped_ns);
        best.recovery_ns = MIN(best.recovery_ns, one.recovery_ns);
        best.recovery_mb = MAX(best.recovery_mb, one.recovery_mb);
    }
    return best;
}

int
main(int argc, char **argv)
{
    static const size_t sizes[] = {16, 1024};
    bool is_json                = argc > 1 && strcmp(argv[1], "--json") == 0;

    if (!is_json)
        printf("bytes   ns: settled  written  dropped  recovered    recovery MB/s\n");
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Figures found = measure_best(sizes[i]);

        printf(is_json ? "{\"bytes\":%zu,\"settled_ns\":%.0f,\"written_ns\":%.0f,"
                         "\"dropped_ns\":%.0f,\"recovery_ns\":%.0f,\"recovery_mb\":%.0f}\n"
                       : "%5zu%14.0f%9.0f%9.0f%11.0f%17.0f\n",
               sizes[i], found.settled_ns, found.written_ns, found.dropped_ns, found.recovery_ns,
               found.recovery_mb);
        fflush(stdout);
    }
    return 0;
}
