/* staged.h - what waits to be written, or is in the batch that is under way: messages, definitions,
 * and records that are moved to another segment. */
#pragma once

#include "core/store/pool.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_STAGED_DEFINITION,
    GMQ_STAGED_MESSAGE,
    GMQ_STAGED_MOVED,
} GmqStagedKind;

/* Lines that a staged thing can stand in. */
typedef enum {
    GMQ_LINE_NONE, /* a message that is in no queue yet */
    GMQ_LINE_DEFINITIONS,
    GMQ_LINE_URGENT,  /* messages of which a copy is in nobody's hands */
    GMQ_LINE_RELAXED, /* those that may be settled at once, by the time until which they wait */
    GMQ_LINE_MOVED,
    GMQ_LINE_BATCH, /* in the batch that is under way, in its order */
    GMQ_N_LINES,
} GmqLine;

typedef struct {
    int64_t expires_ms;
    uint32_t queue;
    uint32_t flags;
    uint32_t next; /* of those that follow the first; 0: none */
} GmqStagedCopy;

typedef struct GmqStaged GmqStaged;

struct GmqStaged {
    GmqStaged *next;
    GmqStaged *previous;
    uint64_t id;
    void *message; /* its owner's; otherwise bytes of our own, the table or the old record */
    void *waiter;
    uint64_t tag;
    uint64_t number;
    int64_t due_ns; /* in the relaxed line */
    uint32_t index; /* in the pool */
    uint32_t epoch; /* its lower bits, see epoch.h */
    GmqStagedCopy copy;
    uint32_t n_copies; /* that are to be written */
    uint32_t n_urgent;
    uint32_t body_size; /* of a message; otherwise bytes at message */
    uint32_t segment;   /* MOVED: where from */
    uint32_t offset;    /* of the record in the batch */
    uint32_t size;      /* of the record; 0: the batch leaves it out */
    uint8_t kind;
    uint8_t line;
    uint8_t priority;
    uint8_t marks;
    bool is_awaited;
    bool is_dead; /* dropped while its batch was under way */
};

typedef struct {
    GmqPool items;
    GmqPool copies;
    GmqStaged lines[GMQ_N_LINES]; /* rings: next is the first of the line, previous the last */
    uint64_t moved_bytes;         /* of the moved line */
} GmqStage;

void gmq_stage_init(GmqStage *stage);
void gmq_stage_clear(GmqStage *stage);

/* A new one, in no line, without copies; what its kind does not need is undefined. */
GmqStaged *gmq_stage_add(GmqStage *stage, GmqStagedKind kind, uint64_t id);

/* Ends it; what it holds is the caller's. */
void gmq_stage_remove(GmqStage *stage, GmqStaged *staged);

static inline GmqStaged *
gmq_stage_at(const GmqStage *stage, uint32_t index)
{
    return (GmqStaged *)gmq_pool_at(&stage->items, index);
}

/* The first of a line; NULL when it is empty. */
static inline GmqStaged *
gmq_stage_first(const GmqStage *stage, GmqLine line)
{
    GmqStaged *first = stage->lines[line].next;

    return first == &stage->lines[line] ? NULL : first;
}

/* Moves it to the end of a line, or to its beginning. */
void gmq_stage_enter(GmqStage *stage, GmqStaged *staged, GmqLine line);
void gmq_stage_return(GmqStage *stage, GmqStaged *staged, GmqLine line);

/* Copies of a message. take_copy and find_copy look at a few of them only, so that they cost the
 * same for all: false and NULL when the copy is not among them. */
void gmq_stage_add_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue, int64_t expires_ms);
bool gmq_stage_take_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue);
GmqStagedCopy *gmq_stage_find_copy(GmqStage *stage, GmqStaged *staged, uint32_t queue);

/* The copy behind this one; NULL behind the last. */
static inline const GmqStagedCopy *
gmq_stage_next_copy(const GmqStage *stage, const GmqStagedCopy *copy)
{
    return copy->next == 0 ? NULL : (const GmqStagedCopy *)gmq_pool_at(&stage->copies, copy->next);
}

G_END_DECLS
