/* shelf.h - the lessons of a directory, in the order of their numbers. */
#pragma once

#include "lessons/lesson.h"

G_BEGIN_DECLS

typedef struct {
    char *directory;
    GPtrArray *names; /* of texts: "05-ack" */
} GmqShelf;

/* Where the lessons are that come with the program: beside its source, or where they were
 * installed. */
const char *gmq_shelf_directory(void);

/* Looks for folders that are named NN-name and hold a lesson.md. NULL with an error when the
 * directory cannot be read or has none. */
GmqShelf *gmq_shelf_new(const char *directory, GError **error);
void gmq_shelf_free(GmqShelf *shelf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqShelf, gmq_shelf_free)

/* "05-ack"; lent. index is below names->len. */
const char *gmq_shelf_name(const GmqShelf *shelf, unsigned index);

/* 5 of "05-ack". */
unsigned gmq_shelf_number(const char *name);

/* The place of the lesson called "5", "05", "05-ack" or "ack"; false with an error that says what
 * there is, and what may have been meant. */
bool gmq_shelf_find(const GmqShelf *shelf, const char *text, unsigned *index, GError **error);

/* Reads it; see gmq_lesson_load(). */
GmqLesson *gmq_shelf_load(const GmqShelf *shelf, unsigned index, const char *language,
                          GError **error);

G_END_DECLS
