/* line-canvas.h - the lines of the flow before they become glyphs: those that meet join. */
#pragma once

#include "viz/layout.h"

G_BEGIN_DECLS

typedef struct GmqLineCanvas GmqLineCanvas;

/* An empty canvas as large as the area of the layout, which is lent. */
GmqLineCanvas *gmq_line_canvas_new(const GmqLayout *layout);
void gmq_line_canvas_free(GmqLineCanvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLineCanvas, gmq_line_canvas_free)

/* A wire on its row or its back row; style is of GMQ_LINE. What is hot stands out. */
void gmq_line_mark_wire(GmqLineCanvas *canvas, const GmqWire *wire, int row, unsigned style,
                        bool is_hot);
void gmq_line_mark_route(GmqLineCanvas *canvas, const GmqRoute *route, unsigned style, bool is_hot);

void gmq_line_canvas_draw(const GmqLineCanvas *canvas, GmqScreen *screen);

G_END_DECLS
