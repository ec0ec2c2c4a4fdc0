/* A frozen broker: its process gets no turn, and the rest of the world does not wait for it. */
#include "sim/world-private.h"

/* What the disk has done, and has not told. */
typedef struct {
    uint64_t ticket;
    GmqDiskResult result;
} Answer;

void
gmq_world_init_freeze(GmqWorld *world)
{
    world->held_answers = g_array_new(FALSE, FALSE, sizeof(Answer));
}

void
gmq_world_clear_freeze(GmqWorld *world)
{
    g_array_unref(world->held_answers);
}

bool
gmq_world_hold_answer(GmqWorld *world, uint64_t ticket, GmqDiskResult result)
{
    Answer answer = {ticket, result};

    if (G_LIKELY(world->freezes == 0))
        return false;
    g_array_append_val(world->held_answers, answer);
    return true;
}

void
gmq_world_forget_freeze(GmqWorld *world)
{
    world->freezes      = 0;
    world->is_wake_held = false;
    world->is_stop_held = false;
    g_array_set_size(world->held_answers, 0);
}

void
gmq_world_freeze_broker(GmqWorld *world)
{
    if (world->broker == NULL || world->freezes++ > 0)
        return;
    for (unsigned i = 0; i < world->peers->len; i++)
        gmq_sim_peer_freeze_broker(world->peers->pdata[i]);
}

/* Each of them is an input of its own, and may be the last of that broker. */
static void
tell_answers(GmqWorld *world)
{
    g_autoptr(GArray) answers = world->held_answers;

    gmq_world_init_freeze(world);
    for (unsigned i = 0; i < answers->len && world->broker != NULL; i++) {
        const Answer *answer = &g_array_index(answers, Answer, i);
        gmq_world_stored(world, answer->ticket, answer->result);
    }
}

void
gmq_world_thaw_broker(GmqWorld *world)
{
    if (world->freezes == 0 || --world->freezes > 0)
        return;
    tell_answers(world);
    for (unsigned i = 0; i < world->peers->len && world->broker != NULL; i++)
        gmq_sim_peer_thaw_broker(world->peers->pdata[i]);
    if (world->broker == NULL)
        return;
    /* What it was told just now may have asked for another wake-up; there is one at most. */
    if (world->is_wake_held)
        gmq_schedule_forget(world->schedule, &world->wake_ticket);
    if (world->is_wake_held)
        world->wake_ticket =
            gmq_schedule_add(world->schedule, gmq_world_now(world), GMQ_PHASE_BROKER,
                             "the broker wakes up", gmq_world_wake_broker, world);
    world->is_wake_held = false;
    if (world->is_stop_held)
        gmq_world_stop_broker(world);
}
