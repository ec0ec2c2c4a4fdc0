#include "viz/cmd-pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/pcap.h"

static char *output;
static char *client;
static char *from_text;
static char *to_text;
static char *seed_text;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     N_("Write there; \"-\" is stdout, for a pipe"), "FILE"},
    {"at-client", 0, 0, G_OPTION_ARG_STRING, &client,
     N_("Record what that client sees, instead of the broker"), "NAME"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &from_text, N_("Only packets from that time of the run on"),
     "TIME"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to_text, N_("Only packets up to that time of the run"),
     "TIME"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "pcap",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Writes the packets of a run as a capture file (pcapng), as the "
                              "broker's machine would record\n"
                              "them. Wireshark and tshark open it, and know AMQP. Packets "
                              "carry the number and the story of\n"
                              "their events as comments."),
    .more          = N_("Examples:\n"
                                 "  glassmq pcap scenarios/06-worker-dies.yaml -o run.pcapng\n"
                                 "  glassmq pcap scenarios/27-half-open.yaml --at-client w1 "
                                 "--from 1.5s -o w1.pcapng\n"
                                 "  glassmq pcap run.trace -o - | wireshark -k -i -\n\n"
                                 "Exit status: 0 when it is written, 1 when it could not be "
                                 "written, 2 for wrong use,\n"
                                 "3 when FILE is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&output, g_free);
    g_clear_pointer(&client, g_free);
    g_clear_pointer(&from_text, g_free);
    g_clear_pointer(&to_text, g_free);
    g_clear_pointer(&seed_text, g_free);
}

static int
write_stdout(const GByteArray *file)
{
    if (fwrite(file->data, 1, file->len, stdout) == file->len && fflush(stdout) == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "glassmq pcap: cannot write the output: %s.\n", g_strerror(errno));
    return EXIT_FAILURE;
}

static int
write_file(const GByteArray *file)
{
    g_autoptr(GError) error = NULL;

    if (strcmp(output, "-") == 0)
        return write_stdout(file);
    if (gmq_pcap_save(file, output, &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "glassmq pcap: %s.\n", error->message);
    return EXIT_FAILURE;
}

/* Wrong words are told before the run, which may take a while. */
static bool
is_output_right(void)
{
    if (output == NULL)
        gmq_usage_wrong(&usage, "-o FILE says where to write; -o - is stdout, for a pipe");
    else if (strcmp(output, "-") == 0 && isatty(STDOUT_FILENO))
        gmq_usage_wrong(&usage, "a capture is nothing for a terminal; give -o FILE, or pipe it "
                                "into wireshark -k -i -");
    else
        return true;
    return false;
}

static int
make(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;
    GmqPcapWish wish        = {.client = client, .to_ns = INT64_MAX};

    if (!is_output_right() || !gmq_command_read_time(&usage, "--from", from_text, &wish.from_ns) ||
        !gmq_command_read_time(&usage, "--to", to_text, &wish.to_ns) ||
        !gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    if (wish.from_ns > wish.to_ns)
        return gmq_usage_wrong(&usage, "--from %s is behind --to %s", from_text, to_text);

    g_autoptr(GmqSource) source = gmq_source_load(path, seed_text != NULL ? &seed : NULL, &error);
    if (source == NULL)
        return gmq_load_refuse("pcap", path, error);
    g_autoptr(GByteArray) file = gmq_pcap_new(source, &wish, &error);
    if (file == NULL && error->domain == G_IO_ERROR)
        return gmq_usage_wrong(&usage, "%s", error->message);
    if (file == NULL)
        return gmq_load_refuse("pcap", path, error);
    return write_file(file);
}

int
gmq_cmd_pcap(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = make(files[0]);
    forget_options();
    return status;
}
