#include "core/net/memory.h"

#include <malloc.h>

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

#define QUIET_NS NS_PER_S       /* so long without a turn is a pause */
#define BUSY_NS (10 * NS_PER_S) /* how often to look when there is no pause */
#define IDLE_MOST (8 * 1024 * 1024)

/* By default the allocator returns the top of the heap whenever 128 KiB are free there, and maps
 * every larger block on its own. A broker takes and frees such amounts thousands of times a second
 * and would spend its time on page faults. So the heap keeps what it has, and only blocks of a size
 * that no ordinary message has are mapped. What is too much is given back in pauses, below. */
static const struct {
    int parameter;
    int value;
} settings[] = {
    {M_ARENA_MAX, 1}, /* one thread takes nearly all of it */
    {M_MMAP_THRESHOLD, 8 * 1024 * 1024},
    {M_TRIM_THRESHOLD, 256 * 1024 * 1024},
    {M_TOP_PAD, 1024 * 1024},
};

void
gmq_memory_init(GmqMemory *memory)
{
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        mallopt(settings[i].parameter, settings[i].value);
    memory->quiet_at_ns = INT64_MAX;
    memory->look_at_ns  = BUSY_NS;
}

static void
look(void)
{
    struct mallinfo2 info = mallinfo2();

    if (info.fordblks > IDLE_MOST && info.fordblks > info.uordblks / 4)
        malloc_trim(0);
}

void
gmq_memory_settle(GmqMemory *memory, int64_t now_ns)
{
    if (now_ns < memory->quiet_at_ns && now_ns < memory->look_at_ns) {
        memory->quiet_at_ns = now_ns + QUIET_NS;
        return;
    }
    look();
    memory->quiet_at_ns = INT64_MAX;
    memory->look_at_ns  = now_ns + BUSY_NS;
}

int64_t
gmq_memory_deadline(const GmqMemory *memory)
{
    return memory->quiet_at_ns;
}
