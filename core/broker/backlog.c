#include "core/broker/backlog.h"

#include "core/base/limits.h"

#define N_WORDS ((GMQ_PRIORITY_MAX + 1) / 64)

struct GmqHigherLines {
    uint64_t filled[N_WORDS]; /* bit p: the line of priority p holds a message */
    GmqReady lines[];         /* lines[p - 1] holds priority p */
};

void
gmq_backlog_init(GmqBacklog *backlog, unsigned priority_max)
{
    g_assert(priority_max <= GMQ_PRIORITY_MAX);

    *backlog = (GmqBacklog){.priority_max = priority_max};
    gmq_ready_init(&backlog->low);
}

void
gmq_backlog_clear(GmqBacklog *backlog)
{
    gmq_ready_clear(&backlog->low);
    for (unsigned i = 0; backlog->higher != NULL && i < backlog->priority_max; i++)
        gmq_ready_clear(&backlog->higher->lines[i]);
    g_clear_pointer(&backlog->higher, g_free);
    backlog->length = 0;
    backlog->bytes  = 0;
    backlog->look   = 0;
}

static void
add_higher(GmqBacklog *backlog)
{
    backlog->higher = g_malloc0(sizeof(GmqHigherLines) + backlog->priority_max * sizeof(GmqReady));
    for (unsigned i = 0; i < backlog->priority_max; i++)
        gmq_ready_init(&backlog->higher->lines[i]);
}

/* A priority above the highest counts as the highest (21.1). */
static unsigned
priority_of(const GmqBacklog *backlog, const GmqEntry *entry)
{
    return MIN(entry->message->priority, backlog->priority_max);
}

/* The line of the priority, for a message that goes into it; it is counted there. */
static GmqReady *
enter_line(GmqBacklog *backlog, unsigned priority, uint32_t body_size)
{
    backlog->length++;
    backlog->bytes += body_size;
    if (priority == 0)
        return &backlog->low;
    if (backlog->higher == NULL)
        add_higher(backlog);
    backlog->higher->filled[priority / 64] |= UINT64_C(1) << priority % 64;
    return &backlog->higher->lines[priority - 1];
}

void
gmq_backlog_push(GmqBacklog *backlog, const GmqEntry *entry)
{
    gmq_ready_push(enter_line(backlog, priority_of(backlog, entry), entry->message->body_size),
                   entry);
}

void
gmq_backlog_push_out(GmqBacklog *backlog, const GmqEntry *entry, unsigned priority)
{
    gmq_ready_push_out(enter_line(backlog, MIN(priority, backlog->priority_max), entry->body_size),
                       entry);
}

void
gmq_backlog_return(GmqBacklog *backlog, const GmqEntry *entry)
{
    gmq_ready_return(enter_line(backlog, priority_of(backlog, entry), entry->message->body_size),
                     entry);
}

/* The highest priority that a message has; 0 when there is none. */
static unsigned
highest_priority(const GmqBacklog *backlog)
{
    if (backlog->higher == NULL)
        return 0;
    for (unsigned word = N_WORDS; word > 0; word--) {
        uint64_t bits = backlog->higher->filled[word - 1];

        if (bits != 0)
            return (word - 1) * 64 + 63 - (unsigned)__builtin_clzll(bits);
    }
    return 0;
}

static const GmqReady *
line_at(const GmqBacklog *backlog, unsigned priority)
{
    return priority == 0 ? &backlog->low : &backlog->higher->lines[priority - 1];
}

bool
gmq_backlog_is_first(const GmqBacklog *backlog, const GmqEntry *entry)
{
    unsigned highest = highest_priority(backlog);
    unsigned own     = priority_of(backlog, entry);

    return backlog->length == 0 || own > highest ||
           (own == highest && gmq_ready_is_first(line_at(backlog, own), entry->place));
}

const GmqEntry *
gmq_backlog_peek(const GmqBacklog *backlog)
{
    return gmq_ready_peek(line_at(backlog, highest_priority(backlog)));
}

static bool
take_higher(GmqBacklog *backlog, unsigned priority, GmqEntry *entry)
{
    GmqReady *line = &backlog->higher->lines[priority - 1];
    bool is_there  = gmq_ready_take(line, entry);

    if (gmq_ready_length(line) == 0)
        backlog->higher->filled[priority / 64] &= ~(UINT64_C(1) << priority % 64);
    return is_there;
}

bool
gmq_backlog_take(GmqBacklog *backlog, GmqEntry *entry)
{
    unsigned priority = highest_priority(backlog);

    if (priority == 0 ? !gmq_ready_take(&backlog->low, entry)
                      : !take_higher(backlog, priority, entry))
        return false;
    backlog->length--;
    backlog->bytes -= gmq_entry_body_size(entry);
    return true;
}

bool
gmq_backlog_put_out(GmqBacklog *backlog, uint64_t kept, GmqPutOut put_out, void *user)
{
    unsigned highest = backlog->higher == NULL ? 0 : backlog->priority_max;
    GmqReady *line =
        backlog->look == 0 ? &backlog->low : &backlog->higher->lines[backlog->look - 1];

    if (gmq_ready_put_out(line, kept, put_out, user))
        return true;
    backlog->look = backlog->look == highest ? 0 : backlog->look + 1;
    return backlog->look > 0;
}
