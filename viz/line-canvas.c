#include "viz/line-canvas.h"

#include "viz/glyphs.h"

#define STYLES (GMQ_LINE_DOTTED | GMQ_LINE_DASHED | GMQ_LINE_DOUBLE)
#define HOT 128

struct GmqLineCanvas {
    const GmqLayout *layout;
    uint8_t *lines; /* GMQ_LINE bits and HOT, of each cell of the area */
};

GmqLineCanvas *
gmq_line_canvas_new(const GmqLayout *layout)
{
    GmqLineCanvas *canvas = g_new0(GmqLineCanvas, 1);

    canvas->layout = layout;
    canvas->lines  = g_new0(uint8_t, (size_t)MAX(layout->area.width * layout->area.height, 1));
    return canvas;
}

void
gmq_line_canvas_free(GmqLineCanvas *canvas)
{
    g_free(canvas->lines);
    g_free(canvas);
}

static uint8_t *
cell_at(const GmqLineCanvas *canvas, int x, int y)
{
    const GmqRect *area = &canvas->layout->area;

    if (x < area->x || x >= area->x + area->width || y < area->y || y >= area->y + area->height)
        return NULL;
    return &canvas->lines[(y - area->y) * area->width + (x - area->x)];
}

/* Where lines of two styles run, a double one wins, then one that is whole. */
static unsigned
join_styles(unsigned one, unsigned other)
{
    unsigned all = (one | other) & STYLES;

    if (all & GMQ_LINE_DOUBLE)
        return GMQ_LINE_DOUBLE;
    return (one & STYLES) == (other & STYLES) ? all : 0;
}

static void
mark(const GmqLineCanvas *canvas, int x, int y, unsigned line)
{
    uint8_t *cell = cell_at(canvas, x, y);

    if (cell == NULL)
        return;
    unsigned style = *cell == 0 ? line & STYLES : join_styles(*cell, line);
    *cell          = (uint8_t)(((*cell | line) & ~(unsigned)STYLES) | style);
}

static void
mark_across(const GmqLineCanvas *canvas, int x0, int x1, int y, unsigned style)
{
    for (int x = x0; x <= x1; x++)
        mark(canvas, x, y, (unsigned)GMQ_LINE_LEFT | GMQ_LINE_RIGHT | style);
}

static void
mark_upright(const GmqLineCanvas *canvas, int x, int y0, int y1, unsigned style)
{
    for (int y = MIN(y0, y1); y <= MAX(y0, y1); y++) {
        unsigned line = (y > MIN(y0, y1) ? GMQ_LINE_UP : 0) | (y < MAX(y0, y1) ? GMQ_LINE_DOWN : 0);
        if (line != 0)
            mark(canvas, x, y, line | style);
    }
}

/* From the hub to the lane, along it, and on to the owner. */
void
gmq_line_mark_wire(GmqLineCanvas *canvas, const GmqWire *wire, int row, unsigned style, bool is_hot)
{
    style |= is_hot ? HOT : 0;
    if (wire->lane < 0 || row == wire->hub_row) {
        mark_across(canvas, wire->x0, wire->x1, row, style);
        return;
    }

    int hub_x0        = wire->hub_left ? wire->x0 : wire->lane + 1;
    int hub_x1        = wire->hub_left ? wire->lane - 1 : wire->x1;
    int row_x0        = wire->hub_left ? wire->lane + 1 : wire->x0;
    int row_x1        = wire->hub_left ? wire->x1 : wire->lane - 1;
    unsigned to_hub   = wire->hub_left ? GMQ_LINE_LEFT : GMQ_LINE_RIGHT;
    unsigned to_owner = wire->hub_left ? GMQ_LINE_RIGHT : GMQ_LINE_LEFT;

    mark_across(canvas, hub_x0, hub_x1, wire->hub_row, style);
    mark(canvas, wire->lane, wire->hub_row, to_hub | style);
    mark_upright(canvas, wire->lane, wire->hub_row, row, style);
    mark(canvas, wire->lane, row, to_owner | style);
    mark_across(canvas, row_x0, row_x1, row, style);
}

/* Half of a cell, from its middle to the next corner. */
static unsigned
half(GmqPoint at, GmqPoint other)
{
    if (at.x != other.x)
        return at.x < other.x ? GMQ_LINE_RIGHT : GMQ_LINE_LEFT;
    return at.y < other.y ? GMQ_LINE_DOWN : GMQ_LINE_UP;
}

static void
mark_piece(const GmqLineCanvas *canvas, GmqPoint from, GmqPoint to, unsigned style)
{
    if (from.x == to.x && from.y == to.y)
        return;
    mark(canvas, from.x, from.y, half(from, to) | style);
    mark(canvas, to.x, to.y, half(to, from) | style);
    for (int x = MIN(from.x, to.x) + 1; x < MAX(from.x, to.x); x++)
        mark(canvas, x, from.y, (unsigned)GMQ_LINE_LEFT | GMQ_LINE_RIGHT | style);
    for (int y = MIN(from.y, to.y) + 1; y < MAX(from.y, to.y); y++)
        mark(canvas, from.x, y, (unsigned)GMQ_LINE_UP | GMQ_LINE_DOWN | style);
}

/* Its first cell is drawn through to the box. */
void
gmq_line_mark_route(GmqLineCanvas *canvas, const GmqRoute *route, unsigned style, bool is_hot)
{
    static const unsigned box_side[GMQ_N_WAYS] = {
        [GMQ_WAY_RIGHT] = GMQ_LINE_LEFT,
        [GMQ_WAY_DOWN]  = GMQ_LINE_UP,
        [GMQ_WAY_LEFT]  = GMQ_LINE_RIGHT,
        [GMQ_WAY_UP]    = GMQ_LINE_DOWN,
    };
    GmqPoint first = g_array_index(route->points, GmqPoint, 0);
    unsigned n     = route->points->len;

    style |= is_hot ? HOT : 0;
    mark(canvas, first.x, first.y, box_side[route->leaves] | style);
    for (unsigned i = 1; i < n; i++)
        mark_piece(canvas, g_array_index(route->points, GmqPoint, i - 1),
                   g_array_index(route->points, GmqPoint, i), style);
}

void
gmq_line_canvas_draw(const GmqLineCanvas *canvas, GmqScreen *screen)
{
    const GmqRect *area = &canvas->layout->area;

    for (int y = area->y; y < area->y + area->height; y++) {
        for (int x = area->x; x < area->x + area->width; x++) {
            unsigned line = *cell_at(canvas, x, y);
            if (line != 0)
                gmq_screen_put(screen, x, y, line & HOT ? GMQ_ROLE_HOT : GMQ_ROLE_DIM,
                               gmq_line_glyph(screen->glyphs, line));
        }
    }
}
