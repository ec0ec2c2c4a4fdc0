#include "sim/cmd-fmt.h"

#include <stdio.h>

#include "sim/cmd-shared.h"
#include "sim/fmt.h"
#include "sim/language.h"
#include "sim/load.h"

#define EXIT_CHANGED 1

static gboolean check;
static gboolean print;

static const GOptionEntry entries[] = {
    {"check", 0, 0, G_OPTION_ARG_NONE, &check,
     N_("Change nothing, and name the files that would be"), NULL},
    {"stdout", 0, 0, G_OPTION_ARG_NONE, &print, N_("Print the result and leave the files alone"),
     NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "fmt",
    .arguments     = "FILE.yaml...",
    .summary       = N_("Lays scenario files out in the usual way: their order, "
                              "comments and words stay."),
    .more          = N_("Exit status: 0 done, 1 with --check a file would be changed, 2 "
                                 "wrong use, 3 a file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = G_MAXUINT,
};

static int
put_back(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;

    printf("%s\n", path);
    if (check)
        return EXIT_CHANGED;
    if (g_file_set_contents(path, text, -1, &error))
        return 0;
    fprintf(stderr, _("glassmq fmt: cannot write %s: %s.\n"), path, error->message);
    return GMQ_EXIT_USAGE;
}

static int
fmt_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *text = gmq_scenario_read_file(path, &size, &error);

    if (text == NULL)
        return gmq_load_refuse("fmt", path, error);

    g_autoptr(GmqProblems) problems = gmq_problems_new(path, text);
    g_autofree char *laid_out       = gmq_fmt_text(text, size, problems);
    if (laid_out == NULL) {
        g_autofree char *told = gmq_problems_text(problems);
        fprintf(stderr, "%s\n", told);
        return GMQ_EXIT_FILE;
    }
    if (print) {
        fputs(laid_out, stdout);
        return 0;
    }
    return strcmp(text, laid_out) == 0 ? 0 : put_back(path, laid_out);
}

int
gmq_cmd_fmt(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON) {
        status = 0;
        for (unsigned i = 0; files[i] != NULL; i++) {
            int one = fmt_file(files[i]);
            status  = MAX(status, one);
        }
    }
    check = print = FALSE;
    return status;
}
