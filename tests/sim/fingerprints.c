/* Prints both fingerprints of each scenario in a folder, a line each. The list of those that come
 * with the program is made so, and a commit that changes a line of it says why:
 *
 *     build/tests/sim_fingerprints scenarios > tests/sim/fingerprints.txt */
#include <stdio.h>

#include "sim/run.h"

static int
print_fingerprints(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, scenario->seed);
    const GmqTraceInfo *info  = gmq_trace_info(trace);
    printf("%-24s seed %" G_GUINT64_FORMAT "  events %4zu  full %016" G_GINT64_MODIFIER
           "x  story %016" G_GINT64_MODIFIER "x  %s\n",
           scenario->name, (guint64)info->seed, gmq_trace_length(trace), info->fingerprint,
           info->story, info->verdict);
    return 0;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error    = NULL;
    g_autoptr(GDir) folder     = g_dir_open(argc > 1 ? argv[1] : "scenarios", 0, &error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    int status = 0;

    if (folder == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(names, g_build_filename(argc > 1 ? argv[1] : "scenarios", name, NULL));
    }
    g_ptr_array_sort(names, compare_names);
    for (unsigned i = 0; i < names->len && status == 0; i++)
        status = print_fingerprints(names->pdata[i]);
    return status;
}
