/* The broker as a whole, and its connections. */
#include <unistd.h>

#include "core/amqp/snapshot.h"
#include "core/broker/storage.h"
#include "core/server/backup.h"
#include "core/server/commands.h"

#define NS_PER_S INT64_C(1000000000)

bool
gmq_run_close_connection(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                         GError **error)
{
    const char *name   = request->arguments[0];
    const char *reason = request->arguments[1];

    (void)answer;
    return gmq_amqp_close_connection(serving->amqp, gmq_slice_of(name), reason) ||
           gmq_command_refuse(error, "there is no connection '%s'", name);
}

bool
gmq_run_close_all_connections(const GmqServing *serving, const GmqRequest *request,
                              GmqAnswer *answer, GError **error)
{
    (void)error;
    gmq_json_add_count(answer, "connections",
                       gmq_amqp_close_all(serving->amqp, request->arguments[0]));
    return true;
}

/* ---- status ---- */

typedef struct {
    uint64_t queues;
    uint64_t exchanges;
    uint64_t messages;
} Totals;

static Totals
add_up(const GmqSnapshot *vhosts)
{
    Totals totals = {0};

    for (unsigned i = 0; i < vhosts->rows->len; i++) {
        const GmqVhostView *view = &g_array_index(vhosts->rows, GmqVhostView, i);

        totals.queues += view->queues;
        totals.exchanges += view->exchanges;
        totals.messages += view->messages;
    }
    return totals;
}

static uint64_t
seconds_up(const GmqServing *serving)
{
    GmqHost *host = gmq_broker_host(serving->broker);

    return (uint64_t)((host->now(host) - serving->started_ns) / NS_PER_S);
}

static void
add_alarms(const GmqServing *serving, GmqAnswer *answer)
{
    unsigned on = gmq_broker_alarms(serving->broker);

    gmq_json_key(answer, "alarms");
    gmq_json_open(answer, '[');
    for (unsigned i = 0; i < GMQ_N_ALARMS; i++) {
        if ((on & GMQ_ALARM_BIT(i)) != 0)
            gmq_json_put_text(answer, gmq_slice_of(gmq_alarm_name((GmqAlarm)i)));
    }
    gmq_json_close(answer, ']');
}

static const char *const journal_states[] = {
    [GMQ_JOURNAL_FINE]   = "fine",
    [GMQ_JOURNAL_FULL]   = "full",
    [GMQ_JOURNAL_FAILED] = "failed",
};

static void
add_journal(const GmqServing *serving, GmqAnswer *answer)
{
    GmqHost *host             = gmq_broker_host(serving->broker);
    const GmqJournal *journal = gmq_broker_journal(serving->broker);
    GmqJournalStats stats     = {0};

    if (journal == NULL) {
        gmq_json_add_text_member(answer, "journal", GMQ_SLICE("none"));
        return;
    }
    gmq_journal_get_stats(journal, &stats);
    gmq_json_add_text_member(answer, "journal",
                             gmq_slice_of(journal_states[gmq_journal_state(journal)]));
    gmq_json_add_text_member(answer, "journal_directory", gmq_slice_of(serving->data_path));
    gmq_json_add_count(answer, "journal_segments", stats.n_segments);
    gmq_json_add_count(answer, "journal_bytes", stats.bytes);
    gmq_json_add_count(answer, "journal_live_bytes", stats.live_bytes);
    gmq_json_add_count(answer, "journal_messages", stats.messages);
    gmq_json_add_count(answer, "disk_free", host->disk->free_space(host->disk));
}

GmqTask *
gmq_begin_backup(const GmqServing *serving, const GmqRequest *request, GError **error)
{
    return gmq_backup_begin(serving, request->arguments[0], error);
}

bool
gmq_run_status(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
               GError **error)
{
    g_autoptr(GmqSnapshot) vhosts      = gmq_snapshot_vhosts(serving->broker);
    g_autoptr(GmqSnapshot) connections = gmq_snapshot_connections(serving->amqp);
    g_autoptr(GmqSnapshot) channels    = gmq_snapshot_channels(serving->amqp);
    Totals totals                      = add_up(vhosts);

    (void)request;
    (void)error;
    gmq_json_add_text_member(answer, "product", GMQ_SLICE("GlassMQ"));
    gmq_json_add_text_member(answer, "version", GMQ_SLICE(GMQ_VERSION));
    gmq_json_add_count(answer, "pid", (uint64_t)getpid());
    gmq_json_add_count(answer, "uptime_s", seconds_up(serving));
    gmq_json_add_text_member(answer, "profile",
                             gmq_slice_of(gmq_broker_profile(serving->broker)->name));
    gmq_json_add_count(answer, "memory", gmq_broker_memory_held(serving->broker));
    gmq_json_add_count(answer, "memory_limit", gmq_broker_memory_limit(serving->broker));
    add_alarms(serving, answer);
    gmq_json_add_count(answer, "vhosts", vhosts->rows->len);
    gmq_json_add_count(answer, "connections", connections->rows->len);
    gmq_json_add_count(answer, "channels", channels->rows->len);
    gmq_json_add_count(answer, "exchanges", totals.exchanges);
    gmq_json_add_count(answer, "queues", totals.queues);
    gmq_json_add_count(answer, "messages", totals.messages);
    add_journal(serving, answer);
    return true;
}
