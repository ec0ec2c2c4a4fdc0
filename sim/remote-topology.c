/* What a broker somewhere else has agreed to, as the events of one that is seen. */
#include "sim/remote.h"
#include "sim/world-private.h"

static void
announce(GmqWorld *world, GmqEventKind kind, const char *who, unsigned flags, const char *text)
{
    world->cause = 0;
    gmq_world_note(world, &(GmqEvent){.kind  = kind,
                                      .who   = gmq_slice_of(who),
                                      .count = flags,
                                      .text  = gmq_slice_of(text)});
}

/* The invisible client has declared it, and the broker has agreed. */
void
gmq_remote_announce(GmqWorld *world)
{
    const GmqScenario *scenario = world->scenario;

    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *line = scenario->exchanges->pdata[i];

        announce(world, GMQ_EVENT_EXCHANGE_DECLARED, line->name,
                 (unsigned)line->durable | (unsigned)line->auto_delete << 1 |
                     (unsigned)line->internal << 2,
                 gmq_exchange_kind_name(line->type));
    }
    for (unsigned i = 0; i < scenario->queues->len; i++) {
        const GmqQueueLine *line = scenario->queues->pdata[i];

        announce(world, GMQ_EVENT_QUEUE_DECLARED, line->name,
                 (unsigned)line->durable | (unsigned)line->auto_delete << 1, "");
    }
    for (unsigned i = 0; i < scenario->bindings->len; i++) {
        const GmqBindingLine *line = scenario->bindings->pdata[i];

        world->cause = 0;
        gmq_world_note(world,
                       &(GmqEvent){.kind = GMQ_EVENT_BOUND,
                                   .who  = gmq_slice_of(line->from),
                                   .to   = gmq_slice_of(line->to),
                                   .key  = gmq_slice_of(line->key),
                                   .text = gmq_slice_of(line->to_queue ? "queue" : "exchange")});
    }
}
