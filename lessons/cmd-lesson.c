#include "lessons/cmd-lesson.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"
#include "lessons/cmd-lesson-part.h"
#include "lessons/shelf.h"
#include "sim/language.h"
#include "viz/cmd-shared.h"

static char *from_path;
static gboolean is_text;
static gboolean is_spoiling;

static const GOptionEntry entries[] = {
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from_path,
     N_("Take the lessons of that directory instead of those that came with the program"), "DIR"},
    {"text", 0, 0, G_OPTION_ARG_NONE, &is_text,
     N_("Plain text, line by line, for screen readers too; also taken without a terminal"), NULL},
    {"spoil", 0, 0, G_OPTION_ARG_NONE, &is_spoiling,
     N_("Of solution: show it before you have passed"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "lesson",
    .arguments     = "[N|COMMAND [ARGUMENT...]]",
    .summary       = N_("Learn messaging: predict what happens, see it run, change it, "
                              "build it. Without a\n"
                              "command it goes on where you left."),
    .more          = N_("Commands:\n"
                                 "  list                   All lessons, and how far you are\n"
                                 "  next                   Go on to the next lesson that you "
                                 "have not passed\n"
                                 "  N                      Begin or go on with lesson N, such as "
                                 "5\n"
                                 "  check [N] [FILE]       Check what you have changed in lesson "
                                 "N\n"
                                 "  check [N] -- COMMAND   Check a program that you have "
                                 "written\n"
                                 "  hint [N]               A hint, up to three of them\n"
                                 "  solution [N]           A solution, when you have passed\n"
                                 "  edit [N]               Open your file in $VISUAL or $EDITOR\n"
                                 "  reset N                Forget what you have done in lesson "
                                 "N\n"
                                 "  export [FILE]          Write your progress to FILE, or to "
                                 "the screen\n"
                                 "  import FILE            Take over what FILE says you have "
                                 "done\n"
                                 "  report FILE...         For a teacher: a table of the "
                                 "progress of many\n"
                                 "  lint [DIR...]          Check lessons that you write: texts, "
                                 "runs, exercises\n\n"
                                 "Examples:\n"
                                 "  glassmq lesson\n"
                                 "  glassmq lesson 5 --text\n"
                                 "  glassmq lesson check 5\n"
                                 "  glassmq lesson check 5 -- python3 worker.py\n"
                                 "  glassmq lesson report *.progress\n\n"
                                 "What you have done is kept in $XDG_DATA_HOME/glassmq, or in "
                                 "~/.local/share/glassmq.\n\n"
                                 "Exit status: 0 passed or done, 1 not passed, 2 undecided or "
                                 "wrong use, 3 a file is wrong."),
    .entries       = entries,
    .shared        = gmq_command_look_entries,
    .n_files_least = 0,
    .n_files_most  = G_MAXUINT,
};

enum {
    TAKES_TEXT    = 1,
    TAKES_SPOIL   = 2,
    TAKES_PROGRAM = 4,
};

typedef struct {
    const char *name;
    unsigned n_least;
    unsigned n_most;
    const char *takes; /* how many words */
    unsigned options;
    int (*run)(const GmqLessonOrder *order, char **words);
} Command;

static const Command commands[] = {
    {"check", 0, 2, N_("a lesson and a file at most"), TAKES_PROGRAM, gmq_lesson_check},
    {"edit", 0, 1, N_("one lesson at most"), 0, gmq_lesson_edit},
    {"export", 0, 1, N_("one file at most"), 0, gmq_lesson_export},
    {"hint", 0, 1, N_("one lesson at most"), 0, gmq_lesson_hint},
    {"import", 1, 1, N_("one file"), 0, gmq_lesson_import},
    {"lint", 0, G_MAXUINT, N_("folders of lessons"), 0, gmq_lesson_lint},
    {"list", 0, 0, N_("nothing"), 0, gmq_lesson_list},
    {"next", 0, 0, N_("nothing"), TAKES_TEXT, gmq_lesson_next},
    {"report", 1, G_MAXUINT, N_("progress files"), 0, gmq_lesson_report},
    {"reset", 1, 1, N_("one lesson"), 0, gmq_lesson_reset},
    {"solution", 0, 1, N_("one lesson at most"), TAKES_SPOIL, gmq_lesson_solution},
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

/* A lesson of that number or name is meant; false when there is none. */
static bool
is_lesson(const GmqLessonOrder *order, const char *name)
{
    g_autoptr(GmqShelf) shelf = gmq_shelf_new(order->lessons, NULL);
    unsigned index;

    return g_ascii_isdigit(*name) || (shelf != NULL && gmq_shelf_find(shelf, name, &index, NULL));
}

static const Command *
find_command(const char *name)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int
refuse_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands)];

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    const char *nearest = gmq_nearest(name, names, G_N_ELEMENTS(names));
    if (nearest == NULL)
        return gmq_usage_wrong(&usage, "there is no command and no lesson %s", name);
    return gmq_usage_wrong(&usage, "there is no command and no lesson %s. Did you mean %s?", name,
                           nearest);
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

/* "glassmq lesson", and "glassmq lesson 5". */
static int
run_lesson(const GmqLessonOrder *order, char **words)
{
    const char *strange = find_strange_option(order, TAKES_TEXT);

    if (strange != NULL)
        return gmq_usage_wrong(&usage, "the option %s belongs to another command", strange);
    if (words[0] == NULL)
        return gmq_lesson_go_on(order, words);
    if (!is_lesson(order, words[0]))
        return refuse_command(words[0]);
    if (words[1] != NULL && find_command(words[1]) != NULL)
        return gmq_usage_wrong(&usage, "the command comes first. Did you mean \"lesson %s %s\"?",
                               words[1], words[0]);
    if (words[1] != NULL)
        return gmq_usage_wrong(&usage, "there is no place for \"%s\"", words[1]);
    return gmq_lesson_begin(order, words);
}

static int
run(const GmqLessonOrder *order, char **words)
{
    const Command *command = find_command(words[0]);

    if (command == NULL)
        return run_lesson(order, words);

    unsigned n_words    = g_strv_length(words + 1);
    const char *strange = find_strange_option(order, command->options);
    if (n_words < command->n_least || n_words > command->n_most)
        return gmq_usage_wrong(&usage, "%s takes %s", command->name, _(command->takes));
    if (strange != NULL)
        return gmq_usage_wrong(&usage, "%s has no option %s", command->name, strange);
    return command->run(order, words + 1);
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
    g_auto(GStrv) words       = NULL;
    char **program            = split_program(&argc, argv);
    int status                = gmq_usage_parse(&usage, argc, argv, &words);
    g_autofree char *progress = g_build_filename(g_get_user_data_dir(), "glassmq/progress", NULL);
    GmqLessonOrder order      = {
             .usage       = &usage,
             .lessons     = from_path != NULL ? from_path : gmq_shelf_directory(),
             .progress    = progress,
             .is_text     = is_text,
             .is_spoiling = is_spoiling,
             .program     = program,
    };

    if (status == GMQ_USAGE_GO_ON && !gmq_command_read_look(&usage, &order.look))
        status = GMQ_EXIT_USAGE;
    if (status == GMQ_USAGE_GO_ON)
        status = run(&order, words);
    gmq_command_forget_look();
    is_text     = FALSE;
    is_spoiling = FALSE;
    g_clear_pointer(&from_path, g_free);
    return status;
}
