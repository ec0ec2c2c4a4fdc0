#include "core/net/journal-log.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)
#define PERIOD_NS (10 * NS_PER_S)

static GmqJournalLogState
state_of(const GmqBroker *broker)
{
    const GmqJournal *journal = gmq_broker_journal(broker);

    if (journal == NULL)
        return GMQ_JOURNAL_LOG_FINE;
    switch (gmq_journal_state(journal)) {
    case GMQ_JOURNAL_FULL:
        return GMQ_JOURNAL_LOG_FULL;
    case GMQ_JOURNAL_FAILED:
        return GMQ_JOURNAL_LOG_FAILED;
    case GMQ_JOURNAL_FINE:
        break;
    }
    return (gmq_broker_alarms(broker) & GMQ_ALARM_BIT(GMQ_ALARM_DISK)) != 0 ? GMQ_JOURNAL_LOG_LOW
                                                                            : GMQ_JOURNAL_LOG_FINE;
}

static void
tell(const GmqBroker *broker, GmqJournalLogState state, const char *trouble)
{
    switch (state) {
    case GMQ_JOURNAL_LOG_FINE:
        g_message("the journal has space again, publishers go on");
        break;
    case GMQ_JOURNAL_LOG_LOW:
        g_message("less than %" G_GUINT64_FORMAT " bytes are free on the disk of the journal; "
                  "publishers wait until there is space",
                  gmq_broker_disk_free_least(broker));
        break;
    case GMQ_JOURNAL_LOG_FULL:
        g_message("the disk is full: %s; publishers wait until there is space", trouble);
        break;
    case GMQ_JOURNAL_LOG_FAILED:
        g_message("the journal has failed: %s; nothing more is kept, and publishers wait until "
                  "the broker is started again",
                  trouble);
        break;
    }
}

/* That it has failed is told at once. */
bool
gmq_journal_log_look(GmqJournalLog *log, const GmqBroker *broker, const char *trouble,
                     int64_t now_ns)
{
    GmqJournalLogState state = state_of(broker);
    bool is_another          = state != log->state;

    log->state = state;
    if (state == log->told || (state != GMQ_JOURNAL_LOG_FAILED && now_ns < log->not_before_ns))
        return is_another;
    tell(broker, state,
         trouble != NULL ? trouble : gmq_journal_trouble(gmq_broker_journal(broker)));
    log->told          = state;
    log->not_before_ns = now_ns + PERIOD_NS;
    return is_another;
}
