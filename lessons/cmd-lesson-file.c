/* "glassmq lesson export" and "import": progress from one machine to another. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lessons/cmd-lesson-part.h"
#include "lessons/progress.h"
#include "sim/language.h"
#include "sim/load.h"

static int
fail_file(const char *path, const GError *error)
{
    return gmq_lesson_fail(GMQ_EXIT_FILE, _("the progress file %s cannot be used: %s."), path,
                           error->message);
}

/* Whether writing there takes nothing from anybody but an older export. */
static bool
may_write(const char *path)
{
    g_autoptr(GmqProgress) old = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    old = gmq_progress_load_file(path, NULL);
    return old != NULL;
}

int
gmq_lesson_export(const GmqLessonOrder *order, char **words)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqProgress) progress = gmq_progress_load(order->progress, &error);
    const char *path                = words[0];

    if (progress == NULL)
        return fail_file(order->progress, error);
    if (path == NULL) {
        g_autofree char *text = gmq_progress_to_text(progress);
        fputs(text, stdout);
        return 0;
    }
    if (!may_write(path))
        return gmq_lesson_fail(GMQ_EXIT_FILE,
                               _("%s is there and is no progress file; it stays as it is. Name "
                                 "another file."),
                               path);
    if (!gmq_progress_save(progress, path, &error))
        return gmq_lesson_fail(1, _("cannot write %s: %s."), path, error->message);
    unsigned n = gmq_progress_length(progress);
    printf(P_("The progress of %u lesson is in %s.\n", "The progress of %u lessons is in %s.\n", n),
           n, path);
    return 0;
}

/* ---- import ---- */

typedef struct {
    const GmqProgress *from;
    unsigned n_taken;
    unsigned n_kept; /* lessons in which one is as far here */
} Import;

/* Passed is further than anything, and otherwise the later day counts. */
static bool
is_further(const GmqProgressLine *theirs, const GmqProgressLine *own)
{
    bool is_passed = strcmp(theirs->step, GMQ_PROGRESS_PASSED) == 0;

    if (own == NULL)
        return true;
    if (strcmp(own->step, GMQ_PROGRESS_PASSED) == 0)
        return false;
    return is_passed || strcmp(theirs->date, own->date) > 0;
}

static bool
take_over(GmqProgress *progress, void *data)
{
    Import *import = data;

    for (size_t i = 0; i < gmq_progress_length(import->from); i++) {
        const GmqProgressLine *line = gmq_progress_line(import->from, i);

        if (is_further(line, gmq_progress_find(progress, line->lesson)) &&
            gmq_progress_set(progress, line))
            import->n_taken++;
        else
            import->n_kept++;
    }
    return import->n_taken > 0;
}

int
gmq_lesson_import(const GmqLessonOrder *order, char **words)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqProgress) from = gmq_progress_load_file(words[0], &error);
    Import import               = {.from = from};

    if (from == NULL)
        return fail_file(words[0], error);
    if (!gmq_progress_change(order->progress, take_over, &import, &error))
        return fail_file(order->progress, error);
    printf(_("Taken over: %u. Kept, because you are as far or further here: %u.\n"), import.n_taken,
           import.n_kept);
    return 0;
}
