/* pane.h - the parts of the view: what each is called, how it is drawn, and what its rows are.
 *
 * Each draws into a rectangle and leaves the rest alone. Its frame or rule with its title is the
 * view's. */
#pragma once

#include "viz/view.h"

G_BEGIN_DECLS

/* One pane. Those with rows have a cursor, which the view moves; the others are scrolled. */
typedef struct {
    const char *name;  /* for --pane and the command line: "events" */
    const char *title; /* over the pane: "LAST EVENTS" */
    const char *help;  /* what it shows and what its signs mean, in sentences, for "?" */

    void (*draw)(GmqScreen *screen, const GmqView *view, GmqRect rect);

    /* How many rows there are at this moment. NULL: it has none. */
    unsigned (*length)(const GmqView *view);

    /* The event that a row stands for, 0 for none; row counts from 0. NULL: none has one. */
    uint64_t (*event_at)(const GmqView *view, unsigned row);

    unsigned header; /* lines of the pane above its first row */
    bool is_log;     /* its last row is the newest, so without a cursor its end is shown */

    /* Instead of title, where it depends on the moment; the caller frees it. NULL: title. */
    char *(*make_title)(const GmqView *view);
} GmqPaneInfo;

/* The row of the table (pane-table.c); NULL for a pane that nobody has made. */
const GmqPaneInfo *gmq_pane_info(GmqPane pane);

/* The pane of that name; GMQ_N_PANES when there is none. */
GmqPane gmq_pane_find(const char *name);

/* How many rows the pane has at this moment, 0 for one that is scrolled; and whether the last one
 * is the newest. */
unsigned gmq_pane_rows(const GmqView *view, GmqPane pane);
bool gmq_pane_is_log(const GmqView *view, GmqPane pane);

/* The first of length rows to draw where n_shown fit: the cursor's row is always among them. */
unsigned gmq_pane_first(const GmqView *view, GmqPane pane, unsigned length, unsigned n_shown);

/* Whether the cursor stands on that row of the pane. */
bool gmq_pane_is_at(const GmqView *view, GmqPane pane, unsigned row);

/* ---- the panes ---- */

void gmq_pane_main(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_story(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_events(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_follow(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_marks(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_totals(GmqScreen *screen, const GmqView *view, GmqRect rect);

unsigned gmq_pane_events_length(const GmqView *view);
uint64_t gmq_pane_events_at(const GmqView *view, unsigned row);
char *gmq_pane_events_title(const GmqView *view);
unsigned gmq_pane_follow_length(const GmqView *view);
uint64_t gmq_pane_follow_at(const GmqView *view, unsigned row);
char *gmq_pane_follow_title(const GmqView *view);
unsigned gmq_pane_marks_length(const GmqView *view);
uint64_t gmq_pane_marks_at(const GmqView *view, unsigned row);

/* The message of the FOLLOW pane: the one that is followed, or that of the current event, or the
 * last one that was seen before it; "" without any. Lent. */
const char *gmq_pane_followed(const GmqView *view);

/* The lines between clients and broker. (pane-links.c) */
void gmq_pane_links(GmqScreen *screen, const GmqView *view, GmqRect rect);
unsigned gmq_pane_links_length(const GmqView *view);
uint64_t gmq_pane_links_at(const GmqView *view, unsigned row);

/* The rules that are checked. (pane-checks.c) */
void gmq_pane_checks(GmqScreen *screen, const GmqView *view, GmqRect rect);
unsigned gmq_pane_checks_length(const GmqView *view);
uint64_t gmq_pane_checks_at(const GmqView *view, unsigned row);
char *gmq_pane_checks_title(const GmqView *view);

/* The frames that passed between clients and broker. (pane-wire.c) */
void gmq_pane_wire(GmqScreen *screen, const GmqView *view, GmqRect rect);
unsigned gmq_pane_wire_length(const GmqView *view);
uint64_t gmq_pane_wire_at(const GmqView *view, unsigned row);
char *gmq_pane_wire_title(const GmqView *view);

/* Only some layouts of the main pane have rows. (pane-main.c) */
unsigned gmq_pane_main_length(const GmqView *view);
uint64_t gmq_pane_main_at(const GmqView *view, unsigned row);

/* The main pane as a table, whose rows are queues. (pane-queues.c) */
void gmq_pane_queues(GmqScreen *screen, const GmqView *view, GmqRect rect);
unsigned gmq_pane_queues_length(const GmqView *view);
uint64_t gmq_pane_queues_at(const GmqView *view, unsigned row);

/* The main pane as a ladder, and its rows. (pane-ladder.c) */
void gmq_pane_ladder(GmqScreen *screen, const GmqView *view, GmqRect rect);
unsigned gmq_pane_ladder_length(const GmqView *view);
uint64_t gmq_pane_ladder_at(const GmqView *view, unsigned row);

/* ---- around them ---- */

void gmq_pane_title(GmqScreen *screen, const GmqView *view, int y);
void gmq_pane_counters(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_time_bar(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_keys(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_help(GmqScreen *screen, const GmqView *view, GmqRect rect);

/* The line in which the reader types, or a notice, over the last lines of the screen. */
void gmq_pane_prompt(GmqScreen *screen, const GmqView *view);

/* The columns of the time bar that stand for moments. */
GmqRect gmq_pane_time_columns(const GmqView *view, GmqRect rect);

/* One row per queue and client, without boxes, for small screens; and a table of counters for tiny
 * ones. (list.c) */
void gmq_pane_list(GmqScreen *screen, const GmqView *view, GmqRect rect);
void gmq_pane_table(GmqScreen *screen, const GmqView *view, GmqRect rect);

/* What stands over the pane, in brackets when it has the focus; "" for the flow, which has heads of
 * its own. The caller frees it. */
char *gmq_pane_heading(const GmqView *view, GmqPane pane);

/* A rule with the heading of the pane. */
void gmq_pane_rule(GmqScreen *screen, const GmqView *view, int x, int y, int width, GmqPane pane);

G_END_DECLS
