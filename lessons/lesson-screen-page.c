/* Pages: what is read, what is worked on, and the last one. */
#include <string.h>

#include "lessons/lesson-screen-private.h"
#include "lessons/markdown.h"
#include "sim/language.h"

/* Longer lines are not read well. */
#define TEXT_WIDTH_MOST 76
#define PICTURE_WIDTH_MOST 100

static int
room(const GmqLessonScreen *screen)
{
    return screen->width - (screen->width >= GMQ_FIGURE_WIDTH_LEAST + 4 ? 4 : 0);
}

/* ---- pictures ---- */

/* As boxes where there is room for them, and what it shows below. */
static GPtrArray *
draw_picture(const char *alt, const char *target, int width, GmqGlyphs glyphs, void *data)
{
    GmqLessonScreen *screen = data;
    int wide                = CLAMP(room(screen), 1, PICTURE_WIDTH_MOST);
    int rows                = MAX(gmq_lesson_screen_page_rows(screen) - 2, 8);
    GmqRunsLook look        = {.runs = screen->runs, .rows_most = (unsigned)rows};
    GPtrArray *lines        = gmq_runs_picture(alt, target, wide, glyphs, &look);

    if (lines != NULL)
        gmq_spans_add_wrapped(lines, GMQ_ROLE_EMPHASIS, alt, 0, width, glyphs);
    return lines;
}

/* ---- texts ---- */

static void
add_gap(GPtrArray *lines)
{
    if (lines->len > 0)
        gmq_spans_add_cells(lines, NULL, 0);
}

static void
add_markdown(GmqLessonScreen *screen, GPtrArray *lines, const char *text)
{
    const GmqMarkdown how     = {.width   = MIN(room(screen), TEXT_WIDTH_MOST),
                                 .glyphs  = screen->glyphs,
                                 .picture = draw_picture,
                                 .data    = screen};
    g_autoptr(GPtrArray) more = gmq_markdown_lines(&how, text);

    if (more->len > 0)
        add_gap(lines);
    gmq_spans_append(lines, more);
}

static void
add_words(const GmqLessonScreen *screen, GPtrArray *lines, GmqScreenRole role, const char *text)
{
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);

    for (size_t i = 0; rows[i] != NULL; i++) {
        size_t blanks = strspn(rows[i], " ");
        if (rows[i][blanks] == '\0') {
            if (rows[i + 1] != NULL)
                gmq_spans_add_cells(lines, NULL, 0);
            continue;
        }
        gmq_spans_add_wrapped(lines, role, rows[i], (int)MIN(blanks, 8),
                              MIN(room(screen), TEXT_WIDTH_MOST), screen->glyphs);
    }
}

static void add_told(const GmqLessonScreen *screen, GPtrArray *lines, GmqScreenRole role,
                     const char *format, ...) G_GNUC_PRINTF(4, 5);

/* A paragraph of its own. */
static void
add_told(const GmqLessonScreen *screen, GPtrArray *lines, GmqScreenRole role, const char *format,
         ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    add_gap(lines);
    add_words(screen, lines, role, text);
}

/* ---- pages ---- */

static void
add_reading(GmqLessonScreen *screen, GPtrArray *lines)
{
    const GmqStep *step = gmq_walk_step(screen->walk);
    const char *heading =
        *step->heading != '\0' ? step->heading : gmq_walk_lesson(screen->walk)->title;
    g_autofree char *title = g_strconcat("## ", heading, NULL);

    add_markdown(screen, lines, title);
    add_markdown(screen, lines, step->text);
}

static void
add_modify(GmqLessonScreen *screen, GPtrArray *lines)
{
    const GmqModify *modify = gmq_walk_step(screen->walk)->modify;
    g_autoptr(GError) error = NULL;
    g_autofree char *path   = screen->host.find_file(screen->host.data, &error);
    g_autofree char *task   = g_strdup_printf("**%s** %s", _("Task:"), modify->task);

    add_markdown(screen, lines, task);
    if (path == NULL && error != NULL) {
        add_told(screen, lines, GMQ_ROLE_FAULT, "%s", error->message);
        return;
    }
    add_told(screen, lines, GMQ_ROLE_NORMAL, _("The file is %s"), path);
    add_told(screen, lines, GMQ_ROLE_NORMAL,
             P_("e opens it in your editor ($EDITOR). c checks it with %u seed, v shows its run. h "
                "gives a hint.",
                "e opens it in your editor ($EDITOR). c checks it with %u seeds, v shows its run. "
                "h gives a hint.",
                modify->seeds),
             modify->seeds);
}

static void
add_make(GmqLessonScreen *screen, GPtrArray *lines)
{
    const GmqLesson *lesson = gmq_walk_lesson(screen->walk);
    const GmqMake *make     = gmq_walk_step(screen->walk)->make;
    g_autofree char *path   = screen->host.find_file(screen->host.data, NULL);
    g_autofree char *folder = path != NULL ? g_path_get_dirname(path) : NULL;
    g_autofree char *task   = g_strdup_printf("**%s** %s", _("Task:"), make->task);

    add_markdown(screen, lines, task);
    if (folder != NULL)
        add_told(screen, lines, GMQ_ROLE_NORMAL, _("Your folder is %s"), folder);
    add_told(
        screen, lines, GMQ_ROLE_NORMAL,
        _("c asks for the command that starts your program and checks it. So does, in a shell: "
          "glassmq lesson check %u -- COMMAND. h gives a hint."),
        lesson->number);
    if (*screen->program != '\0')
        add_told(screen, lines, GMQ_ROLE_NORMAL, _("Your program: %s"), screen->program);
}

static void
add_notes(const GmqLessonScreen *screen, GPtrArray *lines, unsigned *latest)
{
    for (guint i = 0; i < screen->notes->len; i++) {
        const GmqLessonNote *note = &g_array_index(screen->notes, GmqLessonNote, i);
        *latest                   = lines->len;
        add_gap(lines);
        add_words(screen, lines, note->role, note->text);
    }
    if (gmq_walk_is_done(screen->walk))
        add_told(screen, lines, GMQ_ROLE_GOOD, "%s", _("This step is done: Enter goes on."));
}

static void
count_predictions(const GmqWalk *walk, unsigned *n_right, unsigned *n)
{
    GmqProgressLine line = gmq_walk_line(walk, "");

    *n = gmq_progress_predictions(&line, n_right);
    gmq_walk_line_clear(&line);
}

static void
add_end(const GmqLessonScreen *screen, GPtrArray *lines)
{
    const GmqLesson *lesson = gmq_walk_lesson(screen->walk);
    unsigned n_right        = 0;
    unsigned n              = 0;

    count_predictions(screen->walk, &n_right, &n);
    add_told(screen, lines, GMQ_ROLE_STRONG, _("You have passed lesson %u: %s"), lesson->number,
             lesson->title);
    if (n > 0)
        add_told(screen, lines, GMQ_ROLE_NORMAL,
                 P_("Of your predictions %u of %u was right.",
                    "Of your predictions %u of %u were "
                    "right.",
                    n_right),
                 n_right, n);
    if (n_right < n)
        add_told(screen, lines, GMQ_ROLE_NORMAL, "%s",
                 _("A wrong prediction is no loss: what surprises us is what we remember."));
    add_told(screen, lines, GMQ_ROLE_NORMAL, "%s",
             _("Passed stays passed. Enter goes on with the next lesson, Backspace goes back to "
               "look again, q leaves."));
}

GPtrArray *
gmq_lesson_screen_make_page(GmqLessonScreen *screen, unsigned *latest)
{
    GPtrArray *lines   = gmq_spans_list_new();
    GmqWalkPlace place = gmq_walk_place(screen->walk);

    *latest = 0;
    if (place == GMQ_WALK_PASSED) {
        add_end(screen, lines);
        return lines;
    }
    add_reading(screen, lines);
    if (place == GMQ_WALK_MODIFY)
        add_modify(screen, lines);
    if (place == GMQ_WALK_MAKE)
        add_make(screen, lines);
    if (place == GMQ_WALK_MODIFY || place == GMQ_WALK_MAKE)
        add_notes(screen, lines, latest);
    return lines;
}
