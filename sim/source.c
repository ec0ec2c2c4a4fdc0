#include "sim/source.h"

#include <string.h>

#include "sim/language.h"
#include "sim/load.h"

GmqSource *
gmq_source_of(const GmqTrace *trace, GError **error)
{
    const GmqTraceInfo *info = gmq_trace_info(trace);
    g_autofree char *name    = g_strconcat(info->scenario, ", the scenario in the trace", NULL);
    GmqScenario *scenario    = gmq_scenario_parse(name, info->text, strlen(info->text), error);

    if (scenario == NULL)
        return NULL;
    GmqSource *source = g_new0(GmqSource, 1);
    *source           = (GmqSource){.scenario    = scenario,
                                    .seed        = info->seed,
                                    .ties        = info->ties,
                                    .told_by     = g_strdup(info->tool),
                                    .fingerprint = info->fingerprint};
    return source;
}

GmqSource *
gmq_source_load(const char *path, const uint64_t *seed, GError **error)
{
    if (gmq_load_is_trace(path)) {
        g_autoptr(GmqTrace) trace = gmq_load_run(path, seed, error);
        return trace == NULL ? NULL : gmq_source_of(trace, error);
    }

    GmqScenario *scenario = gmq_scenario_load(path, error);
    if (scenario == NULL)
        return NULL;

    GmqSource *source = g_new0(GmqSource, 1);
    source->scenario  = scenario;
    source->seed      = seed != NULL ? *seed : scenario->seed;
    return source;
}

void
gmq_source_free(GmqSource *source)
{
    if (source == NULL)
        return;
    gmq_scenario_free(source->scenario);
    g_free(source->told_by);
    g_free(source);
}

GmqWorld *
gmq_source_world(const GmqSource *source)
{
    return gmq_world_new_with(source->scenario, source->seed,
                              &(GmqRunOptions){.ties = source->ties});
}

bool
gmq_source_is_same(const GmqSource *source, const GmqTrace *again, GError **error)
{
    if (source->fingerprint == 0 || gmq_trace_info(again)->fingerprint == source->fingerprint)
        return true;
    if (strcmp(source->told_by, GMQ_VERSION) == 0)
        g_set_error(error, GMQ_TRACE_ERROR, GMQ_TRACE_ERROR_WRONG,
                    _("the scenario in this trace does not give the run of the trace any more; "
                      "glassmq replay tells where they part"));
    else
        g_set_error(
            error, GMQ_TRACE_ERROR, GMQ_TRACE_ERROR_WRONG,
            _("glassmq %s wrote this trace, and glassmq %s runs its scenario in another way; "
              "make the trace again with this version"),
            source->told_by, GMQ_VERSION);
    return false;
}
