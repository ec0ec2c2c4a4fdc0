/* What becomes known to those who send. */
#include "sim/language.h"
#include "sim/story-private.h"
#include "sim/tally.h"
#include "sim/units.h"

void
gmq_story_confirmed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->tag == 0)
        gmq_story_tell_of(story, event, out, N_("{w} knows that {m} is committed."));
    else
        gmq_story_tell_of(story, event, out, N_("{w} gets the confirm for {m}."));
}

void
gmq_story_nacked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} hears that the broker refused {m}."));
}

void
gmq_story_returned(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} gets {m} back: {x}."));
}

void
gmq_story_cannot(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} cannot send: {x}."));
}

/* A tag is that of a publish with confirms; requests wait for something else. */
void
gmq_story_gave_up(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      event->tag == 0 ? N_("{w} waits no longer for the reply to {m}.")
                                      : N_("{w} waits no longer for the confirm of {m}."));
}

/* ---- transactions ---- */

void
gmq_story_commits(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell_of(story, event, out, N_("{w} commits its message."));
    else
        gmq_story_tell(story, out, event->time_ns, _("%s commits its %ju messages."), event->who,
                       event->count);
}

void
gmq_story_rolls_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell_of(story, event, out, N_("{w} takes its message back."));
    else
        gmq_story_tell(story, out, event->time_ns, _("%s takes its %ju messages back."), event->who,
                       event->count);
}

void
gmq_story_taken_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} knows that {m} is not there."));
}

void
gmq_story_committed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell_of(story, event, out, N_("The broker commits the message of {w}."));
    else
        gmq_story_tell(story, out, event->time_ns, _("The broker commits the %ju messages of %s."),
                       event->count, event->who);
}

void
gmq_story_rolled_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->count == 1)
        gmq_story_tell_of(story, event, out, N_("The broker forgets the message of {w}."));
    else
        gmq_story_tell(story, out, event->time_ns, _("The broker forgets the %ju messages of %s."),
                       event->count, event->who);
}

/* ---- replies ---- */

void
gmq_story_replied(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *time = gmq_duration_text((int64_t)event->count * 1000000);

    if (strcmp(event->text, GMQ_REPLY_UNKNOWN) == 0)
        gmq_story_tell_of(story, event, out, N_("{w} gets {m}, which answers nothing it asked."));
    else
        gmq_story_tell(story, out, event->time_ns,
                       strcmp(event->text, GMQ_REPLY_LATE) == 0
                           ? _("%s gets the reply to %s after %s (%s): too late, it no longer "
                               "waits for it.")
                           : _("%s gets the reply to %s after %s (%s)."),
                       event->who, event->key, time, event->message);
}

/* ---- raw bytes ---- */

void
gmq_story_wrote(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} sends {x}."));
}

void
gmq_story_read(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("{w} hears {x}."));
}
