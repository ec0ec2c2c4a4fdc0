#include "core/broker/consumer-line.h"

typedef struct {
    int32_t priority;
    GList *last; /* consumer->active_link of the last one of that priority */
} End;

static End *
end_at(const GmqConsumerLine *line, unsigned i)
{
    return &g_array_index(line->ends, End, i);
}

void
gmq_consumer_line_clear(GmqConsumerLine *line)
{
    g_assert(line->consumers.length == 0);

    g_clear_pointer(&line->ends, g_array_unref);
}

/* Where the priority stands among the ends, or would stand. */
static unsigned
find_end(const GmqConsumerLine *line, int32_t priority)
{
    unsigned low  = 0;
    unsigned high = line->ends->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (end_at(line, middle)->priority > priority)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
has_end(const GmqConsumerLine *line, unsigned i, int32_t priority)
{
    return i < line->ends->len && end_at(line, i)->priority == priority;
}

/* Until now nobody had a priority. */
static void
begin_ends(GmqConsumerLine *line)
{
    End end = {.priority = 0, .last = line->consumers.tail};

    line->ends = g_array_new(FALSE, FALSE, sizeof(End));
    if (end.last != NULL)
        g_array_append_val(line->ends, end);
}

static void
join_end(GmqConsumerLine *line, GmqConsumer *consumer)
{
    unsigned i = find_end(line, consumer->priority);
    End end    = {.priority = consumer->priority, .last = &consumer->active_link};

    if (has_end(line, i, consumer->priority)) {
        g_queue_insert_after_link(&line->consumers, end_at(line, i)->last, end.last);
        *end_at(line, i) = end;
        return;
    }
    if (i == 0)
        g_queue_push_head_link(&line->consumers, end.last);
    else
        g_queue_insert_after_link(&line->consumers, end_at(line, i - 1)->last, end.last);
    g_array_insert_val(line->ends, i, end);
}

void
gmq_consumer_line_join(GmqConsumerLine *line, GmqConsumer *consumer)
{
    if (line->ends == NULL && consumer->priority != 0)
        begin_ends(line);
    if (line->ends == NULL)
        g_queue_push_tail_link(&line->consumers, &consumer->active_link);
    else
        join_end(line, consumer);
    consumer->is_active = true;
}

/* The one before becomes the last of the priority, unless there is none. */
static void
leave_end(GmqConsumerLine *line, const GmqConsumer *consumer)
{
    unsigned i    = find_end(line, consumer->priority);
    GList *before = consumer->active_link.prev;

    if (end_at(line, i)->last != &consumer->active_link)
        return;
    if (before != NULL && ((const GmqConsumer *)before->data)->priority == consumer->priority)
        end_at(line, i)->last = before;
    else
        g_array_remove_index(line->ends, i);
}

void
gmq_consumer_line_leave(GmqConsumerLine *line, GmqConsumer *consumer)
{
    if (!consumer->is_active)
        return;
    if (line->ends != NULL)
        leave_end(line, consumer);
    g_queue_unlink(&line->consumers, &consumer->active_link);
    consumer->is_active = false;
}
