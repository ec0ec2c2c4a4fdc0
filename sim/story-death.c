/* How messages end in a queue, and what becomes of queues and of the broker's room. */
#include "sim/language.h"
#include "sim/story-private.h"
#include "sim/tally.h"

void
gmq_story_expired(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{m} has waited too long in queue {w} and expires."));
}

void
gmq_story_dropped(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *reason;
        const char *words;
    } reasons[] = {
        {GMQ_DEATH_MAXLEN, N_("Queue {w} is full and drops {m}, its oldest.")},
        {"refused", N_("Queue {w} is full and refuses {m}.")},
        {GMQ_DEATH_DELIVERY_LIMIT, N_("Queue {w} gives up {m}, which failed too often.")},
        {"duplicate", N_("{w} had {m} before and drops it.")},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (strcmp(reasons[i].reason, event->text) == 0)
            gmq_story_tell_of(story, event, out, reasons[i].words);
    }
}

void
gmq_story_dead_lettered(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (*event->to == '\0')
        gmq_story_tell_of(story, event, out, N_("Queue {w} sends the dead {m} on to queue {k}."));
    else
        gmq_story_tell_of(
            story, event, out,
            *event->key == '\0'
                ? N_("Queue {w} sends the dead {m} on to exchange {t}.")
                : N_("Queue {w} sends the dead {m} on to exchange {t} with key {k}."));
}

void
gmq_story_held(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("Exchange %s keeps %s for %ju ms."), event->who,
                   event->message, event->count);
}

void
gmq_story_queue_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("Queue {w} is deleted: {x}."));
}

void
gmq_story_queue_purged(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("Queue %s is emptied: %ju gone."), event->who,
                   event->count);
}

void
gmq_story_exchange_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("Exchange {w} is deleted."));
}

/* Somebody who is not seen has no name. */
void
gmq_story_asked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      *event->who == '\0' ? N_("Somebody {x}.") : N_("{w} {x}."));
}

/* An alarm of the disk is told by whom it blocks. */
void
gmq_story_alarm_set(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->who, "memory") == 0)
        gmq_story_tell(
            story, out, event->time_ns,
            P_("The messages of the broker take %ju byte: whoever publishes now has to wait.",
               "The messages of the broker take %ju bytes: whoever publishes now has to wait.",
               event->count),
            event->count);
}

void
gmq_story_alarm_cleared(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->who, "memory") == 0)
        gmq_story_tell_of(story, event, out, N_("The broker has room again."));
}
