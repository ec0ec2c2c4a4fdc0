#include "core/server/open-journal.h"

#define NAME_START "journal-"

#define LONG_US G_USEC_PER_SEC /* from then on it is told what took so long */

/* Puts the directory in the place of the word DIR of the journal's advice. */
static void
name_directory(GError *error, const char *path)
{
    g_auto(GStrv) parts   = g_strsplit(error->message, " DIR\"", 2);
    g_autofree char *with = g_strconcat(" ", path, " NEWDIR\"", NULL);

    g_free(error->message);
    error->message = g_strjoinv(with, parts);
}

/* Takes what stands behind the message. */
static void
append(GError *error, char *advice)
{
    char *whole = g_strconcat(error->message, advice, NULL);

    g_free(error->message);
    g_free(advice);
    error->message = whole;
}

/* Says what to do about it. */
static void
add_advice(GError *error, const char *path)
{
    if (g_error_matches(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_DAMAGED))
        name_directory(error, path);
    else if (g_error_matches(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_NEWER))
        append(error, g_strdup_printf("; a newer GlassMQ has written %s: start that one, or give "
                                      "this one another directory with --data DIR",
                                      path));
    else if (g_error_matches(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_CONTENT))
        append(error, g_strdup_printf("; \"glassmq journal dump %s\" shows it", path));
}

static uint64_t
count_messages(const GmqBroker *broker)
{
    GmqJournalStats stats;

    gmq_journal_get_stats(gmq_broker_journal(broker), &stats);
    return stats.messages;
}

static void
tell(const GmqBroker *broker, const GmqJournalReport *report, int64_t spent_us)
{
    if (report->cut > 0)
        g_message("cut %" G_GUINT64_FORMAT " bytes of an unfinished write from the end of %s",
                  report->cut, report->cut_file);
    if (spent_us >= LONG_US)
        g_message("found %" G_GUINT64_FORMAT " messages in %u segments with %" G_GUINT64_FORMAT
                  " bytes, in %.1f s",
                  count_messages(broker), report->n_segments, report->bytes,
                  (double)spent_us / G_USEC_PER_SEC);
}

bool
gmq_has_journal(GmqDisk *disk)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    bool found                 = false;

    disk->list(disk, names, NULL);
    for (unsigned i = 0; i < names->len; i++)
        found |= g_str_has_prefix(names->pdata[i], NAME_START);
    return found;
}

bool
gmq_open_journal(GmqBroker *broker, const char *path, bool *is_first, GError **error)
{
    int64_t begun_us        = g_get_monotonic_time();
    GmqJournalReport report = {0};
    g_autoptr(GError) why   = NULL;

    if (!gmq_broker_open_storage(broker, &report, &why)) {
        add_advice(why, path);
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    tell(broker, &report, g_get_monotonic_time() - begun_us);
    *is_first = report.is_new;
    return true;
}
