/* svg.h - a drawing of lines, boxes and words, told piece by piece, as SVG text.
 *
 * What is told later lies above. The file needs nothing beside it: its colours follow the reader's
 * choice of light or dark, and its title and description are what a screen reader says. Lengths are
 * pixels from the upper left corner, written with one decimal, so that texts can be goldens. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* What a colour is for. Each has one for light and one for dark paper; those for nodes are pale
 * fills, the five series are told apart by colour-blind eyes too. */
typedef enum {
    GMQ_TONE_NONE, /* not filled, no line */
    GMQ_TONE_PAPER,
    GMQ_TONE_INK,    /* words and what matters */
    GMQ_TONE_LINE,   /* frames and axes */
    GMQ_TONE_FAINT,  /* grids, what was never used */
    GMQ_TONE_MOVING, /* a message on its way */
    GMQ_TONE_BROKEN, /* what was lost, cut or crashed */
    GMQ_TONE_PRODUCER,
    GMQ_TONE_EXCHANGE,
    GMQ_TONE_QUEUE,
    GMQ_TONE_CONSUMER,
    GMQ_TONE_SERIES_1,
    GMQ_TONE_SERIES_2,
    GMQ_TONE_SERIES_3,
    GMQ_TONE_SERIES_4,
    GMQ_TONE_SERIES_5,
    GMQ_N_TONES,
} GmqTone;

/* How a line is drawn and how words stand; any together. */
typedef enum {
    GMQ_SVG_BOLD   = 1 << 0,
    GMQ_SVG_DASHED = 1 << 1,
    GMQ_SVG_DOTTED = 1 << 2,
    GMQ_SVG_ARROW  = 1 << 3, /* lines: with a head at the second end */
    GMQ_SVG_SMALL  = 1 << 4, /* words: 11 instead of 13 pixels */
    GMQ_SVG_LARGE  = 1 << 5, /* words: 17 pixels */
    GMQ_SVG_MIDDLE = 1 << 6, /* words: around x; else from x on */
    GMQ_SVG_END    = 1 << 7, /* words: up to x */
} GmqSvgStyle;

typedef struct GmqSvg GmqSvg;

/* An empty drawing on paper of that size. desc may be "". */
GmqSvg *gmq_svg_new(double width, double height, const char *title, const char *desc);
void gmq_svg_free(GmqSvg *svg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSvg, gmq_svg_free)

/* What is told until the end belongs together; title is what pointing at it, or a screen reader,
 * tells. Groups may stand in groups. Each that was begun must be ended. */
void gmq_svg_begin_group(GmqSvg *svg, const char *title);
void gmq_svg_end_group(GmqSvg *svg);

/* radius rounds the corners. */
void gmq_svg_rect(GmqSvg *svg, double x, double y, double width, double height, double radius,
                  GmqTone fill, GmqTone line);
void gmq_svg_circle(GmqSvg *svg, double x, double y, double radius, GmqTone fill, GmqTone line);
void gmq_svg_line(GmqSvg *svg, double x1, double y1, double x2, double y2, GmqTone tone,
                  unsigned style);

/* A path is begun, gets its points, and is ended: as an open line when fill is GMQ_TONE_NONE, or
 * closed and filled. Nothing else may be told between. */
void gmq_svg_begin_path(GmqSvg *svg, double x, double y);
void gmq_svg_path_to(GmqSvg *svg, double x, double y);
void gmq_svg_end_path(GmqSvg *svg, GmqTone fill, GmqTone line, unsigned style);

/* Any text on one line whose base is at y. */
void gmq_svg_text(GmqSvg *svg, double x, double y, const char *text, GmqTone tone, unsigned style);

/* The same, shortened in the middle when it is wider than width; pointing at it tells the whole. */
void gmq_svg_label(GmqSvg *svg, double x, double y, double width, const char *text, GmqTone tone,
                   unsigned style);

/* About how wide the text will be; fonts differ, so leave some room. */
double gmq_svg_text_width(const char *text, unsigned style);

/* The whole drawing. The caller frees it. All groups must be ended. */
char *gmq_svg_to_text(const GmqSvg *svg);

G_END_DECLS
