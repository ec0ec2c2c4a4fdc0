/* conditions.h - what a timeline entry can wait for: the words of "when", as a table. */
#pragma once

#include "sim/scenario.h"

G_BEGIN_DECLS

/* How a condition is written. */
typedef enum {
    GMQ_CONDITION_WORD,   /* is: delivered */
    GMQ_CONDITION_NUMBER, /* has: 3 ready */
} GmqConditionForm;

typedef struct {
    GmqTrigger trigger; /* who it is about: message, queue or client */
    GmqConditionForm form;
    const char *word;
    const char *meaning; /* for people */
} GmqConditionInfo;

const GmqConditionInfo *gmq_condition_info(GmqCondition condition);

/* The condition of that word for that trigger; GMQ_N_CONDITIONS when there is none. */
GmqCondition gmq_condition_find(GmqTrigger trigger, const char *word);

G_END_DECLS
