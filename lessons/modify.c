#include "lessons/modify.h"

#include <string.h>

#include "lessons/protect.h"
#include "lessons/seeds.h"
#include "sim/language.h"

void
gmq_modify_answer_clear(GmqModifyAnswer *answer)
{
    g_clear_pointer(&answer->sentences, g_free);
}

static void
say(GmqModifyAnswer *answer, GmqVerdict verdict, char *sentences)
{
    answer->verdict   = verdict;
    answer->sentences = sentences;
}

/* ---- what was changed ---- */

static GmqYamlDocument *
parse(const char *path, const char *text)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new(path, text);

    return gmq_yaml_parse(text, strlen(text), problems);
}

/* What the learner began with; NULL with an error. */
static GmqYamlDocument *
load_start(const GmqLesson *lesson, const GmqModify *modify, GError **error)
{
    g_autofree char *path           = gmq_lesson_file(lesson, modify->file);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, error);

    return scenario == NULL ? NULL : parse(path, scenario->text);
}

/* Whether the task is as it was; otherwise the answer says what is not. */
static bool
is_the_task(const GmqLesson *lesson, const GmqModify *modify, const GmqScenario *scenario,
            GmqModifyAnswer *answer)
{
    g_autoptr(GError) error           = NULL;
    g_autoptr(GmqYamlDocument) before = load_start(lesson, modify, &error);

    if (before == NULL) {
        say(answer, GMQ_VERDICT_UNDECIDED,
            g_strdup_printf(_("The lesson itself is damaged, so nothing can be checked: %s"),
                            error->message));
        return false;
    }
    g_autoptr(GmqYamlDocument) after = parse(scenario->path, scenario->text);
    g_autofree char *sentence =
        gmq_protect_compare(modify, gmq_yaml_root(before), gmq_yaml_root(after));
    if (sentence != NULL)
        say(answer, GMQ_VERDICT_BROKEN, g_steal_pointer(&sentence));
    return answer->sentences == NULL;
}

/* ---- the check ---- */

static void
run(const GmqModify *modify, const GmqScenario *scenario, GmqModifyAnswer *answer)
{
    g_autoptr(GString) out = g_string_new(NULL);
    GmqSeedsPlan plan      = {scenario->path, scenario, modify->seeds, modify->faults};
    GmqVerdict verdict     = gmq_seeds_run(&plan, out) ? GMQ_VERDICT_HELD : GMQ_VERDICT_BROKEN;

    if (verdict == GMQ_VERDICT_HELD && modify->faults == GMQ_FAULTS_NONE)
        g_string_append_printf(out,
                               P_("Right: it holds with its %u seed.",
                                  "Right: it holds with all of %u seeds.", modify->seeds),
                               modify->seeds);
    else if (verdict == GMQ_VERDICT_HELD)
        g_string_append_printf(out,
                               P_("Right: it holds with its %u seed, and faults in it.",
                                  "Right: it holds with all of %u seeds, and other faults in each.",
                                  modify->seeds),
                               modify->seeds);
    say(answer, verdict, g_string_free(g_steal_pointer(&out), FALSE));
}

void
gmq_modify_check(const GmqLesson *lesson, const GmqModify *modify, const char *path,
                 GmqModifyAnswer *answer)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    *answer = (GmqModifyAnswer){0};
    if (scenario == NULL && g_error_matches(error, GMQ_SCENARIO_ERROR, GMQ_SCENARIO_ERROR_WRONG))
        say(answer, GMQ_VERDICT_UNDECIDED,
            g_strdup_printf(_("The file cannot be run yet. Mend this, and check again:\n%s"),
                            error->message));
    else if (scenario == NULL)
        say(answer, GMQ_VERDICT_UNDECIDED,
            g_strdup_printf(_("The file %s cannot be read: %s."), path, error->message));
    else if (is_the_task(lesson, modify, scenario, answer))
        run(modify, scenario, answer);
}
