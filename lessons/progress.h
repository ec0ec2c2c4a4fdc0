/* progress.h - how far a person has come in the lessons, and the file that keeps it.
 *
 * The file is plain text: "format 1", then a line for each lesson that was begun, with five words:
 *
 *     05-ack investigate-2 2026-11-23 right,wrong modify:2
 *
 * its name, the step at which the person is ("passed" behind the last), the day on which the line
 * last changed, what became of the predictions, and how many hints were read at which step. "-"
 * stands for no predictions and for no hints. The line that changed last is the last one.
 *
 * A file that is damaged, or of a later format, is an error and is never written over. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* The step behind the last one of a lesson. */
#define GMQ_PROGRESS_PASSED "passed"

/* Files larger than this are no progress of anybody. */
#define GMQ_PROGRESS_BYTES_MAX (1 << 20)

/* All texts are owned by the progress; "" for no predictions and for no hints. */
typedef struct {
    char *lesson;      /* the name of its folder */
    char *step;        /* "read-2" */
    char *date;        /* "2026-11-23" */
    char *predictions; /* "right,wrong", in the order of the lesson */
    char *hints;       /* "investigate-1:1,modify:2,modify-solution:1" */
} GmqProgressLine;

typedef struct GmqProgress GmqProgress;

#define GMQ_PROGRESS_ERROR gmq_progress_error_quark()
GQuark gmq_progress_error_quark(void);

typedef enum {
    GMQ_PROGRESS_ERROR_DAMAGED,    /* not what gmq_progress_save() writes */
    GMQ_PROGRESS_ERROR_NEWER,      /* of a later format */
    GMQ_PROGRESS_ERROR_UNREADABLE, /* the system does not let it be read or written */
    GMQ_PROGRESS_ERROR_BUSY,       /* another program writes it, and has for seconds */
} GmqProgressError;

GmqProgress *gmq_progress_new(void);
void gmq_progress_free(GmqProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqProgress, gmq_progress_free)

/* Reads what a progress file says. NULL with an error that names the line. */
GmqProgress *gmq_progress_parse(const char *text, size_t length, GError **error);

/* The file as text; the caller frees it. */
char *gmq_progress_to_text(const GmqProgress *progress);

/* Reads the file. One that is not there is the progress of somebody who has not begun. */
GmqProgress *gmq_progress_load(const char *path, GError **error);

/* Reads a file that must be there. */
GmqProgress *gmq_progress_load_file(const char *path, GError **error);

size_t gmq_progress_length(const GmqProgress *progress);
const GmqProgressLine *gmq_progress_line(const GmqProgress *progress, size_t index);

/* The line of that lesson; NULL when it was not begun. */
const GmqProgressLine *gmq_progress_find(const GmqProgress *progress, const char *lesson);
bool gmq_progress_is_passed(const GmqProgress *progress, const char *lesson);

/* How many predictions of a line came true, and how many there were; how many hints were read. */
unsigned gmq_progress_predictions(const GmqProgressLine *line, unsigned *n_right);
unsigned gmq_progress_hints(const GmqProgressLine *line);

/* Sets the line of a lesson to a copy of line, which then is the last one. Passed stays passed: a
 * lesson that was keeps its line, and false is returned. */
bool gmq_progress_set(GmqProgress *progress, const GmqProgressLine *line);

/* Takes the line of that lesson away; false when there is none. */
bool gmq_progress_forget(GmqProgress *progress, const char *lesson);

/* Writes the whole file: a new one is complete on the disk before it takes the old one's place. */
bool gmq_progress_save(const GmqProgress *progress, const char *path, GError **error);

/* What to change between reading the file and writing it again; false leaves the file as it is. */
typedef bool (*GmqProgressChange)(GmqProgress *progress, void *data);

/* Reads the file, lets change change it, and writes it, while no other program does that. A folder
 * that is not there is made. False with an error; the file then is as it was. */
bool gmq_progress_change(const char *path, GmqProgressChange change, void *data, GError **error);

G_END_DECLS
