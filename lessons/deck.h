/* deck.h - a lesson or a scenario as slides for the front of a class.
 *
 * A deck is made once and never changes. A slide is a text, or a stretch of a run with a text below
 * it. Nothing is given away: a question and its answer are two slides. */
#pragma once

#include "lessons/lesson.h"
#include "lessons/runs.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_SLIDE_COVER, /* the title, in the middle */
    GMQ_SLIDE_TEXT,
    GMQ_SLIDE_RUN, /* from one event to another; the text stands below */
} GmqSlideKind;

typedef struct {
    GmqSlideKind kind;
    char *heading;           /* "" for none */
    char *text;              /* Markdown; "" for none */
    const GmqFigure *figure; /* of a run; lent by the deck */
    uint64_t from, to;       /* events; equal when it stands still */
} GmqSlide;

typedef struct {
    char *title;
    GmqRuns *runs;
    GPtrArray *slides; /* of GmqSlide, at least one */
} GmqDeck;

/* The slides of a lesson: its pages, each prediction with its run, the tasks and their answers. The
 * error is that of a run, or of a moment that is not in it. The lesson is not needed afterwards. */
GmqDeck *gmq_deck_of_lesson(const GmqLesson *lesson, GError **error);

/* The slides of a scenario or a trace: what it is about, the run from one caption or fault to the
 * next, each question and its answer. */
GmqDeck *gmq_deck_of_run(const char *path, GError **error);

void gmq_deck_free(GmqDeck *deck);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqDeck, gmq_deck_free)

/* index is below slides->len. */
const GmqSlide *gmq_deck_slide(const GmqDeck *deck, unsigned index);

G_END_DECLS
