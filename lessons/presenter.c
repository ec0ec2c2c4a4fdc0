#include "lessons/presenter.h"

#include "sim/language.h"

/* Longer lines are hard to read from the last row of a class. */
#define TEXT_WIDTH_MOST 72

/* A run keeps at least so many rows; the text below it scrolls. */
#define RUN_ROWS_LEAST 14

struct GmqPresenter {
    const GmqDeck *deck;
    GmqGlyphs glyphs;
    GmqTheme theme;
    int width, height;
    unsigned index;
    GmqViewer *viewer; /* of a slide with a run; NULL otherwise */
    unsigned scroll;   /* of the text */
    bool is_black;
    bool is_help;
    bool is_closer; /* all keys go to the viewer */
    unsigned revision;
};

/* ---- slides ---- */

static const GmqSlide *
slide_of(const GmqPresenter *presenter)
{
    return gmq_deck_slide(presenter->deck, presenter->index);
}

static int
text_width(const GmqPresenter *presenter)
{
    return CLAMP(presenter->width - 4, 1, TEXT_WIDTH_MOST);
}

static GPtrArray *
text_lines(const GmqPresenter *presenter, const char *text)
{
    GmqRunsLook look = {.runs      = presenter->deck->runs,
                        .rows_most = (unsigned)MAX(presenter->height * 2 / 3, 1),
                        .is_told   = false};
    GmqMarkdown how  = {text_width(presenter), presenter->glyphs, gmq_runs_picture, &look};

    return gmq_markdown_lines(&how, text);
}

/* The rows below a run that its text takes, with one free above; 0 without a text. */
static int
text_rows(const GmqPresenter *presenter)
{
    const GmqSlide *slide = slide_of(presenter);

    if (*slide->text == '\0')
        return 0;
    g_autoptr(GPtrArray) lines = text_lines(presenter, slide->text);
    return MIN((int)lines->len + 1, MAX(presenter->height - 1 - RUN_ROWS_LEAST, 2));
}

/* The last row of a view tells its keys: a slide covers it with a row of its own. */
static void
fit_viewer(GmqPresenter *presenter)
{
    int below = presenter->is_closer ? 0 : text_rows(presenter);

    if (presenter->viewer != NULL)
        gmq_viewer_resize(presenter->viewer, MAX(presenter->width, 1),
                          MAX(presenter->height - below, 1));
}

static void
open_slide(GmqPresenter *presenter)
{
    const GmqSlide *slide = slide_of(presenter);

    g_clear_pointer(&presenter->viewer, gmq_viewer_free);
    presenter->scroll    = 0;
    presenter->is_closer = false;
    if (slide->kind != GMQ_SLIDE_RUN)
        return;
    presenter->viewer = gmq_viewer_new(gmq_figure_stage(slide->figure), presenter->glyphs);
    gmq_viewer_set_part(presenter->viewer, *slide->text != '\0');
    gmq_viewer_set_presenting(presenter->viewer, true);
    gmq_viewer_set_theme(presenter->viewer, presenter->theme);
    gmq_viewer_set_bound(presenter->viewer, slide->to);
    gmq_viewer_go(presenter->viewer, slide->from);
    fit_viewer(presenter);
}

GmqPresenter *
gmq_presenter_new(const GmqDeck *deck, GmqGlyphs glyphs, GmqTheme theme)
{
    GmqPresenter *presenter = g_new0(GmqPresenter, 1);

    presenter->deck   = deck;
    presenter->glyphs = glyphs;
    presenter->theme  = theme;
    presenter->width  = 80;
    presenter->height = 24;
    open_slide(presenter);
    return presenter;
}

void
gmq_presenter_free(GmqPresenter *presenter)
{
    if (presenter == NULL)
        return;
    g_clear_pointer(&presenter->viewer, gmq_viewer_free);
    g_free(presenter);
}

void
gmq_presenter_resize(GmqPresenter *presenter, int width, int height)
{
    presenter->width  = width;
    presenter->height = height;
    presenter->revision++;
    fit_viewer(presenter);
}

void
gmq_presenter_go(GmqPresenter *presenter, unsigned index)
{
    presenter->index = MIN(index, presenter->deck->slides->len - 1);
    presenter->revision++;
    open_slide(presenter);
}

unsigned
gmq_presenter_slide(const GmqPresenter *presenter)
{
    return presenter->index;
}

/* ---- keys ---- */

static void
go_on(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    if (presenter->index + 1 < presenter->deck->slides->len)
        gmq_presenter_go(presenter, presenter->index + 1);
}

static void
go_back(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    if (presenter->index > 0)
        gmq_presenter_go(presenter, presenter->index - 1);
}

/* A run goes or rests; at its end comes the next slide. */
static void
run_or_go_on(GmqPresenter *presenter, int64_t now_us)
{
    const GmqSlide *slide = slide_of(presenter);

    if (presenter->viewer == NULL || gmq_viewer_event(presenter->viewer) >= slide->to)
        go_on(presenter, now_us);
    else
        gmq_viewer_key(presenter->viewer, ' ', now_us);
}

static void
go_first(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    gmq_presenter_go(presenter, 0);
}

static void
go_last(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    gmq_presenter_go(presenter, G_MAXUINT);
}

static void
scroll_down(GmqPresenter *presenter, int64_t now_us)
{
    g_autoptr(GPtrArray) lines = text_lines(presenter, slide_of(presenter)->text);

    (void)now_us;
    if (presenter->scroll + 1 < lines->len)
        presenter->scroll++;
}

static void
scroll_up(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    if (presenter->scroll > 0)
        presenter->scroll--;
}

/* A key for the run, which it would not take from a class. */
static void
tell_viewer(GmqPresenter *presenter, int key, int64_t now_us)
{
    if (presenter->viewer == NULL)
        return;
    gmq_viewer_set_presenting(presenter->viewer, false);
    gmq_viewer_key(presenter->viewer, key, now_us);
    gmq_viewer_set_presenting(presenter->viewer, true);
}

static void
look_closer(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    if (presenter->viewer == NULL)
        return;
    presenter->is_closer = true;
    gmq_viewer_set_presenting(presenter->viewer, false);
    fit_viewer(presenter);
}

static void
make_black(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    presenter->is_black = true;
}

static void
show_help(GmqPresenter *presenter, int64_t now_us)
{
    (void)now_us;
    presenter->is_help = true;
}

/* What help shows comes from here: rows without a doc are other keys for the row above. Keys
 * without an act are for the run. */
static const struct {
    int key;
    const char *name;
    const char *doc;
    void (*act)(GmqPresenter *presenter, int64_t now_us);
} keys[] = {
    {' ', N_("Space"), N_("goes on: a run runs or rests, then the next slide"), run_or_go_on},
    {GMQ_KEY_RIGHT, N_("Right"), N_("the next slide; also Enter, Page Down, n"), go_on},
    {GMQ_KEY_ENTER, NULL, NULL, go_on},
    {GMQ_KEY_PAGE_DOWN, NULL, NULL, go_on},
    {'n', NULL, NULL, go_on},
    {GMQ_KEY_LEFT, N_("Left"), N_("the slide before; also Backspace, Page Up, p"), go_back},
    {GMQ_KEY_BACKSPACE, NULL, NULL, go_back},
    {GMQ_KEY_PAGE_UP, NULL, NULL, go_back},
    {'p', NULL, NULL, go_back},
    {GMQ_KEY_HOME, N_("Home"), N_("the first slide"), go_first},
    {GMQ_KEY_END, N_("End"), N_("the last slide"), go_last},
    {GMQ_KEY_DOWN, N_("Down, Up"), N_("scroll a long text"), scroll_down},
    {GMQ_KEY_UP, NULL, NULL, scroll_up},
    {'.', N_(". and ,"), N_("one step of a run forward, and back"), NULL},
    {',', NULL, NULL, NULL},
    {'+', N_("+ and -"), N_("a run goes faster, or slower"), NULL},
    {'-', NULL, NULL, NULL},
    {'v', "v", N_("look closer, with all keys of the view; q comes back"), look_closer},
    {'b', "b", N_("a black screen; any key comes back"), make_black},
    {'?', "?", N_("this help"), show_help},
};

static void
end_closer(GmqPresenter *presenter)
{
    presenter->is_closer = false;
    gmq_viewer_set_presenting(presenter->viewer, true);
    fit_viewer(presenter);
}

bool
gmq_presenter_key(GmqPresenter *presenter, int key, int64_t now_us)
{
    presenter->revision++;
    if (presenter->is_black || presenter->is_help) {
        presenter->is_black = false;
        presenter->is_help  = false;
        return true;
    }
    if (presenter->is_closer) {
        if (!gmq_viewer_key(presenter->viewer, key, now_us))
            end_closer(presenter);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].key != key)
            continue;
        if (keys[i].act != NULL)
            keys[i].act(presenter, now_us);
        else
            tell_viewer(presenter, key, now_us);
    }
    return key != 'q';
}

void
gmq_presenter_click(GmqPresenter *presenter, int x, int y)
{
    if (presenter->is_closer)
        gmq_viewer_click(presenter->viewer, x, y);
    else
        gmq_presenter_key(presenter, ' ', 0);
}

void
gmq_presenter_wheel(GmqPresenter *presenter, int x, int y, int by)
{
    if (presenter->is_closer)
        gmq_viewer_wheel(presenter->viewer, x, y, by);
    else
        gmq_presenter_key(presenter, by > 0 ? GMQ_KEY_DOWN : GMQ_KEY_UP, 0);
}

int64_t
gmq_presenter_play(GmqPresenter *presenter, int64_t now_us)
{
    return presenter->viewer != NULL ? gmq_viewer_play(presenter->viewer, now_us) : -1;
}

unsigned
gmq_presenter_revision(const GmqPresenter *presenter)
{
    unsigned of_run = presenter->viewer != NULL ? gmq_viewer_revision(presenter->viewer) : 0;

    return presenter->revision + of_run;
}

GmqTheme
gmq_presenter_theme(const GmqPresenter *presenter)
{
    return presenter->theme;
}

/* ---- drawing ---- */

static void
clear_row(GmqScreen *screen, int y)
{
    for (int x = 0; x < screen->width; x++)
        gmq_screen_put(screen, x, y, GMQ_ROLE_NORMAL, " ");
}

static void
draw_bar(GmqScreen *screen, const GmqPresenter *presenter)
{
    int y                 = screen->height - 1;
    g_autofree char *left = g_strdup_printf(" %u/%u  %s", presenter->index + 1,
                                            presenter->deck->slides->len, presenter->deck->title);
    const char *right     = _("Space On  Left Back  ? Help  q Quit ");
    int room              = screen->width - gmq_text_width(screen->glyphs, right) - 1;

    clear_row(screen, y);
    gmq_screen_paint(screen, (GmqRect){0, y, screen->width, 1}, GMQ_ROLE_BAR);
    if (room > 8)
        gmq_screen_put_right(screen, room, y, screen->width - room, GMQ_ROLE_BAR, right);
    gmq_screen_put_in(screen, 0, y, room > 8 ? room : screen->width, GMQ_ROLE_BAR, left);
}

static void
draw_middle(GmqScreen *screen, int y, GmqScreenRole role, const char *text)
{
    int x = (screen->width - gmq_text_width(screen->glyphs, text)) / 2;

    gmq_screen_put_in(screen, MAX(x, 0), y, screen->width, role, text);
}

static void
draw_cover(GmqScreen *screen, const GmqPresenter *presenter, const GmqSlide *slide)
{
    int width                  = text_width(presenter);
    g_autoptr(GPtrArray) lines = text_lines(presenter, slide->text);
    g_auto(GStrv) title        = gmq_text_wrap(presenter->glyphs, slide->heading, width);
    int n_title                = (int)g_strv_length(title);
    int y                      = MAX((screen->height - 1 - n_title - 2 - (int)lines->len) / 2, 0);

    for (int i = 0; i < n_title; i++)
        draw_middle(screen, y + i, GMQ_ROLE_STRONG, title[i]);
    y += n_title + 2;
    gmq_spans_draw(screen,
                   (GmqRect){(screen->width - width) / 2, y, width, MAX(screen->height - 1 - y, 0)},
                   lines, 0);
}

static void
draw_text(GmqScreen *screen, const GmqPresenter *presenter, const GmqSlide *slide)
{
    int width                  = text_width(presenter);
    int x                      = (screen->width - width) / 2;
    g_autoptr(GPtrArray) lines = text_lines(presenter, slide->text);

    gmq_screen_put_in(screen, x, 1, width, GMQ_ROLE_STRONG, slide->heading);
    int height   = MAX(screen->height - 4, 0);
    bool is_more = (int)(lines->len - presenter->scroll) > height;
    gmq_spans_draw(screen, (GmqRect){x, 3, width, is_more ? height - 1 : height}, lines,
                   presenter->scroll);
    if (is_more)
        draw_middle(screen, screen->height - 2, GMQ_ROLE_DIM, _("more below: Down"));
}

static void
draw_run(GmqScreen *screen, const GmqPresenter *presenter, const GmqSlide *slide)
{
    g_autoptr(GmqScreen) run = gmq_viewer_draw(presenter->viewer);
    int width                = text_width(presenter);

    gmq_screen_copy(screen, 0, 0, run);
    if (presenter->is_closer || *slide->text == '\0')
        return;
    g_autoptr(GPtrArray) lines = text_lines(presenter, slide->text);
    clear_row(screen, run->height - 1);
    gmq_spans_draw(screen,
                   (GmqRect){(screen->width - width) / 2, run->height, width,
                             MAX(screen->height - run->height - 1, 0)},
                   lines, presenter->scroll);
}

static void
draw_help(GmqScreen *screen)
{
    int y = 1;

    gmq_screen_put(screen, 2, y, GMQ_ROLE_STRONG, _("Keys of a presentation"));
    y += 2;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].doc == NULL)
            continue;
        gmq_screen_put_in(screen, 2, y, 12, GMQ_ROLE_STRONG, _(keys[i].name));
        gmq_screen_put_in(screen, 16, y++, MAX(screen->width - 16, 0), GMQ_ROLE_NORMAL,
                          _(keys[i].doc));
    }
    gmq_screen_put_in(screen, 2, y, 12, GMQ_ROLE_STRONG, "q");
    gmq_screen_put_in(screen, 16, y, MAX(screen->width - 16, 0), GMQ_ROLE_NORMAL, _("the end"));
}

GmqScreen *
gmq_presenter_draw(const GmqPresenter *presenter)
{
    static void (*const drawers[])(GmqScreen *, const GmqPresenter *, const GmqSlide *) = {
        [GMQ_SLIDE_COVER] = draw_cover,
        [GMQ_SLIDE_TEXT]  = draw_text,
        [GMQ_SLIDE_RUN]   = draw_run,
    };
    const GmqSlide *slide = slide_of(presenter);
    GmqScreen *screen     = gmq_screen_new(presenter->width, presenter->height, presenter->glyphs);

    if (presenter->is_black)
        return screen;
    if (presenter->is_help)
        draw_help(screen);
    else
        drawers[slide->kind](screen, presenter, slide);
    if (!presenter->is_closer)
        draw_bar(screen, presenter);
    return screen;
}
