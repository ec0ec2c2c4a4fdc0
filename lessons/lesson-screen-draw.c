/* The screen of a lesson: a bar, the page or the view with its panel, and the keys. */
#include "lessons/lesson-screen-private.h"
#include "lessons/spans.h"
#include "sim/language.h"
#include "viz/glyphs.h"

/* A view with fewer rows shows nothing. */
#define VIEW_ROWS_LEAST 6

/* ---- places ---- */

bool
gmq_lesson_screen_is_small(const GmqLessonScreen *screen)
{
    return screen->width < GMQ_LESSON_WIDTH_LEAST || screen->height < GMQ_LESSON_HEIGHT_LEAST;
}

/* Rows between the bar and the keys. */
static int
body_rows(const GmqLessonScreen *screen)
{
    return MAX(screen->height - 2, 1);
}

/* What is said stands in the last of them. */
int
gmq_lesson_screen_page_rows(const GmqLessonScreen *screen)
{
    return MAX(body_rows(screen) - 2, 1);
}

static bool
has_line(const GmqLessonScreen *screen)
{
    return screen->is_typing || gmq_lesson_screen_scene(screen) == GMQ_SCENE_FIND;
}

/* Rows of the panel besides its text: its rule, and the line in which the answer is typed. */
static int
around_panel(const GmqLessonScreen *screen)
{
    return 1 + (has_line(screen) ? 1 : 0);
}

/* How many lines of the panel's text are shown. */
int
gmq_lesson_screen_panel_rows(const GmqLessonScreen *screen)
{
    int most = body_rows(screen) - around_panel(screen);

    if (screen->viewer != NULL)
        most -= VIEW_ROWS_LEAST;
    return CLAMP((int)screen->panel->len, 1, MAX(most, 1));
}

int
gmq_lesson_screen_view_rows(const GmqLessonScreen *screen)
{
    int rows = body_rows(screen) - around_panel(screen) - gmq_lesson_screen_panel_rows(screen);

    /* Nothing can be done to the run while a question is open: the rule covers the keys. */
    if (gmq_lesson_screen_scene(screen) == GMQ_SCENE_PREDICT)
        rows++;
    return screen->viewer != NULL ? MAX(rows, 0) : 0;
}

/* ---- bars ---- */

static void
draw_bar(const GmqLessonScreen *screen, GmqScreen *out)
{
    const GmqLesson *lesson = gmq_walk_lesson(screen->walk);
    g_autofree char *step   = gmq_walk_heading(screen->walk);
    g_autofree char *title  = g_strdup_printf(_("Lesson %u: %s"), lesson->number, lesson->title);
    int used                = gmq_text_width(screen->glyphs, step);

    gmq_screen_paint(out, (GmqRect){0, 0, out->width, 1}, GMQ_ROLE_BAR);
    gmq_screen_put_in(out, 1, 0, MAX(out->width - used - 4, 0), GMQ_ROLE_BAR, title);
    gmq_screen_put_right(out, 0, 0, out->width - 1, GMQ_ROLE_BAR, step);
}

static void
draw_keys(const GmqLessonScreen *screen, GmqScreen *out)
{
    int y = out->height - 1;
    int x = 1;

    gmq_screen_paint(out, (GmqRect){0, y, out->width, 1}, GMQ_ROLE_BAR);
    for (const GmqLessonKey *key = gmq_lesson_screen_keys(screen); key->keys != NULL; key++) {
        const char *word = _(key->word);
        int width =
            gmq_text_width(screen->glyphs, key->keys) + 1 + gmq_text_width(screen->glyphs, word);
        if (x + width > out->width)
            break;
        x = gmq_screen_put(out, x, y, GMQ_ROLE_STRONG, key->keys) + 1;
        x = gmq_screen_put(out, x, y, GMQ_ROLE_BAR, word) + 2;
    }
}

/* ---- pages ---- */

/* "more below" in the row under the page, or what is said. */
static void
draw_notice(const GmqLessonScreen *screen, GmqScreen *out)
{
    int y     = out->height - 2;
    int rows  = gmq_lesson_screen_page_rows(screen);
    int width = out->width - 4;

    if (screen->said != NULL)
        gmq_screen_put_in(out, 2, y, width, screen->said_role, screen->said);
    else if (screen->scroll + (unsigned)rows < screen->page->len)
        gmq_screen_put_in(out, 2, y, width, GMQ_ROLE_DIM, _("(there is more: Space)"));
}

static void draw_line(const GmqLessonScreen *screen, GmqScreen *out, int y);

static void
draw_page(const GmqLessonScreen *screen, GmqScreen *out)
{
    int margin   = out->width >= GMQ_FIGURE_WIDTH_LEAST + 4 ? 2 : 0;
    GmqRect rect = {margin, 1, out->width - margin, gmq_lesson_screen_page_rows(screen)};

    gmq_spans_draw(out, rect, screen->page, screen->scroll);
    if (screen->is_typing)
        draw_line(screen, out, out->height - 2);
    else
        draw_notice(screen, out);
}

/* ---- the view and its panel ---- */

/* The line in which is typed; the end of a text that is too long for it. */
static void
draw_line(const GmqLessonScreen *screen, GmqScreen *out, int y)
{
    bool is_find      = gmq_lesson_screen_scene(screen) == GMQ_SCENE_FIND;
    const char *label = is_find ? _("Your answer: ") : _("Your program: ");
    const char *text  = screen->typed->str;
    int x             = gmq_screen_put(out, 2, y, GMQ_ROLE_STRONG, label);

    while (gmq_text_width(screen->glyphs, text) > MAX(out->width - x - 2, 0))
        text = g_utf8_next_char(text);
    x = gmq_screen_put(out, x, y, GMQ_ROLE_NORMAL, text);
    gmq_screen_put(out, x, y, GMQ_ROLE_HOT, " ");
}

static void
draw_marked(const GmqLessonScreen *screen, GmqScreen *out, GmqRect rect)
{
    int y = rect.y + (int)screen->marked - (int)screen->panel_scroll;

    gmq_screen_paint(out, (GmqRect){rect.x, y, rect.width, (int)screen->n_marked}, GMQ_ROLE_HOT);
    if (y >= rect.y)
        gmq_screen_put(out, 0, y, GMQ_ROLE_HOT, gmq_sign(screen->glyphs, GMQ_SIGN_HERE));
}

/* The last line of a task. */
static void
draw_answer(const GmqLessonScreen *screen, GmqScreen *out)
{
    bool is_done = gmq_walk_is_done(screen->walk);
    int y        = out->height - 2;

    if (screen->is_typing)
        draw_line(screen, out, y);
    else
        gmq_screen_put_in(out, 2, y, out->width - 4, is_done ? GMQ_ROLE_GOOD : GMQ_ROLE_DIM,
                          is_done ? _("This step is done: Enter goes on.")
                                  : _("Press a, type your answer, then Enter."));
}

static void
draw_panel(const GmqLessonScreen *screen, GmqScreen *out)
{
    int rows     = gmq_lesson_screen_panel_rows(screen);
    int bottom   = out->height - 2 - (has_line(screen) ? 1 : 0);
    GmqRect rect = {2, bottom - rows + 1, out->width - 2, rows};

    gmq_rule_draw(out, 0, rect.y - 1, out->width, gmq_lesson_screen_panel_title(screen));
    gmq_spans_draw(out, rect, screen->panel, screen->panel_scroll);
    if (screen->panel_scroll + (unsigned)rows < screen->panel->len)
        gmq_screen_put_right(out, 0, rect.y - 1, out->width - 1, GMQ_ROLE_STRONG,
                             _(" PgDn: more "));
    else if (screen->panel_scroll > 0)
        gmq_screen_put_right(out, 0, rect.y - 1, out->width - 1, GMQ_ROLE_STRONG,
                             _(" PgUp: back "));
    if (screen->n_marked > 0)
        draw_marked(screen, out, rect);
    if (has_line(screen))
        draw_answer(screen, out);
}

static void
draw_view(const GmqLessonScreen *screen, GmqScreen *out)
{
    if (gmq_lesson_screen_view_rows(screen) > 0) {
        g_autoptr(GmqScreen) view = gmq_viewer_draw(screen->viewer);
        gmq_screen_copy(out, 0, 1, view);
    }
    draw_panel(screen, out);
}

/* ---- the whole ---- */

static void
draw_too_small(GmqScreen *out, GmqGlyphs glyphs)
{
    g_autofree char *text =
        g_strdup_printf(_("A lesson needs %d columns and %d rows; here are %d and %d. Make the "
                          "window larger, or use --text."),
                        GMQ_LESSON_WIDTH_LEAST, GMQ_LESSON_HEIGHT_LEAST, out->width, out->height);
    g_auto(GStrv) rows = gmq_text_wrap(glyphs, text, out->width);

    for (int y = 0; rows[y] != NULL; y++)
        gmq_screen_put(out, 0, y, GMQ_ROLE_NORMAL, rows[y]);
}

GmqScreen *
gmq_lesson_screen_draw(const GmqLessonScreen *screen)
{
    GmqScreen *out = gmq_screen_new(screen->width, screen->height, screen->glyphs);

    if (gmq_lesson_screen_is_small(screen)) {
        draw_too_small(out, screen->glyphs);
        return out;
    }
    if (gmq_lesson_screen_has_panel(screen))
        draw_view(screen, out);
    else
        draw_page(screen, out);
    draw_bar(screen, out);
    draw_keys(screen, out);
    return out;
}
