/* How messages end in a queue, and what becomes of queues and of the broker's room. */
#include "sim/story-private.h"
#include "sim/tally.h"

void
gmq_story_expired(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s has waited too long in queue %s and expires.",
                   event->message, event->who);
}

void
gmq_story_dropped(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *reason;
        const char *words;
    } reasons[] = {
        {GMQ_DEATH_MAXLEN, "Queue %s is full and drops %s, its oldest."},
        {"refused", "Queue %s is full and refuses %s."},
        {GMQ_DEATH_DELIVERY_LIMIT, "Queue %s gives up %s, which failed too often."},
        {"duplicate", "%s had %s before and drops it."},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (strcmp(reasons[i].reason, event->text) != 0)
            continue;
        g_auto(GStrv) parts = g_strsplit(reasons[i].words, "%s", 3);
        gmq_story_tell(story, out, event->time_ns, "%s%s%s%s%s", parts[0], event->who, parts[1],
                       event->message, parts[2]);
    }
}

void
gmq_story_dead_lettered(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    bool is_queue = *event->to == '\0';

    gmq_story_tell(story, out, event->time_ns, "Queue %s sends the dead %s on to %s %s%s%s.",
                   event->who, event->message, is_queue ? "queue" : "exchange",
                   is_queue ? event->key : event->to,
                   is_queue || *event->key == '\0' ? "" : " with key ", is_queue ? "" : event->key);
}

void
gmq_story_held(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "Exchange %s keeps %s for %" G_GUINT64_FORMAT " ms.",
                   event->who, event->message, (guint64)event->count);
}

void
gmq_story_queue_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "Queue %s is deleted: %s.", event->who, event->text);
}

void
gmq_story_queue_purged(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "Queue %s is emptied: %" G_GUINT64_FORMAT " gone.",
                   event->who, (guint64)event->count);
}

void
gmq_story_exchange_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "Exchange %s is deleted.", event->who);
}

/* Somebody who is not seen has no name. */
void
gmq_story_asked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s %s.",
                   *event->who == '\0' ? "Somebody" : event->who, event->text);
}

/* An alarm of the disk is told by whom it blocks. */
void
gmq_story_alarm_set(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->who, "memory") == 0)
        gmq_story_tell(story, out, event->time_ns,
                       "The messages of the broker take %" G_GUINT64_FORMAT
                       " bytes: whoever publishes now has to wait.",
                       (guint64)event->count);
}

void
gmq_story_alarm_cleared(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->who, "memory") == 0)
        gmq_story_tell(story, out, event->time_ns, "The broker has room again.");
}
