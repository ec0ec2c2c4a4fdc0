#include "lessons/matcher.h"

#include <string.h>

#include "lessons/matcher-cases.h"
#include "lessons/talk.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/units.h"

/* The exit statuses of a check. */
enum {
    PASSED,
    FAILED,
    UNDECIDED,
};

/* A program may write so much more than what was asked. */
#define SPARE_BYTES 4096

typedef struct {
    const GmqMatcherTask *task;
    const GmqMatcherCases *cases;
    GString *told;
    bool names_one; /* no line of the program names more than one queue */
} Judge;

/* ---- one answer ---- */

/* "red, blue", or "no queue"; the caller frees it. */
static char *
queues_text(char **queues)
{
    return *queues == NULL ? g_strdup(_("no queue")) : g_strjoinv(", ", queues);
}

static char *
right_text(const GmqMatcherCase *one)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();

    for (unsigned i = 0; i < one->queues->len; i++)
        g_ptr_array_add(list, one->queues->pdata[i]);
    g_ptr_array_add(list, NULL);
    return queues_text((char **)list->pdata);
}

/* The words of a line; the caller frees them. */
static char **
words_of(const char *line)
{
    g_auto(GStrv) parts       = g_strsplit_set(line, " \t\r,", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new();

    for (unsigned i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0')
            g_ptr_array_add(list, g_strdup(parts[i]));
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

static void
tell_case(const Judge *judge, const GmqMatcherCase *one, char **given)
{
    g_autofree char *right  = right_text(one);
    g_autofree char *answer = queues_text(given);

    g_string_append_printf(judge->told,
                           _("For the key \"%s\" your program says: %s. The broker routes to: "
                             "%s.\n"),
                           one->key, answer, right);
}

static unsigned
count_stars(const char *pattern)
{
    unsigned n = 0;

    for (const char *at = pattern; *at != '\0'; at++)
        n += *at == '*';
    return n;
}

/* What the program seems to have missed. */
static const char *
rule_of(const char *pattern)
{
    if (strchr(pattern, '#') != NULL)
        return _("\"#\" stands for any number of words: none, one or many. Where it stands for "
                 "none, its dot goes too.");
    if (count_stars(pattern) > 1)
        return _("Each \"*\" stands for exactly one word, the second one too.");
    if (strchr(pattern, '*') != NULL)
        return _("\"*\" stands for exactly one word, whatever it is.");
    return _("Without wildcards, pattern and key must be equal.");
}

static bool
fails_missing(const Judge *judge, const GmqMatcherCase *one, char **given)
{
    for (unsigned i = 0; i < one->queues->len; i++) {
        const char *queue   = one->queues->pdata[i];
        const char *pattern = one->patterns->pdata[i];
        if (g_strv_contains((const char *const *)given, queue))
            continue;
        tell_case(judge, one, given);
        g_string_append_printf(judge->told, _("Queue %s is missing: its pattern \"%s\" fits.\n"),
                               queue, pattern);
        g_string_append(judge->told, *given != NULL && judge->names_one
                                         ? _("Your program never names more than one queue. A "
                                             "message goes to every queue with a pattern that "
                                             "fits, not only to the first.")
                                         : rule_of(pattern));
        return true;
    }
    return false;
}

/* The patterns of a queue, "a.*" and "b.#"; the caller frees it. NULL: there is no such queue. */
static char *
patterns_of(const Judge *judge, const char *queue)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < judge->cases->bindings->len; i++) {
        const GmqMatcherBinding *binding = judge->cases->bindings->pdata[i];
        if (strcmp(binding->queue, queue) == 0)
            g_string_append_printf(out, "%s\"%s\"", out->len == 0 ? "" : ", ", binding->pattern);
    }
    return out->len == 0 ? NULL : g_string_free(g_steal_pointer(&out), FALSE);
}

static bool
fails_extra(const Judge *judge, const GmqMatcherCase *one, char **given)
{
    for (unsigned i = 0; given[i] != NULL; i++) {
        if (gmq_matcher_case_has(one, given[i]))
            continue;
        g_autofree char *patterns = patterns_of(judge, given[i]);
        tell_case(judge, one, given);
        if (patterns == NULL)
            g_string_append_printf(judge->told, _("There is no queue \"%s\" at all."), given[i]);
        else
            g_string_append_printf(judge->told,
                                   _("Queue %s must not get it. What it is bound with, and what "
                                     "does not fit: %s."),
                                   given[i], patterns);
        return true;
    }
    return false;
}

static bool
fails_twice(const Judge *judge, const GmqMatcherCase *one, char **given)
{
    for (unsigned i = 0; given[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)given + i + 1, given[i]))
            continue;
        tell_case(judge, one, given);
        g_string_append_printf(judge->told,
                               _("Queue %s is named twice. It gets one copy, even when two of its "
                                 "patterns fit."),
                               given[i]);
        return true;
    }
    return false;
}

/* ---- all answers ---- */

/* Why the program is no more, when it did not end as a program that is done; NULL: it did. The
 * caller frees it. */
static char *
end_text(const Judge *judge, const GmqTalk *talk)
{
    g_autofree char *limit = gmq_duration_text(judge->task->limit_ns);

    switch (talk->end) {
    case GMQ_TALK_KILLED:
        return g_strdup_printf(_("Your program crashed (%s)."), g_strsignal(talk->number));
    case GMQ_TALK_LATE:
        return g_strdup_printf(_("Your program had not ended after %s and was stopped. It must "
                                 "read to the end of its input, and then end."),
                               limit);
    case GMQ_TALK_FLOOD:
        return g_strdup_printf(_("Your program writes far more than was asked, and was stopped. It "
                                 "must write one line for each \"route\", and nothing else."));
    case GMQ_TALK_MISSING:
        return g_strdup_printf(_("Your program could not be started: %s"), talk->errors);
    default:
        return talk->number == 0 ? NULL
                                 : g_strdup_printf(_("Your program ended with the exit status %d "
                                                     "instead of 0."),
                                                   talk->number);
    }
}

static void
add_errors(const Judge *judge, const GmqTalk *talk)
{
    g_autofree char *errors = g_strstrip(g_strdup(talk->errors));

    if (*errors != '\0' && talk->end != GMQ_TALK_MISSING)
        g_string_append_printf(judge->told, _("\nThe last it wrote to stderr:\n%s"), errors);
}

static bool
names_one(char **lines, unsigned n_lines)
{
    for (unsigned i = 0; i < n_lines; i++) {
        g_auto(GStrv) given = words_of(lines[i]);
        if (g_strv_length(given) > 1)
            return false;
    }
    return true;
}

/* The first answer that is wrong or missing is told. True: all are right. */
static bool
are_answers_right(const Judge *judge, char **lines, unsigned n_lines)
{
    for (unsigned i = 0; i < judge->cases->cases->len && i < n_lines; i++) {
        const GmqMatcherCase *one = judge->cases->cases->pdata[i];
        g_auto(GStrv) given       = words_of(lines[i]);
        if (fails_missing(judge, one, given) || fails_extra(judge, one, given) ||
            fails_twice(judge, one, given))
            return false;
    }
    if (n_lines == judge->cases->cases->len)
        return true;
    g_string_append_printf(
        judge->told,
        P_("Your program wrote %u line, but was asked for %u: one for each \"route\", also for a "
           "key that no queue gets, and none for a \"bind\".",
           "Your program wrote %u lines, but was asked for %u: one for each \"route\", also for a "
           "key that no queue gets, and none for a \"bind\".",
           n_lines),
        n_lines, judge->cases->cases->len);
    return false;
}

static int
judge_talk(Judge *judge, const GmqTalk *talk)
{
    g_auto(GStrv) lines  = g_strsplit(talk->out, "\n", -1);
    unsigned n_lines     = g_strv_length(lines);
    g_autofree char *end = end_text(judge, talk);

    /* Behind the last line there is nothing, and no empty line. */
    if (n_lines > 0 && *lines[n_lines - 1] == '\0')
        n_lines--;
    if (end != NULL) {
        g_string_append(judge->told, end);
        add_errors(judge, talk);
        return talk->end == GMQ_TALK_MISSING ? UNDECIDED : FAILED;
    }
    if (n_lines == 0) {
        g_string_append(judge->told, _("Your program wrote nothing, so nothing can be judged. It "
                                       "must answer each line \"route KEY\" with one line."));
        add_errors(judge, talk);
        return UNDECIDED;
    }
    judge->names_one = names_one(lines, n_lines);
    if (!are_answers_right(judge, lines, n_lines)) {
        add_errors(judge, talk);
        return FAILED;
    }
    g_string_append_printf(judge->told,
                           _("Right: your matcher gave the broker's answer to all of %u keys."),
                           judge->cases->cases->len);
    return PASSED;
}

static size_t
size_of_answers(const GmqMatcherCases *cases)
{
    size_t of_line = 1;

    for (unsigned i = 0; i < cases->bindings->len; i++) {
        const GmqMatcherBinding *binding = cases->bindings->pdata[i];
        of_line += strlen(binding->queue) + 1;
    }
    return of_line * cases->cases->len + SPARE_BYTES;
}

int
gmq_matcher_check(const GmqMatcherTask *task, GString *told)
{
    g_autoptr(GError) error          = NULL;
    g_autoptr(GmqMatcherCases) cases = gmq_matcher_cases_load(task->cases, &error);
    Judge judge                      = {.task = task, .cases = cases, .told = told};
    g_auto(GmqTalk) talk             = {0};

    if (cases == NULL) {
        g_string_append(told, error->message);
        return GMQ_EXIT_FILE;
    }
    g_autofree char *input = gmq_matcher_cases_input(cases);
    gmq_talk_run(&talk, task->command, input, size_of_answers(cases), task->limit_ns);
    return judge_talk(&judge, &talk);
}
