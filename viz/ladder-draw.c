#include "viz/ladder-draw.h"

#include <string.h>

#include "sim/language.h"
#include "viz/box.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"

/* "#1204  5.302s" */
#define SIDE_WIDTH 14
#define GAP_LEAST 12
#define GAP_TIGHT 10 /* where messages are not named */
#define NOTE_LEAST 6
#define GAP_MOST 38
#define NOTE_MOST 14 /* more than other gaps that the one behind the broker has, for its notes */
#define NOTE_LAST 26 /* behind the broker when it is the last column */
#define MARGIN 3
#define TIP_GAP 3 /* between the tip of an arrow that does not arrive and its column */

/* ---- columns ---- */

/* Which columns are drawn: those that the shown rungs need, and while there is room the others that
 * are used; and always the broker. */
static GArray *
choose_columns(const GmqLadder *ladder, unsigned first, unsigned last, unsigned room)
{
    GArray *chosen = g_array_new(FALSE, TRUE, sizeof(bool));
    unsigned n     = 1;

    g_array_set_size(chosen, ladder->columns->len);
    g_array_index(chosen, bool, ladder->broker) = true;
    for (unsigned i = last; i > first && n < room; i--) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i - 1);
        unsigned ends[]     = {rung->from, rung->to};
        for (int e = 0; e < 2 && n < room && rung->kind != GMQ_RUNG_SPAN; e++) {
            n += !g_array_index(chosen, bool, ends[e]);
            g_array_index(chosen, bool, ends[e]) = true;
        }
    }
    for (unsigned i = 0; i < ladder->columns->len && n < room; i++) {
        if (!gmq_ladder_column(ladder, i)->is_used || g_array_index(chosen, bool, i))
            continue;
        g_array_index(chosen, bool, i) = true;
        n++;
    }
    return chosen;
}

static unsigned
count_chosen(const GArray *chosen)
{
    unsigned n = 0;

    for (unsigned i = 0; i < chosen->len; i++)
        n += g_array_index(chosen, bool, i);
    return n;
}

/* The last event that is in the ladder: not every event is. */
static uint64_t
find_newest(const GmqLadder *ladder)
{
    uint64_t newest = 0;

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        if (rung->kind != GMQ_RUNG_WAIT)
            newest = MAX(newest, MAX(rung->last_event, rung->event));
    }
    return newest;
}

static bool
is_last(const GArray *chosen, unsigned column)
{
    for (unsigned i = column + 1; i < chosen->len; i++) {
        if (g_array_index(chosen, bool, i))
            return false;
    }
    return true;
}

GmqLadderSheet
gmq_ladder_sheet(GmqScreen *screen, const GmqLadder *ladder, const GmqPicture *now, GmqRect rect,
                 unsigned first, unsigned last, bool has_names)
{
    int tight            = has_names ? GAP_LEAST : GAP_TIGHT;
    int side             = rect.width >= 3 * SIDE_WIDTH ? SIDE_WIDTH : rect.width >= 24 ? 7 : 0;
    int margin           = MIN(MARGIN, MAX(rect.width - side - 1, 0) / 2);
    int area             = rect.width - side - 2 * margin;
    unsigned room        = (unsigned)MAX(area / tight + 1, 1);
    GmqLadderSheet sheet = {.screen    = screen,
                            .ladder    = ladder,
                            .now       = now,
                            .rect      = rect,
                            .columns   = g_array_new(FALSE, FALSE, sizeof(int)),
                            .side_x    = rect.x + rect.width - side,
                            .newest    = find_newest(ladder),
                            .has_names = has_names};

    g_autoptr(GArray) chosen = choose_columns(ladder, first, last, room);
    int gaps                 = (int)count_chosen(chosen) - 1;
    bool is_tight            = area < gaps * GAP_LEAST + NOTE_LEAST;
    int most                 = is_last(chosen, ladder->broker) ? NOTE_LAST : NOTE_MOST;
    int note                 = CLAMP(area - gaps * (is_tight ? tight : GAP_LEAST), 0, most);
    int gap                  = gaps > 0 ? MIN((area - note) / gaps, GAP_MOST) : 0;
    int x                    = rect.x + margin;
    for (unsigned i = 0; i < chosen->len; i++) {
        int none = -1;
        g_array_append_val(sheet.columns, *(g_array_index(chosen, bool, i) ? &x : &none));
        x += g_array_index(chosen, bool, i) ? gap : 0;
        x += i == ladder->broker ? note : 0;
    }
    return sheet;
}

void
gmq_ladder_sheet_clear(GmqLadderSheet *sheet)
{
    g_array_free(sheet->columns, TRUE);
}

static int
x_of(const GmqLadderSheet *sheet, unsigned column)
{
    return g_array_index(sheet->columns, int, column);
}

/* The x of the next column that is drawn, at the right or the left; the edge when there is none. */
static int
next_x(const GmqLadderSheet *sheet, unsigned column, int by)
{
    for (int i = (int)column + by; i >= 0 && i < (int)sheet->columns->len; i += by) {
        if (x_of(sheet, (unsigned)i) >= 0)
            return x_of(sheet, (unsigned)i);
    }
    return by > 0 ? sheet->side_x : sheet->rect.x - 1;
}

static void
put(const GmqLadderSheet *sheet, int x, int y, GmqScreenRole role, const char *glyph)
{
    if (x >= sheet->rect.x && x < sheet->rect.x + sheet->rect.width)
        gmq_screen_put(sheet->screen, x, y, role, glyph);
}

static const char *
line_glyph(const GmqLadderSheet *sheet, unsigned line)
{
    return gmq_line_glyph(sheet->screen->glyphs, line);
}

static const char *
sign(const GmqLadderSheet *sheet, GmqSign which)
{
    return gmq_sign(sheet->screen->glyphs, which);
}

/* ---- heads and lines ---- */

/* What is wrong at the end of a column, in one word; NULL when nothing is. */
static const char *
trouble_of(const GmqLadderSheet *sheet, unsigned column)
{
    GmqPlace place = gmq_ladder_column(sheet->ladder, column)->place;

    if (place.kind == GMQ_PLACE_NONE)
        return sheet->now->is_broker_down ? _("DOWN") : NULL;
    if (place.index >= sheet->now->clients->len)
        return NULL;
    return gmq_picture_trouble(gmq_picture_client(sheet->now, place.index));
}

/* Over its column, but not before x and not over the next column. Returns where the next one may
 * begin. */
static int
draw_head(const GmqLadderSheet *sheet, unsigned column, int x, int y)
{
    const char *name  = gmq_ladder_column(sheet->ladder, column)->name;
    const char *state = trouble_of(sheet, column);
    int next          = next_x(sheet, column, 1);
    int end           = next == sheet->side_x ? sheet->rect.x + sheet->rect.width : next - 1;
    int state_width   = state == NULL ? 0 : gmq_text_width(sheet->screen->glyphs, state) + 1;
    int width         = gmq_text_width(sheet->screen->glyphs, name) + state_width;

    x     = MAX(x, x_of(sheet, column) - width / 2);
    x     = MAX(MIN(x, end - width), MIN(x, x_of(sheet, column)));
    width = MIN(width, end - x);
    if (width <= 0)
        return x;
    gmq_screen_put_name(sheet->screen, x, y, MAX(width - state_width, 0), GMQ_ROLE_STRONG, name);
    if (state != NULL)
        gmq_screen_put_in(sheet->screen, x + MAX(width - state_width + 1, 0), y,
                          MIN(state_width, end - x), GMQ_ROLE_FAULT, state);
    return x + width + 1;
}

void
gmq_ladder_draw_heads(const GmqLadderSheet *sheet, int y)
{
    int x = sheet->rect.x;

    for (unsigned i = 0; i < sheet->columns->len; i++) {
        if (x_of(sheet, i) >= 0)
            x = draw_head(sheet, i, x, y);
    }
}

void
gmq_ladder_draw_lines(const GmqLadderSheet *sheet, int y)
{
    for (unsigned i = 0; i < sheet->columns->len; i++) {
        if (x_of(sheet, i) >= 0)
            put(sheet, x_of(sheet, i), y, GMQ_ROLE_DIM,
                line_glyph(sheet, GMQ_LINE_UP | GMQ_LINE_DOWN));
    }
}

/* ---- arrows ---- */

static bool
is_now(const GmqLadderSheet *sheet, const GmqRung *rung)
{
    if (rung->kind == GMQ_RUNG_WAIT)
        return rung->event == 0;
    return rung->last_event == sheet->newest || rung->event == sheet->newest;
}

/* Whether the arrow stands before a line that is cut, or goes to somebody who is dead. */
static bool
is_stuck(const GmqLadderSheet *sheet, const GmqRung *rung)
{
    bool is_to_broker = rung->to == sheet->ladder->broker;
    GmqPlace place = gmq_ladder_column(sheet->ladder, is_to_broker ? rung->from : rung->to)->place;

    if (rung->end != GMQ_ARROW_MOVING || place.index >= sheet->now->clients->len)
        return rung->end == GMQ_ARROW_LOST;
    const GmqPictureClient *client = gmq_picture_client(sheet->now, place.index);
    const char *open               = is_to_broker ? "from broker" : "to broker";
    return (client->state == GMQ_CLIENT_CRASHED && !is_to_broker) ||
           ((client->troubles & GMQ_TROUBLE_CUT) != 0 && strcmp(client->cut_only, open) != 0);
}

static GmqScreenRole
role_of(const GmqLadderSheet *sheet, const GmqRung *rung)
{
    if (rung->kind == GMQ_RUNG_WAIT)
        return GMQ_ROLE_DIM;
    if (rung->is_fault || (rung->kind == GMQ_RUNG_ARROW && is_stuck(sheet, rung)))
        return GMQ_ROLE_FAULT;
    if (is_now(sheet, rung))
        return GMQ_ROLE_HOT;
    if (rung->end == GMQ_ARROW_MOVING)
        return GMQ_ROLE_MOVING;
    return rung->is_again ? GMQ_ROLE_AGAIN : GMQ_ROLE_NORMAL;
}

static char *
words_of(const GmqLadderSheet *sheet, const GmqRung *rung)
{
    g_autofree char *words = gmq_ladder_words(sheet->ladder, rung, sheet->has_names);
    const char *times      = sheet->screen->glyphs == GMQ_GLYPHS_UTF8 ? "×" : "x";

    if (rung->n_more > 0)
        return g_strdup_printf("%s%" G_GUINT64_FORMAT " %s", times, rung->n_more + 1, words);
    return g_strconcat(words, rung->is_again && rung->kind == GMQ_RUNG_ARROW ? _(" again") : "",
                       NULL);
}

/* From which x to which a line is drawn: one that does not arrive ends on its way. */
static int
tip_of(const GmqRung *rung, int from, int to)
{
    if (rung->end == GMQ_ARROW_ARRIVED)
        return to;
    return to > from ? MAX(to - TIP_GAP, from + 1) : MIN(to + TIP_GAP, from - 1);
}

static void
draw_shaft(const GmqLadderSheet *sheet, const GmqRung *rung, GmqRect line, GmqScreenRole role)
{
    unsigned across = GMQ_LINE_LEFT | GMQ_LINE_RIGHT;

    for (int i = 0; i < line.width; i++)
        put(sheet, line.x + i, line.y, role, line_glyph(sheet, across));
    for (unsigned i = 0; i < sheet->columns->len; i++) {
        if (x_of(sheet, i) >= line.x && x_of(sheet, i) < line.x + line.width && i != rung->from &&
            i != rung->to)
            put(sheet, x_of(sheet, i), line.y, role,
                line_glyph(sheet, across | GMQ_LINE_UP | GMQ_LINE_DOWN));
    }
}

static void
draw_tip(const GmqLadderSheet *sheet, const GmqRung *rung, int tip, bool is_right, int y,
         GmqScreenRole role)
{
    int x = rung->end == GMQ_ARROW_ARRIVED ? tip + (is_right ? -1 : 1) : tip;

    if (is_stuck(sheet, rung))
        put(sheet, x, y, role, sign(sheet, GMQ_SIGN_CUT));
    else
        put(sheet, x, y, role, sign(sheet, is_right ? GMQ_SIGN_ARROW : GMQ_SIGN_ARROW_BACK));
}

static void
draw_arrow(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    GmqScreenRole role     = role_of(sheet, rung);
    int from               = x_of(sheet, rung->from);
    int to                 = x_of(sheet, rung->to);
    int tip                = tip_of(rung, from, to);
    bool is_right          = to > from;
    int left               = MIN(from, tip);
    int right              = MAX(from, tip);
    g_autofree char *words = words_of(sheet, rung);
    unsigned upright       = GMQ_LINE_UP | GMQ_LINE_DOWN;

    draw_shaft(sheet, rung, (GmqRect){left + 1, y, right - left - 1, 1}, role);
    put(sheet, from, y, role,
        line_glyph(sheet, upright | (is_right ? GMQ_LINE_RIGHT : GMQ_LINE_LEFT)));
    draw_tip(sheet, rung, tip, is_right, y, role);
    int spare = right - left - 2 - gmq_text_width(sheet->screen->glyphs, words);
    int lead  = CLAMP(spare - 1, 0, 2);
    int start = left + 1 + (is_right ? 0 : 1) + lead;
    gmq_screen_put_in(sheet->screen, start, y, right - start - (is_right ? 1 : 0), role, words);
}

/* ---- notes ---- */

/* The words stand at the right of the column, over the others if need be; at the left where there
 * is more room. */
static void
draw_note(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    GmqScreenRole role     = role_of(sheet, rung);
    g_autofree char *words = words_of(sheet, rung);
    int x                  = x_of(sheet, rung->from);
    int width              = gmq_text_width(sheet->screen->glyphs, words);
    int room_right         = sheet->side_x - x - 4;
    int room_left          = x - next_x(sheet, rung->from, -1) - 4;
    bool is_left           = width > room_right && room_left > room_right;
    unsigned upright       = GMQ_LINE_UP | GMQ_LINE_DOWN;
    unsigned dotted        = rung->is_dotted ? GMQ_LINE_DOTTED : 0;
    const char *dash       = line_glyph(sheet, GMQ_LINE_LEFT | GMQ_LINE_RIGHT | dotted);
    const char *stem = line_glyph(sheet, upright | (is_left ? GMQ_LINE_LEFT : GMQ_LINE_RIGHT));

    if (rung->kind == GMQ_RUNG_WAIT) {
        stem = line_glyph(sheet, upright | GMQ_LINE_DOTTED);
        dash = " ";
    } else if (rung->is_fault) {
        stem = sign(sheet, GMQ_SIGN_CUT);
        dash = " ";
    }
    put(sheet, x, y, role, stem);
    put(sheet, is_left ? x - 1 : x + 1, y, role, dash);
    if (is_left)
        gmq_screen_put_in(sheet->screen, x - 2 - MIN(width, room_left), y, MIN(width, room_left),
                          role, words);
    else
        gmq_screen_put_in(sheet->screen, x + 3, y, room_right, role, words);
}

/* A caption, over all columns. */
static void
draw_span(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    GmqScreenRole role     = is_now(sheet, rung) ? GMQ_ROLE_HOT
                             : rung->is_fault    ? GMQ_ROLE_FAULT
                                                 : GMQ_ROLE_STRONG;
    g_autofree char *words = words_of(sheet, rung);
    int room               = sheet->side_x - sheet->rect.x - 1;

    gmq_screen_printf(sheet->screen, sheet->rect.x, y, room, role, "%*s", room, "");
    put(sheet, sheet->rect.x, y, role,
        sign(sheet, rung->is_fault ? GMQ_SIGN_FAULT : GMQ_SIGN_CAPTION));
    gmq_screen_put_in(sheet->screen, sheet->rect.x + 2, y, room - 2, role, words);
}

/* What has an end for which there is no column: told in words at the broker. */
static void
draw_elsewhere(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    unsigned broker = sheet->ladder->broker;
    unsigned other  = rung->from == broker ? rung->to : rung->from;
    const char *who = gmq_ladder_column(sheet->ladder, other)->name;
    int x           = x_of(sheet, broker);

    const char *way = rung->kind != GMQ_RUNG_ARROW ? ""
                      : rung->from == broker       ? _("to ")
                                                   : _("from ");

    g_autofree char *words = words_of(sheet, rung);
    g_autofree char *text  = g_strdup_printf("%s%s: %s", way, who, words);
    gmq_screen_put_in(sheet->screen, x + 2, y, sheet->side_x - x - 3, role_of(sheet, rung), text);
}

/* ---- one rung ---- */

static void
draw_side(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    int width             = sheet->rect.x + sheet->rect.width - sheet->side_x;
    uint64_t event        = rung->end == GMQ_ARROW_MOVING ? rung->event : rung->last_event;
    int64_t time_ns       = rung->end == GMQ_ARROW_MOVING ? rung->time_ns : rung->last_ns;
    g_autofree char *time = gmq_event_time(time_ns);
    GmqScreenRole role    = is_now(sheet, rung) ? GMQ_ROLE_HOT : GMQ_ROLE_DIM;

    if (rung->kind == GMQ_RUNG_WAIT && rung->event != 0)
        return;
    if (width < SIDE_WIDTH && is_now(sheet, rung))
        gmq_screen_put_in(sheet->screen, sheet->side_x - 1, y, 1, role,
                          sign(sheet, GMQ_SIGN_ARROW_BACK));
    if (rung->event != 0)
        gmq_screen_printf(sheet->screen, sheet->side_x, y, MIN(width, 6), role,
                          "#%" G_GUINT64_FORMAT, event);
    if (width < SIDE_WIDTH)
        return;
    if (is_now(sheet, rung))
        gmq_screen_printf(sheet->screen, sheet->side_x + 6, y, width - 6, role, _("%s now"),
                          sign(sheet, GMQ_SIGN_ARROW_BACK));
    else
        gmq_screen_put_in(sheet->screen, sheet->side_x + 6, y, width - 6, role, time);
}

void
gmq_ladder_draw_rung(const GmqLadderSheet *sheet, const GmqRung *rung, int y)
{
    gmq_ladder_draw_lines(sheet, y);
    if (rung->kind == GMQ_RUNG_SPAN)
        draw_span(sheet, rung, y);
    else if (x_of(sheet, rung->from) < 0 || x_of(sheet, rung->to) < 0)
        draw_elsewhere(sheet, rung, y);
    else if (rung->kind == GMQ_RUNG_ARROW)
        draw_arrow(sheet, rung, y);
    else
        draw_note(sheet, rung, y);
    draw_side(sheet, rung, y);
}
