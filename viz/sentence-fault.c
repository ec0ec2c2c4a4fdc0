#include "viz/sentence-fault.h"

#include <string.h>

#include "sim/language.h"
#include "sim/particle.h"
#include "viz/event-line.h"

/* Faults befall a client, the broker or everybody. */
static char *
whose(const GmqTraceEvent *event)
{
    if (strcmp(event->who, "broker") == 0)
        return g_strdup(_("the broker"));
    return g_strdup(strcmp(event->who, "all") == 0 ? _("every client") : event->who);
}

char *
gmq_sentence_crash(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (strcmp(event->who, "broker") == 0)
        return g_strdup(_("The broker dies. What it had only in memory is gone."));
    return gmq_event_fill(
        stage, event,
        N_("{w} dies. It can tell nobody; the broker only sees its connection break."));
}

char *
gmq_sentence_cut(const GmqStage *stage, const GmqTraceEvent *event)
{
    g_autofree char *who = whose(event);

    (void)stage;
    if (strcmp(event->text, "from broker") == 0)
        return gmq_told(_("The line from the broker to %s is cut."), who);
    if (strcmp(event->text, "to broker") == 0)
        return gmq_told(_("The line from %s to the broker is cut."), who);
    return gmq_told(_("The line between %s and the broker is cut."), who);
}

char *
gmq_sentence_healed(const GmqStage *stage, const GmqTraceEvent *event)
{
    g_autofree char *who = whose(event);

    (void)stage;
    return gmq_told(_("The line between %s and the broker works again."), who);
}

char *
gmq_sentence_close(const GmqStage *stage, const GmqTraceEvent *event)
{
    g_autofree char *who = whose(event);
    const char *after    = strstr(event->text, "after ");

    (void)stage;
    if (after == NULL)
        return gmq_told(_("The network ends the connection of %s."), who);
    return gmq_told(_("The network ends the connection of %s; that becomes known %s later."), who,
                    after + strlen("after "));
}

char *
gmq_sentence_stop(const GmqStage *stage, const GmqTraceEvent *event)
{
    bool is_stop         = event->kind == GMQ_EVENT_FAULT_STOP;
    g_autofree char *who = whose(event);

    (void)stage;
    if (strcmp(event->who, "broker") == 0)
        return g_strdup(is_stop ? _("The broker is told to stop.") : _("The broker is started."));
    return gmq_told(is_stop ? _("%s is told to stop.") : _("%s is started."), who);
}

char *
gmq_sentence_deed(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event, *event->who == '\0' ? N_("Somebody {x}.") : "{w} {x}.");
}

char *
gmq_sentence_link(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event,
                          *event->text == '\0' ? N_("The line of {w} is as it was before.")
                                               : N_("The line of {w} changes: {x}."));
}
