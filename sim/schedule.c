#include "sim/schedule.h"

#define ARITY 4
#define RECENT 20
#define PHASE_SHIFT 56 /* the phase stands above the sequence, so both compare as one number */
#define DRAWN_SHIFT                                                                                \
    32 /* what is drawn stands between the phase and the last bits of the sequence */
#define NOWHERE UINT32_MAX

/* A place in the heap. */
typedef struct {
    int64_t time_ns;
    uint64_t order;
    uint32_t slot;
} Node;

/* What a node stands for. Slots are used again; a ticket tells their uses apart. */
typedef struct {
    GmqAction action;
    void *target;
    const char *what;
    const GmqOwner *owner; /* NULL: nobody */
    uint32_t
        node; /* its place in the heap; NOWHERE when it is paused; of a free one the next free */
    uint32_t use;
} Slot;

struct GmqSchedule {
    Node *heap;
    Slot *slots;
    uint32_t n_heap;
    uint32_t n_slots;
    uint32_t room;  /* in both */
    uint32_t spare; /* the slot that was freed last; NOWHERE: none is free */
    GArray *paused; /* of Node: events whose owner's time stands still, in no order */
    uint64_t sequence;
    GmqRandom *ties; /* NULL: the sequence is the order */
    int64_t now_ns;
    uint64_t count;
    uint64_t in_instant; /* events done at now_ns */
    const char *recent[RECENT];
};

GmqSchedule *
gmq_schedule_new(void)
{
    GmqSchedule *schedule = g_new0(GmqSchedule, 1);

    schedule->spare  = NOWHERE;
    schedule->paused = g_array_new(FALSE, FALSE, sizeof(Node));
    return schedule;
}

void
gmq_schedule_free(GmqSchedule *schedule)
{
    if (schedule == NULL)
        return;
    g_free(schedule->heap);
    g_free(schedule->slots);
    g_array_unref(schedule->paused);
    g_free(schedule);
}

static Node *
node_at(const GmqSchedule *schedule, size_t index)
{
    return &schedule->heap[index];
}

static Slot *
slot_at(const GmqSchedule *schedule, uint32_t index)
{
    return &schedule->slots[index];
}

static bool
is_before(const Node *a, const Node *b)
{
    return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->order < b->order;
}

static void
place(GmqSchedule *schedule, size_t index, Node node)
{
    *node_at(schedule, index)          = node;
    slot_at(schedule, node.slot)->node = (uint32_t)index;
}

/* Moves the node towards the root until its parent is before it. */
static void
sift_up(GmqSchedule *schedule, size_t index, Node node)
{
    while (index > 0) {
        size_t parent = (index - 1) / ARITY;

        if (!is_before(&node, node_at(schedule, parent)))
            break;
        place(schedule, index, *node_at(schedule, parent));
        index = parent;
    }
    place(schedule, index, node);
}

static size_t
first_child(const GmqSchedule *schedule, size_t index)
{
    size_t first = index * ARITY + 1;
    size_t end   = MIN(first + ARITY, schedule->n_heap);
    size_t best  = first;

    for (size_t child = first + 1; child < end; child++) {
        if (is_before(node_at(schedule, child), node_at(schedule, best)))
            best = child;
    }
    return best;
}

static void
sift_down(GmqSchedule *schedule, size_t index, Node node)
{
    while (index * ARITY + 1 < schedule->n_heap) {
        size_t child = first_child(schedule, index);

        if (!is_before(node_at(schedule, child), &node))
            break;
        place(schedule, index, *node_at(schedule, child));
        index = child;
    }
    place(schedule, index, node);
}

/* Takes the node at that place out of the heap; the last one fills the hole. */
static Node
take_node(GmqSchedule *schedule, size_t index)
{
    Node node = *node_at(schedule, index);
    Node last = schedule->heap[--schedule->n_heap];

    if (index < schedule->n_heap) {
        size_t parent = index == 0 ? 0 : (index - 1) / ARITY;

        if (index > 0 && is_before(&last, node_at(schedule, parent)))
            sift_up(schedule, index, last);
        else
            sift_down(schedule, index, last);
    }
    slot_at(schedule, node.slot)->node = NOWHERE;
    return node;
}

static void
free_slot(GmqSchedule *schedule, uint32_t index)
{
    Slot *slot = slot_at(schedule, index);

    slot->use++;
    slot->owner     = NULL;
    slot->node      = schedule->spare;
    schedule->spare = index;
}

/* The heap never holds more than there are slots. */
static void
grow(GmqSchedule *schedule)
{
    schedule->room  = MAX(16, schedule->room * 2);
    schedule->heap  = g_renew(Node, schedule->heap, schedule->room);
    schedule->slots = g_renew(Slot, schedule->slots, schedule->room);
}

static uint32_t
take_slot(GmqSchedule *schedule)
{
    uint32_t index = schedule->spare;

    if (index != NOWHERE) {
        schedule->spare = slot_at(schedule, index)->node;
        return index;
    }
    if (schedule->n_slots == schedule->room)
        grow(schedule);
    schedule->slots[schedule->n_slots] = (Slot){.use = 1};
    return schedule->n_slots++;
}

void
gmq_schedule_set_ties(GmqSchedule *schedule, GmqRandom *ties)
{
    schedule->ties = ties;
}

/* The place of the next event among those of its time: no two have the same. */
static uint64_t
take_order(GmqSchedule *schedule, GmqPhase phase)
{
    uint64_t order    = (uint64_t)phase << PHASE_SHIFT;
    uint64_t sequence = schedule->sequence++;

    if (schedule->ties == NULL || phase == GMQ_PHASE_TIMELINE || phase == GMQ_PHASE_OBSERVER)
        return order | sequence;
    uint64_t drawn = gmq_random_below(schedule->ties, 1u << (PHASE_SHIFT - DRAWN_SHIFT));
    return order | drawn << DRAWN_SHIFT | (uint32_t)sequence;
}

static void
insert(GmqSchedule *schedule, Node node)
{
    sift_up(schedule, schedule->n_heap++, node);
}

/* Takes a slot for an event at that time; *node is for the heap. */
static uint64_t
prepare(GmqSchedule *schedule, int64_t time_ns, GmqPhase phase, Slot event, Node *node)
{
    uint32_t index = take_slot(schedule);
    Slot *slot     = slot_at(schedule, index);

    *node = (Node){
        .time_ns = MAX(time_ns, schedule->now_ns),
        .order   = take_order(schedule, phase),
        .slot    = index,
    };
    event.node = NOWHERE;
    event.use  = slot->use;
    *slot      = event;
    return (uint64_t)slot->use << 32 | index;
}

uint64_t
gmq_schedule_add(GmqSchedule *schedule, int64_t time_ns, GmqPhase phase, const char *what,
                 GmqAction action, void *target)
{
    Slot event = {.action = action, .target = target, .what = what};
    Node node;
    uint64_t ticket = prepare(schedule, time_ns, phase, event, &node);

    insert(schedule, node);
    return ticket;
}

static int64_t
after(const GmqSchedule *schedule, int64_t delay_ns)
{
    int64_t time_ns;

    return __builtin_add_overflow(schedule->now_ns, delay_ns, &time_ns) ? INT64_MAX : time_ns;
}

uint64_t
gmq_schedule_add_after(GmqSchedule *schedule, int64_t delay_ns, GmqPhase phase, const char *what,
                       GmqAction action, void *target)
{
    return gmq_schedule_add(schedule, after(schedule, delay_ns), phase, what, action, target);
}

/* ---- owners ---- */

uint64_t
gmq_schedule_add_owned(GmqSchedule *schedule, GmqOwner *owner, int64_t delay_ns, GmqPhase phase,
                       const char *what, GmqAction action, void *target)
{
    Slot event = {.action = action, .target = target, .what = what, .owner = owner};
    Node node;
    uint64_t ticket = prepare(schedule, after(schedule, delay_ns), phase, event, &node);

    if (G_LIKELY(!owner->is_paused)) {
        insert(schedule, node);
        return ticket;
    }
    /* As if it had been added when the pause began, from which on nothing counts. */
    if (node.time_ns != INT64_MAX)
        node.time_ns -= schedule->now_ns - owner->paused_ns;
    g_array_append_val(schedule->paused, node);
    return ticket;
}

void
gmq_schedule_pause(GmqSchedule *schedule, GmqOwner *owner)
{
    g_assert(!owner->is_paused);

    owner->is_paused = true;
    owner->paused_ns = schedule->now_ns;
    for (uint32_t i = 0; i < schedule->n_slots; i++) {
        const Slot *slot = slot_at(schedule, i);

        if (slot->owner != owner || slot->node == NOWHERE)
            continue;
        Node node = take_node(schedule, slot->node);
        g_array_append_val(schedule->paused, node);
    }
}

void
gmq_schedule_resume(GmqSchedule *schedule, GmqOwner *owner)
{
    GArray *paused = schedule->paused;

    g_assert(owner->is_paused);
    int64_t length_ns = schedule->now_ns - owner->paused_ns;
    owner->is_paused  = false;
    owner->lost_ns += length_ns;
    for (unsigned i = 0; i < paused->len;) {
        Node node = g_array_index(paused, Node, i);

        if (slot_at(schedule, node.slot)->owner != owner) {
            i++;
            continue;
        }
        if (__builtin_add_overflow(node.time_ns, length_ns, &node.time_ns))
            node.time_ns = INT64_MAX;
        g_array_remove_index_fast(paused, i);
        insert(schedule, node);
    }
}

int64_t
gmq_schedule_now_of(const GmqSchedule *schedule, const GmqOwner *owner)
{
    return (owner->is_paused ? owner->paused_ns : schedule->now_ns) - owner->lost_ns;
}

/* ---- taking back ---- */

static void
remove_paused(GmqSchedule *schedule, uint32_t index)
{
    GArray *paused = schedule->paused;

    for (unsigned i = 0; i < paused->len; i++) {
        if (g_array_index(paused, Node, i).slot == index) {
            g_array_remove_index_fast(paused, i);
            return;
        }
    }
    g_assert_not_reached();
}

void
gmq_schedule_cancel(GmqSchedule *schedule, uint64_t ticket)
{
    uint32_t index = (uint32_t)ticket;

    g_assert(index < schedule->n_slots);
    Slot *slot = slot_at(schedule, index);
    g_assert(slot->use == ticket >> 32);
    if (slot->node == NOWHERE)
        remove_paused(schedule, index);
    else
        take_node(schedule, slot->node);
    free_slot(schedule, index);
}

void
gmq_schedule_forget(GmqSchedule *schedule, uint64_t *ticket)
{
    if (*ticket != 0)
        gmq_schedule_cancel(schedule, *ticket);
    *ticket = 0;
}

int64_t
gmq_schedule_next_time(const GmqSchedule *schedule)
{
    return schedule->n_heap == 0 ? INT64_MAX : node_at(schedule, 0)->time_ns;
}

bool
gmq_schedule_step(GmqSchedule *schedule)
{
    if (schedule->n_heap == 0)
        return false;

    int64_t time_ns = node_at(schedule, 0)->time_ns;
    if (time_ns != schedule->now_ns)
        schedule->in_instant = 0;
    if (schedule->in_instant == GMQ_INSTANT_EVENTS_MAX)
        return false;

    Node node = take_node(schedule, 0);
    Slot slot = *slot_at(schedule, node.slot);
    free_slot(schedule, node.slot);

    schedule->now_ns = time_ns;
    schedule->in_instant++;
    schedule->recent[schedule->count++ % RECENT] = slot.what;
    slot.action(slot.target);
    return true;
}

int64_t
gmq_schedule_now(const GmqSchedule *schedule)
{
    return schedule->now_ns;
}

uint64_t
gmq_schedule_count(const GmqSchedule *schedule)
{
    return schedule->count;
}

char *
gmq_schedule_livelock(const GmqSchedule *schedule)
{
    if (schedule->in_instant < GMQ_INSTANT_EVENTS_MAX ||
        gmq_schedule_next_time(schedule) != schedule->now_ns)
        return NULL;

    g_autoptr(GString) names = g_string_new(NULL);
    for (uint64_t i = schedule->count - RECENT; i < schedule->count; i++) {
        g_string_append(names, names->len == 0 ? "" : ", ");
        g_string_append(names, schedule->recent[i % RECENT]);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}
