#include "lessons/matcher-cases.h"

#include <string.h>

#include "lessons/lesson.h"
#include "sim/run.h"

static void
free_binding(void *data)
{
    GmqMatcherBinding *binding = data;

    g_free(binding->queue);
    g_free(binding->pattern);
    g_free(binding);
}

static void
free_case(void *data)
{
    GmqMatcherCase *one = data;

    g_free(one->message);
    g_free(one->key);
    g_ptr_array_unref(one->queues);
    g_ptr_array_unref(one->patterns);
    g_free(one);
}

void
gmq_matcher_cases_free(GmqMatcherCases *cases)
{
    if (cases == NULL)
        return;
    g_ptr_array_unref(cases->bindings);
    g_ptr_array_unref(cases->cases);
    g_free(cases);
}

/* ---- what the run says ---- */

/* Names are single words for the program. */
static bool
is_single_word(const char *name)
{
    return *name != '\0' && strpbrk(name, " \t\r\n") == NULL;
}

static bool
take_binding(GmqMatcherCases *cases, const GmqTraceEvent *event)
{
    GmqMatcherBinding *binding = g_new0(GmqMatcherBinding, 1);

    binding->queue   = g_strdup(event->to);
    binding->pattern = g_strdup(event->key);
    g_ptr_array_add(cases->bindings, binding);
    return is_single_word(event->to) && strpbrk(event->key, " \t\r\n") == NULL &&
           strcmp(event->text, "queue") == 0;
}

static void
take_message(GmqMatcherCases *cases, const GmqTraceEvent *event)
{
    GmqMatcherCase *one = g_new0(GmqMatcherCase, 1);

    one->message  = g_strdup(event->message);
    one->key      = g_strdup(event->key);
    one->queues   = g_ptr_array_new_with_free_func(g_free);
    one->patterns = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(cases->cases, one);
}

static void
take_route(GmqMatcherCases *cases, const GmqTraceEvent *event)
{
    for (unsigned i = cases->cases->len; i-- > 0;) {
        GmqMatcherCase *one = cases->cases->pdata[i];
        if (!gmq_trace_name_is_of(event->message, one->message))
            continue;
        g_ptr_array_add(one->queues, g_strdup(event->to));
        g_ptr_array_add(one->patterns, g_strdup(event->key));
        return;
    }
}

static bool
take_event(GmqMatcherCases *cases, const char *exchange, const GmqTraceEvent *event)
{
    bool is_bound = event->kind == GMQ_EVENT_BOUND && strcmp(event->who, exchange) == 0;
    bool is_sent  = event->kind == GMQ_EVENT_PUBLISHED && strcmp(event->to, exchange) == 0;

    if (is_sent)
        take_message(cases, event);
    else if (event->kind == GMQ_EVENT_ROUTED && strcmp(event->who, exchange) == 0)
        take_route(cases, event);
    return !is_bound || take_binding(cases, event);
}

/* ---- a file ---- */

/* The only topic exchange; NULL when there is none or several. */
static const char *
find_exchange(const GmqScenario *scenario)
{
    const char *name = NULL;

    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = scenario->exchanges->pdata[i];
        if (exchange->type == GMQ_EXCHANGE_KIND_TOPIC && name != NULL)
            return NULL;
        if (exchange->type == GMQ_EXCHANGE_KIND_TOPIC)
            name = exchange->name;
    }
    return name;
}

static GmqMatcherCases *
read_run(const GmqTrace *trace, const char *exchange)
{
    g_autoptr(GmqMatcherCases) cases = g_new0(GmqMatcherCases, 1);
    bool is_right                    = true;

    cases->bindings = g_ptr_array_new_with_free_func(free_binding);
    cases->cases    = g_ptr_array_new_with_free_func(free_case);
    for (uint64_t n = 1; n <= gmq_trace_length(trace) && is_right; n++)
        is_right = take_event(cases, exchange, gmq_trace_event(trace, n));
    is_right = is_right && cases->bindings->len > 0 && cases->cases->len > 0;
    return is_right ? g_steal_pointer(&cases) : NULL;
}

GmqMatcherCases *
gmq_matcher_cases_load(const char *path, GError **error)
{
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, error);

    if (scenario == NULL)
        return NULL;
    const char *exchange   = find_exchange(scenario);
    GmqMatcherCases *cases = NULL;
    if (exchange != NULL) {
        g_autoptr(GmqTrace) trace = gmq_run_record(scenario, scenario->seed);
        cases                     = read_run(trace, exchange);
    }
    if (cases == NULL)
        g_set_error(error, GMQ_LESSON_ERROR, GMQ_LESSON_ERROR_WRONG,
                    "%s has no cases for a matcher: it needs one topic exchange, with bindings to "
                    "queues and messages for it, and names and patterns without spaces.",
                    path);
    return cases;
}

char *
gmq_matcher_cases_input(const GmqMatcherCases *cases)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < cases->bindings->len; i++) {
        const GmqMatcherBinding *binding = cases->bindings->pdata[i];
        g_string_append_printf(out, "bind %s %s\n", binding->queue, binding->pattern);
    }
    for (unsigned i = 0; i < cases->cases->len; i++) {
        const GmqMatcherCase *one = cases->cases->pdata[i];
        g_string_append_printf(out, "route %s\n", one->key);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

bool
gmq_matcher_case_has(const GmqMatcherCase *one, const char *queue)
{
    for (unsigned i = 0; i < one->queues->len; i++) {
        if (strcmp(one->queues->pdata[i], queue) == 0)
            return true;
    }
    return false;
}
