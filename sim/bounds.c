/* Looks now and then at what the broker holds, for S19. */
#include "core/amqp/snapshot.h"
#include "sim/world-private.h"

/* So often: whoever holds too much does so for longer. */
#define LOOK_NS INT64_C(100000000)

static void
look_at_connections(const GmqWorld *world)
{
    g_autoptr(GmqSnapshot) connections = gmq_snapshot_connections(world->amqp);

    for (unsigned i = 0; i < connections->rows->len; i++) {
        const GmqConnectionView *view = &g_array_index(connections->rows, GmqConnectionView, i);
        g_autofree char *name         = gmq_slice_dup(view->name);

        gmq_check_output(world->check, name, view->output_bytes);
    }
}

static void
look_at_broker(const GmqWorld *world)
{
    g_autoptr(GmqSnapshot) exchanges = gmq_snapshot_exchanges(world->broker, (GmqSlice){0});
    GmqJournalStats stats            = {0};

    gmq_journal_get_stats(gmq_broker_journal(world->broker), &stats);
    gmq_check_holdings(world->check, &(GmqCheckHoldings){
                                         .n_connections = gmq_amqp_connection_count(world->amqp),
                                         .n_exchanges   = exchanges->rows->len,
                                         .n_timers = gmq_broker_timers(world->broker)->heap->len,
                                         .journal_bytes = stats.bytes,
                                         .live_bytes    = stats.live_bytes,
                                     });
}

void
gmq_world_look_at_bounds(GmqWorld *world)
{
    int64_t now_ns = gmq_world_now(world);

    if (world->check == NULL || now_ns < world->look_ns)
        return;
    world->look_ns = now_ns + LOOK_NS;
    look_at_connections(world);
    look_at_broker(world);
}
