#include "sim/load.h"

#include <stdio.h>
#include <string.h>

#include "sim/language.h"
#include "sim/run.h"

/* Only a trace begins with these bytes: YAML would have a space behind the colon. */
#define TRACE_START "{\"glassmq\":"

bool
gmq_load_is_trace(const char *path)
{
    char start[sizeof(TRACE_START) - 1];
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return false;
    size_t size = fread(start, 1, sizeof(start), file);
    fclose(file);
    return size == sizeof(start) && memcmp(start, TRACE_START, size) == 0;
}

static GmqTrace *
load_trace(const char *path, const uint64_t *seed, GError **error)
{
    g_autoptr(GmqTrace) trace = gmq_trace_load(path, error);

    if (trace == NULL)
        return NULL;
    if (seed != NULL && *seed != gmq_trace_info(trace)->seed) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    _("%s is the trace of seed %ju; another seed needs the scenario file"), path,
                    gmq_trace_info(trace)->seed);
        return NULL;
    }
    return g_steal_pointer(&trace);
}

GmqTrace *
gmq_load_run(const char *path, const uint64_t *seed, GError **error)
{
    if (gmq_load_is_trace(path))
        return load_trace(path, seed, error);

    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, error);
    if (scenario == NULL)
        return NULL;
    return gmq_run_record(scenario, seed != NULL ? *seed : scenario->seed);
}

int
gmq_load_refuse(const char *command, const char *path, const GError *error)
{
    const char *reason = strrchr(error->message, ':');

    if (error->domain == GMQ_SCENARIO_ERROR) /* names the file and the lines itself */
        fprintf(stderr, "%s\n", error->message);
    else if (error->domain == G_FILE_ERROR && reason != NULL)
        fprintf(stderr, _("glassmq %s: cannot read %s%s.\n"), command, path, reason);
    else
        fprintf(stderr, "glassmq %s: %s.\n", command, error->message);
    return GMQ_EXIT_FILE;
}
