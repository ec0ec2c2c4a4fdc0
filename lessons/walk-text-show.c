/* A step of a lesson as plain text. */
#include <stdio.h>
#include <string.h>

#include "lessons/walk-text-private.h"
#include "sim/language.h"

void
gmq_text_say(const GmqTextWalk *text, unsigned indent, const char *words)
{
    g_auto(GStrv) paragraphs = g_strsplit(words, "\n", -1);

    for (unsigned i = 0; paragraphs[i] != NULL; i++) {
        int width           = GMQ_WALK_TEXT_WIDTH - (int)indent;
        g_auto(GStrv) lines = gmq_text_wrap(text->glyphs, paragraphs[i], width);

        for (unsigned line = 0; lines[line] != NULL; line++)
            printf("%*s%s\n", line + i > 0 ? (int)indent : 0, "", lines[line]);
    }
}

void
gmq_text_say_error(const GmqTextWalk *text, const GError *error)
{
    char last            = error->message[strlen(error->message) - 1];
    g_autofree char *say = g_strdup_printf("%c%s%s", g_ascii_toupper(error->message[0]),
                                           error->message + 1, strchr(".?!", last) ? "" : ".");

    gmq_text_say(text, 0, say);
}

/* Adds what there is at "scenario.yaml#31" in sentences, which have their lines already. */
static void
add_moment(GPtrArray *lines, GmqRuns *runs, const char *target)
{
    g_auto(GStrv) parts     = g_strsplit(target, "#", 2);
    const GmqFigure *figure = parts[0] != NULL ? gmq_runs_get(runs, parts[0], NULL) : NULL;
    const char *moment      = figure != NULL && parts[1] != NULL ? parts[1] : "end";
    g_autofree char *told   = figure != NULL ? gmq_figure_tell(figure, moment, NULL) : NULL;
    g_auto(GStrv) rows      = g_strsplit(told != NULL ? g_strchomp(told) : "", "\n", -1);

    for (unsigned i = 0; rows[i] != NULL; i++)
        gmq_spans_add(lines, GMQ_ROLE_NORMAL, rows[i]);
}

/* "Picture: Alice and Bob", and what it shows. */
static GPtrArray *
tell_picture(const char *alt, const char *target, int width, GmqGlyphs glyphs, void *data)
{
    GPtrArray *lines       = gmq_spans_list_new();
    g_autofree char *words = g_strdup_printf(_("Picture: %s"), alt);

    gmq_spans_add_wrapped(lines, GMQ_ROLE_NORMAL, words, 0, width, glyphs);
    add_moment(lines, data, target);
    return lines;
}

void
gmq_text_say_markdown(const GmqTextWalk *text, const char *markdown)
{
    const GmqMarkdown how = {
        .width   = GMQ_WALK_TEXT_WIDTH,
        .glyphs  = text->glyphs,
        .picture = tell_picture,
        .data    = text->runs,
    };
    g_autofree char *plain = gmq_markdown_text(&how, markdown);

    fputs(plain, stdout);
}

/* ---- the places ---- */

static void
show_predict(const GmqTextWalk *text)
{
    const GmqPredict *predict = gmq_walk_step(text->walk)->predict;

    puts(_("This is what happens first:"));
    gmq_text_tell_run(text, predict->scenario, "start", predict->stop, NULL);
    putchar('\n');
    gmq_text_tell_moment(text, predict->scenario, predict->stop);
    putchar('\n');
    gmq_text_say(text, 0, predict->question);
    for (unsigned i = 0; i < predict->choices->len; i++) {
        g_autofree char *choice =
            g_strdup_printf("%u. %s", i + 1, (const char *)predict->choices->pdata[i]);

        gmq_text_say(text, 3, choice);
    }
}

static void
show_run(const GmqTextWalk *text)
{
    const GmqPredict *predict = gmq_walk_step(text->walk)->predict;
    bool is_right;
    g_autofree char *verdict = gmq_walk_verdict(text->walk, &is_right);

    gmq_text_say(text, 0, predict->question);
    putchar('\n');
    puts(_("The run goes on:"));
    gmq_text_tell_run(text, predict->scenario, predict->stop, predict->end, predict->see);
    putchar('\n');
    gmq_text_say(text, 0, verdict);
    gmq_text_say_markdown(text, predict->why);
}

static void
show_task(const GmqTextWalk *text)
{
    const GmqTask *task = gmq_walk_step(text->walk)->task;

    gmq_text_say(text, 0, task->question);
    putchar('\n');
    gmq_text_say(
        text, 0,
        _("Look at the run with these words: \"events\" tells all that happens, \"at #12\" "
          "or \"at 1.5s\" what there is at that moment, \"f FILTER\" the events that "
          "match a filter such as kind:ack, and \"/ WORDS\" those in which the words "
          "stand."));
    if (gmq_walk_is_done(text->walk))
        puts(_("You have answered this."));
}

static void
show_modify(const GmqTextWalk *text)
{
    const GmqStep *step     = gmq_walk_step(text->walk);
    g_autofree char *path   = gmq_desk_exercise(text->desk, gmq_walk_lesson(text->walk));
    g_autoptr(GError) error = NULL;

    gmq_text_say_markdown(text, step->modify->task);
    putchar('\n');
    if (!gmq_desk_lay_out(text->desk, gmq_walk_lesson(text->walk), &error))
        gmq_text_say_error(text, error);
    else
        printf(_("This is the file: %s\n"), path);
    gmq_text_say(text, 0,
                 _("Type \"edit\" to open it in your editor, or open it in another window. Then "
                   "type \"check\"."));
    if (gmq_walk_is_done(text->walk))
        puts(_("You have passed this."));
}

/* What the lesson gives to begin with, laid out for him. */
static void
show_files(const GmqTextWalk *text)
{
    const GmqLesson *lesson = gmq_walk_lesson(text->walk);
    const GmqMake *make     = gmq_walk_step(text->walk)->make;
    g_autofree char *folder = gmq_desk_folder(text->desk, lesson->name);
    g_autoptr(GError) error = NULL;

    if (make->files == NULL)
        return;
    if (!gmq_desk_lay_out(text->desk, lesson, &error)) {
        gmq_text_say_error(text, error);
        return;
    }
    puts(_("These files are there to begin with; take the language that you like:"));
    for (unsigned i = 0; i < make->files->len; i++)
        printf("  %s/%s\n", folder, (const char *)make->files->pdata[i]);
}

static void
show_make(const GmqTextWalk *text)
{
    const GmqLesson *lesson = gmq_walk_lesson(text->walk);

    gmq_text_say_markdown(text, gmq_walk_step(text->walk)->make->task);
    putchar('\n');
    show_files(text);
    gmq_text_say(text, 0,
                 _("Write the program in any language. Then check it: type \"check\" and the "
                   "command that starts it, such as \"check python3 worker.py\". In a shell the "
                   "same is:"));
    printf("  glassmq lesson check %s -- python3 worker.py\n", lesson->name);
    if (gmq_walk_is_done(text->walk))
        puts(_("You have passed this."));
}

void
gmq_text_show(const GmqTextWalk *text)
{
    static void (*const show[])(const GmqTextWalk *text) = {
        [GMQ_WALK_PREDICT] = show_predict,  [GMQ_WALK_RUN] = show_run,
        [GMQ_WALK_INVESTIGATE] = show_task, [GMQ_WALK_MODIFY] = show_modify,
        [GMQ_WALK_MAKE] = show_make,        [GMQ_WALK_PASSED] = NULL,
    };
    const GmqStep *step      = gmq_walk_step(text->walk);
    GmqWalkPlace place       = gmq_walk_place(text->walk);
    g_autofree char *heading = gmq_walk_heading(text->walk);

    if (step == NULL)
        return;
    printf("\n== %s ==\n", heading);
    if (*step->heading != '\0')
        gmq_text_say(text, 0, step->heading);
    putchar('\n');
    if (*step->text != '\0' && place != GMQ_WALK_RUN)
        gmq_text_say_markdown(text, step->text);
    if (*step->text != '\0' && place != GMQ_WALK_RUN && show[place] != NULL)
        putchar('\n');
    if (show[place] != NULL)
        show[place](text);
    fflush(stdout);
}

char *
gmq_text_prompt(const GmqTextWalk *text)
{
    const GmqWalk *walk = text->walk;

    if (gmq_walk_is_done(walk))
        return g_strdup(_("\nEnter goes on, ? tells what else you may type: "));
    switch (gmq_walk_place(walk)) {
    case GMQ_WALK_PREDICT:
        return g_strdup_printf(_("\nWhat do you predict? A number from 1 to %u, or ? for help: "),
                               gmq_walk_step(walk)->predict->choices->len);
    case GMQ_WALK_INVESTIGATE:
        return g_strdup(_("\nYour answer, or ? for help: "));
    case GMQ_WALK_MAKE:
        return g_strdup(_("\ncheck COMMAND, hint, or ? for help: "));
    case GMQ_WALK_MODIFY:
        return g_strdup(_("\nedit, check, hint, or ? for help: "));
    default:
        return g_strdup(_("\nEnter goes on, ? tells what else you may type: "));
    }
}
