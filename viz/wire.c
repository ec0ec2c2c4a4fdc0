#include "viz/wire.h"

#include "viz/glyphs.h"
#include "viz/line-canvas.h"
#include "viz/line-state.h"

/* ---- on the way ---- */

/* Cut in the middle where there is no room: the number of a message stands at its end. */
static void
put_middle(GmqScreen *screen, int x0, int x1, int y, GmqScreenRole role, const char *text)
{
    int room = x1 - x0 + 1;
    int used = MIN(gmq_text_width(screen->glyphs, text), room);

    gmq_screen_put_name(screen, x0 + (room - used) / 2, y, used, role, text);
}

/* In the middle when it stands still; in play as far along as the message has come. */
static void
put_on_way(GmqScreen *screen, const GmqView *view, int x0, int x1, int y, bool moves, bool is_back,
           GmqScreenRole role, const char *text)
{
    int room = x1 - x0 + 1;
    int used = MIN(gmq_text_width(screen->glyphs, text), room);
    int gone = is_back ? 1000 - view->hop_permille : view->hop_permille;

    if (moves && view->is_running && view->hop_permille >= 0)
        gmq_screen_put_name(screen, x0 + (room - used) * CLAMP(gone, 0, 1000) / 1000, y, used, role,
                            text);
    else
        put_middle(screen, x0, x1, y, role, text);
}

/* ---- wires ---- */

/* The columns of the owner's row that nothing but this wire uses, without the arrow. */
static void
free_part(const GmqWire *wire, int *x0, int *x1)
{
    *x0 = wire->x0;
    *x1 = wire->x1;
    if (wire->lane >= 0 && wire->hub_left)
        *x0 = wire->lane + 1;
    else if (wire->lane >= 0)
        *x1 = wire->lane - 1;
}

static void
draw_forth(GmqScreen *screen, const GmqView *view, const GmqWire *wire, const GmqLineState *state)
{
    int x0, x1;

    free_part(wire, &x0, &x1);
    bool has_arrow          = wire->lane < 0 || wire->hub_left;
    int room                = x1 - x0 + 1 - (has_arrow ? 1 : 0);
    g_autofree char *moving = gmq_line_moving(state, view, room);
    bool moves              = moving != NULL && *moving != '\0';
    GmqScreenRole role = state->is_hot ? GMQ_ROLE_HOT : moves ? GMQ_ROLE_MOVING : GMQ_ROLE_NORMAL;
    int air            = moves && gmq_text_width(view->glyphs, moving) > room - 2 ? 0 : 1;
    x0 += wire->hub_left && wire->lane >= 0 ? 0 : air;
    x1 -= has_arrow ? 1 : air;
    if (moves) {
        put_on_way(screen, view, x0, x1, wire->row, state->is_hot, false, role, moving);
        return;
    }
    if (wire->is_mute)
        return;
    g_autofree char *words = gmq_line_words(state, x1 - x0 + 1, screen->glyphs);
    put_middle(screen, x0, x1, wire->row, role, words);
}

static void
draw_back(GmqScreen *screen, const GmqView *view, const GmqWire *wire, const GmqLineState *state)
{
    int x0, x1;
    GmqScreenRole role = state->is_hot_back ? GMQ_ROLE_HOT : GMQ_ROLE_MOVING;

    free_part(wire, &x0, &x1);
    g_autofree char *words = gmq_line_answer(state, view, x1 - x0);
    gmq_screen_put(screen, x0, wire->back_row, role, gmq_sign(screen->glyphs, GMQ_SIGN_ARROW_BACK));
    put_on_way(screen, view, x0 + 1, x1, wire->back_row, state->is_hot_back, true, role, words);
}

static void
draw_ends(GmqScreen *screen, const GmqWire *wire, const GmqLineState *state)
{
    int arrival        = wire->lane >= 0 && !wire->hub_left ? wire->hub_row : wire->row;
    GmqScreenRole role = state->is_hot ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL;

    gmq_screen_put(screen, wire->x1, arrival, role, gmq_sign(screen->glyphs, GMQ_SIGN_ARROW));
    if (state->is_broken) {
        int x = state->edge->kind == GMQ_EDGE_PUBLISH ? wire->x0 : wire->x1;
        gmq_screen_put(screen, x, wire->row, GMQ_ROLE_FAULT,
                       gmq_sign(screen->glyphs, GMQ_SIGN_CUT));
    }
}

static void
draw_wire(GmqScreen *screen, const GmqView *view, const GmqWire *wire, const GmqLineState *state)
{
    bool is_back   = state->back != NULL;
    bool is_shared = wire->back_row == wire->row;

    if (!is_shared || !is_back)
        draw_ends(screen, wire, state);
    if (!is_shared || !is_back || state->is_hot)
        draw_forth(screen, view, wire, state);
    if (is_back && (!is_shared || !state->is_hot))
        draw_back(screen, view, wire, state);
}

/* ---- routes ---- */

static GmqPoint
corner(const GmqRoute *route, unsigned i)
{
    return g_array_index(route->points, GmqPoint, i);
}

/* The cell that lies so far along the route. */
static GmqPoint
point_along(const GmqRoute *route, int permille)
{
    int length = 0;

    for (unsigned i = 1; i < route->points->len; i++)
        length += ABS(corner(route, i).x - corner(route, i - 1).x) +
                  ABS(corner(route, i).y - corner(route, i - 1).y);
    int left = length * CLAMP(permille, 0, 1000) / 1000;
    for (unsigned i = 1; i < route->points->len; i++) {
        GmqPoint from = corner(route, i - 1), to = corner(route, i);
        int piece = ABS(to.x - from.x) + ABS(to.y - from.y);
        if (left <= piece && piece > 0)
            return (GmqPoint){from.x + (to.x - from.x) * left / piece,
                              from.y + (to.y - from.y) * left / piece};
        left -= piece;
    }
    return corner(route, route->points->len - 1);
}

static bool
is_free_of_boxes(const GmqLayout *layout, int x, int y, int width)
{
    for (int i = 0; i < width; i++) {
        if (gmq_layout_hit(layout, x + i, y) != NULL)
            return false;
    }
    return true;
}

/* Where the text is over the line at that point and over no box; false when it nowhere is. */
static bool
find_spot(const GmqLayout *layout, GmqPoint at, int width, int *x)
{
    int left  = layout->area.x;
    int right = layout->area.x + layout->area.width - width;

    for (int shift = 0; shift <= width; shift++) {
        int half   = width / 2;
        int offset = shift % 2 == 0 ? shift / 2 : -(shift + 1) / 2;
        *x         = at.x - half + offset;
        if (*x >= left && *x <= right && is_free_of_boxes(layout, *x, at.y, width))
            return true;
    }
    return false;
}

/* Over the line itself, when it has no better place: from its middle to both ends. */
static void
put_anywhere(GmqScreen *screen, const GmqLayout *layout, const GmqRoute *route, GmqScreenRole role,
             const char *text)
{
    int width = gmq_text_width(screen->glyphs, text);
    int x;

    for (int step = 0; step <= 10; step++) {
        for (int side = -1; side <= 1; side += 2) {
            GmqPoint at = point_along(route, 500 + side * step * 50);
            if (find_spot(layout, at, width, &x)) {
                gmq_screen_put(screen, x, at.y, role, text);
                return;
            }
        }
    }
}

static void
put_moving(GmqScreen *screen, const GmqView *view, const GmqLayout *layout, const GmqRoute *route,
           bool is_hot, bool is_back, const char *text)
{
    GmqScreenRole role = is_hot ? GMQ_ROLE_HOT : GMQ_ROLE_MOVING;
    int width          = gmq_text_width(screen->glyphs, text);
    int x;

    if (is_hot && view->is_running && view->hop_permille >= 0) {
        int gone    = is_back ? 1000 - view->hop_permille : view->hop_permille;
        GmqPoint at = point_along(route, gone);
        if (find_spot(layout, at, width, &x)) {
            gmq_screen_put(screen, x, at.y, role, text);
            return;
        }
    }
    if (route->room >= width)
        put_middle(screen, route->words.x, route->words.x + route->room - 1, route->words.y, role,
                   text);
    else
        put_anywhere(screen, layout, route, role, text);
}

static const GmqSign arrows[GMQ_N_WAYS] = {
    [GMQ_WAY_RIGHT] = GMQ_SIGN_ARROW,
    [GMQ_WAY_DOWN]  = GMQ_SIGN_ARROW_DOWN,
    [GMQ_WAY_LEFT]  = GMQ_SIGN_ARROW_BACK,
    [GMQ_WAY_UP]    = GMQ_SIGN_ARROW_UP,
};

static void
draw_route_ends(GmqScreen *screen, const GmqRoute *route, const GmqLineState *state)
{
    GmqPoint first = corner(route, 0);
    GmqPoint last  = corner(route, route->points->len - 1);

    gmq_screen_put(screen, last.x, last.y, state->is_hot ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL,
                   gmq_sign(screen->glyphs, arrows[route->enters]));
    if (state->is_broken)
        gmq_screen_put(screen, first.x, first.y, GMQ_ROLE_FAULT,
                       gmq_sign(screen->glyphs, GMQ_SIGN_CUT));
}

static void
draw_route(GmqScreen *screen, const GmqView *view, const GmqLayout *layout, const GmqRoute *route,
           const GmqLineState *state)
{
    g_autofree char *moving = gmq_line_moving(state, view, route->room);
    g_autofree char *answer = gmq_line_answer(state, view, route->room);

    draw_route_ends(screen, route, state);
    if (answer != NULL && *answer != '\0' && !state->is_hot) {
        put_moving(screen, view, layout, route, state->is_hot_back, true, answer);
    } else if (moving != NULL && *moving != '\0') {
        put_moving(screen, view, layout, route, state->is_hot, false, moving);
    } else if (route->room >= 3) {
        g_autofree char *words = gmq_line_words(state, route->room, screen->glyphs);
        put_middle(screen, route->words.x, route->words.x + route->room - 1, route->words.y,
                   state->is_hot ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL, words);
    }
}

/* ---- the whole ---- */

static void
mark_lines(GmqLineCanvas *canvas, const GmqView *view, const GmqLinks *links,
           const GmqLayout *layout)
{
    for (unsigned i = 0; i < layout->wires->len; i++) {
        const GmqWire *wire = &g_array_index(layout->wires, GmqWire, i);
        GmqLineState state  = gmq_line_state(view->now, links, layout, wire->edges);
        if (state.edge == NULL)
            continue;
        gmq_line_mark_wire(canvas, wire, wire->row, state.style, state.is_hot);
        if (state.back != NULL && wire->back_row != wire->row)
            gmq_line_mark_wire(canvas, wire, wire->back_row, state.style & GMQ_LINE_DOUBLE,
                               state.is_hot_back);
    }
    for (unsigned i = 0; i < layout->routes->len; i++) {
        const GmqRoute *route = &g_array_index(layout->routes, GmqRoute, i);
        GmqLineState state    = gmq_line_state(view->now, links, layout, route->edges);
        if (state.edge != NULL)
            gmq_line_mark_route(canvas, route, state.style, state.is_hot || state.is_hot_back);
    }
}

static bool
is_hot(const GmqLineState *state)
{
    return state->is_hot || state->is_hot_back;
}

/* What is hot comes last, so that nothing covers it. */
static void
draw_lines(GmqScreen *screen, const GmqView *view, const GmqLinks *links, const GmqLayout *layout,
           bool are_hot)
{
    for (unsigned i = 0; i < layout->wires->len; i++) {
        const GmqWire *wire = &g_array_index(layout->wires, GmqWire, i);
        GmqLineState state  = gmq_line_state(view->now, links, layout, wire->edges);
        if (state.edge != NULL && is_hot(&state) == are_hot)
            draw_wire(screen, view, wire, &state);
    }
    for (unsigned i = 0; i < layout->routes->len; i++) {
        const GmqRoute *route = &g_array_index(layout->routes, GmqRoute, i);
        GmqLineState state    = gmq_line_state(view->now, links, layout, route->edges);
        if (state.edge != NULL && is_hot(&state) == are_hot)
            draw_route(screen, view, layout, route, &state);
    }
}

void
gmq_wire_draw_all(GmqScreen *screen, const GmqView *view, const GmqLayout *layout)
{
    g_autoptr(GmqLineCanvas) canvas = gmq_line_canvas_new(layout);
    g_autoptr(GmqLinks) links       = gmq_links_new(view->stage, view->now);

    mark_lines(canvas, view, links, layout);
    gmq_line_canvas_draw(canvas, screen);
    draw_lines(screen, view, links, layout, false);
    draw_lines(screen, view, links, layout, true);
}
