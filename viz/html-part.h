/* html-part.h - the pieces of the data of a page; only for html*.c. */
#pragma once

#include "viz/plan.h"
#include "viz/slots.h"

G_BEGIN_DECLS

typedef struct {
    const GmqStage *stage; /* lent */
    GmqSlots *slots;
    int *boxes[GMQ_N_PLACE_KINDS]; /* the index of a place in the page, -1: not shown */
    int *lines;                    /* the same of an edge */
    unsigned n_hidden_queues;
    GHashTable *by_name; /* name to index + 1; for look-up only */
    GPtrArray *names;    /* owned */
} GmqHtmlPart;

GmqHtmlPart *gmq_html_part_new(const GmqStage *stage);
void gmq_html_part_free(GmqHtmlPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqHtmlPart, gmq_html_part_free)

/* Appends a text that may hold anything; "<" is escaped too. */
void gmq_html_add_text(GString *out, const char *text);
void gmq_html_add_number(GString *out, int64_t number);

/* Appends the value of a slot: a number, or a list of numbers. */
void gmq_html_add_slot(const GmqHtmlPart *part, const GmqMoment *moment, unsigned index,
                       GString *out);

/* The index of a place or an edge in the page; -1 when it is not shown. */
int64_t gmq_html_box(const GmqHtmlPart *part, GmqPlace place);
int64_t gmq_html_line(const GmqHtmlPart *part, int edge);

/* The index of a name in the list of names, which grows. */
int64_t gmq_html_name(GmqHtmlPart *part, const char *name);

/* Appends members of the data, with a comma before them. (html-part.c) */
void gmq_html_add_boxes(const GmqHtmlPart *part, GString *out);
void gmq_html_add_lines(const GmqHtmlPart *part, GString *out);
void gmq_html_add_plans(const GmqHtmlPart *part, GString *out);
void gmq_html_add_names(const GmqHtmlPart *part, GString *out);

G_END_DECLS
