/* What a check of a program has found, for the learner. */
#include <sys/wait.h>

#include "lessons/make-private.h"
#include "lessons/mistake.h"
#include "sim/event-words.h"
#include "sim/language.h"

#define MS INT64_C(1000000)

void
gmq_make_add(GString *told, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(told, format, args);
    va_end(args);
    g_string_append_c(told, '\n');
}

static void
add_sentences(GString *told, const GPtrArray *sentences)
{
    for (unsigned i = 0; i < sentences->len; i++)
        gmq_make_add(told, "- %s", (const char *)sentences->pdata[i]);
}

/* What it wrote, the last lines of it, as text. */
static void
add_words(GString *told, const GmqProgramRecord *program)
{
    g_autofree char *valid = g_utf8_make_valid(program->words->str, (gssize)program->words->len);
    g_auto(GStrv) lines    = g_strsplit(g_strchomp(valid), "\n", -1);
    unsigned n             = g_strv_length(lines);

    if (valid[0] == '\0')
        return;
    gmq_make_add(told, "%s", _("The last that it wrote:"));
    for (unsigned i = n > 8 ? n - 8 : 0; i < n; i++) {
        for (char *c = lines[i]; *c != '\0'; c++)
            *c = g_ascii_iscntrl(*c) ? ' ' : *c;
        gmq_make_add(told, "  | %s", lines[i]);
    }
}

static void
add_end_of_program(const GmqMakeCheck *check, GString *told)
{
    const GmqProgramRecord *program = gmq_real_program(check->real);

    if (!program->has_ended)
        return;
    if (WIFSIGNALED(program->status))
        gmq_make_add(told, _("- The program was ended by signal %d."), WTERMSIG(program->status));
    else if (WEXITSTATUS(program->status) != 0)
        gmq_make_add(told, _("- The program ended with status %d."), WEXITSTATUS(program->status));
    else if (!program->is_running)
        gmq_make_add(told, "%s", _("- The program ended by itself."));
}

static void
add_broken(const GmqMakeCheck *check, GString *told)
{
    const GmqTrace *trace = gmq_world_trace(check->world);
    const GmqOutcome *outcomes;
    size_t n;

    outcomes = gmq_world_outcomes(check->world, &n);
    for (size_t i = 0; i < n; i++) {
        if (outcomes[i].kind == GMQ_OUTCOME_BROKEN || outcomes[i].kind == GMQ_OUTCOME_OPEN)
            gmq_make_add(told, _("- Expected: %s: %s. Found: %s."), outcomes[i].expectation->label,
                         outcomes[i].expectation->text, outcomes[i].found);
    }
    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        if (event->kind != GMQ_EVENT_CHECK_BROKEN)
            continue;
        g_autofree char *sentence = gmq_event_told(event->text);
        gmq_make_add(told, "- %s", sentence);
    }
}

static void
add_silence(const GmqMakeCheck *check, const GmqHistory *history, GString *told)
{
    if (check->is_stalled && history->last != NULL)
        gmq_make_add(told, _("- Nothing more happened after event %u, for %d seconds."),
                     (unsigned)gmq_trace_length(history->trace),
                     (int)(check->stall_ns / 1000 / MS));
    else if (check->is_late)
        gmq_make_add(told, "%s", _("- The time of the check was over."));
}

/* Somebody who was never heard of has not failed. */
static int
tell_absent(const GmqMakeCheck *check, GString *told)
{
    const GmqProgramRecord *program = gmq_real_program(check->real);

    if (program->wrong != NULL) {
        gmq_make_add(told, _("Undecided: %s."), program->wrong);
        return GMQ_VERDICT_UNDECIDED;
    }
    gmq_make_add(
        told, "%s",
        program->n_connections > 0
            ? _("Undecided: the program connected, and never got as far as to be let in.")
            : _("Undecided: the program never connected. The address is in the environment "
                "variable AMQP_URL."));
    add_end_of_program(check, told);
    add_words(told, program);
    return GMQ_VERDICT_UNDECIDED;
}

static int
tell_flood(const GmqMakeCheck *check, GString *told)
{
    const GmqProgramRecord *program = gmq_real_program(check->real);

    if (program->n_starts >= GMQ_PROGRAM_STARTS_MAX)
        gmq_make_add(told, _("Failed: the program was started %u times, and ended each time."),
                     program->n_starts);
    else if (program->is_flood)
        gmq_make_add(told, _("Failed: the program floods the broker: it made %u connections."),
                     program->n_connections);
    else
        gmq_make_add(told, _("Failed: the program floods the broker: more than %d events."),
                     GMQ_MAKE_EVENTS_MAX);
    add_words(told, program);
    return GMQ_VERDICT_BROKEN;
}

static int
tell_failed(const GmqMakeCheck *check, const GmqHistory *history, const GPtrArray *mistakes,
            GString *told)
{
    gmq_make_add(told, "%s", _("Failed."));
    add_sentences(told, mistakes);
    if (mistakes->len == 0)
        add_broken(check, told);
    add_silence(check, history, told);
    add_end_of_program(check, told);
    add_words(told, gmq_real_program(check->real));
    return GMQ_VERDICT_BROKEN;
}

static bool
is_too_long(const GmqMakeCheck *check)
{
    return gmq_trace_length(gmq_world_trace(check->world)) >= GMQ_MAKE_EVENTS_MAX;
}

int
gmq_make_judge(const GmqMakeCheck *check, GString *told)
{
    const GmqProgramRecord *program = gmq_real_program(check->real);
    g_autoptr(GmqHistory) history   = gmq_history_new(check->client, gmq_world_trace(check->world));
    g_autoptr(GPtrArray) mistakes   = gmq_mistakes_find(history, true);
    GmqVerdict verdict              = gmq_world_verdict(check->world);
    const char *trouble             = gmq_real_trouble(check->real);

    if (check->is_interrupted) {
        gmq_make_add(told, "%s", _("Undecided: the check was interrupted."));
        return GMQ_VERDICT_UNDECIDED;
    }
    if (program->is_flood || is_too_long(check))
        return tell_flood(check, told);
    if (history->n_connections == 0)
        return tell_absent(check, told);
    if (mistakes->len > 0 || verdict != GMQ_VERDICT_HELD)
        return tell_failed(check, history, mistakes, told);
    if (trouble != NULL) {
        gmq_make_add(told, _("Undecided: %s."), trouble);
        return GMQ_VERDICT_UNDECIDED;
    }
    gmq_make_add(told,
                 _("Passed: all that was expected has come, and no mistake was seen in %u events."),
                 (unsigned)gmq_trace_length(gmq_world_trace(check->world)));
    return GMQ_VERDICT_HELD;
}
