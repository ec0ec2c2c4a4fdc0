#include "viz/wire.h"

#include "viz/box.h"
#include "viz/glyphs.h"

/* The lines of all wires before they become glyphs: wires that meet join. */
typedef struct {
    const GmqLayout *layout;
    uint8_t *lines; /* GMQ_LINE bits of each cell of the area */
} Canvas;

static uint8_t *
canvas_at(const Canvas *canvas, int x, int y)
{
    const GmqRect *area = &canvas->layout->area;

    if (x < area->x || x >= area->x + area->width || y < area->y || y >= area->y + area->height)
        return NULL;
    return &canvas->lines[(y - area->y) * area->width + (x - area->x)];
}

/* A line that is not dotted wins where both run. */
static void
mark(const Canvas *canvas, int x, int y, unsigned line)
{
    uint8_t *cell = canvas_at(canvas, x, y);

    if (cell == NULL)
        return;
    if (*cell != 0 && ((*cell & GMQ_LINE_DOTTED) == 0 || (line & GMQ_LINE_DOTTED) == 0))
        line = (line | *cell) & ~(unsigned)GMQ_LINE_DOTTED;
    *cell |= (uint8_t)line;
    if ((line & GMQ_LINE_DOTTED) == 0)
        *cell &= (uint8_t)~GMQ_LINE_DOTTED;
}

static void
mark_across(const Canvas *canvas, int x0, int x1, int y, unsigned style)
{
    for (int x = x0; x <= x1; x++) {
        unsigned line = GMQ_LINE_LEFT | GMQ_LINE_RIGHT;
        mark(canvas, x, y, line | style);
    }
}

static void
mark_upright(const Canvas *canvas, int x, int y0, int y1, unsigned style)
{
    for (int y = MIN(y0, y1); y <= MAX(y0, y1); y++) {
        unsigned line = (y > MIN(y0, y1) ? GMQ_LINE_UP : 0) | (y < MAX(y0, y1) ? GMQ_LINE_DOWN : 0);
        if (line != 0)
            mark(canvas, x, y, line | style);
    }
}

/* From the hub to the lane, along it, and on to the owner. */
static void
mark_wire(const Canvas *canvas, const GmqWire *wire, int row, unsigned style)
{
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

/* ---- what is to be seen of a wire ---- */

static bool
is_alive(const GmqPictureEdge *edge)
{
    if (edge->kind == GMQ_EDGE_CONSUME)
        return edge->consumers > 0;
    for (unsigned i = 0; edge->kind == GMQ_EDGE_BINDING && i < edge->keys->len; i++) {
        if (g_array_index(edge->keys, GmqPictureKey, i).is_bound)
            return true;
    }
    return edge->kind == GMQ_EDGE_PUBLISH;
}

/* The client at one end that died or is cut off. */
static bool
is_broken(const GmqPicture *now, const GmqPictureEdge *edge)
{
    GmqPlace end = edge->kind == GMQ_EDGE_PUBLISH ? edge->from : edge->to;

    if (end.kind != GMQ_PLACE_CLIENT)
        return false;
    const GmqPictureClient *client = gmq_picture_client(now, end.index);
    return gmq_picture_trouble(client) != NULL;
}

static const GmqPictureEdge *
edge_now(const GmqPicture *now, const GmqWire *wire)
{
    if (wire->edge >= now->edges->len)
        return NULL;
    const GmqPictureEdge *edge = gmq_picture_edge(now, wire->edge);
    bool is_there              = gmq_box_exists(now, edge->from) && gmq_box_exists(now, edge->to);
    return is_there ? edge : NULL;
}

static bool
is_hot(const GmqPicture *now, const GmqWire *wire, bool is_back)
{
    return now->hop.edge == (int)wire->edge && now->hop.is_back == is_back;
}

static bool
has_back(const GmqPicture *now, const GmqPictureEdge *edge, const GmqWire *wire)
{
    return edge->back.length > 0 || is_hot(now, wire, true);
}

/* ---- words on a wire ---- */

/* "(7)", "(7)+2": the oldest message on its way and how many follow. */
static char *
moving_text(const GmqStage *stage, const GmqTokens *tokens)
{
    const GmqToken *token = gmq_tokens_at(tokens, 0);
    g_autofree char *name = gmq_stage_name(stage, token->message);
    g_autofree char *more =
        tokens->length > 1 ? g_strdup_printf("+%zu", tokens->length - 1) : g_strdup("");

    return g_strdup_printf("(%s%s)%s", name, token->redelivered ? "R" : "", more);
}

/* "error", "error +2" */
static char *
keys_text(const GmqPictureEdge *edge)
{
    const char *first = "";
    unsigned n        = 0;

    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        if (!key->is_bound)
            continue;
        if (n++ == 0)
            first = key->key;
    }
    return n > 1 ? g_strdup_printf("%s +%u", first, n - 1) : g_strdup(first);
}

/* All keys side by side if they fit, otherwise the first and a count. */
static char *
rest_text(const GmqPictureEdge *edge, int width, GmqGlyphs glyphs)
{
    g_autoptr(GString) all = g_string_new(NULL);

    if (edge->kind != GMQ_EDGE_BINDING)
        return g_strdup("");
    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        if (key->is_bound)
            g_string_append_printf(all, "%s%s", all->len > 0 ? " " : "", key->key);
    }
    if (gmq_text_width(glyphs, all->str) <= width)
        return g_strdup(all->str);
    return keys_text(edge);
}

/* Answers are words; messages themselves are in parentheses. */
static const char *
answer_word(GmqEventKind kind)
{
    switch (kind) {
    case GMQ_EVENT_CLIENT_CONFIRMED:
        return "ok";
    case GMQ_EVENT_CLIENT_NACKED:
        return "nack";
    case GMQ_EVENT_ACKED:
        return "ack";
    case GMQ_EVENT_REJECTED:
        return "reject";
    default:
        return NULL;
    }
}

static char *
hop_text(const GmqStage *stage, const GmqPicture *now)
{
    g_autofree char *name = gmq_stage_name(stage, now->hop.message);
    const char *word      = answer_word(gmq_trace_event(stage->trace, now->event)->kind);

    if (*name == '\0')
        return g_strdup("");
    if (word != NULL)
        return g_strdup_printf("%s %s", word, name);
    return g_strdup_printf("(%s%s)", name, now->hop.is_again ? "R" : "");
}

static char *
back_text(const GmqStage *stage, const GmqPictureEdge *edge)
{
    const GmqToken *token = gmq_tokens_at(&edge->back, 0);
    g_autofree char *name = gmq_stage_name(stage, token->message);
    g_autofree char *more =
        edge->back.length > 1 ? g_strdup_printf("+%zu", edge->back.length - 1) : g_strdup("");

    return g_strdup_printf("%s %s%s", token->what != NULL ? token->what : "", name, more);
}

/* ---- drawing ---- */

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
put_middle(GmqScreen *screen, int x0, int x1, int y, GmqScreenRole role, const char *text)
{
    int room = x1 - x0 + 1;
    int used = MIN(gmq_text_width(screen->glyphs, text), room);

    gmq_screen_put_in(screen, x0 + (room - used) / 2, y, used, role, text);
}

static void
draw_forth(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, const GmqWire *wire,
           const GmqPictureEdge *edge)
{
    int x0, x1;
    GmqScreenRole role     = GMQ_ROLE_DIM;
    g_autofree char *words = NULL;

    free_part(wire, &x0, &x1);
    x0 += wire->hub_left && wire->lane >= 0 ? 0 : 1;
    x1 -= 1;
    if (is_hot(now, wire, false)) {
        role  = GMQ_ROLE_HOT;
        words = edge->forth.length > 0 ? moving_text(stage, &edge->forth) : hop_text(stage, now);
    } else if (edge->forth.length > 0) {
        role  = GMQ_ROLE_MOVING;
        words = moving_text(stage, &edge->forth);
    }
    if (words == NULL || *words == '\0') {
        g_free(words);
        words = rest_text(edge, x1 - x0 + 1, screen->glyphs);
        role  = is_hot(now, wire, false) ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL;
    }
    put_middle(screen, x0, x1, wire->row, role, words);
}

static void
draw_back(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, const GmqWire *wire,
          const GmqPictureEdge *edge)
{
    int x0, x1;
    GmqScreenRole role     = is_hot(now, wire, true) ? GMQ_ROLE_HOT : GMQ_ROLE_MOVING;
    g_autofree char *words = edge->back.length > 0 ? back_text(stage, edge) : hop_text(stage, now);

    free_part(wire, &x0, &x1);
    gmq_screen_put(screen, x0, wire->back_row, role, gmq_sign(screen->glyphs, GMQ_SIGN_ARROW_BACK));
    put_middle(screen, x0 + 1, x1, wire->back_row, role, words);
}

static void
draw_ends(GmqScreen *screen, const GmqPicture *now, const GmqWire *wire, const GmqPictureEdge *edge)
{
    int arrival        = wire->lane >= 0 && !wire->hub_left ? wire->hub_row : wire->row;
    GmqScreenRole role = is_hot(now, wire, false) ? GMQ_ROLE_HOT : GMQ_ROLE_NORMAL;

    gmq_screen_put(screen, wire->x1, arrival, role, gmq_sign(screen->glyphs, GMQ_SIGN_ARROW));
    if (is_broken(now, edge)) {
        int x = edge->kind == GMQ_EDGE_PUBLISH ? wire->x0 : wire->x1;
        gmq_screen_put(screen, x, wire->row, GMQ_ROLE_FAULT,
                       gmq_sign(screen->glyphs, GMQ_SIGN_CUT));
    }
}

static void
draw_words(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now, const GmqWire *wire,
           const GmqPictureEdge *edge)
{
    bool is_back   = has_back(now, edge, wire);
    bool is_shared = wire->back_row == wire->row;

    if (!is_shared || !is_back)
        draw_ends(screen, now, wire, edge);
    if (!is_shared || !is_back || is_hot(now, wire, false))
        draw_forth(screen, stage, now, wire, edge);
    if (is_back && (!is_shared || !is_hot(now, wire, false)))
        draw_back(screen, stage, now, wire, edge);
}

static void
draw_lines(GmqScreen *screen, const Canvas *canvas)
{
    const GmqRect *area = &canvas->layout->area;

    for (int y = area->y; y < area->y + area->height; y++) {
        for (int x = area->x; x < area->x + area->width; x++) {
            unsigned line = *canvas_at(canvas, x, y);
            if (line != 0)
                gmq_screen_put(screen, x, y, GMQ_ROLE_DIM, gmq_line_glyph(screen->glyphs, line));
        }
    }
}

void
gmq_wire_draw_all(GmqScreen *screen, const GmqStage *stage, const GmqPicture *now,
                  const GmqLayout *layout)
{
    size_t cells              = (size_t)MAX(layout->area.width * layout->area.height, 1);
    g_autofree uint8_t *lines = g_new0(uint8_t, cells);
    Canvas canvas             = {layout, lines};

    for (unsigned i = 0; i < layout->wires->len; i++) {
        const GmqWire *wire        = &g_array_index(layout->wires, GmqWire, i);
        const GmqPictureEdge *edge = edge_now(now, wire);
        if (edge == NULL)
            continue;
        unsigned style = is_alive(edge) ? 0 : GMQ_LINE_DOTTED;
        mark_wire(&canvas, wire, wire->row, style);
        if (has_back(now, edge, wire) && wire->back_row != wire->row)
            mark_wire(&canvas, wire, wire->back_row, 0);
    }
    draw_lines(screen, &canvas);
    for (unsigned i = 0; i < layout->wires->len; i++) {
        const GmqWire *wire        = &g_array_index(layout->wires, GmqWire, i);
        const GmqPictureEdge *edge = edge_now(now, wire);
        if (edge != NULL)
            draw_words(screen, stage, now, wire, edge);
    }
}
