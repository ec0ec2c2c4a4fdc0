#include "core/store/staged.h"

/* Copies that are looked at when one is wanted. */
#define LOOK_MAX 8

void
gmq_stage_init(GmqStage *stage)
{
    *stage = (GmqStage){0};
    gmq_pool_init(&stage->items, sizeof(GmqStaged));
    gmq_pool_init(&stage->copies, sizeof(GmqStagedCopy));
    for (unsigned i = 0; i < GMQ_N_LINES; i++)
        stage->lines[i].next = stage->lines[i].previous = &stage->lines[i];
}

void
gmq_stage_clear(GmqStage *stage)
{
    gmq_pool_clear(&stage->items);
    gmq_pool_clear(&stage->copies);
}

GmqStaged *
gmq_stage_add(GmqStage *stage, GmqStagedKind kind, uint64_t id)
{
    uint32_t index    = gmq_pool_take(&stage->items);
    GmqStaged *staged = gmq_stage_at(stage, index);

    /* One by one: zeroing all of it would cost more than all else here. */
    staged->id         = id;
    staged->due_ns     = 0;
    staged->index      = index;
    staged->n_copies   = 0;
    staged->n_urgent   = 0;
    staged->copy.next  = 0;
    staged->size       = 0;
    staged->kind       = (uint8_t)kind;
    staged->line       = GMQ_LINE_NONE;
    staged->is_awaited = false;
    staged->is_dead    = false;
    staged->message    = NULL;
    return staged;
}

/* ---- lines ---- */

static void
leave(GmqStage *stage, GmqStaged *staged)
{
    if (staged->line == GMQ_LINE_NONE)
        return;
    if (staged->line == GMQ_LINE_MOVED)
        stage->moved_bytes -= staged->body_size;
    staged->previous->next = staged->next;
    staged->next->previous = staged->previous;
    staged->line           = GMQ_LINE_NONE;
}

static void
enter_before(GmqStage *stage, GmqStaged *staged, GmqStaged *next, GmqLine line)
{
    staged->next           = next;
    staged->previous       = next->previous;
    staged->previous->next = staged;
    next->previous         = staged;
    staged->line           = (uint8_t)line;
    if (line == GMQ_LINE_MOVED)
        stage->moved_bytes += staged->body_size;
}

void
gmq_stage_enter(GmqStage *stage, GmqStaged *staged, GmqLine line)
{
    leave(stage, staged);
    enter_before(stage, staged, &stage->lines[line], line);
}

void
gmq_stage_return(GmqStage *stage, GmqStaged *staged, GmqLine line)
{
    leave(stage, staged);
    enter_before(stage, staged, stage->lines[line].next, line);
}

void
gmq_stage_remove(GmqStage *stage, GmqStaged *staged)
{
    uint32_t next = staged->copy.next;

    leave(stage, staged);
    while (next != 0) {
        uint32_t index = next;

        next = ((GmqStagedCopy *)gmq_pool_at(&stage->copies, index))->next;
        gmq_pool_give(&stage->copies, index);
    }
    gmq_pool_give(&stage->items, staged->index);
}

/* ---- copies: the first stands in the staged message ---- */

void
gmq_stage_add_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue, int64_t expires_ms)
{
    GmqStagedCopy copy = {.queue = queue, .expires_ms = expires_ms};

    if (staged->n_copies++ == 0) {
        staged->copy = copy;
        return;
    }
    uint32_t index      = gmq_pool_take(&stage->copies);
    GmqStagedCopy *more = gmq_pool_at(&stage->copies, index);

    copy.next         = staged->copy.next;
    *more             = copy;
    staged->copy.next = index;
}

bool
gmq_stage_take_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue)
{
    GmqStagedCopy *copy = &staged->copy;

    if (copy->queue == queue && copy->next != 0) { /* the second becomes the first */
        uint32_t index = copy->next;

        *copy = *(GmqStagedCopy *)gmq_pool_at(&stage->copies, index);
        gmq_pool_give(&stage->copies, index);
        staged->n_copies--;
        return true;
    }
    for (unsigned i = 0; i < LOOK_MAX && copy->next != 0; i++) {
        uint32_t index      = copy->next;
        GmqStagedCopy *next = gmq_pool_at(&stage->copies, index);

        if (next->queue == queue) {
            copy->next = next->next;
            gmq_pool_give(&stage->copies, index);
            staged->n_copies--;
            return true;
        }
        copy = next;
    }
    return false;
}

GmqStagedCopy *
gmq_stage_find_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue)
{
    GmqStagedCopy *copy = &staged->copy;

    for (unsigned i = 0; i < LOOK_MAX; i++) {
        if (copy->queue == queue)
            return copy;
        if (copy->next == 0)
            return NULL;
        copy = gmq_pool_at(&stage->copies, copy->next);
    }
    return NULL;
}
