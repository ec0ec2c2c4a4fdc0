/* What the story says of the disk, and of a broker that comes back. */
#include "sim/language.h"
#include "sim/story-private.h"

/* What nobody waits for a confirm of is stored as well, and that is told too. */
void
gmq_story_stored(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{m} is on the disk."));
}

void
gmq_story_recovered(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->redelivered
                          ? N_("{m} was on the disk and is back in queue {w}, marked redelivered.")
                          : N_("{m} was on the disk and is back in queue {w}."));
}

/* At its first start there is nothing to tell. */
void
gmq_story_started(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "new") == 0)
        return;
    gmq_story_tell(story, out, event->time_ns,
                   P_("The broker is there again, with %ju message.",
                      "The broker is there again, with %ju messages.", event->count),
                   event->count);
}

void
gmq_story_refused(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("The broker does not start: {x}."));
}

void
gmq_story_stopped(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("The broker has written the rest and is gone."));
}

void
gmq_story_tail_cut(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   P_("%s ends in the middle of a record: the broker cuts %ju byte off.",
                      "%s ends in the middle of a record: the broker cuts %ju bytes off.",
                      event->count),
                   event->text, event->count);
}

void
gmq_story_unreadable(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      N_("A message of queue {w} cannot be read from the disk: {x}."));
}

void
gmq_story_disk(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("The disk {x}."));
}

void
gmq_story_blocked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("The broker is {x}: {w} has to wait."));
}

void
gmq_story_unblocked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} may go on publishing."));
}
