/* What clients do that receive, in sentences. */
#include "sim/finish.h"
#include "sim/language.h"
#include "sim/story-private.h"

void
gmq_story_received(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->redelivered ? N_("{w} gets {m} from queue {t}, marked redelivered.")
                                         : N_("{w} gets {m} from queue {t}."));
}

void
gmq_story_finished(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *then;
        const char *sentence;
    } words[] = {
        {GMQ_FINISH_ACK, N_("{w} is done with {m} and acks it.")},
        {GMQ_FINISH_ACK_ALL, N_("{w} is done with {m} and acks all that it has done so far.")},
        {GMQ_FINISH_LATER, N_("{w} is done with {m}; its ack comes later.")},
        {GMQ_FINISH_SETTLED, N_("{w} is done with {m}.")},
        {GMQ_FINISH_NOTHING, N_("{w} is done with {m} and never acks it.")},
        {GMQ_FINISH_TOO_LATE, N_("{w} is done with {m}, but can no longer ack it.")},
        {GMQ_FINISH_CLOSE, N_("{w} is done with {m} and closes its connection before it acks.")},
        {GMQ_FINISH_REJECT, N_("{w} rejects {m} for good.")},
        {GMQ_FINISH_REQUEUE, N_("{w} rejects {m} and wants it back in the queue.")},
        {GMQ_FINISH_CRASH, N_("{w} cannot stand {m}.")},
        {GMQ_FINISH_KNOWN, N_("{w} has done {m} before: it only acks it.")},
        {GMQ_FINISH_UNSAID, N_("{w} can say nothing of {m} any more.")},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].then, event->text) == 0)
            gmq_story_tell_of(story, event, out, words[i].sentence);
    }
}

void
gmq_story_forwarded(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      *event->to == '\0' ? N_("{w} sends {m} on to queue {k}.")
                                         : N_("{w} sends {m} on to exchange {t}."));
}

/* Only the first of several in a row is news. */
void
gmq_story_empty(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell_of(story, event, out, N_("{w} asks queue {t} in vain: it is empty."));
}

void
gmq_story_cancelled(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      N_("{w} hears that it consumes no more: queue {t} is not there."));
}
