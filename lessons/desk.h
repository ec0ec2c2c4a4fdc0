/* desk.h - what a learner keeps: how far he is, and the files that he changes.
 *
 * Both lie in one folder, $XDG_DATA_HOME/glassmq: the file "progress", and "lessons/05-ack" with
 * his copy of the exercise of that lesson. */
#pragma once

#include "lessons/walk.h"

G_BEGIN_DECLS

typedef struct GmqDesk GmqDesk;

/* A desk in that folder, which is made when something is to be kept. */
GmqDesk *gmq_desk_new(const char *folder);
void gmq_desk_free(GmqDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqDesk, gmq_desk_free)

/* The path of the progress file; lent. */
const char *gmq_desk_progress(const GmqDesk *desk);

/* Puts the walk to where its person was in that lesson. False with an error, a whole sentence, when
 * the progress cannot be read. */
bool gmq_desk_resume(const GmqDesk *desk, GmqWalk *walk, GError **error);

/* Writes down where the walk is. False with an error, a whole sentence, when that cannot be: what
 * was kept before stands as it was. To be called after whatever changes the walk. */
bool gmq_desk_keep(const GmqDesk *desk, const GmqWalk *walk, GError **error);

/* Forgets how far he was in the lesson, and lays his file aside, as "exercise.yaml.old". */
bool gmq_desk_reset(const GmqDesk *desk, const char *lesson, GError **error);

/* The path of his copy of the exercise of the lesson; the caller frees it. NULL for a lesson
 * without an exercise. */
char *gmq_desk_exercise(const GmqDesk *desk, const GmqLesson *lesson);

/* The folder of his files of that lesson; the caller frees it. */
char *gmq_desk_folder(const GmqDesk *desk, const char *lesson);

/* Copies the exercise there, and the files that make begins with, each unless he has one already.
 * False with an error, a whole sentence. */
bool gmq_desk_lay_out(const GmqDesk *desk, const GmqLesson *lesson, GError **error);

/* Opens a file in the editor that $VISUAL or $EDITOR names, and waits until it is closed. The
 * terminal must be free. False with an error, a whole sentence. */
bool gmq_desk_edit(const char *path, GError **error);

G_END_DECLS
