/* The frames that passed between clients and broker, and the fields and bytes of one of them. */
#include <string.h>

#include "sim/frame-fields.h"
#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/pane.h"
#include "viz/wire-lines.h"

#define NAME_WIDTH 22   /* "connection.start-ok" and two spaces */
#define FIELDS_LEAST 3  /* lines, with the rule above them */
#define FIELDS_WIDTH 36 /* beside bytes */
#define BYTES_IN_ROW 16

/* ---- rows ---- */

/* Frames that came before the moment; what the current event sent is a row too, although it is
 * still on its way. */
static size_t
count_past(const GmqView *view)
{
    return view->wires == NULL ? 0 : gmq_rerun_frames_before(view->wires, view->now->event);
}

/* The frame of the current event, as its index plus one, when it comes later; 0 otherwise. */
static size_t
find_coming(const GmqView *view, size_t n_past)
{
    size_t frame = view->wires == NULL ? 0 : gmq_rerun_frame_of(view->wires, view->now->event);

    return frame > n_past ? frame : 0;
}

unsigned
gmq_pane_wire_length(const GmqView *view)
{
    size_t n_past = count_past(view);

    if (view->wires == NULL)
        return gmq_wire_lines_length(view);

    return (unsigned)n_past + (find_coming(view, n_past) > 0 ? 1 : 0);
}

static size_t
index_of(const GmqView *view, unsigned row)
{
    size_t n_past = count_past(view);

    return row < n_past ? row : find_coming(view, n_past) - 1;
}

static const GmqCapturedFrame *
frame_at(const GmqView *view, unsigned row)
{
    return gmq_capture_frame(view->wires->capture, index_of(view, row));
}

uint64_t
gmq_pane_wire_at(const GmqView *view, unsigned row)
{
    if (view->wires == NULL)
        return gmq_wire_lines_at(view, row);
    return row < gmq_pane_wire_length(view) ? frame_at(view, row)->event : 0;
}

/* The frame that is taken apart: under the cursor, or of the current event, or the last one. */
static unsigned
chosen_row(const GmqView *view)
{
    unsigned length = gmq_pane_wire_length(view);
    unsigned cursor = view->cursor[GMQ_PANE_WIRE];
    size_t frame    = gmq_rerun_frame_of(view->wires, view->now->event);

    if (cursor > 0 && cursor <= length)
        return cursor - 1;
    return frame > 0 && frame <= length ? (unsigned)frame - 1 : length - 1;
}

char *
gmq_pane_wire_title(const GmqView *view)
{
    unsigned length = gmq_pane_wire_length(view);

    if (length == 0 || view->wires == NULL)
        return g_strdup(_("WIRE"));
    return g_strdup_printf(_("WIRE  frame %zu of %zu"), index_of(view, chosen_row(view)) + 1,
                           gmq_capture_frame_count(view->wires->capture));
}

/* ---- what answers what ---- */

/* Whether a reader can know of a frame at this moment. */
static bool
has_come(const GmqView *view, const GmqCapturedFrame *frame)
{
    return frame->after < view->now->event || frame->event == view->now->event;
}

/* How a frame speaks of its partner: when it is there, and before. */
typedef struct {
    const char *method;
    const char *other; /* the partner's */
    const char *there;
    const char *before;
} Answer;

static const Answer answers[] = {
    {"basic.publish", "basic.ack", N_("confirmed by"), N_("not confirmed yet")},
    {"basic.publish", "basic.nack", N_("refused by"), N_("not confirmed yet")},
    {"basic.deliver", "basic.ack", N_("acked by"), N_("not acked yet")},
    {"basic.deliver", "basic.nack", N_("given back by"), N_("not acked yet")},
    {"basic.deliver", "basic.reject", N_("rejected by"), N_("not acked yet")},
    {"basic.get-ok", "basic.ack", N_("acked by"), N_("not acked yet")},
    {"basic.get-ok", "basic.nack", N_("given back by"), N_("not acked yet")},
    {"basic.get-ok", "basic.reject", N_("rejected by"), N_("not acked yet")},
    {"basic.ack", "basic.publish", N_("confirms"), NULL},
    {"basic.nack", "basic.publish", N_("refuses"), NULL},
    {"basic.ack", "basic.deliver", N_("acks"), NULL},
    {"basic.nack", "basic.deliver", N_("gives back"), NULL},
    {"basic.reject", "basic.deliver", N_("rejects"), NULL},
    {"basic.ack", "basic.get-ok", N_("acks"), NULL},
    {"basic.nack", "basic.get-ok", N_("gives back"), NULL},
    {"basic.reject", "basic.get-ok", N_("rejects"), NULL},
};

static const Answer *
find_answer(const GmqCapturedFrame *frame, const GmqCapturedFrame *partner)
{
    g_autofree char *method = gmq_frame_name(&frame->frame, frame->bytes);
    g_autofree char *other  = gmq_frame_name(&partner->frame, partner->bytes);

    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (strcmp(answers[i].method, method) == 0 && strcmp(answers[i].other, other) == 0)
            return &answers[i];
    }
    return NULL;
}

/* "<- confirmed by #18", "-> acks #29"; "" without a partner. */
static char *
tie_text(const GmqView *view, const GmqCapturedFrame *frame)
{
    if (frame->after >= view->now->event)
        return g_strdup(_("on its way"));
    if (frame->partner == 0)
        return g_strdup("");

    const GmqCapturedFrame *partner = gmq_capture_frame(view->wires->capture, frame->partner - 1);
    const Answer *answer            = find_answer(frame, partner);
    bool is_later                   = answer != NULL && answer->before != NULL;
    if (answer == NULL)
        return g_strdup("");
    if (is_later && !has_come(view, partner))
        return g_strdup(_(answer->before));
    if (partner->event == 0)
        return g_strdup_printf(_("%s frame %zu"), _(answer->there), frame->partner);
    return g_strdup_printf("%s %s #%" G_GUINT64_FORMAT,
                           gmq_sign(view->glyphs, is_later ? GMQ_SIGN_ARROW_BACK : GMQ_SIGN_ARROW),
                           _(answer->there), partner->event);
}

/* ---- the list ---- */

static GmqScreenRole
role_of(const GmqView *view, const GmqCapturedFrame *frame)
{
    if (frame->event != 0 && frame->event == view->now->event)
        return GMQ_ROLE_HOT;
    return frame->frame.type == GMQ_FRAME_METHOD ? GMQ_ROLE_NORMAL : GMQ_ROLE_DIM;
}

/* "w1 -> broker" */
static char *
way_text(const GmqView *view, const GmqCapturedFrame *frame)
{
    const char *arrow = gmq_sign(view->glyphs, GMQ_SIGN_ARROW);

    if (frame->side == GMQ_TO_BROKER)
        return g_strdup_printf(_("%s %s broker"), frame->client, arrow);
    return g_strdup_printf(_("broker %s %s"), arrow, frame->client);
}

static void
draw_row(GmqScreen *screen, const GmqView *view, unsigned row, GmqRect line)
{
    const GmqCapturedFrame *frame = frame_at(view, row);
    GmqScreenRole role            = role_of(view, frame);
    bool is_now                   = role == GMQ_ROLE_HOT;
    int end                       = line.x + line.width;
    int way_width                 = CLAMP(line.width - 60, 16, 30);
    g_autofree char *time         = gmq_event_time(frame->time_ns);
    g_autofree char *way          = way_text(view, frame);
    g_autofree char *name         = gmq_frame_name(&frame->frame, frame->bytes);
    g_autofree char *tie          = tie_text(view, frame);
    g_autofree char *head         = g_strdup_printf("%8s ", time);
    g_autofree char *event =
        frame->event == 0 ? g_strdup("") : g_strdup_printf("#%" G_GUINT64_FORMAT, frame->event);

    int x = gmq_screen_put_in(screen, line.x, line.y, line.width, role,
                              is_now ? gmq_sign(screen->glyphs, GMQ_SIGN_HERE) : " ");
    x     = gmq_screen_put_in(screen, x, line.y, end - x, role, head);
    gmq_screen_put_name(screen, x, line.y, MIN(way_width, end - x), role, way);
    x += way_width + 1;
    gmq_screen_put_in(screen, x, line.y, MIN(NAME_WIDTH - 1, end - x), role, name);
    x += NAME_WIDTH;
    gmq_screen_put_in(screen, x, line.y, MIN(6, end - x), role, event);
    x += 7;
    gmq_screen_put_in(screen, x, line.y, end - x, GMQ_ROLE_DIM, tie);
}

static void
draw_list(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    unsigned length = gmq_pane_wire_length(view);
    unsigned rows   = (unsigned)MAX(rect.height, 0);
    unsigned first  = gmq_pane_first(view, GMQ_PANE_WIRE, length, rows);

    for (unsigned i = first; i < length && i < first + rows; i++) {
        GmqRect line = {rect.x, rect.y + (int)(i - first), rect.width, 1};

        draw_row(screen, view, i, line);
        if (gmq_pane_is_at(view, GMQ_PANE_WIRE, i))
            gmq_screen_paint(screen, line, GMQ_ROLE_BAR);
    }
}

/* ---- one frame ---- */

/* The next lines of a field; returns the line below them. */
static int
draw_field(GmqScreen *screen, const GmqFrameField *field, int indent, int y, GmqRect rect)
{
    int room             = rect.width - indent;
    g_auto(GStrv) values = gmq_text_wrap(screen->glyphs, field->value, MAX(room, 1));
    int end              = rect.y + rect.height;

    gmq_screen_put_in(screen, rect.x, y, indent - 1, GMQ_ROLE_DIM, field->name);
    if (values[0] == NULL)
        return y + 1;
    for (unsigned i = 0; values[i] != NULL && y < end; i++, y++)
        gmq_screen_put_in(screen, rect.x + indent, y, room, GMQ_ROLE_STRONG, values[i]);
    return y;
}

static int
indent_of(const GmqScreen *screen, const GPtrArray *fields, int width)
{
    int indent = 0;

    for (unsigned i = 0; i < fields->len; i++) {
        const GmqFrameField *field = fields->pdata[i];
        indent                     = MAX(indent, gmq_text_width(screen->glyphs, field->name));
    }
    return CLAMP(indent + 2, 2, MAX(width / 2, 2));
}

static void
draw_fields(GmqScreen *screen, const GPtrArray *fields, GmqRect rect)
{
    int indent = indent_of(screen, fields, rect.width);
    int y      = rect.y;
    unsigned i = 0;

    for (; i < fields->len && y < rect.y + rect.height; i++)
        y = draw_field(screen, fields->pdata[i], indent, y, rect);
    if (i < fields->len)
        gmq_screen_put_in(screen, rect.x + rect.width - 4, rect.y + rect.height - 1, 4,
                          GMQ_ROLE_DIM, " ...");
}

/* "0010  62 61 73 69 ...  basi..." */
static void
draw_bytes_row(GmqScreen *screen, GmqSlice bytes, size_t first, unsigned n, int y, GmqRect rect)
{
    g_autoptr(GString) hex  = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = first; i < first + n && i < bytes.size; i++) {
        g_string_append_printf(hex, "%02x ", bytes.data[i]);
        g_string_append_c(text, g_ascii_isprint(bytes.data[i]) ? (char)bytes.data[i] : '.');
    }
    gmq_screen_printf(screen, rect.x, y, rect.width, GMQ_ROLE_NORMAL, "%04zx  %-*s %s", first,
                      (int)n * 3, hex->str, text->str);
}

static void
draw_bytes(GmqScreen *screen, GmqSlice bytes, GmqRect rect)
{
    unsigned n  = rect.width >= 7 + 4 * BYTES_IN_ROW ? BYTES_IN_ROW : BYTES_IN_ROW / 2;
    size_t rows = (bytes.size + n - 1) / n;

    for (size_t i = 0; i < rows && (int)i < rect.height; i++)
        draw_bytes_row(screen, bytes, i * n, n, rect.y + (int)i, rect);
    if (rows > (size_t)rect.height && rect.height > 0)
        gmq_screen_printf(screen, rect.x, rect.y + rect.height - 1, rect.width, GMQ_ROLE_DIM,
                          _("... %zu bytes in all%*s"), bytes.size, rect.width, "");
}

static void
draw_frame(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GmqCapturedFrame *frame = frame_at(view, chosen_row(view));
    g_autoptr(GPtrArray) fields   = gmq_frame_fields(&frame->frame, frame->bytes);
    g_autofree char *name         = gmq_frame_name(&frame->frame, frame->bytes);
    g_autofree char *way          = way_text(view, frame);
    g_autofree char *title        = g_strdup_printf("%s  %s", name, way);
    bool has_bytes                = view->is_zoomed && view->focus == GMQ_PANE_WIRE &&
                     rect.width >= FIELDS_WIDTH + 7 + 2 * BYTES_IN_ROW;

    gmq_rule_draw(screen, rect.x, rect.y, rect.width, title);
    rect.y++;
    rect.height--;
    if (has_bytes) {
        int width = rect.width >= FIELDS_WIDTH + 7 + 4 * BYTES_IN_ROW ? 7 + 4 * BYTES_IN_ROW
                                                                      : 7 + 2 * BYTES_IN_ROW;
        draw_bytes(screen, frame->bytes,
                   (GmqRect){rect.x + rect.width - width, rect.y, width, rect.height});
        rect.width -= width + 2;
    }
    draw_fields(screen, fields, rect);
}

/* ---- the pane ---- */

static void
draw_nothing(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const char *text    = view->stage->scenario == NULL
                              ? _("A broker tells its events, and not the frames on its wires.")
                          : view->wires == NULL
                              ? _("The frames cannot be seen: the scenario does not run as "
                                     "it did when the trace was written.")
                              : _("Nothing has passed on the wires yet.");
    g_auto(GStrv) lines = gmq_text_wrap(screen->glyphs, text, MAX(rect.width, 1));

    for (int i = 0; lines[i] != NULL && i < rect.height; i++)
        gmq_screen_put_in(screen, rect.x, rect.y + i, rect.width, GMQ_ROLE_DIM, lines[i]);
}

void
gmq_pane_wire(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    if (gmq_pane_wire_length(view) == 0) {
        draw_nothing(screen, view, rect);
        return;
    }
    if (view->wires == NULL) {
        gmq_wire_lines_draw(screen, view, rect);
        return;
    }

    const GmqCapturedFrame *frame = frame_at(view, chosen_row(view));
    g_autoptr(GPtrArray) fields   = gmq_frame_fields(&frame->frame, frame->bytes);
    int wanted                    = MAX((int)fields->len, view->is_zoomed ? 12 : 0) + 1;
    int below                     = MIN(wanted, rect.height * 2 / 3);
    if (below < FIELDS_LEAST)
        below = 0;
    draw_list(screen, view, (GmqRect){rect.x, rect.y, rect.width, rect.height - below});
    if (below > 0)
        draw_frame(screen, view,
                   (GmqRect){rect.x, rect.y + rect.height - below, rect.width, below});
}
