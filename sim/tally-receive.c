/* What clients do that receive, counted. */
#include "sim/tally-private.h"

void
gmq_tally_received(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqMessageTally *message = gmq_tally_copy_of(tally, event->message, event->to)->message;

    (void)news;
    if (message->late_ns < 0)
        message->late_ns = event->time_ns - message->sent_ns;
}

static void
process(GmqTally *tally, GmqClientTally *client, GmqCopyTally *copy)
{
    tally->totals.processed += !copy->message->is_processed;
    copy->message->is_processed = true;
    client->processed += !copy->is_processed;
    copy->is_processed = true;
}

/* A reply is all that was to be done, unless nobody waits for it. */
void
gmq_tally_replied(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy     = gmq_tally_copy_of(tally, event->message, event->to);
    GmqClientTally *client = gmq_tally_client_of(tally, event->who);

    gmq_tally_received(tally, event, news);
    tally->last_work_ns = event->time_ns;
    client->late_replies += strcmp(event->text, GMQ_REPLY_LATE) == 0;
    if (strcmp(event->text, GMQ_REPLY_IN_TIME) != 0)
        return;
    client->replies++;
    process(tally, client, copy);
}

static void
count_processed(GmqTally *tally, GmqClientTally *client, GmqCopyTally *copy, GmqProcessed processed)
{
    switch (processed) {
    case GMQ_PROCESSED_NOT:
        return;
    case GMQ_PROCESSED_ALONE:
        process(tally, client, copy);
        return;
    case GMQ_PROCESSED_LATER:
        g_ptr_array_add(client->waiting, copy);
        return;
    case GMQ_PROCESSED_NOW:
        for (unsigned i = 0; i < client->waiting->len; i++)
            process(tally, client, client->waiting->pdata[i]);
        process(tally, client, copy);
        break;
    case GMQ_PROCESSED_NEVER:
        break;
    }
    g_ptr_array_set_size(client->waiting, 0);
}

void
gmq_tally_finished(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    GmqCopyTally *copy      = gmq_tally_copy_of(tally, event->message, event->to);
    GmqClientTally *client  = gmq_tally_client_of(tally, event->who);
    const GmqFinish *finish = gmq_finish_find(event->text);

    (void)news;
    tally->last_work_ns = event->time_ns;
    if (finish->is_done && ++copy->finished == 2 && !copy->message->is_repeated) {
        copy->message->is_repeated = true;
        tally->totals.processed_twice++;
    }
    count_processed(tally, client, copy, finish->processed);
}

void
gmq_tally_cancelled(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)event;
    (void)news;
    gmq_tally_saw(tally, GMQ_SOMETIMES_CANCELLED);
}

void
gmq_tally_forwarded(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news)
{
    (void)news;
    tally->last_work_ns = event->time_ns;
}
