/* runs.h - the runs that a lesson talks about: each file is run once and kept. */
#pragma once

#include "lessons/markdown.h"
#include "viz/figure.h"

G_BEGIN_DECLS

typedef struct GmqRuns GmqRuns;

/* Of the files of that folder, which must not change from now on, with the words of that language
 * where there are some (see twin.h). */
GmqRuns *gmq_runs_new(const char *folder, const char *language);
void gmq_runs_free(GmqRuns *runs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRuns, gmq_runs_free)

/* The run of a file, by its name in the folder; lent. NULL with the error of gmq_load_run(), the
 * same each time. */
const GmqFigure *gmq_runs_get(GmqRuns *runs, const char *file, GError **error);

/* How pictures look. */
typedef struct {
    GmqRuns *runs;
    unsigned rows_most; /* 0: as many as the boxes want */
    bool is_told;       /* pictures are told in sentences */
} GmqRunsLook;

/* The pictures of Markdown: "scenario.yaml#31" as rows of boxes and wires, as many columns wide as
 * the text. What cannot be drawn is told in words. data is a GmqRunsLook. */
GPtrArray *gmq_runs_picture(const char *alt, const char *target, int width, GmqGlyphs glyphs,
                            void *data);

G_END_DECLS
