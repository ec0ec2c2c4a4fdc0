#include "lessons/walk-text.h"

#include <stdio.h>
#include <string.h>

#include "lessons/ask.h"
#include "lessons/walk-text-private.h"
#include "sim/language.h"

/* ---- the words that may be typed ---- */

/* What comes of a word. */
typedef enum {
    STAY, /* and ask again */
    MOVE, /* another step is looked at, or the same one anew */
    LEAVE,
} Outcome;

static Outcome run_help(GmqTextWalk *text, const char *words);

static Outcome
run_next(GmqTextWalk *text, const char *words)
{
    g_autofree char *say = NULL;

    (void)words;
    if (gmq_walk_next(text->walk, &say))
        return MOVE;
    puts(say);
    return STAY;
}

static Outcome
run_back(GmqTextWalk *text, const char *words)
{
    (void)words;
    if (gmq_walk_back(text->walk))
        return MOVE;
    puts(_("This is the first step."));
    return STAY;
}

static Outcome
run_again(GmqTextWalk *text, const char *words)
{
    (void)text;
    (void)words;
    return MOVE;
}

static Outcome
run_hint(GmqTextWalk *text, const char *words)
{
    g_autofree char *hint = gmq_walk_hint(text->walk);

    (void)words;
    gmq_text_say(text, 0, hint != NULL ? hint : _("There is no hint here."));
    return STAY;
}

static Outcome
run_check(GmqTextWalk *text, const char *words)
{
    gmq_text_check(text, words);
    return STAY;
}

static Outcome
run_edit(GmqTextWalk *text, const char *words)
{
    gmq_text_edit(text, words);
    return STAY;
}

static Outcome
run_solution(GmqTextWalk *text, const char *words)
{
    gmq_text_solution(text, words);
    return STAY;
}

/* False after saying that there is no run at this step. */
static bool
has_run(const GmqTextWalk *text)
{
    if (gmq_text_scenario(text) != NULL && gmq_walk_place(text->walk) != GMQ_WALK_PREDICT)
        return true;
    puts(gmq_walk_place(text->walk) == GMQ_WALK_PREDICT
             ? _("First make your prediction; then the whole run can be looked at.")
             : _("There is no run at this step."));
    return false;
}

static Outcome
run_events(GmqTextWalk *text, const char *words)
{
    if (has_run(text))
        gmq_text_tell_events(text, words);
    return STAY;
}

static Outcome
run_search(GmqTextWalk *text, const char *words)
{
    if (has_run(text))
        gmq_text_search(text, words);
    return STAY;
}

static Outcome
run_at(GmqTextWalk *text, const char *words)
{
    if (*words == '\0')
        puts(_("Say which moment, such as \"at #12\"."));
    else if (has_run(text))
        gmq_text_tell_moment(text, gmq_text_scenario(text), words);
    return STAY;
}

static Outcome
run_quit(GmqTextWalk *text, const char *words)
{
    (void)text;
    (void)words;
    return LEAVE;
}

static const struct {
    const char *word;
    const char *brief;
    const char *takes; /* "" for nothing */
    const char *doc;
    Outcome (*run)(GmqTextWalk *text, const char *words);
} entries[] = {
    {"next", "n", "", N_("go on, as Enter does"), run_next},
    {"back", "b", "", N_("the step before this one"), run_back},
    {"again", "a", "", N_("tell this step once more"), run_again},
    {"hint", "h", "", N_("a hint; there are up to three"), run_hint},
    {"solution", "s", "", N_("the solution"), run_solution},
    {"edit", "e", "", N_("open your file in your editor"), run_edit},
    {"check", "c", "[FILE|COMMAND]", N_("check what you have changed, or your program"), run_check},
    {"events", "f", "[FILTER]", N_("what happens in the run, event by event"), run_events},
    {"at", "@", "MOMENT", N_("what there is at a moment: at #12, at 1.5s, at end"), run_at},
    {"search", "/", "WORDS", N_("the events in whose sentences these words stand"), run_search},
    {"help", "?", "", N_("what may be typed"), run_help},
    {"quit", "q", "", N_("leave; you go on here another time"), run_quit},
};

static Outcome
run_help(GmqTextWalk *text, const char *words)
{
    (void)text;
    (void)words;
    puts(_("You may type an answer when one is asked for, or:"));
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autofree char *line = g_strdup_printf(
            _("%s%s%s, or %s: %s"), entries[i].word, *entries[i].takes != '\0' ? " " : "",
            entries[i].takes, entries[i].brief, _(entries[i].doc));
        gmq_text_say(text, 2, line);
    }
    return STAY;
}

/* Finds the word at the beginning of a line; *words is what stands behind it. "/" and "@" need no
 * blank behind them. */
static bool
find_entry(const char *line, size_t *found, const char **words)
{
    size_t size = strcspn(line, " \t");

    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        const char *brief = entries[i].brief;
        bool is_sign      = !g_ascii_isalpha(*brief) && *line == *brief;

        if (!is_sign &&
            g_ascii_strncasecmp(line, entries[i].word, MAX(size, strlen(entries[i].word))) != 0 &&
            g_ascii_strncasecmp(line, brief, MAX(size, strlen(brief))) != 0)
            continue;
        *words = line + (is_sign ? 1 : size);
        *words += strspn(*words, " \t");
        *found = i;
        return **words == '\0' || *entries[i].takes != '\0';
    }
    return false;
}

/* ---- answers ---- */

static Outcome
take_answer(GmqTextWalk *text, const char *line)
{
    g_autofree char *say = NULL;
    GmqAnswer answer     = gmq_walk_answer(text->walk, line, &say);

    gmq_text_say(text, 0, say);
    if (answer == GMQ_ANSWER_NONE)
        puts(_("Type ? for all that may be typed."));
    return answer == GMQ_ANSWER_LOCKED ? MOVE : STAY;
}

/* Whether the line is the answer to a task, even if it is also a word that may be typed. */
static bool
is_answer(const GmqTextWalk *text, const char *line)
{
    return gmq_walk_place(text->walk) == GMQ_WALK_INVESTIGATE &&
           gmq_task_is_answer(gmq_walk_step(text->walk)->task, line);
}

static Outcome
take_line(GmqTextWalk *text, const char *line)
{
    bool was_sure     = text->is_sure;
    const char *words = NULL;
    size_t entry      = 0;
    Outcome outcome;

    if (*line == '\0')
        outcome = run_next(text, line);
    else if (!is_answer(text, line) && find_entry(line, &entry, &words))
        outcome = entries[entry].run(text, words);
    else
        outcome = take_answer(text, line);
    text->is_sure = text->is_sure && !was_sure;
    return outcome;
}

/* ---- the whole ---- */

static void
keep(GmqTextWalk *text)
{
    g_autoptr(GError) error = NULL;

    if (gmq_desk_keep(text->desk, text->walk, &error) || text->is_unkept)
        return;
    text->is_unkept = true;
    putchar('\n');
    gmq_text_say_error(text, error);
    gmq_text_say(text, 0, _("You can go on, but what you do from now on may not be kept."));
}

/* Asks until another step is to be shown, or he leaves. */
static Outcome
ask(GmqTextWalk *text)
{
    Outcome outcome = STAY;

    while (outcome == STAY) {
        g_autofree char *prompt = gmq_text_prompt(text);
        g_autofree char *line   = NULL;

        if (gmq_ask(prompt, &line) != GMQ_ASK_LINE)
            return LEAVE;
        outcome = take_line(text, line);
        keep(text);
    }
    return outcome;
}

static void
say_hello(const GmqTextWalk *text)
{
    const GmqLesson *lesson = gmq_walk_lesson(text->walk);

    printf(_("Lesson %u: %s, about %u minutes\n"), lesson->number, lesson->title, lesson->minutes);
    puts(_("Enter goes on, ? tells what else you may type."));
}

static void
say_goodbye(const GmqTextWalk *text)
{
    if (!text->is_unkept)
        puts(_("Your progress is kept. \"glassmq lesson\" goes on from here."));
}

int
gmq_walk_text(GmqWalk *walk, const GmqDesk *desk, GmqGlyphs glyphs)
{
    const GmqLesson *lesson = gmq_walk_lesson(walk);
    g_autoptr(GmqRuns) runs = gmq_runs_new(lesson->folder, lesson->language);
    GmqTextWalk text        = {.walk = walk, .desk = desk, .runs = runs, .glyphs = glyphs};
    Outcome outcome         = MOVE;

    say_hello(&text);
    keep(&text);
    while (outcome != LEAVE && gmq_walk_place(walk) != GMQ_WALK_PASSED) {
        gmq_text_show(&text);
        outcome = ask(&text);
    }
    if (outcome == LEAVE)
        say_goodbye(&text);
    return text.is_unkept ? 1 : 0;
}
