/* options.h - the command line of one subcommand, read with GLib's GOptionEntry tables.
 *
 * For cmd-*.c files alone: it prints, and GOptionContext reads the locale, so it is a library of
 * its own that the core never sees. A command looks like this:
 *
 *     static char *seed;
 *     static gboolean check;
 *
 *     static const GOptionEntry entries[] = {
 *         {"seed", 0, 0, G_OPTION_ARG_STRING, &seed, "Seed of all random streams", "N"},
 *         {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Run twice and compare", NULL},
 *         G_OPTION_ENTRY_NULL,
 *     };
 *     static const GmqUsage usage = {
 *         .command       = "run",
 *         .arguments     = "FILE.yaml",
 *         .summary       = "Runs a scenario on virtual time and tells its story.",
 *         .entries       = entries,
 *         .n_files_least = 1,
 *         .n_files_most  = 1,
 *     };
 *
 *     int
 *     gmq_cmd_run(int argc, char **argv)
 *     {
 *         g_auto(GStrv) files = NULL;
 *         uint64_t seed_value = 1;
 *         int status          = gmq_usage_parse(&usage, argc, argv, &files);
 *
 *         if (status != GMQ_USAGE_GO_ON)
 *             return status;
 *         if (!gmq_usage_number(&usage, "--seed", seed, 0, UINT64_MAX, &seed_value))
 *             return GMQ_EXIT_USAGE;
 *         ...
 *     }
 *
 * Take file names as G_OPTION_ARG_FILENAME and whole numbers as G_OPTION_ARG_STRING with
 * gmq_usage_number(). Parsed strings are the caller's, as GLib says. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The exit status for wrong use. */
#define GMQ_EXIT_USAGE 2

/* Not an exit status: the command line was right and the command goes on. */
#define GMQ_USAGE_GO_ON (-1)

typedef struct {
    const char *command;         /* "run", printed as "glassmq run" */
    const char *arguments;       /* "FILE.yaml", as the usage line names them; NULL: takes none */
    const char *summary;         /* sentences above the options in --help */
    const char *more;            /* text below them: examples, exit status; may be NULL */
    const GOptionEntry *entries; /* up to G_OPTION_ENTRY_NULL; may be NULL. --help is added */
    const GOptionEntry *shared;  /* told behind them, of several commands; may be NULL */
    unsigned n_files_least;      /* how many arguments that are no options there must be */
    unsigned n_files_most;       /* and may be */
} GmqUsage;

/* What gives a text of a usage, or a sentence about wrong use, in the language of the user; it
 * returns the English one when it knows no other. Without it all is English. */
typedef const char *(*GmqUsageTexts)(const char *english);
void gmq_usage_set_texts(GmqUsageTexts texts);

/* The text in the language of the user, for a help that is put together of several. */
const char *gmq_usage_text(const char *english) G_GNUC_FORMAT(1);

/* Marks a text of a usage that is to be translated, where nothing else does. */
#define GMQ_USAGE_TEXT(english) (english)

/* Reads the command line of a subcommand; argv[0] is its name. Fills the variables of the entries,
 * gives the other arguments to the caller as *files, and returns GMQ_USAGE_GO_ON. After --help the
 * help is on stdout and it returns 0; after wrong use one sentence is on stderr and it returns
 * GMQ_EXIT_USAGE. *files is NULL then. Everything behind "--" is no option. */
int gmq_usage_parse(const GmqUsage *usage, int argc, char **argv, char ***files);

/* Prints "glassmq run: <sentence>. See glassmq run --help." to stderr for what only the command can
 * know to be wrong; the format gives the sentence without its full stop
 * (a question mark stands). Returns GMQ_EXIT_USAGE. */
int gmq_usage_wrong(const GmqUsage *usage, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Reads the text of an option as a whole decimal number between least and most. NULL, an option
 * that was not given, leaves *value as it is and is right. False after a sentence on stderr. */
bool gmq_usage_number(const GmqUsage *usage, const char *option, const char *text, uint64_t least,
                      uint64_t most, uint64_t *value);

G_END_DECLS
