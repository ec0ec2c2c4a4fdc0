/* What becomes known to those who send. */
#include "sim/story-private.h"
#include "sim/tally.h"
#include "sim/units.h"

/* "its message", "its 3 messages"; the caller frees it. */
static char *
count_messages(const GmqTraceEvent *event, const char *whose)
{
    if (event->count == 1)
        return g_strdup_printf("%s message", whose);
    return g_strdup_printf("%s %" G_GUINT64_FORMAT " messages", whose, (guint64)event->count);
}

void
gmq_story_confirmed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (event->tag == 0)
        gmq_story_tell(story, out, event->time_ns, "%s knows that %s is committed.", event->who,
                       event->message);
    else
        gmq_story_tell(story, out, event->time_ns, "%s gets the confirm for %s.", event->who,
                       event->message);
}

void
gmq_story_nacked(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s hears that the broker refused %s.", event->who,
                   event->message);
}

void
gmq_story_returned(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s gets %s back: %s.", event->who, event->message,
                   event->text);
}

void
gmq_story_cannot(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s cannot send: %s.", event->who, event->text);
}

/* A tag is that of a publish with confirms; requests wait for something else. */
void
gmq_story_gave_up(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s waits no longer for the %s %s.", event->who,
                   event->tag == 0 ? "reply to" : "confirm of", event->message);
}

/* ---- transactions ---- */

void
gmq_story_commits(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *what = count_messages(event, "its");
    gmq_story_tell(story, out, event->time_ns, "%s commits %s.", event->who, what);
}

void
gmq_story_rolls_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *what = count_messages(event, "its");
    gmq_story_tell(story, out, event->time_ns, "%s takes %s back.", event->who, what);
}

void
gmq_story_taken_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s knows that %s is not there.", event->who,
                   event->message);
}

void
gmq_story_committed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *what = count_messages(event, "the");
    gmq_story_tell(story, out, event->time_ns, "The broker commits %s of %s.", what, event->who);
}

void
gmq_story_rolled_back(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *what = count_messages(event, "the");
    gmq_story_tell(story, out, event->time_ns, "The broker forgets %s of %s.", what, event->who);
}

/* ---- replies ---- */

void
gmq_story_replied(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *time = gmq_duration_text((int64_t)event->count * 1000000);

    if (strcmp(event->text, GMQ_REPLY_UNKNOWN) == 0)
        gmq_story_tell(story, out, event->time_ns, "%s gets %s, which answers nothing it asked.",
                       event->who, event->message);
    else
        gmq_story_tell(story, out, event->time_ns, "%s gets the reply to %s after %s (%s)%s.",
                       event->who, event->key, time, event->message,
                       strcmp(event->text, GMQ_REPLY_LATE) == 0
                           ? ": too late, it no longer waits for it"
                           : "");
}

/* ---- raw bytes ---- */

void
gmq_story_wrote(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s sends %s.", event->who, event->text);
}

void
gmq_story_read(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s hears %s.", event->who, event->text);
}
