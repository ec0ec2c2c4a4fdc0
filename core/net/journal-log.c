#include "core/net/journal-log.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)
#define PERIOD_NS (10 * NS_PER_S)

static void
tell(const GmqJournal *journal, GmqJournalState state, const char *trouble)
{
    const char *what = trouble != NULL ? trouble : gmq_journal_trouble(journal);

    switch (state) {
    case GMQ_JOURNAL_FINE:
        g_message("the journal has space again, publishers go on");
        break;
    case GMQ_JOURNAL_FULL:
        g_message("the disk is full: %s; publishers wait until there is space", what);
        break;
    case GMQ_JOURNAL_FAILED:
        g_message("the journal has failed: %s; nothing more is kept, and publishers wait until "
                  "the broker is started again",
                  what);
        break;
    }
}

/* That it has failed is told at once. */
void
gmq_journal_log_look(GmqJournalLog *log, const GmqJournal *journal, const char *trouble,
                     int64_t now_ns)
{
    if (journal == NULL)
        return;

    GmqJournalState state = gmq_journal_state(journal);
    if (state == log->told || (state != GMQ_JOURNAL_FAILED && now_ns < log->not_before_ns))
        return;
    tell(journal, state, trouble);
    log->told          = state;
    log->not_before_ns = now_ns + PERIOD_NS;
}
