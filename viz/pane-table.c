#include <string.h>

#include "sim/language.h"
#include "viz/pane.h"

/* In the order of GmqPane. A row that is not there is a pane that cannot be reached. */
static const GmqPaneInfo panes[GMQ_N_PANES] = {
    [GMQ_PANE_FLOW] =
        {
            .name     = "flow",
            .title    = N_("FLOW"),
            .help     = N_("Messages go from left to right: producer, exchange, queue, "
                               "consumer. (7) is a message on its way, [6] one in a queue or at "
                               "work, R after its number means that it was delivered before, D "
                               "that it is durable. x is a cut line. A click on a box selects it, "
                               "and Enter shows its events alone. l changes to the ladder, where "
                               "time runs downwards and an arrow stands where it arrives, and to a "
                               "table with a row for each queue."),
            .draw     = gmq_pane_main,
            .length   = gmq_pane_main_length,
            .event_at = gmq_pane_main_at,
        },
    [GMQ_PANE_STORY] =
        {
            .name  = "story",
            .title = N_("STORY"),
            .help  = N_("What happens now, in whole sentences, and what the author of the scenario "
                         "says to it. When there is a question, p answers it."),
            .draw  = gmq_pane_story,
        },
    [GMQ_PANE_EVENTS] =
        {
            .name       = "events",
            .title      = N_("LAST EVENTS"),
            .make_title = gmq_pane_events_title,
            .help =
                N_("One line for each thing that happened, the current one lowest: its number, "
                   "its time, who did it, what, and the event that caused it. Enter goes to "
                   "the line under the cursor, f shows those alone that a filter lets through."),
            .draw     = gmq_pane_events,
            .length   = gmq_pane_events_length,
            .event_at = gmq_pane_events_at,
            .is_log   = true,
        },
    [GMQ_PANE_FOLLOW] =
        {
            .name  = "follow",
            .title = N_("MESSAGE"),
            .help  = N_("The life of one message so far: the one of the current event, or the one "
                         "that m chose. m again, or Esc, lets it go."),
            .make_title = gmq_pane_follow_title,
            .draw       = gmq_pane_follow,
            .length     = gmq_pane_follow_length,
            .event_at   = gmq_pane_follow_at,
            .header     = 1,
            .is_log     = true,
        },
    [GMQ_PANE_LINKS] =
        {
            .name     = "links",
            .title    = N_("LINKS AND FAULTS"),
            .help     = N_("The line of each client to the broker: how long one way takes, how "
                               "much that varies, how fast it is, what it loses, and how much is "
                               "on its way to and from the broker. Below: the fault that lasts, "
                               "the next one, and the disk. Enter goes to the last fault of a "
                               "line."),
            .draw     = gmq_pane_links,
            .length   = gmq_pane_links_length,
            .event_at = gmq_pane_links_at,
            .header   = 1,
        },
    [GMQ_PANE_CHECKS] =
        {
            .name       = "checks",
            .title      = N_("CHECKS"),
            .make_title = gmq_pane_checks_title,
            .help = N_("The rules that are looked at after every step: S1 to S21 must never break, "
                       "L1 to L5 hold once all faults are over. At the right: on how much each "
                       "was tried so far. What is broken stands first; Enter goes there."),
            .draw = gmq_pane_checks,
            .length   = gmq_pane_checks_length,
            .event_at = gmq_pane_checks_at,
        },
    [GMQ_PANE_WIRE] =
        {
            .name       = "wire",
            .title      = N_("WIRE"),
            .make_title = gmq_pane_wire_title,
            .help = N_("Each frame that has reached its reader, and the one of the current event: "
                       "its time, who sent it to whom, and what answers it. Below stand the "
                       "fields of the frame under the cursor, one by one; z shows its bytes "
                       "beside them. Enter goes to its event."),
            .draw = gmq_pane_wire,
            .length   = gmq_pane_wire_length,
            .event_at = gmq_pane_wire_at,
            .is_log   = true,
        },
    [GMQ_PANE_MARKS] =
        {
            .name  = "marks",
            .title = N_("FAULTS AND CAPTIONS"),
            .help = N_("The faults and captions that have come, and when the next one comes. n and "
                       "N go from one to the next."),
            .draw = gmq_pane_marks,
            .length   = gmq_pane_marks_length,
            .event_at = gmq_pane_marks_at,
            .is_log   = true,
        },
};

const GmqPaneInfo *
gmq_pane_info(GmqPane pane)
{
    return pane < GMQ_N_PANES && panes[pane].name != NULL ? &panes[pane] : NULL;
}

GmqPane
gmq_pane_find(const char *name)
{
    for (GmqPane pane = GMQ_PANE_FLOW; pane < GMQ_N_PANES; pane++) {
        if (panes[pane].name != NULL && strcmp(panes[pane].name, name) == 0)
            return pane;
    }
    return GMQ_N_PANES;
}

/* ---- cursors ---- */

unsigned
gmq_pane_rows(const GmqView *view, GmqPane pane)
{
    return panes[pane].length != NULL ? panes[pane].length(view) : 0;
}

bool
gmq_pane_is_log(const GmqView *view, GmqPane pane)
{
    return pane == GMQ_PANE_FLOW ? view->layout == GMQ_LAYOUT_LADDER : panes[pane].is_log;
}

unsigned
gmq_pane_first(const GmqView *view, GmqPane pane, unsigned length, unsigned n_shown)
{
    unsigned cursor = MIN(view->cursor[pane], length);
    unsigned last   = length > n_shown ? length - n_shown : 0;

    if (gmq_pane_is_log(view, pane))
        return cursor > 0 ? MIN(last, cursor - 1) : last;
    return cursor > n_shown ? cursor - n_shown : 0;
}

bool
gmq_pane_is_at(const GmqView *view, GmqPane pane, unsigned row)
{
    return view->focus == pane && view->cursor[pane] == row + 1;
}
