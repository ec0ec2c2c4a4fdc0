/* dot-part.h - the pieces of a Graphviz graph; only for dot*.c. */
#pragma once

#include "viz/picture.h"

G_BEGIN_DECLS

/* Colours that print and project well: dark lines, pale fills, and never colour alone. */
#define INK "#20262E"
#define LINE "#5B6470"
#define UNUSED "#A0A6AE"
#define BROKEN "#B3261E"
#define MOVING "#0B57A4"

#define FILL_UNUSED "#F1F2F4"
#define FILL_PRODUCER "#E2F2E5"
#define FILL_EXCHANGE "#DCE9F9"
#define FILL_QUEUE "#FFF0D2"
#define FILL_CONSUMER "#F0E4F6"

/* Labels are HTML-like, so all texts in them go through gmq_xml_append(). A bold one.
 * (dot-text.c) */
void gmq_dot_append_bold(GString *out, const char *text);

/* The messages of a list by name: "p1-5 R, p1-6, 3 more". */
void gmq_dot_append_tokens(GString *out, const GmqPicture *picture, const GmqTokens *tokens);

/* One statement each: a table with the name in its head and what is known below. (dot-node.c) */
void gmq_dot_draw_exchange(const GmqPicture *picture, unsigned index, GString *out);
void gmq_dot_draw_queue(const GmqPicture *picture, unsigned index, GString *out);
void gmq_dot_draw_client(const GmqPicture *picture, unsigned index, GString *out);

G_END_DECLS
