#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"
#include "core/base/options.h"
#include "core/server/cmd-ctl.h"
#include "core/server/cmd-journal.h"
#include "core/server/cmd-serve.h"
#include "core/server/served.h"
#include "lessons/cmd-lesson.h"
#include "lessons/cmd-present.h"
#include "lessons/cmd-what.h"
#include "sim/cmd-diff.h"
#include "sim/cmd-fmt.h"
#include "sim/cmd-inevitable.h"
#include "sim/cmd-lint.h"
#include "sim/cmd-replay.h"
#include "sim/cmd-run.h"
#include "sim/cmd-shrink.h"
#include "sim/cmd-sweep.h"
#include "sim/language.h"
#include "sim/player.h"
#include "viz/cmd-chart.h"
#include "viz/cmd-explain.h"
#include "viz/cmd-graph.h"
#include "viz/cmd-html.h"
#include "viz/cmd-pcap.h"
#include "viz/cmd-plot.h"
#include "viz/cmd-tail.h"
#include "viz/cmd-view.h"
#include "viz/cmd-what-if.h"

typedef struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit status */
} Command;

static int run_help(int argc, char **argv);

static const Command commands[] = {
    {"run", N_("Run a scenario on virtual time and tell its story"), gmq_cmd_run},
    {"replay", N_("Do a run again from its trace or recording, and compare"), gmq_cmd_replay},
    {"diff", N_("Show where two runs part, and how they end"), gmq_cmd_diff},
    {"sweep", N_("Run many seeds of a scenario, and tell which fail"), gmq_cmd_sweep},
    {"shrink", N_("Make the scenario of a failing run small"), gmq_cmd_shrink},
    {"inevitable", N_("Tell from when on a failing run had to fail"), gmq_cmd_inevitable},
    {"lint", N_("Check scenario files, and say what looks odd"), gmq_cmd_lint},
    {"explain", N_("Tell a scenario, or a moment of its run, in sentences"), gmq_cmd_explain},
    {"fmt", N_("Lay scenario files out in the usual way"), gmq_cmd_fmt},
    {"view", N_("Show a run on the terminal, step by step"), gmq_cmd_view},
    {"graph", N_("Draw a run with Graphviz"), gmq_cmd_graph},
    {"html", N_("Write a run as a page for a browser"), gmq_cmd_html},
    {"chart", N_("Draw who sent what to whom, in the order of time"), gmq_cmd_chart},
    {"plot", N_("Draw the numbers of a run over its time"), gmq_cmd_plot},
    {"what-if", N_("Run again, with one thing that goes otherwise"), gmq_cmd_what_if},
    {"pcap", N_("Write the packets of a run for Wireshark"), gmq_cmd_pcap},
    {"serve", N_("Serve AMQP clients"), gmq_cmd_serve},
    {"ctl", N_("Look into a running broker, and tell it what to do"), gmq_cmd_ctl},
    {"tail", N_("Print what happens in a running broker"), gmq_cmd_tail},
    {"journal", N_("Look into what a broker keeps on the disk"), gmq_cmd_journal},
    {"lesson", N_("Learn messaging by predicting, running, changing and building"), gmq_cmd_lesson},
    {"present", N_("Show a lesson or a scenario as slides"), gmq_cmd_present},
    {"what", N_("Tell what a word of messaging means"), gmq_cmd_what},
    {"help", N_("Show how a command is used"), run_help},
};

static const Command *
find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

/* The sentence is the caller's, and freed. */
static int
refuse(char *sentence, const char *nearest)
{
    fprintf(stderr, "glassmq: %s", sentence);
    g_free(sentence);
    if (nearest != NULL)
        fprintf(stderr, _(" Did you mean %s?"), nearest);
    fprintf(stderr, " %s\n", _("See glassmq --help."));
    return GMQ_EXIT_USAGE;
}

static int
refuse_command(const char *word)
{
    const char *names[G_N_ELEMENTS(commands)];

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    return refuse(g_strdup_printf(_("there is no command %s."), word),
                  gmq_nearest(word, names, G_N_ELEMENTS(names)));
}

static int
refuse_option(const char *word)
{
    static const char *const options[] = {"--help", "--version", "--lang"};

    return refuse(g_strdup_printf(_("there is no option %s."), word),
                  gmq_nearest(word, options, G_N_ELEMENTS(options)));
}

static int
print_commands(void)
{
    puts(_("Usage:\n"
           "  glassmq COMMAND [OPTION...] [ARGUMENT...]\n"
           "\n"
           "A message broker that you can see through.\n"
           "\n"
           "Commands:"));
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s  %s\n", commands[i].name, _(commands[i].summary));
    puts(_(
        "\n"
        "Options:\n"
        "  -h, --help   Show this help; glassmq COMMAND --help shows that of a command\n"
        "  --version    Show the version\n"
        "  --lang LANG  Speak English (en) or Korean (ko), with any command; otherwise as LC_ALL,\n"
        "               LC_MESSAGES, LANG and LANGUAGE say"));
    return 0;
}

static int
print_version(void)
{
    puts("glassmq " GMQ_VERSION);
    return 0;
}

static int
run_help(int argc, char **argv)
{
    static const GmqUsage usage = {
        .command      = "help",
        .arguments    = "[COMMAND]",
        .summary      = N_("Shows how a command is used, or which commands there are."),
        .n_files_most = 1,
    };
    g_auto(GStrv) names = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &names);

    if (status != GMQ_USAGE_GO_ON)
        return status;
    if (names[0] == NULL)
        return print_commands();

    const Command *command = find_command(names[0]);
    char help[]            = "--help";
    char *words[]          = {names[0], help, NULL};
    return command == NULL ? refuse_command(names[0]) : command->run(2, words);
}

/* Takes --lang LANG or --lang=LANG, which any command may have before "--", out of the words; the
 * last one counts. False when there is no LANG behind it. */
static bool
take_language(int *argc, char **argv, const char **language)
{
    int left = 1;
    int at   = 1;

    for (; at < *argc && strcmp(argv[at], "--") != 0; at++) {
        if (g_str_has_prefix(argv[at], "--lang="))
            *language = argv[at] + strlen("--lang=");
        else if (strcmp(argv[at], "--lang") != 0)
            argv[left++] = argv[at];
        else if (++at < *argc)
            *language = argv[at];
        else
            return false;
    }
    while (at < *argc)
        argv[left++] = argv[at++];
    *argc      = left;
    argv[left] = NULL;
    return true;
}

/* GMQ_USAGE_GO_ON, or the exit status after a sentence. */
static int
choose_language(int *argc, char **argv)
{
    const char *language    = NULL;
    g_autoptr(GError) error = NULL;

    if (!take_language(argc, argv, &language))
        fputs("glassmq: --lang needs a language: en or ko. See glassmq --help.\n", stderr);
    else if (!gmq_language_choose(language, &error))
        fprintf(stderr, "glassmq: %s. See glassmq --help.\n", error->message);
    else {
        gmq_usage_set_texts(gmq_text);
        return GMQ_USAGE_GO_ON;
    }
    return GMQ_EXIT_USAGE;
}

static int
run(int argc, char **argv)
{
    int status = choose_language(&argc, argv);

    if (status != GMQ_USAGE_GO_ON)
        return status;
    if (argc < 2) {
        return refuse(g_strdup(_("a command is missing.")), NULL);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_commands();
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    if (argv[1][0] == '-')
        return refuse_option(argv[1]);

    const Command *command = find_command(argv[1]);
    return command == NULL ? refuse_command(argv[1]) : command->run(argc - 1, argv + 1);
}

/* What replay plays recordings with: the simulator does not know the server. */
static const GmqServer server = {
    .make    = gmq_served_new,
    .free    = gmq_served_free,
    .broker  = gmq_served_broker,
    .amqp    = gmq_served_amqp,
    .command = gmq_served_command,
};

int
main(int argc, char **argv)
{
    gmq_player_set_server(&server);

    int status = run(argc, argv);

    /* A full disk shows up only here. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, _("glassmq: cannot write the output: %s.\n"), g_strerror(errno));
        return status == 0 ? 1 : status;
    }
    return status;
}
