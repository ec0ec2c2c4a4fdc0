/* walk-private.h - a walk from the inside, shared by walk.c and walk-answer.c. */
#pragma once

#include "lessons/walk.h"

G_BEGIN_DECLS

/* A place in a lesson. */
typedef struct {
    unsigned step; /* from 0 on; the number of steps: passed */
    bool is_run;   /* of a prediction: its choice is locked */
} GmqWalkSpot;

/* What became of one step. */
typedef struct {
    char *name;      /* "investigate-2"; of a prediction "predict-1" */
    unsigned choice; /* of a prediction made in this walk, 1 for the first; 0: none */
    bool is_told;    /* a prediction was made, in this walk or in one before */
    bool is_right;   /* and came true */
    unsigned n_hints;
    bool is_shown; /* the solution was, before the step was done */
} GmqWalkStep;

struct GmqWalk {
    const GmqLesson *lesson;
    GmqWalkStep *steps; /* as many as the lesson has, owned */
    unsigned n_steps;
    GmqWalkSpot at;       /* what is looked at */
    GmqWalkSpot furthest; /* where he has come to, at or behind it */
};

/* The step that is looked at; there must be one. */
GmqWalkStep *gmq_walk_here(const GmqWalk *walk);

/* The step that is looked at is done, and he has come as far as the one behind it. */
void gmq_walk_set_done(GmqWalk *walk);

G_END_DECLS
