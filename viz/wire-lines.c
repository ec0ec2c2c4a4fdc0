#include "viz/wire-lines.h"

#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/pane.h"

/* The lines of frames before the moment, by their index: of size_t. */
static GArray *
find_lines(const GmqView *view)
{
    const GmqTrace *trace = view->stage->trace;
    GArray *found         = g_array_new(FALSE, FALSE, sizeof(size_t));

    for (size_t i = 0; i < gmq_trace_wire_length(trace); i++) {
        const GmqTraceWire *line = gmq_trace_wire(trace, i);

        if (line->after >= view->now->event)
            break;
        if (line->kind == GMQ_WIRE_FRAME)
            g_array_append_val(found, i);
    }
    return found;
}

unsigned
gmq_wire_lines_length(const GmqView *view)
{
    g_autoptr(GArray) found = find_lines(view);

    return found->len;
}

uint64_t
gmq_wire_lines_at(const GmqView *view, unsigned row)
{
    g_autoptr(GArray) found = find_lines(view);

    if (row >= found->len)
        return 0;
    return gmq_trace_wire(view->stage->trace, g_array_index(found, size_t, row))->after;
}

static void
draw_line(GmqScreen *screen, const GmqTraceWire *wire, GmqRect line)
{
    g_autofree char *time = gmq_event_time(wire->time_ns);
    g_autofree char *text =
        g_strdup_printf("%8s %s %s %s  %s", time, wire->who,
                        gmq_sign(screen->glyphs, GMQ_SIGN_ARROW), wire->to, wire->text);

    gmq_screen_put_in(screen, line.x, line.y, line.width, GMQ_ROLE_NORMAL, text);
}

/* What the frame under the cursor says stands whole below the list. */
static int
draw_chosen(GmqScreen *screen, const GmqTraceWire *wire, GmqRect rect)
{
    g_auto(GStrv) lines = gmq_text_wrap(screen->glyphs, wire->text, MAX(rect.width, 1));
    int n               = (int)MIN(g_strv_length(lines), (unsigned)MAX(rect.height / 2, 0));
    int y               = rect.y + rect.height - n;

    for (int i = 0; i < n; i++)
        gmq_screen_put_in(screen, rect.x, y + i, rect.width, GMQ_ROLE_STRONG, lines[i]);
    return rect.height - n;
}

void
gmq_wire_lines_draw(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) found = find_lines(view);
    unsigned cursor         = view->cursor[GMQ_PANE_WIRE];
    unsigned chosen         = cursor > 0 && cursor <= found->len ? cursor - 1 : found->len - 1;
    const GmqTrace *trace   = view->stage->trace;

    rect.height =
        draw_chosen(screen, gmq_trace_wire(trace, g_array_index(found, size_t, chosen)), rect);
    unsigned rows  = (unsigned)MAX(rect.height, 0);
    unsigned first = gmq_pane_first(view, GMQ_PANE_WIRE, found->len, rows);
    for (unsigned i = first; i < found->len && i < first + rows; i++) {
        GmqRect line = {rect.x, rect.y + (int)(i - first), rect.width, 1};

        draw_line(screen, gmq_trace_wire(trace, g_array_index(found, size_t, i)), line);
        if (gmq_pane_is_at(view, GMQ_PANE_WIRE, i))
            gmq_screen_paint(screen, line, GMQ_ROLE_BAR);
    }
}
