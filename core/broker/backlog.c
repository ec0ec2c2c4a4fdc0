#include "core/broker/backlog.h"

void
gmq_backlog_init(GmqBacklog *backlog, unsigned priority_max)
{
    backlog->n_lines = priority_max + 1;
    backlog->lines   = g_new(GmqReady, backlog->n_lines);
    backlog->length  = 0;
    backlog->bytes   = 0;
    for (unsigned i = 0; i < backlog->n_lines; i++)
        gmq_ready_init(&backlog->lines[i]);
}

void
gmq_backlog_purge(GmqBacklog *backlog)
{
    for (unsigned i = 0; i < backlog->n_lines; i++)
        gmq_ready_clear(&backlog->lines[i]);
    backlog->length = 0;
    backlog->bytes  = 0;
}

void
gmq_backlog_clear(GmqBacklog *backlog)
{
    gmq_backlog_purge(backlog);
    g_clear_pointer(&backlog->lines, g_free);
    backlog->n_lines = 0;
}

/* A priority above the highest counts as the highest (21.1). */
static GmqReady *
line_of(const GmqBacklog *backlog, const GmqEntry *entry)
{
    return &backlog->lines[MIN(entry->message->priority, backlog->n_lines - 1)];
}

static void
count(GmqBacklog *backlog, const GmqEntry *entry)
{
    backlog->length++;
    backlog->bytes += entry->message->body_size;
}

void
gmq_backlog_push(GmqBacklog *backlog, const GmqEntry *entry)
{
    gmq_ready_push(line_of(backlog, entry), entry);
    count(backlog, entry);
}

void
gmq_backlog_return(GmqBacklog *backlog, const GmqEntry *entry)
{
    gmq_ready_return(line_of(backlog, entry), entry);
    count(backlog, entry);
}

/* The highest line that is not empty; NULL when all are. */
static GmqReady *
first_line(const GmqBacklog *backlog)
{
    if (backlog->length == 0)
        return NULL;
    for (unsigned i = backlog->n_lines - 1; i > 0; i--) {
        if (gmq_ready_length(&backlog->lines[i]) > 0)
            return &backlog->lines[i];
    }
    return &backlog->lines[0];
}

bool
gmq_backlog_is_first(const GmqBacklog *backlog, const GmqEntry *entry)
{
    const GmqReady *first = first_line(backlog);
    const GmqReady *own   = line_of(backlog, entry);

    return first == NULL || own > first || (own == first && gmq_ready_is_first(own, entry->place));
}

const GmqEntry *
gmq_backlog_peek(const GmqBacklog *backlog)
{
    const GmqReady *line = first_line(backlog);

    return line == NULL ? NULL : gmq_ready_peek(line);
}

bool
gmq_backlog_take(GmqBacklog *backlog, GmqEntry *entry)
{
    GmqReady *line = first_line(backlog);

    if (line == NULL)
        return false;
    gmq_ready_take(line, entry);
    backlog->length--;
    backlog->bytes -= entry->message->body_size;
    return true;
}
