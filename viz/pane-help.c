/* What the reader can do: the line of keys, the help, and the line in which he types. */
#include <string.h>

#include "viz/pane.h"

/* ---- keys ---- */

/* The line of keys shows as many as fit, the ones with low rank first; help shows all. */
static const struct {
    const char *key;
    const char *word;
    int rank;
    const char *help;
} keys[] = {
    {"Spc", "Run", 1, "run and stop"},
    {".", "Step", 2, "one event on"},
    {",", "Back", 3, "one event back"},
    {"> <", "Story", 6, "one story step on or back"},
    {"+/-", "Speed", 5, "faster, slower: x0.1 to x10, fast"},
    {"n", "Fault", 4, "next fault or caption; N the one before"},
    {"g G", "Ends", 8, "to the start, to the end"},
    {"Tab", "Pane", 7, "next pane; arrows scroll in it"},
    {"?", "Help", 0, "this help; any key closes it"},
    {"q", "Quit", 0, "leave; so does Esc"},
};

static int
keys_width(int rank_most)
{
    int width = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].rank <= rank_most)
            width += (int)(strlen(keys[i].key) + strlen(keys[i].word)) + 3;
    }
    return width - 2;
}

void
gmq_pane_keys(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    int rank = G_N_ELEMENTS(keys);
    int x    = rect.x;

    while (rank > 0 && keys_width(rank) > rect.width)
        rank--;
    gmq_screen_paint(screen, (GmqRect){0, rect.y, screen->width, 1}, GMQ_ROLE_BAR);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].rank > rank)
            continue;
        const char *word = i == 0 && view->is_running ? "Stop" : keys[i].word;
        int room         = rect.x + rect.width - x;
        x = gmq_screen_put_in(screen, x, rect.y, room, GMQ_ROLE_STRONG, keys[i].key) + 1;
        x = gmq_screen_put_in(screen, x, rect.y, rect.x + rect.width - x, GMQ_ROLE_BAR, word) + 2;
    }
}

void
gmq_pane_help(GmqScreen *screen, const GmqView *view, GmqRect rect)
{
    static const char *const signs[] = {
        "(7) a message on its way     [6] one in a queue or at work",
        "[6R] it was delivered before    D durable    x cut, crashed",
        "The bottom bar is the time: ! fault, o caption, . nothing happens",
    };
    int line = 0;

    (void)view;
    gmq_screen_put_in(screen, rect.x, rect.y + line++, rect.width, GMQ_ROLE_STRONG, "KEYS");
    for (size_t i = 0; i < G_N_ELEMENTS(keys) && line < rect.height; i++, line++) {
        gmq_screen_put_in(screen, rect.x + 1, rect.y + line, rect.width - 1, GMQ_ROLE_STRONG,
                          keys[i].key);
        gmq_screen_put_in(screen, rect.x + 7, rect.y + line, rect.width - 7, GMQ_ROLE_NORMAL,
                          keys[i].help);
    }
    line++;
    for (size_t i = 0; i < G_N_ELEMENTS(signs) && line < rect.height; i++, line++)
        gmq_screen_put_in(screen, rect.x, rect.y + line, rect.width, GMQ_ROLE_NORMAL, signs[i]);
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
