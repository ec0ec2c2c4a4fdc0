/* What befalls processes and lines, as sentences. */
#include "sim/story-private.h"

static bool
is_broker(const GmqTraceEvent *event)
{
    return strcmp(event->who, "broker") == 0;
}

void
gmq_story_crash(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    if (is_broker(event))
        gmq_story_tell(story, out, event->time_ns,
                       "The broker crashes. What it had in memory is gone.");
    else
        gmq_story_tell(story, out, event->time_ns, "%s crashes.", event->who);
}

void
gmq_story_stop(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s stops.",
                   is_broker(event) ? "The broker" : event->who);
}

void
gmq_story_start(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s starts again.",
                   is_broker(event) ? "The broker" : event->who);
}

/* Whose line it is. */
static const char *
whose(const GmqTraceEvent *event)
{
    return strcmp(event->who, "all") == 0 ? "every client" : event->who;
}

/* ", from the broker" for one direction. */
static const char *
side_of(const GmqTraceEvent *event)
{
    if (*event->text == '\0')
        return "";
    return strcmp(event->text, "from broker") == 0 ? ", from the broker" : ", to the broker";
}

void
gmq_story_cut(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The line of %s is cut%s.", whose(event),
                   side_of(event));
}

void
gmq_story_healed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The line of %s is whole again.", whose(event));
}

void
gmq_story_line_died(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "What %s sends is lost for the %" G_GUINT64_FORMAT
                   "th time in a row: the connection of %s dies.",
                   is_broker(event) ? "the broker" : event->who, (guint64)event->count,
                   is_broker(event) ? event->to : event->who);
}

void
gmq_story_clog(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "Nothing gets through on the line of %s%s: it waits.", whose(event),
                   side_of(event));
}

void
gmq_story_unclog(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "What waited on the line of %s arrives.",
                   whose(event));
}

/* Who is told, of the two ends. */
static const char *
told(const GmqTraceEvent *event)
{
    if (*event->text == '\0')
        return "";
    return strcmp(event->text, "client") == 0 ? "; the broker is not told"
                                              : "; the client is not told";
}

void
gmq_story_reset(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The connection of %s breaks%s.", whose(event),
                   told(event));
}

void
gmq_story_close_line(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "The network ends the connection of %s%s.",
                   whose(event), told(event));
}

void
gmq_story_link(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    bool is_default = strcmp(event->who, "default") == 0;

    if (*event->text == '\0')
        gmq_story_tell(story, out, event->time_ns, "The line of %s is as it was before.",
                       is_default ? "every client" : event->who);
    else
        gmq_story_tell(story, out, event->time_ns, "The line of %s changes: %s.",
                       is_default ? "every client" : event->who, event->text);
}

void
gmq_story_freeze(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   "%s freezes: its connections stay, and it does "
                   "nothing.",
                   is_broker(event) ? "The broker" : event->who);
}

void
gmq_story_thaw(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "%s goes on where it froze.",
                   is_broker(event) ? "The broker" : event->who);
}

void
gmq_story_calm(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, "All faults are over.");
}
