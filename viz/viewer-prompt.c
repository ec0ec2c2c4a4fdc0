/* The line in which the reader types: a moment, a filter, a search, a file, a command. Each kind is
 * checked with every character. */
#include <string.h>

#include "sim/language.h"
#include "viz/moment.h"
#include "viz/viewer-private.h"

/* Nobody types more. */
#define TYPED_MOST 1024

struct GmqPromptKind {
    const char *label;

    /* Whether the text could be taken as it stands; sets viewer->hint when it has something to say.
     * An empty text is checked as well. */
    bool (*check)(GmqViewer *viewer, const char *text, GError **error);

    /* Takes it. False leaves the prompt open, with the error shown. */
    bool (*take)(GmqViewer *viewer, const char *text, int64_t now_us, GError **error);
};

static void set_hint(GmqViewer *viewer, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
set_hint(GmqViewer *viewer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_free(viewer->hint);
    viewer->hint = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* ---- where to go ---- */

static bool
check_goto(GmqViewer *viewer, const char *text, GError **error)
{
    uint64_t event = 0;

    set_hint(viewer,
             _("an event such as #214, a time such as 1.47s, start, end, caption:2, fault:1"));
    if (*text == '\0')
        return true;
    if (!gmq_moment_read(viewer->stage->trace, text, &event, error))
        return false;
    set_hint(viewer, _("event %ju of %ju"), event, gmq_viewer_length(viewer));
    return true;
}

static bool
take_goto(GmqViewer *viewer, const char *text, int64_t now_us, GError **error)
{
    uint64_t event = 0;

    (void)now_us;
    if (*text == '\0')
        return true;
    if (!gmq_moment_read(viewer->stage->trace, text, &event, error))
        return false;
    gmq_viewer_stop(viewer);
    gmq_viewer_go(viewer, event);
    return true;
}

/* ---- what to show ---- */

/* "kind:delver" with a mark below is what a terminal has no room for: the column is told. */
static bool
check_filter(GmqViewer *viewer, const char *text, GError **error)
{
    unsigned column             = 0;
    g_autoptr(GmqFilter) filter = gmq_filter_new(text, &column, error);
    uint64_t count              = 0;

    if (filter == NULL) {
        g_prefix_error(error, _("column %u: "), column);
        return false;
    }
    for (uint64_t n = 1; n <= gmq_viewer_length(viewer); n++)
        count += gmq_filter_matches(filter, gmq_trace_event(viewer->stage->trace, n)) ? 1 : 0;
    if (*text == '\0')
        set_hint(viewer, _("such as  kind:deliver,ack queue:tasks m:p1-5 t>1s !client:w2"));
    else
        set_hint(viewer, _("%ju of %ju events"), count, gmq_viewer_length(viewer));
    return true;
}

static bool
take_filter(GmqViewer *viewer, const char *text, int64_t now_us, GError **error)
{
    (void)now_us;
    return gmq_viewer_set_filter(viewer, text, error);
}

/* ---- what to look for ---- */

static bool
check_search(GmqViewer *viewer, const char *text, GError **error)
{
    uint64_t next = 0;

    (void)error;
    if (*text == '\0') {
        set_hint(viewer,
                 viewer->search != NULL ? _("Enter looks for \"%s\" again")
                                        : _("words of an event, such as requeue%s"),
                 viewer->search != NULL ? viewer->search : "");
        return true;
    }
    uint64_t count = gmq_viewer_count_matches(viewer, text, &next);
    if (count == 0)
        set_hint(viewer, _("no event has that"));
    else
        set_hint(viewer,
                 P_("%ju event, and it is #%ju",
                    "%ju events, the next is #%ju; then ; goes on and \\ back", count),
                 count, next);
    return true;
}

static bool
take_search(GmqViewer *viewer, const char *text, int64_t now_us, GError **error)
{
    (void)error;
    if (*text != '\0') {
        g_free(viewer->search);
        viewer->search = g_strdup(text);
    }
    gmq_viewer_stop(viewer);
    gmq_press_next_match(viewer, 0, now_us);
    return true;
}

/* ---- where to write ---- */

static bool
check_export(GmqViewer *viewer, const char *text, GError **error)
{
    set_hint(viewer, _("a file name that ends with one of %s"), gmq_viewer_export_formats());
    return *text == '\0' || gmq_viewer_check_export(text, error);
}

/* A file that is there is written over only when somebody says so twice. */
static bool
take_export(GmqViewer *viewer, const char *text, int64_t now_us, GError **error)
{
    (void)now_us;
    if (*text == '\0')
        return true;
    if (g_file_test(text, G_FILE_TEST_EXISTS) && g_strcmp0(viewer->overwrites, text) != 0) {
        if (!gmq_viewer_check_export(text, error))
            return false;
        g_free(viewer->overwrites);
        viewer->overwrites = g_strdup(text);
        return gmq_viewer_refuse(error, _("there is such a file; Enter once more writes over it"));
    }
    return gmq_viewer_export(viewer, text, error);
}

/* ---- what to do ---- */

static bool
check_command(GmqViewer *viewer, const char *text, GError **error)
{
    const char *hint = NULL;
    bool is_right    = gmq_viewer_check_command(viewer, text, &hint, error);

    set_hint(viewer, "%s", hint != NULL ? hint : "");
    return is_right;
}

static const GmqPromptKind go_to     = {N_("Go to: "), check_goto, take_goto};
static const GmqPromptKind filtering = {N_("Filter: "), check_filter, take_filter};
static const GmqPromptKind searching = {N_("Search: "), check_search, take_search};
static const GmqPromptKind exporting = {N_("Export to: "), check_export, take_export};
static const GmqPromptKind command   = {":", check_command, NULL};

/* ---- typing ---- */

static void
check(GmqViewer *viewer)
{
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&viewer->error, g_free);
    g_clear_pointer(&viewer->hint, g_free);
    if (!viewer->prompt->check(viewer, viewer->typed->str, &error))
        viewer->error = g_strdup(error->message);
}

static void
begin(GmqViewer *viewer, const GmqPromptKind *kind, const char *text)
{
    gmq_viewer_stop(viewer);
    viewer->prompt = kind;
    g_string_assign(viewer->typed, text);
    viewer->cursor = (unsigned)g_utf8_strlen(text, -1);
    check(viewer);
}

void
gmq_viewer_close_prompt(GmqViewer *viewer)
{
    viewer->prompt = NULL;
    g_clear_pointer(&viewer->error, g_free);
    g_clear_pointer(&viewer->hint, g_free);
    g_clear_pointer(&viewer->overwrites, g_free);
}

const char *
gmq_viewer_prompt_label(const GmqViewer *viewer)
{
    return _(viewer->prompt->label);
}

GMQ_PRESS(goto)
{
    (void)key, (void)now_us;
    begin(viewer, &go_to, "");
}

/* The filter that is there can be changed. */
GMQ_PRESS(filter)
{
    (void)key, (void)now_us;
    begin(viewer, &filtering, viewer->filter != NULL ? gmq_filter_text(viewer->filter) : "");
}

GMQ_PRESS(search)
{
    (void)key, (void)now_us;
    begin(viewer, &searching, "");
}

GMQ_PRESS(export)
{
    (void)key, (void)now_us;
    begin(viewer, &exporting, "");
}

GMQ_PRESS(command)
{
    (void)key, (void)now_us;
    begin(viewer, &command, "");
}

/* Takes out count characters, beginning at that one. */
static void
cut(GmqViewer *viewer, unsigned from, unsigned count)
{
    const char *start = g_utf8_offset_to_pointer(viewer->typed->str, from);
    const char *end   = g_utf8_offset_to_pointer(start, count);

    g_string_erase(viewer->typed, start - viewer->typed->str, end - start);
    viewer->cursor = from;
}

static void
insert(GmqViewer *viewer, gunichar character)
{
    const char *at = g_utf8_offset_to_pointer(viewer->typed->str, viewer->cursor);

    if (viewer->typed->len + 6 > TYPED_MOST)
        return;
    g_string_insert_unichar(viewer->typed, at - viewer->typed->str, character);
    viewer->cursor++;
}

static void
complete(GmqViewer *viewer)
{
    const char *whole = viewer->prompt == &command ? gmq_viewer_complete(viewer->typed->str) : NULL;

    if (whole == NULL)
        return;
    g_string_printf(viewer->typed, "%s ", whole);
    viewer->cursor = (unsigned)g_utf8_strlen(viewer->typed->str, -1);
}

#define CONTROL(letter) ((letter) - 'A' + 1)

static void
edit(GmqViewer *viewer, int key)
{
    unsigned length = (unsigned)g_utf8_strlen(viewer->typed->str, -1);
    unsigned cursor = viewer->cursor;

    switch (key) {
    case GMQ_KEY_LEFT:
        viewer->cursor -= MIN(cursor, 1);
        break;
    case GMQ_KEY_RIGHT:
        viewer->cursor = MIN(cursor + 1, length);
        break;
    case GMQ_KEY_HOME:
    case CONTROL('A'):
        viewer->cursor = 0;
        break;
    case GMQ_KEY_END:
    case CONTROL('E'):
        viewer->cursor = length;
        break;
    case GMQ_KEY_BACKSPACE:
    case CONTROL('H'):
        if (cursor > 0)
            cut(viewer, cursor - 1, 1);
        break;
    case GMQ_KEY_DELETE:
        if (cursor < length)
            cut(viewer, cursor, 1);
        break;
    case CONTROL('U'):
        cut(viewer, 0, cursor);
        break;
    case GMQ_KEY_TAB:
        complete(viewer);
        break;
    default:
        if (key >= ' ' && key != GMQ_KEY_BACKSPACE && key < GMQ_KEY_UP &&
            g_unichar_isprint((gunichar)key))
            insert(viewer, (gunichar)key);
        break;
    }
}

/* What is wrong stays to be mended; what was taken closes the prompt, which a command may have
 * opened anew. */
static bool
take(GmqViewer *viewer, int64_t now_us)
{
    g_autoptr(GError) error     = NULL;
    const GmqPromptKind *before = viewer->prompt;
    g_autofree char *text       = g_strstrip(g_strdup(viewer->typed->str));
    bool leaves                 = false;
    bool is_taken = before == &command ? gmq_viewer_command(viewer, text, now_us, &leaves, &error)
                                       : before->take(viewer, text, now_us, &error);

    if (is_taken && viewer->prompt == before) {
        gmq_viewer_close_prompt(viewer);
    } else if (!is_taken) {
        g_free(viewer->error);
        viewer->error = g_strdup(error->message);
    }
    return !leaves;
}

bool
gmq_viewer_key_prompt(GmqViewer *viewer, int key, int64_t now_us)
{
    switch (key) {
    case GMQ_KEY_ENTER:
    case '\n':
        return take(viewer, now_us);
    case GMQ_KEY_ESC:
    case CONTROL('G'):
        gmq_viewer_close_prompt(viewer);
        return true;
    case GMQ_KEY_BACKSPACE:
    case CONTROL('H'):
        if (viewer->typed->len == 0) {
            gmq_viewer_close_prompt(viewer);
            return true;
        }
        break;
    default:
        break;
    }
    edit(viewer, key);
    check(viewer);
    return true;
}
