/* slots.h - a moment of a run as numbers: what a page shows, each thing in a slot of its own.
 *
 * The slots of a run stay the same from its first event to its last, so the difference between two
 * moments is a list of slots with new values, and a reader of those needs to know nothing of what
 * events mean. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* A list names as many messages as this; the others are counted. */
#define GMQ_SLOT_TOKENS_MAX 8

typedef enum {
    GMQ_SLOT_COUNT, /* one number */
    GMQ_SLOT_STATE, /* of a box: -1 before it is there, else the index of a word */
    GMQ_SLOT_DOWN,  /* 1 while the broker is not there */
    GMQ_SLOT_LINE,  /* of an edge: a GmqLineState */
    GMQ_SLOT_LIST,  /* how many messages, then the first of them as tokens */
    GMQ_SLOT_WORK,  /* since when, and how long it takes, both in us; or nothing */
} GmqSlotKind;

typedef enum {
    GMQ_LINE_ABSENT = -1, /* one of its ends is not there yet */
    GMQ_LINE_IDLE   = 0,  /* not bound, or nobody consumes */
    GMQ_LINE_ALIVE  = 1,
    GMQ_LINE_BROKEN = 2, /* the client at its end crashed, is cut off or frozen */
} GmqLineState;

typedef struct {
    GmqSlotKind kind;
    const char *word; /* for people: "ready"; "" where the place tells it */
    GmqPlace place;   /* kind GMQ_PLACE_NONE: of an edge, or of the whole */
    int edge;         /* -1: of no edge */
    bool is_shown;    /* false: zero in the whole run, and of no interest then */
    size_t offset;    /* of the member that holds it */
    uint64_t most;    /* of a counter: what it is in the end */
} GmqSlot;

/* One moment: the numbers of all slots, one after the other. */
typedef struct {
    GArray *numbers; /* of int64_t */
    GArray *ends;    /* of unsigned: where each slot ends in numbers */
} GmqMoment;

typedef struct GmqSlots GmqSlots;

/* The stage is lent. */
GmqSlots *gmq_slots_new(const GmqStage *stage);
void gmq_slots_free(GmqSlots *slots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSlots, gmq_slots_free)

unsigned gmq_slots_length(const GmqSlots *slots);
const GmqSlot *gmq_slots_at(const GmqSlots *slots, unsigned index);

void gmq_moment_init(GmqMoment *moment);
void gmq_moment_clear(GmqMoment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqMoment, gmq_moment_clear)

/* Fills the moment anew. */
void gmq_slots_read(GmqSlots *slots, const GmqPicture *now, GmqMoment *moment);

/* The numbers of one slot; lent. */
const int64_t *gmq_moment_slot(const GmqMoment *moment, unsigned index, size_t *length);

bool gmq_moment_slot_equal(const GmqMoment *a, const GmqMoment *b, unsigned index);

/* The index of a message by any of its names, without "@queue"; -1 for "". It stays the same. */
int64_t gmq_slots_message(GmqSlots *slots, const char *message);

/* The names of all messages met so far; lent. */
const GPtrArray *gmq_slots_messages(const GmqSlots *slots);

/* The words of states; lent. */
const GPtrArray *gmq_slots_words(const GmqSlots *slots);

/* A token is a message and some bits: whether it was delivered before, whether it only passes
 * through, and the word that it carries back. */
#define GMQ_TOKEN_AGAIN 1
#define GMQ_TOKEN_PASSING 2
#define GMQ_TOKEN_WHAT_SHIFT 2
#define GMQ_TOKEN_MESSAGE_SHIFT 5

/* "", "ok", "nack", "return", "ack"; NULL behind the last. */
const char *gmq_slots_what(unsigned index);

G_END_DECLS
