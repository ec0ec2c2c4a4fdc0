/* markdown.h - the texts of lessons as lines of a screen.
 *
 * It knows the Markdown that lessons use: headings, paragraphs, lists with "-" and "1.",
 * **strong**, *emphasis*, `code`, fenced code, a backslash before a mark that is meant as itself,
 * and pictures on a line of their own. What it does not know stays as it was written, so no text is
 * wrong. */
#pragma once

#include "lessons/spans.h"

G_BEGIN_DECLS

/* Returns the lines of a picture, of GmqSpans, that go in its place; the caller owns them. NULL:
 * what it shows is told in words instead. alt and target are what "![alt](target)" says. */
typedef GPtrArray *(*GmqMarkdownPicture)(const char *alt, const char *target, int width,
                                         GmqGlyphs glyphs, void *data);

/* How the text is to be set. */
typedef struct {
    int width; /* columns, at least 1: no line of text is longer; a Korean character takes two */
    GmqGlyphs glyphs;           /* with others than UTF8, arrows and dashes become ASCII */
    GmqMarkdownPicture picture; /* NULL: pictures are told in words */
    void *data;                 /* for picture */
} GmqMarkdown;

/* The text as lines, a list as gmq_spans_list_new() makes it. No empty line stands at the
 * beginning, at the end, or behind another one outside of code. Code is not joined, and what is too
 * long for a line goes on in the next. */
GPtrArray *gmq_markdown_lines(const GmqMarkdown *how, const char *text);

/* The same as plain text, without the marks; as gmq_spans_to_text() gives it. */
char *gmq_markdown_text(const GmqMarkdown *how, const char *text);

G_END_DECLS
