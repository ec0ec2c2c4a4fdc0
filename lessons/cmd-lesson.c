#include "lessons/cmd-lesson.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"
#include "lessons/cmd-lesson-part.h"
#include "lessons/shelf.h"

static char *from_path;
static gboolean is_text;
static gboolean is_spoiling;

static const GOptionEntry entries[] = {
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from_path,
     "Take the lessons of that directory instead of those that came with the program", "DIR"},
    {"text", 0, 0, G_OPTION_ARG_NONE, &is_text,
     "Plain text, line by line, for screen readers too; also taken without a terminal", NULL},
    {"spoil", 0, 0, G_OPTION_ARG_NONE, &is_spoiling, "Of solution: show it before you have passed",
     NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "lesson",
    .arguments     = "[N|COMMAND [ARGUMENT...]]",
    .summary       = "Learn messaging: predict what happens, see it run, change it, build it.",
    .more          = "Commands:\n"
                     "  export [FILE]          Write your progress to FILE, or to the screen\n"
                     "  import FILE            Take over what FILE says you have done\n"
                     "  report FILE...         For a teacher: a table of the progress of many\n"
                     "  lint [DIR...]          Check lessons that you write: texts, runs, "
                     "exercises\n\n"
                     "Exit status: 0 passed or done, 1 not passed, 2 undecided or wrong use, "
                     "3 a file is wrong.",
    .entries       = entries,
    .n_files_least = 0,
    .n_files_most  = G_MAXUINT,
};

enum {
    TAKES_TEXT    = 1,
    TAKES_SPOIL   = 2,
    TAKES_PROGRAM = 4,
};

static const struct {
    const char *name;
    unsigned n_least;
    unsigned n_most;
    const char *takes; /* how many words */
    unsigned options;
    int (*run)(const GmqLessonOrder *order, char **words);
} commands[] = {
    {"export", 0, 1, "one file at most", 0, gmq_lesson_export},
    {"import", 1, 1, "one file", 0, gmq_lesson_import},
    {"lint", 0, G_MAXUINT, "folders of lessons", 0, gmq_lesson_lint},
    {"report", 1, G_MAXUINT, "progress files", 0, gmq_lesson_report},
};

int
gmq_lesson_fail(int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    fflush(stdout);
    fprintf(stderr, "glassmq lesson: %s\n", sentence);
    return status;
}

static int
refuse_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands)];

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    const char *nearest = gmq_nearest(name, names, G_N_ELEMENTS(names));
    if (nearest == NULL)
        return gmq_usage_wrong(&usage, "there is no command %s", name);
    return gmq_usage_wrong(&usage, "there is no command %s. Did you mean %s?", name, nearest);
}

/* An option that was given and is none of the command's; NULL: there is none. */
static const char *
find_strange_option(const GmqLessonOrder *order, unsigned options)
{
    if (order->is_text && !(options & TAKES_TEXT))
        return "--text";
    if (order->is_spoiling && !(options & TAKES_SPOIL))
        return "--spoil";
    return order->program != NULL && !(options & TAKES_PROGRAM) ? "--" : NULL;
}

static int
run(const GmqLessonOrder *order, char **words)
{
    size_t i = 0;

    if (words[0] == NULL)
        return gmq_usage_wrong(&usage, "a command is missing");
    while (i < G_N_ELEMENTS(commands) && strcmp(commands[i].name, words[0]) != 0)
        i++;
    if (i == G_N_ELEMENTS(commands))
        return refuse_command(words[0]);

    unsigned n_words    = g_strv_length(words + 1);
    const char *strange = find_strange_option(order, commands[i].options);
    if (n_words < commands[i].n_least || n_words > commands[i].n_most)
        return gmq_usage_wrong(&usage, "%s takes %s", commands[i].name, commands[i].takes);
    if (strange != NULL)
        return gmq_usage_wrong(&usage, "%s has no option %s", commands[i].name, strange);
    return commands[i].run(order, words + 1);
}

/* Everything behind "--" is the learner's program and is no word for us. */
static char **
split_program(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            *argc = i;
            return argv + i + 1;
        }
    }
    return NULL;
}

int
gmq_cmd_lesson(int argc, char **argv)
{
    g_auto(GStrv) words        = NULL;
    char **program             = split_program(&argc, argv);
    int status                 = gmq_usage_parse(&usage, argc, argv, &words);
    g_autofree char *progress  = g_build_filename(g_get_user_data_dir(), "glassmq/progress", NULL);
    const GmqLessonOrder order = {
        .usage       = &usage,
        .lessons     = from_path != NULL ? from_path : gmq_shelf_directory(),
        .progress    = progress,
        .is_own      = from_path == NULL,
        .is_text     = is_text,
        .is_spoiling = is_spoiling,
        .program     = program,
    };

    if (status == GMQ_USAGE_GO_ON)
        status = run(&order, words);
    is_text     = FALSE;
    is_spoiling = FALSE;
    g_clear_pointer(&from_path, g_free);
    return status;
}
