/* What clients do that receive, in sentences. */
#include "sim/finish.h"
#include "sim/story-private.h"

void
gmq_story_received(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s gets %s from queue %s%s.", event->who,
                   event->message, event->to, event->redelivered ? ", marked redelivered" : "");
}

/* "w1", what stands between, "p1-5", and how it ends. */
void
gmq_story_finished(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *then;
        const char *between;
        const char *end;
    } words[] = {
        {GMQ_FINISH_ACK, "is done with", " and acks it"},
        {GMQ_FINISH_ACK_ALL, "is done with", " and acks all that it has done so far"},
        {GMQ_FINISH_LATER, "is done with", "; its ack comes later"},
        {GMQ_FINISH_SETTLED, "is done with", ""},
        {GMQ_FINISH_NOTHING, "is done with", " and never acks it"},
        {GMQ_FINISH_TOO_LATE, "is done with", ", but can no longer ack it"},
        {GMQ_FINISH_CLOSE, "is done with", " and closes its connection before it acks"},
        {GMQ_FINISH_REJECT, "rejects", " for good"},
        {GMQ_FINISH_REQUEUE, "rejects", " and wants it back in the queue"},
        {GMQ_FINISH_CRASH, "cannot stand", ""},
        {GMQ_FINISH_KNOWN, "has done", " before: it only acks it"},
        {GMQ_FINISH_UNSAID, "can say nothing of", " any more"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].then, event->text) == 0)
            gmq_story_tell(story, out, event->time_ns, "%s %s %s%s.", event->who, words[i].between,
                           event->message, words[i].end);
    }
}

void
gmq_story_forwarded(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    bool is_queue = *event->to == '\0';

    gmq_story_tell(story, out, event->time_ns, "%s sends %s on to %s %s.", event->who,
                   event->message, is_queue ? "queue" : "exchange",
                   is_queue ? event->key : event->to);
}

/* Only the first of several in a row is news. */
void
gmq_story_empty(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell(story, out, event->time_ns, "%s asks queue %s in vain: it is empty.",
                       event->who, event->to);
}

void
gmq_story_cancelled(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "%s hears that it consumes no more: queue %s is not there.", event->who,
                   event->to);
}
