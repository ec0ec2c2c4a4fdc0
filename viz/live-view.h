/* live-view.h - a running broker on the terminal: the view of a run that still goes on. */
#pragma once

#include "viz/curses.h"
#include "viz/live.h"

G_BEGIN_DECLS

typedef struct GmqLiveView GmqLiveView;

/* Waits until the broker of that directory has told what there is. NULL with an error, a sentence
 * without its full stop. */
GmqLiveView *gmq_live_view_new(const char *directory, const char *vhost, GError **error);
void gmq_live_view_free(GmqLiveView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLiveView, gmq_live_view_free)

/* What there is now; lent until it changes while the view is shown. */
const GmqStage *gmq_live_view_stage(const GmqLiveView *view);

/* Shows it with a viewer of that stage until the reader leaves; options say how. */
void gmq_live_view_run(GmqLiveView *view, GmqViewer *viewer, const GmqCursesOptions *options);

G_END_DECLS
