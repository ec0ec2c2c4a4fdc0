#include "lessons/desk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "sim/language.h"

struct GmqDesk {
    char *folder;
    char *progress;
};

GmqDesk *
gmq_desk_new(const char *folder)
{
    GmqDesk *desk = g_new0(GmqDesk, 1);

    desk->folder   = g_strdup(folder);
    desk->progress = g_build_filename(folder, "progress", NULL);
    return desk;
}

void
gmq_desk_free(GmqDesk *desk)
{
    if (desk == NULL)
        return;
    g_free(desk->folder);
    g_free(desk->progress);
    g_free(desk);
}

const char *
gmq_desk_progress(const GmqDesk *desk)
{
    return desk->progress;
}

/* ---- progress ---- */

static bool
fail_progress(const GmqDesk *desk, GError *reason, GError **error)
{
    g_prefix_error(&reason, _("The progress file %s cannot be used: "), desk->progress);
    g_propagate_error(error, reason);
    return false;
}

bool
gmq_desk_resume(const GmqDesk *desk, GmqWalk *walk, GError **error)
{
    GError *reason                  = NULL;
    g_autoptr(GmqProgress) progress = gmq_progress_load(desk->progress, &reason);

    if (progress == NULL)
        return fail_progress(desk, reason, error);
    const GmqProgressLine *line = gmq_progress_find(progress, gmq_walk_lesson(walk)->name);
    if (line != NULL)
        gmq_walk_resume(walk, line);
    return true;
}

static bool
is_same(const GmqProgressLine *a, const GmqProgressLine *b)
{
    return strcmp(a->lesson, b->lesson) == 0 && strcmp(a->step, b->step) == 0 &&
           strcmp(a->date, b->date) == 0 && strcmp(a->predictions, b->predictions) == 0 &&
           strcmp(a->hints, b->hints) == 0;
}

typedef struct {
    const GmqWalk *walk;
    GmqProgressLine line; /* where it is */
} Keeping;

/* What stands there already is not written again, nor over what was done in another window. */
static bool
keep_line(GmqProgress *progress, void *data)
{
    const Keeping *keeping     = data;
    const GmqProgressLine *old = gmq_progress_find(progress, keeping->line.lesson);
    size_t n                   = gmq_progress_length(progress);

    if (old != NULL && gmq_walk_is_behind(keeping->walk, old))
        return false;
    if (n > 0 && is_same(gmq_progress_line(progress, n - 1), &keeping->line))
        return false;
    return gmq_progress_set(progress, &keeping->line);
}

bool
gmq_desk_keep(const GmqDesk *desk, const GmqWalk *walk, GError **error)
{
    GError *reason           = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *today   = g_date_time_format(now, "%Y-%m-%d");
    Keeping keeping          = {walk, gmq_walk_line(walk, today)};
    bool is_kept             = gmq_progress_change(desk->progress, keep_line, &keeping, &reason);

    gmq_walk_line_clear(&keeping.line);
    return is_kept || fail_progress(desk, reason, error);
}

/* ---- the learner's file ---- */

char *
gmq_desk_folder(const GmqDesk *desk, const char *lesson)
{
    return g_build_filename(desk->folder, "lessons", lesson, NULL);
}

char *
gmq_desk_exercise(const GmqDesk *desk, const GmqLesson *lesson)
{
    const GmqModify *modify = gmq_lesson_modify(lesson);

    if (modify == NULL)
        return NULL;
    g_autofree char *folder = gmq_desk_folder(desk, lesson->name);
    g_autofree char *name   = g_path_get_basename(modify->file);
    return g_build_filename(folder, name, NULL);
}

static bool
fail_file(const char *path, int number, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number),
                _("The file %s cannot be written: %s."), path, g_strerror(number));
    return false;
}

/* Copies a file of the lesson, unless he has it already. */
static bool
lay_file(const GmqDesk *desk, const GmqLesson *lesson, const char *name, GError **error)
{
    g_autofree char *folder = gmq_desk_folder(desk, lesson->name);
    g_autofree char *base   = g_path_get_basename(name);
    g_autofree char *path   = g_build_filename(folder, base, NULL);
    g_autofree char *from   = gmq_lesson_file(lesson, name);
    g_autofree char *text   = NULL;
    gsize length;

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    if (!g_file_get_contents(from, &text, &length, error))
        return false;
    if (g_mkdir_with_parents(folder, 0700) != 0)
        return fail_file(folder, errno, error);
    errno = 0;
    if (g_file_set_contents(path, text, (gssize)length, NULL))
        return true;
    return fail_file(path, errno != 0 ? errno : EIO, error);
}

bool
gmq_desk_lay_out(const GmqDesk *desk, const GmqLesson *lesson, GError **error)
{
    const GmqModify *modify = gmq_lesson_modify(lesson);
    const GmqMake *make     = gmq_lesson_make(lesson);

    if (modify != NULL && !lay_file(desk, lesson, modify->file, error))
        return false;
    for (unsigned i = 0; make != NULL && make->files != NULL && i < make->files->len; i++) {
        if (!lay_file(desk, lesson, make->files->pdata[i], error))
            return false;
    }
    return true;
}

/* ---- beginning again ---- */

static bool
forget_line(GmqProgress *progress, void *data)
{
    return gmq_progress_forget(progress, data);
}

/* Lays the files of a folder aside that are not laid aside yet. */
static bool
lay_aside(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name             = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *old  = g_strconcat(path, ".old", NULL);

        if (!g_str_has_suffix(name, ".old") && g_rename(path, old) != 0)
            return fail_file(old, errno, error);
    }
    return true;
}

bool
gmq_desk_reset(const GmqDesk *desk, const char *lesson, GError **error)
{
    GError *reason          = NULL;
    g_autofree char *folder = gmq_desk_folder(desk, lesson);
    g_autofree char *name   = g_strdup(lesson);

    if (!gmq_progress_change(desk->progress, forget_line, name, &reason))
        return fail_progress(desk, reason, error);
    return lay_aside(folder, error);
}

/* ---- editing ---- */

static const char *
find_editor(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);

        if (value != NULL && *value != '\0')
            return value;
    }
    return NULL;
}

/* What is there on most machines, the simplest first; the caller frees it. */
static char *
find_usual_editor(void)
{
    static const char *const names[] = {"sensible-editor", "nano", "vi"};

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = g_find_program_in_path(names[i]);

        if (path != NULL)
            return path;
    }
    return NULL;
}

/* Ctrl-C is for the editor, while it is there. */
static void
heed_ctrl_c(gpointer data)
{
    (void)data;
    signal(SIGINT, SIG_DFL);
}

static bool
run_editor(char **words, int *status, GError **error)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;

    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &ignore, &before);
    bool is_run = g_spawn_sync(NULL, words, NULL, G_SPAWN_CHILD_INHERITS_STDIN, heed_ctrl_c, NULL,
                               NULL, NULL, status, error);
    sigaction(SIGINT, &before, NULL);
    return is_run;
}

bool
gmq_desk_edit(const char *path, GError **error)
{
    g_autofree char *usual = find_editor() == NULL ? find_usual_editor() : NULL;
    const char *editor     = usual != NULL ? usual : find_editor();
    int status             = 0;

    if (editor == NULL) {
        g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT,
                    _("No editor is found: set EDITOR to the name of yours, or open %s yourself."),
                    path);
        return false;
    }
    /* $EDITOR may have arguments, so it is read as a shell reads it. */
    g_autofree char *line = g_strconcat(editor, " \"$1\"", NULL);
    char *words[] = {(char *)"/bin/sh", (char *)"-c", line, (char *)"sh", (char *)path, NULL};
    if (!run_editor(words, &status, error))
        return false;
    if (status == 0)
        return true;
    g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, _("The editor %s failed."), editor);
    return false;
}
