/* What the story says of the disk, and of a broker that comes back. */
#include "sim/story-private.h"

/* What nobody waits for a confirm of is stored as well, and that is told too. */
void
gmq_story_stored(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s is on the disk.", event->message);
}

void
gmq_story_recovered(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s was on the disk and is back in queue %s%s.",
                   event->message, event->who, event->redelivered ? ", marked redelivered" : "");
}

/* At its first start there is nothing to tell. */
void
gmq_story_started(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "new") == 0)
        return;
    gmq_story_tell(story, out, event->time_ns,
                   event->count == 1
                       ? "The broker is there again, with %" G_GUINT64_FORMAT " message."
                       : "The broker is there again, with %" G_GUINT64_FORMAT " messages.",
                   (guint64)event->count);
}

void
gmq_story_refused(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The broker does not start: %s.", event->text);
}

void
gmq_story_stopped(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The broker has written the rest and is gone.");
}

void
gmq_story_tail_cut(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "%s ends in the middle of a record: the broker cuts %" G_GUINT64_FORMAT
                   " bytes off.",
                   event->text, (guint64)event->count);
}

void
gmq_story_unreadable(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "A message of queue %s cannot be read from the disk: %s.", event->who,
                   event->text);
}

void
gmq_story_disk(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The disk %s.", event->text);
}

void
gmq_story_blocked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The broker is %s: %s has to wait.", event->text,
                   event->who);
}

void
gmq_story_unblocked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s may go on publishing.", event->who);
}
