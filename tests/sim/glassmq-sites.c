/* The commands of the simulator on the core that has sites and bugs (core/base/site.h):
 *
 *     glassmq-sites --sites some run FILE.yaml
 *     glassmq-sites --plant requeue.tail sweep FILE.yaml --seeds 1..100
 *     glassmq-sites --list
 */
#include <stdio.h>
#include <string.h>

#include "core/base/options.h"
#include "sim/cmd-replay.h"
#include "sim/cmd-run.h"
#include "sim/cmd-shrink.h"
#include "sim/cmd-sweep.h"
#include "sim/sites.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"run", gmq_cmd_run},
    {"replay", gmq_cmd_replay},
    {"sweep", gmq_cmd_sweep},
    {"shrink", gmq_cmd_shrink},
};

static char *sites_text;
static char *bug_text;
static gboolean is_list;

static const GOptionEntry entries[] = {
    {"sites", 0, 0, G_OPTION_ARG_STRING, &sites_text,
     "Which sites are armed: \"none\", \"some\" (each in a quarter of the runs) or \"all\"", "HOW"},
    {"plant", 0, 0, G_OPTION_ARG_STRING, &bug_text, "Give the broker this bug", "NAME"},
    {"list", 0, 0, G_OPTION_ARG_NONE, &is_list, "Show the sites and the bugs", NULL},
    G_OPTION_ENTRY_NULL,
};

static void
print_sites(void)
{
    unsigned n;
    const GmqSiteInfo *infos = gmq_site_infos(&n);

    for (unsigned i = 0; i < n; i++)
        printf("%-18s  %-4s  %s\n", infos[i].name,
               infos[i].caught_by == NULL ? "" : infos[i].caught_by, infos[i].what);
}

/* Returns false when there is no such way of arming. */
static bool
read_armed(GmqSitesArmed *armed)
{
    static const char *const names[] = {
        [GMQ_SITES_NONE] = "none", [GMQ_SITES_SOME] = "some", [GMQ_SITES_ALL] = "all"};

    for (unsigned i = 0; i < G_N_ELEMENTS(names) && sites_text != NULL; i++) {
        if (strcmp(names[i], sites_text) == 0) {
            *armed = (GmqSitesArmed)i;
            return true;
        }
    }
    return sites_text == NULL;
}

static int
refuse(const char *what)
{
    fprintf(stderr, "glassmq-sites: %s. See glassmq-sites --help.\n", what);
    return GMQ_EXIT_USAGE;
}

static int
run(int argc, char **argv)
{
    GmqSitesArmed armed = GMQ_SITES_NONE;

    if (!read_armed(&armed))
        return refuse("--sites takes none, some or all");
    if (!gmq_sites_plan(armed, bug_text))
        return refuse("there is no such bug to plant");
    if (is_list) {
        print_sites();
        return 0;
    }
    if (argc < 2)
        return refuse("a command is missing");
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, argv[1]) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return refuse("there is no such command here");
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("COMMAND [OPTION...] [ARGUMENT...]");
    g_autoptr(GError) error           = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_strict_posix(context, TRUE);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        return refuse(error->message);

    int status = run(argc, argv);
    g_free(sites_text);
    g_free(bug_text);
    return status;
}
