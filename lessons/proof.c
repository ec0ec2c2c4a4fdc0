#include "lessons/proof.h"

#include <string.h>

#include "sim/filter.h"
#include "sim/load.h"
#include "viz/event-line.h"

G_DEFINE_QUARK(gmq - proof - error - quark, gmq_proof_error)

typedef struct {
    char *file;
    GmqTrace *trace;
    GmqStage *stage;
} Run;

struct GmqProof {
    const GmqLesson *lesson;
    GPtrArray *runs; /* of Run */
};

static void
free_run(void *data)
{
    Run *run = data;

    gmq_stage_free(run->stage);
    gmq_trace_free(run->trace);
    g_free(run->file);
    g_free(run);
}

GmqProof *
gmq_proof_new(const GmqLesson *lesson)
{
    GmqProof *proof = g_new0(GmqProof, 1);

    proof->lesson = lesson;
    proof->runs   = g_ptr_array_new_with_free_func(free_run);
    return proof;
}

void
gmq_proof_free(GmqProof *proof)
{
    if (proof == NULL)
        return;
    g_ptr_array_unref(proof->runs);
    g_free(proof);
}

const GmqStage *
gmq_proof_stage(GmqProof *proof, const char *file, GError **error)
{
    for (unsigned i = 0; i < proof->runs->len; i++) {
        const Run *run = proof->runs->pdata[i];
        if (strcmp(run->file, file) == 0)
            return run->stage;
    }
    g_autofree char *path = gmq_lesson_file(proof->lesson, file);
    GmqTrace *trace       = gmq_load_run(path, NULL, error);
    if (trace == NULL)
        return NULL;
    Run *run   = g_new0(Run, 1);
    run->file  = g_strdup(file);
    run->trace = trace;
    run->stage = gmq_stage_new(trace);
    g_ptr_array_add(proof->runs, run);
    return run->stage;
}

/* ---- an event that a text names ---- */

static GmqFilter *
read_filter(const char *text, GError **error)
{
    unsigned column   = 0;
    GmqFilter *filter = gmq_filter_new(text, &column, error);

    if (filter == NULL)
        g_prefix_error(error, "in the filter \"%s\", at character %u: ", text, column);
    return filter;
}

gboolean
gmq_proof_see(const GmqStage *stage, const GmqSee *see, GError **error)
{
    g_autoptr(GmqFilter) filter = read_filter(see->filter, error);

    if (filter == NULL)
        return FALSE;
    if (see->event > gmq_trace_length(stage->trace)) {
        g_set_error(error, GMQ_PROOF_ERROR, GMQ_PROOF_ERROR_FALSE, "the run has %zu events",
                    gmq_trace_length(stage->trace));
        return FALSE;
    }
    const GmqTraceEvent *event = gmq_trace_event(stage->trace, see->event);
    if (gmq_filter_matches(filter, event))
        return TRUE;
    g_autofree char *words = gmq_event_words(stage, event);
    g_set_error(error, GMQ_PROOF_ERROR, GMQ_PROOF_ERROR_FALSE, "that event is: %s (%s), by %s",
                words, gmq_event_info(event->kind)->kind, event->who);
    return FALSE;
}

/* ---- the answer of a task ---- */

/* What belongs to an answer of that kind of the event; NULL when the event has no such. */
static const char *
client_of(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (gmq_scenario_find_client(stage->scenario, event->who) != NULL)
        return event->who;
    return gmq_scenario_find_client(stage->scenario, event->to) != NULL ? event->to : NULL;
}

static const char *
queue_of(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (gmq_scenario_is_queue(stage->scenario, event->who))
        return event->who;
    return gmq_scenario_is_queue(stage->scenario, event->to) ? event->to : NULL;
}

static char *
take_of(const GmqStage *stage, GmqTake take, const GmqTraceEvent *event)
{
    switch (take) {
    case GMQ_TAKE_EVENT:
        return g_strdup_printf("#%" G_GUINT64_FORMAT, (guint64)event->number);
    case GMQ_TAKE_MESSAGE:
        return *event->message == '\0' ? NULL : g_strdup(event->message);
    case GMQ_TAKE_QUEUE:
        return g_strdup(queue_of(stage, event));
    case GMQ_TAKE_CLIENT:
        return g_strdup(client_of(stage, event));
    default:
        return gmq_event_time(event->time_ns);
    }
}

static const GmqTraceEvent *
find_first(const GmqTrace *trace, const GmqFilter *filter, size_t *count)
{
    const GmqTraceEvent *first = NULL;

    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (!gmq_filter_matches(filter, event))
            continue;
        first = first == NULL ? event : first;
        (*count)++;
    }
    return first;
}

char *
gmq_proof_answer(const GmqStage *stage, const GmqTask *task, GError **error)
{
    g_autoptr(GmqFilter) filter = read_filter(task->find, error);
    size_t count                = 0;

    if (filter == NULL)
        return NULL;
    const GmqTraceEvent *event = find_first(stage->trace, filter, &count);
    if (task->take == GMQ_TAKE_COUNT)
        return g_strdup_printf("%zu", count);
    if (event == NULL) {
        g_set_error(error, GMQ_PROOF_ERROR, GMQ_PROOF_ERROR_FALSE, "no event matches \"%s\"",
                    task->find);
        return NULL;
    }
    char *answer = take_of(stage, task->take, event);
    if (answer == NULL)
        g_set_error(error, GMQ_PROOF_ERROR, GMQ_PROOF_ERROR_FALSE,
                    "event #%" G_GUINT64_FORMAT ", the first that matches, has no %s",
                    (guint64)event->number, gmq_take_name(task->take));
    return answer;
}
