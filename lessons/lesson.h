/* lesson.h - a lesson in memory: a folder with texts in Markdown and the scenarios they are about.
 *
 * lesson.md is read once and never changes: what stands at its head, and its steps in order. All
 * texts are owned by the lesson. How a lesson is written stands in lessons/README.md. */
#pragma once

#include <gio/gio.h>

#include "sim/faults.h"
#include "sim/problems.h"
#include "sim/yaml.h"

G_BEGIN_DECLS

/* The lesson was read and is wrong; the message holds every problem found, up to 20, one below the
 * other. A file that cannot be read at all is a GFileError. */
#define GMQ_LESSON_ERROR gmq_lesson_error_quark()
GQuark gmq_lesson_error_quark(void);

typedef enum {
    GMQ_LESSON_ERROR_WRONG,
    GMQ_LESSON_ERROR_MISSING, /* no such lesson on the shelf */
} GmqLessonError;

/* ---- blocks: what a learner does ---- */

/* An event that a text names, and a filter that it must match. */
typedef struct {
    uint64_t event;
    const char *filter;
    const GmqYaml *node; /* where it stands */
} GmqSee;

/* The run is shown up to stop, the question is asked, and the run goes on to end. */
typedef struct {
    const GmqYaml *yaml;  /* the whole block, in lines of lesson.md; so in every block */
    const char *scenario; /* a file of the folder */
    const char *stop;     /* a moment, see viz/moment.h */
    const char *end;      /* likewise */
    const char *question;
    GPtrArray *choices; /* of texts, 2 to 4 */
    unsigned right;     /* 1 for the first choice */
    const char *why;
    GPtrArray *see; /* of GmqSee */
} GmqPredict;

/* What is taken of the events that a task's proof finds. */
typedef enum {
    GMQ_TAKE_EVENT, /* its number; this and the next ones are of the first event */
    GMQ_TAKE_MESSAGE,
    GMQ_TAKE_QUEUE,
    GMQ_TAKE_CLIENT,
    GMQ_TAKE_TIME,
    GMQ_TAKE_COUNT, /* how many events are found */
    GMQ_N_TAKES,
} GmqTake;

/* "event" */
const char *gmq_take_name(GmqTake take);

typedef struct {
    const GmqYaml *yaml;
    const char *scenario;
    const char *question;
    const char *answer; /* "#44", "p1-5", "3" */
    const char *find;   /* a filter */
    GmqTake take;
    const char *hint;
    const char *sender; /* the only client that sends, so that 5 means sender-5; NULL: several */
    unsigned number;    /* 1, 2, 3 in the lesson */
} GmqTask;

/* A scenario file that the learner mends. */
typedef struct {
    const GmqYaml *yaml;
    const char *file; /* of the folder: what the learner begins with */
    const char *solution;
    const char *task;
    GPtrArray *may;  /* of paths that may change; NULL: all but keep */
    GPtrArray *keep; /* of paths that must stay; NULL: all but may */
    unsigned seeds;  /* it must hold with the seeds 1 to so many */
    GmqFaultLevel faults;
    const char *fails; /* words of the message that the file fails with as it is */
    GPtrArray *hints;  /* of texts, three */
} GmqModify;

/* A program that the learner writes. */
typedef struct {
    const GmqYaml *yaml;
    const char *scenario; /* the world around it; NULL: it is a matcher */
    const char *matcher;  /* a file of cases, see lessons/matcher.h; NULL: it is a client */
    const char *task;
    GPtrArray *files; /* of names: what the learner begins with; NULL: nothing */
    int64_t limit_ns;
    GPtrArray *hints; /* of texts, three */
} GmqMake;

/* ---- steps: what a learner goes through ---- */

typedef enum {
    GMQ_STEP_READ,
    GMQ_STEP_PREDICT, /* and then the run */
    GMQ_STEP_INVESTIGATE,
    GMQ_STEP_MODIFY,
    GMQ_STEP_MAKE,
    GMQ_N_STEP_KINDS,
} GmqStepKind;

/* "read" */
const char *gmq_step_kind_name(GmqStepKind kind);

typedef struct {
    GmqStepKind kind;
    unsigned line;       /* of lesson.md, where its text begins */
    const char *heading; /* of its page; "" in front of the first */
    const char *text;    /* Markdown to read before it, without the heading; may be "" */
    union {              /* by kind */
        const GmqPredict *predict;
        const GmqTask *task;
        const GmqModify *modify;
        const GmqMake *make;
    };
} GmqStep;

/* ---- the whole ---- */

typedef struct {
    char *folder;          /* as it was given */
    char *name;            /* "05-ack" */
    unsigned number;       /* 5; 0 for a folder without a number */
    char *language;        /* of the text: "en", or the one that was asked for */
    char *path;            /* of lesson.md */
    char *text;            /* the file */
    const char *title;     /* "" when it is missing, as are all texts of a wrong lesson */
    unsigned minutes;      /* that it takes */
    GPtrArray *terms;      /* of texts: words of the glossary that it explains */
    GPtrArray *steps;      /* of GmqStep */
    GmqProblems *problems; /* what is wrong with it */

    /* owned parts of the above */
    const GmqYaml *head;
    GPtrArray *documents;
    GPtrArray *blocks;
    GPtrArray *arrays;
    GStringChunk *texts;
} GmqLesson;

/* Reads the lesson of a folder: lesson.md for "en", lesson.ko.md for "ko", and lesson.md when there
 * is no other. NULL with an error when anything in the text is wrong; what is wrong in files
 * beside it is not looked for. */
GmqLesson *gmq_lesson_load(const char *folder, const char *language, GError **error);

/* The same, but what is wrong in it stays in its problems, and what could be read is there. */
GmqLesson *gmq_lesson_open(const char *folder, const char *language, GError **error);

void gmq_lesson_free(GmqLesson *lesson);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqLesson, gmq_lesson_free)

/* The path of a file of the lesson, or of its twin (see twin.h) in the language of the lesson; the
 * caller frees it. */
char *gmq_lesson_file(const GmqLesson *lesson, const char *name);

/* The step of that place, from 0 on. */
const GmqStep *gmq_lesson_step(const GmqLesson *lesson, unsigned index);

/* The block of a step, in lines of lesson.md; NULL for a page. */
const GmqYaml *gmq_step_yaml(const GmqStep *step);

/* The file whose run a prediction or a task is about; NULL for other steps. */
const char *gmq_step_scenario(const GmqStep *step);

/* The first block of a kind; NULL for a lesson without. */
const GmqModify *gmq_lesson_modify(const GmqLesson *lesson);
const GmqMake *gmq_lesson_make(const GmqLesson *lesson);

/* Whether what a learner gave is the answer: spaces, "#" and the case of letters do not count, a
 * message may be called by its number where pictures do so, and a time may be written otherwise. */
bool gmq_task_is_answer(const GmqTask *task, const char *given);

G_END_DECLS
