/* figure.h - the picture of one moment for a text: the flow alone, as high as it has to be.
 *
 * The run is kept, so that several figures of it cost one run. */
#pragma once

#include "viz/screen.h"
#include "viz/stage.h"

G_BEGIN_DECLS

/* Narrower ones have no room for four boxes in a row. */
#define GMQ_FIGURE_WIDTH_LEAST 60
#define GMQ_FIGURE_HEIGHT_MAX 40

typedef struct GmqFigure GmqFigure;

/* Runs the scenario, or reads the trace, in that file. NULL with the error of gmq_load_run(). */
GmqFigure *gmq_figure_new(const char *path, GError **error);
void gmq_figure_free(GmqFigure *figure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqFigure, gmq_figure_free)

/* The run; lent. */
const GmqStage *gmq_figure_stage(const GmqFigure *figure);

/* The moment of that name (moment.h) as rows of boxes and wires, of that width in columns, at least
 * GMQ_FIGURE_WIDTH_LEAST, with no empty row above or below, and at most that many rows: 0 stands
 * for as many as the boxes want. NULL with an error when there is no such moment. The caller frees
 * the screen. */
GmqScreen *gmq_figure_draw(const GmqFigure *figure, const char *moment, int width,
                           unsigned rows_most, GmqGlyphs glyphs, GError **error);

/* The same moment in sentences, for those who cannot see it. The caller frees the text. */
char *gmq_figure_tell(const GmqFigure *figure, const char *moment, GError **error);

G_END_DECLS
