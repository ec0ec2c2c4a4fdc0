/* What clients do, told from the broker's side: for runs in which nobody sees the clients. */
#include "sim/language.h"
#include "sim/story-private.h"

static void
on_published(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (*event->to == '\0')
        gmq_story_tell_of(story, event, out, N_("{w} publishes {m} to queue {k}."));
    else
        gmq_story_tell_of(story, event, out,
                          *event->key == '\0'
                              ? N_("{w} publishes {m} to exchange {t}.")
                              : N_("{w} publishes {m} to exchange {t} with key {k}."));
}

static void
on_delivered(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->redelivered ? N_("{m} goes from queue {w} to {t}, once more.")
                                         : N_("{m} goes from queue {w} to {t}."));
}

static void
on_got(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->redelivered ? N_("{t} gets {m} from queue {w}, once more.")
                                         : N_("{t} gets {m} from queue {w}."));
}

static void
on_acked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{t} acks {m}."));
}

static void
on_rejected(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->count != 0 ? N_("{t} gives {m} back.") : N_("{t} rejects {m}."));
}

/* The count of an answer says whether it is for all up to that number. */
static void
on_confirmed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   event->count != 0
                       ? _("The broker confirms all that %s has published, up to number %ju.")
                       : _("The broker confirms what %s has published as number %ju."),
                   event->who, (uintmax_t)event->tag);
}

static void
on_nacked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   event->count != 0
                       ? _("The broker refuses all that %s has published, up to number %ju.")
                       : _("The broker refuses what %s has published as number %ju."),
                   event->who, (uintmax_t)event->tag);
}

static void
on_returned(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{m} comes back to {w}: nobody takes it."));
}

typedef void (*Teller)(GmqStory *story, const GmqTraceEvent *event, GString *out);

static const Teller tellers[GMQ_N_EVENTS] = {
    [GMQ_EVENT_PUBLISHED] = on_published,
    [GMQ_EVENT_DELIVERED] = on_delivered,
    [GMQ_EVENT_GOT]       = on_got,
    [GMQ_EVENT_ACKED]     = on_acked,
    [GMQ_EVENT_REJECTED]  = on_rejected,
    [GMQ_EVENT_CONFIRMED] = on_confirmed,
    [GMQ_EVENT_NACKED]    = on_nacked,
    [GMQ_EVENT_RETURNED]  = on_returned,
};

void
gmq_story_add_of_broker(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_add(story, event, out);
    if (tellers[event->kind] != NULL)
        tellers[event->kind](story, event, out);
}
