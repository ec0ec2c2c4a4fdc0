/* viewer-private.h - the inside of a viewer, for the files viewer*.c alone. */
#pragma once

#include "viz/pane.h"
#include "viz/reel.h"
#include "viz/viewer.h"
#include "viz/what-view.h"

G_BEGIN_DECLS

/* A kind of line in which the reader types (viewer-prompt.c). */
typedef struct GmqPromptKind GmqPromptKind;

struct GmqViewer {
    const GmqStage *stage;
    GmqPicture *now;
    GmqReel *reel; /* from which pictures before it are made */
    GmqView view;  /* without now, which moves, and the prompt */
    GmqTheme theme;
    unsigned revision;
    uint64_t bound; /* behind which the reader cannot go */

    size_t speed;
    int64_t due_us;   /* of the next event while it runs */
    int64_t since_us; /* when the current one came */

    GArray *history; /* of uint64_t: the events from which causes were looked up */

    /* What the view shows is lent from these. */
    GmqFilter *filter;
    char *follow;
    char *search;
    char *flow_filter;
    char *notice;
    GArray *answers; /* of GmqViewAnswer */
    uint64_t asked;  /* the question that is open; 0: none */

    const GmqPromptKind *prompt; /* NULL: nothing is typed */
    GString *typed;
    unsigned cursor;  /* in typed, characters */
    char *error;      /* what is wrong with typed */
    char *hint;       /* what it would do */
    char *overwrites; /* the file that the next Enter writes over; NULL: none */

    GmqWhatView *what;         /* NULL: nobody has asked what if */
    bool is_what_open;         /* it has the whole screen */
    const GmqStage *own_stage; /* while the reader looks at the other run; NULL otherwise */
    uint64_t own_event;        /* to which he comes back */
    GmqRerun *wires;           /* NULL until somebody looks */
};

/* ---- viewer.c ---- */

/* The last event to which the reader can go. */
uint64_t gmq_viewer_length(const GmqViewer *viewer);
const GmqTraceEvent *gmq_viewer_now(const GmqViewer *viewer); /* NULL before the first event */

/* The view as it would be drawn: with the moment in it. */
GmqView gmq_viewer_view(const GmqViewer *viewer);

/* ---- viewer-play.c ---- */

const char *gmq_viewer_speed_name(const GmqViewer *viewer);
bool gmq_viewer_set_speed(GmqViewer *viewer, const char *name, int64_t now_us);
void gmq_viewer_stop(GmqViewer *viewer);

/* A function of the table of keys. */
#define GMQ_PRESS(name) void gmq_press_##name(GmqViewer *viewer, int key, int64_t now_us)

GMQ_PRESS(run);
GMQ_PRESS(faster);
GMQ_PRESS(slower);

/* ---- viewer-time.c ---- */

GMQ_PRESS(forward);
GMQ_PRESS(back);
GMQ_PRESS(story_forward);
GMQ_PRESS(story_back);
GMQ_PRESS(start);
GMQ_PRESS(end);
GMQ_PRESS(next_mark);
GMQ_PRESS(previous_mark);
GMQ_PRESS(broken);
GMQ_PRESS(cause);
GMQ_PRESS(uncause);
GMQ_PRESS(older);
GMQ_PRESS(newer);

/* Goes to the next event after the current one that the search finds, or to the one before it; from
 * the other end on where there is none. */
GMQ_PRESS(next_match);
GMQ_PRESS(previous_match);

/* How many events the text is found in; *next is the one that comes next, 0 for none. */
uint64_t gmq_viewer_count_matches(const GmqViewer *viewer, const char *text, uint64_t *next);

/* ---- viewer-move.c ---- */

GMQ_PRESS(next_pane);
GMQ_PRESS(previous_pane);
GMQ_PRESS(up);
GMQ_PRESS(down);
GMQ_PRESS(left);
GMQ_PRESS(right);
GMQ_PRESS(page_up);
GMQ_PRESS(page_down);
GMQ_PRESS(layout);
GMQ_PRESS(zoom);
GMQ_PRESS(follow);
GMQ_PRESS(enter);

/* The focus goes there, and what the pane needs is brought. */
void gmq_viewer_focus(GmqViewer *viewer, GmqPane pane);

/* Leaves the innermost of what is open: a selection, the zoom, another pane than the first. False
 * when nothing is. */
bool gmq_viewer_back(GmqViewer *viewer);

/* ---- viewer-keys.c ---- */

GMQ_PRESS(help);

/* ---- viewer-ask.c ---- */

GMQ_PRESS(predict);

/* Handles a key while a question is open. */
void gmq_viewer_key_choice(GmqViewer *viewer, int key);

/* ---- viewer-what.c ---- */

GMQ_PRESS(what_if);

/* Handles a key while the screen of what if is open. */
void gmq_viewer_key_what(GmqViewer *viewer, int key);

/* Back to the run as it was; what was tried is forgotten. */
void gmq_viewer_close_what(GmqViewer *viewer);

/* ---- viewer-prompt.c ---- */

GMQ_PRESS(goto);
GMQ_PRESS(search);
GMQ_PRESS(filter);
GMQ_PRESS(export);
GMQ_PRESS(command);

/* Handles a key while something is typed. False when the reader leaves. */
bool gmq_viewer_key_prompt(GmqViewer *viewer, int key, int64_t now_us);
void gmq_viewer_close_prompt(GmqViewer *viewer);
const char *gmq_viewer_prompt_label(const GmqViewer *viewer);

/* ---- viewer-command.c ---- */

/* Does the line behind ":"; *leaves is set when it is "quit". */
bool gmq_viewer_command(GmqViewer *viewer, const char *line, int64_t now_us, bool *leaves,
                        GError **error);

/* Whether it could be done, as far as that shows before; *hint is what the command takes, lent. */
bool gmq_viewer_check_command(GmqViewer *viewer, const char *line, const char **hint,
                              GError **error);

/* The command that the line begins and no other does; NULL when there is none. */
const char *gmq_viewer_complete(const char *line);

/* ---- viewer-export.c ---- */

/* Whether a file of that name could be written. */
bool gmq_viewer_check_export(const char *path, GError **error);

/* Writes this moment to a file, in the format that its ending names. */
bool gmq_viewer_export(GmqViewer *viewer, const char *path, GError **error);

/* ".txt .dot .svg ...", for hints */
const char *gmq_viewer_export_formats(void);

#define GMQ_VIEWER_ERROR gmq_viewer_error_quark()
GQuark gmq_viewer_error_quark(void);

typedef enum {
    GMQ_VIEWER_ERROR_WRONG,
} GmqViewerError;

/* Sets the error, a sentence without its full stop; returns false. */
bool gmq_viewer_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
