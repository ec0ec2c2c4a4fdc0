/* What the broker keeps for others stays within bounds, as far as one can look: S19. */
#include "core/base/limits.h"
#include "sim/check-private.h"

/* Timers of a connection and of a queue or exchange, and those of the broker itself. */
#define CONNECTION_TIMERS 3
#define TOPOLOGY_TIMERS 2
#define BROKER_TIMERS 16

/* A journal is so many times what counts in it, with so many segments and a batch besides, which
 * are under way. */
#define JOURNAL_TIMES 4
#define JOURNAL_SEGMENTS 8

/* The longest message that any client may send; one that is begun is finished. */
static uint64_t
longest_message(const GmqCheck *check)
{
    return gmq_check_longest_body(check->contents) + check->scenario->broker.frame_max;
}

void
gmq_check_output(GmqCheck *check, const char *connection, uint64_t bytes)
{
    uint64_t most = GMQ_OUTPUT_MAX + longest_message(check);

    if (bytes > most)
        gmq_check_break(check, connection,
                        "S19 broken: the broker holds %" G_GUINT64_FORMAT
                        " bytes that %s does not take at event %" G_GUINT64_FORMAT
                        ", and %" G_GUINT64_FORMAT " are the most.",
                        (guint64)bytes, connection, (guint64)check->event, (guint64)most);
}

static uint64_t
count_queues(const GmqCheck *check)
{
    return g_hash_table_size(check->queues);
}

void
gmq_check_holdings(GmqCheck *check, const GmqCheckHoldings *holdings)
{
    uint64_t timers = CONNECTION_TIMERS * holdings->n_connections +
                      TOPOLOGY_TIMERS * (count_queues(check) + holdings->n_exchanges) +
                      BROKER_TIMERS;
    uint64_t journal = JOURNAL_TIMES * holdings->live_bytes +
                       JOURNAL_SEGMENTS * check->scenario->broker.segment_size +
                       GMQ_BATCH_BYTES_MAX;

    if (holdings->n_timers > timers)
        gmq_check_break(check, "broker",
                        "S19 broken: the broker has %" G_GUINT64_FORMAT
                        " timers at event %" G_GUINT64_FORMAT ", and %" G_GUINT64_FORMAT
                        " are the most for what there is.",
                        (guint64)holdings->n_timers, (guint64)check->event, (guint64)timers);
    if (holdings->journal_bytes > journal)
        gmq_check_break(
            check, "broker",
            "S19 broken: the journal has %" G_GUINT64_FORMAT " bytes at event %" G_GUINT64_FORMAT
            ", of which %" G_GUINT64_FORMAT " count.",
            (guint64)holdings->journal_bytes, (guint64)check->event, (guint64)holdings->live_bytes);
}
