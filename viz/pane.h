/* pane.h - the parts of the view around the flow: title, story, lists, counters, time bar, keys.
 *
 * Each draws into a rectangle and leaves the rest alone. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

void gmq_pane_title(GmqScreen *screen, const GmqView *view, int y);
void gmq_pane_story(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_events(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_message(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_marks(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_totals(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_counters(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_time_bar(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_keys(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_help(GmqScreen *screen, const GmqView *view, GmqRect rect);

/* One row per queue and client, without boxes, for small screens; and a table of counters for tiny
 * ones. (list.c) */
void gmq_pane_list(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_table(GmqScreen *screen, const GmqView *view, GmqRect rect);

/* A rule with a title; in brackets when the pane has the focus. */
void gmq_pane_rule(GmqScreen *screen, const GmqView *view, int x, int y, int width,
                   const char *title, GmqPane pane);

G_END_DECLS
