/* What the reader can do: the line of keys, the help, and the line in which he types. */
#include <string.h>

#include "sim/language.h"
#include "viz/pane.h"
#include "viz/view-key.h"

/* ---- the line of keys ---- */

#define RANK_MOST 20

/* Only keys with a word are on the line; those with low rank stay when it is narrow. */
static bool
is_on_line(const GmqViewKey *key, int rank_most)
{
    return key->word != NULL && key->rank <= rank_most;
}

static int
line_width(GmqGlyphs glyphs, int rank_most)
{
    const GmqViewKey *key;
    int width = 0;

    for (size_t i = 0; (key = gmq_view_key(i)) != NULL; i++) {
        if (is_on_line(key, rank_most))
            width += (int)strlen(key->keys) + gmq_text_width(glyphs, _(key->word)) + 3;
    }
    return width - 2;
}

void
gmq_pane_keys(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    const GmqViewKey *key;
    int rank = RANK_MOST;
    int x    = rect.x;
    int end  = rect.x + rect.width;

    while (rank > 0 && line_width(screen->glyphs, rank) > rect.width)
        rank--;
    gmq_screen_paint(screen, (GmqRect){0, rect.y, screen->width, 1}, GMQ_ROLE_BAR);
    for (size_t i = 0; (key = gmq_view_key(i)) != NULL; i++) {
        if (!is_on_line(key, rank))
            continue;
        const char *word = i == 0 && view->is_running ? _("Stop") : _(key->word);
        x = gmq_screen_put_in(screen, x, rect.y, MAX(end - x, 0), GMQ_ROLE_STRONG, key->keys) + 1;
        x = gmq_screen_put_in(screen, x, rect.y, MAX(end - x, 0), GMQ_ROLE_BAR, word) + 2;
    }
}

/* ---- help ---- */

/* Two columns of keys where there is room for both. */
#define COLUMN_WIDTH 47
#define COLUMNS_WIDTH 76
#define KEY_WIDTH 6

/* One line of the help: a heading, or text, or one or two keys with what they do. */
typedef struct {
    GmqScreenRole role;
    char *text;          /* NULL: keys */
    const char *key[2];  /* lent */
    const char *what[2]; /* lent; NULL: nothing in that column */
} HelpLine;

static void
clear_line(gpointer line)
{
    g_free(((HelpLine *)line)->text);
}

static void
add_text(GArray *lines, GmqScreenRole role, const char *text)
{
    HelpLine line = {.role = role, .text = g_strdup(text)};

    g_array_append_val(lines, line);
}

static void
add_wrapped(GArray *lines, const GmqView *view, const char *text, int width)
{
    g_auto(GStrv) wrapped = gmq_text_wrap(view->glyphs, text, MAX(width, 1));

    for (size_t i = 0; wrapped[i] != NULL; i++)
        add_text(lines, GMQ_ROLE_NORMAL, wrapped[i]);
}

/* Rows of a table, the second half beside the first one when the screen is wide. */
static void
add_rows(GArray *lines, const HelpLine *rows, size_t n, bool is_wide)
{
    size_t height = is_wide ? (n + 1) / 2 : n;

    for (size_t i = 0; i < height; i++) {
        HelpLine line = rows[i];
        if (is_wide && height + i < n) {
            line.key[1]  = rows[height + i].key[0];
            line.what[1] = rows[height + i].what[0];
        }
        g_array_append_val(lines, line);
    }
}

static void
add_keys(GArray *lines, bool is_wide)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HelpLine));
    const GmqViewKey *key;

    for (size_t i = 0; (key = gmq_view_key(i)) != NULL; i++) {
        HelpLine row = {.key  = {key->keys, NULL},
                        .what = {key->help != NULL ? _(key->help) : NULL, NULL}};
        if (key->help != NULL)
            g_array_append_val(rows, row);
    }
    add_rows(lines, (const HelpLine *)rows->data, rows->len, is_wide);
}

static void
add_filter(GArray *lines)
{
    const GmqFilterKey *key;

    for (size_t i = 0; (key = gmq_filter_key(i)) != NULL; i++) {
        g_autofree char *word = g_strdup_printf("%s:%s", key->key, key->values);
        g_autofree char *text = g_strdup_printf(" %-24s %s", word, _(key->doc));
        add_text(lines, GMQ_ROLE_NORMAL, text);
    }
}

static GArray *
help_lines(const GmqView *view, int width)
{
    const GmqPaneInfo *info = gmq_pane_info(view->focus);
    bool is_wide            = width >= COLUMNS_WIDTH;
    GArray *lines           = g_array_new(FALSE, TRUE, sizeof(HelpLine));

    g_array_set_clear_func(lines, clear_line);
    add_text(lines, GMQ_ROLE_STRONG, _(info->title));
    add_wrapped(lines, view, _(info->help), width - 2);
    add_text(lines, GMQ_ROLE_STRONG, _("KEYS"));
    add_keys(lines, is_wide);
    add_text(lines, GMQ_ROLE_STRONG, _("BARS"));
    add_wrapped(lines, view,
                _("The time bar: ! fault, o caption, . nothing happens; a click goes there. The "
                  "line above it counts what has happened so far."),
                width - 2);
    add_text(lines, GMQ_ROLE_STRONG, _("FILTER"));
    add_wrapped(lines, view,
                _("Words beside each other must all hold, a comma gives choices, ! before a word "
                  "turns it round: kind:deliver,ack queue:tasks t>1s !client:w2. A word without a "
                  "key is looked for everywhere."),
                width - 2);
    add_filter(lines);
    return lines;
}

static void
draw_help_line(GmqScreen *screen, const HelpLine *line, int x, int y, int width)
{
    int half = width >= COLUMNS_WIDTH ? MIN(width / 2, COLUMN_WIDTH) : width;

    if (line->text != NULL) {
        gmq_screen_put_in(screen, x, y, width, line->role, line->text);
        return;
    }
    for (int i = 0; i < 2 && line->key[i] != NULL; i++) {
        int at = x + i * half;
        gmq_screen_put_in(screen, at + 1, y, KEY_WIDTH, GMQ_ROLE_STRONG, line->key[i]);
        gmq_screen_put_in(screen, at + 1 + KEY_WIDTH, y, MAX(half - KEY_WIDTH - 2, 0),
                          GMQ_ROLE_NORMAL, line->what[i]);
    }
}

void
gmq_pane_help(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    g_autoptr(GArray) lines = help_lines(view, rect.width);
    unsigned rows           = (unsigned)MAX(rect.height - 1, 1);
    unsigned last           = lines->len > rows ? lines->len - rows : 0;
    unsigned first          = MIN(view->help_scroll, last);
    int bottom              = rect.y + rect.height - 1;

    for (unsigned i = 0; i < rows && first + i < lines->len; i++)
        draw_help_line(screen, &g_array_index(lines, HelpLine, first + i), rect.x, rect.y + (int)i,
                       rect.width);
    if (rect.height < 2)
        return;
    gmq_screen_paint(screen, (GmqRect){0, bottom, screen->width, 1}, GMQ_ROLE_BAR);
    gmq_screen_put_in(screen, rect.x, bottom, rect.width, GMQ_ROLE_BAR,
                      last > first ? _("Arrows: more.  Any other key closes the help.")
                                   : _("Any key but the arrows closes the help."));
}

/* ---- what is typed ---- */

/* The text in a line of its own, from the end when it is long, and the cursor in it. */
static void
draw_typed(GmqScreen *screen, const GmqViewPrompt *prompt, int y)
{
    int label = gmq_text_width(screen->glyphs, prompt->label);
    int room  = MAX(screen->width - label - 2, 1);
    int skip  = MAX((int)prompt->cursor - room + 1, 0);

    const char *start = g_utf8_offset_to_pointer(prompt->text, skip);
    const char *at    = g_utf8_offset_to_pointer(prompt->text, prompt->cursor);

    g_autofree char *before = g_strndup(start, (size_t)(at - start));
    g_autofree char *under  = *at == '\0' ? g_strdup(" ") : g_utf8_substring(at, 0, 1);
    const char *after       = *at == '\0' ? "" : g_utf8_next_char(at);

    gmq_screen_printf(screen, 0, y, screen->width, GMQ_ROLE_NORMAL, "%*s", screen->width, "");
    int x = gmq_screen_put(screen, 1, y, GMQ_ROLE_STRONG, prompt->label);
    x     = gmq_screen_put(screen, x, y, GMQ_ROLE_NORMAL, before);
    x     = gmq_screen_put(screen, x, y, GMQ_ROLE_HOT, under);
    gmq_screen_put_in(screen, x, y, MAX(screen->width - x, 0), GMQ_ROLE_NORMAL, after);
}

static void
draw_below(GmqScreen *screen, int y, GmqScreenRole role, const char *text)
{
    gmq_screen_printf(screen, 0, y, screen->width, role, "%*s", screen->width, "");
    gmq_screen_put_in(screen, screen->width > 20 ? 1 : 0, y, screen->width - 1, role, text);
}

void
gmq_pane_prompt(GmqScreen *screen, const GmqView *view)
{
    const GmqViewPrompt *prompt = &view->prompt;
    int bottom                  = screen->height - 1;

    if (prompt->label == NULL) {
        if (view->notice != NULL)
            draw_below(screen, bottom, GMQ_ROLE_STRONG, view->notice);
        return;
    }
    draw_typed(screen, prompt, MAX(bottom - 1, 0));
    if (bottom > 0 && prompt->error != NULL)
        draw_below(screen, bottom, GMQ_ROLE_FAULT, prompt->error);
    else if (bottom > 0)
        draw_below(screen, bottom, GMQ_ROLE_DIM, prompt->hint != NULL ? prompt->hint : "");
}
