/* What befalls processes and lines, as sentences. */
#include "sim/language.h"
#include "sim/particle.h"
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
        gmq_story_tell_of(story, event, out,
                          N_("The broker crashes. What it had in memory is gone."));
    else
        gmq_story_tell_of(story, event, out, N_("{w} crashes."));
}

void
gmq_story_stop(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      is_broker(event) ? N_("The broker stops.") : N_("{w} stops."));
}

void
gmq_story_start(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      is_broker(event) ? N_("The broker starts again.") : N_("{w} starts again."));
}

/* Whose line it is. */
static const char *
whose(const GmqTraceEvent *event)
{
    return strcmp(event->who, "all") == 0 ? _("every client") : event->who;
}

/* ", from the broker" for one direction. */
static const char *
side_of(const GmqTraceEvent *event)
{
    if (*event->text == '\0')
        return "";
    return strcmp(event->text, "from broker") == 0 ? _(", from the broker") : _(", to the broker");
}

void
gmq_story_cut(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("The line of %s is cut%s."), whose(event),
                   side_of(event));
}

void
gmq_story_healed(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("The line of %s is whole again."), whose(event));
}

void
gmq_story_line_died(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   _("What %s sends is lost for the %juth time in a row: the connection of %s "
                     "dies."),
                   is_broker(event) ? _("the broker") : event->who, event->count,
                   is_broker(event) ? event->to : event->who);
}

void
gmq_story_clog(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns,
                   _("Nothing gets through on the line of %s%s: it waits."), whose(event),
                   side_of(event));
}

void
gmq_story_unclog(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("What waited on the line of %s arrives."),
                   whose(event));
}

/* Who is told, of the two ends. */
static const char *
told(const GmqTraceEvent *event)
{
    if (g_str_has_prefix(event->text, "client"))
        return _("; the broker is not told");
    return g_str_has_prefix(event->text, "broker") ? _("; the client is not told") : "";
}

/* When, if that is later; "" otherwise. The caller frees it. */
static char *
told_when(const GmqTraceEvent *event)
{
    const char *after = strstr(event->text, "after ");

    return after == NULL ? g_strdup("")
                         : gmq_told(_("; that becomes known %s later"), after + strlen("after "));
}

void
gmq_story_reset(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell(story, out, event->time_ns, _("The connection of %s breaks%s."), whose(event),
                   told(event));
}

void
gmq_story_close_line(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    g_autofree char *when = told_when(event);

    gmq_story_tell(story, out, event->time_ns, _("The network ends the connection of %s%s%s."),
                   whose(event), told(event), when);
}

void
gmq_story_link(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    bool is_default = strcmp(event->who, "default") == 0;

    if (*event->text == '\0')
        gmq_story_tell(story, out, event->time_ns, _("The line of %s is as it was before."),
                       is_default ? _("every client") : event->who);
    else
        gmq_story_tell(story, out, event->time_ns, _("The line of %s changes: %s."),
                       is_default ? _("every client") : event->who, event->text);
}

void
gmq_story_freeze(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      is_broker(event)
                          ? N_("The broker freezes: its connections stay, and it does nothing.")
                          : N_("{w} freezes: its connections stay, and it does nothing."));
}

void
gmq_story_thaw(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out,
                      is_broker(event) ? N_("The broker goes on where it froze.")
                                       : N_("{w} goes on where it froze."));
}

void
gmq_story_calm(GmqStory *story, const GmqTraceEvent *event, GString *out)
{
    gmq_story_tell_of(story, event, out, N_("All faults are over."));
}
