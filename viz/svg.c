#include "viz/svg.h"

#include <math.h>
#include <stdlib.h>

#include "viz/xml.h"

/* The head of an arrow, in pixels. */
#define HEAD_LENGTH 9
#define HEAD_WIDTH 7

struct GmqSvg {
    double width;
    double height;
    char *title;
    char *desc;
    GString *body;
    unsigned depth; /* groups that are open */
    bool in_path;
    bool has_fill[GMQ_N_TONES]; /* what the style sheet has to know */
    bool has_line[GMQ_N_TONES];
};

static const struct {
    const char *name;
    const char *light;
    const char *dark;
} tones[GMQ_N_TONES] = {
    [GMQ_TONE_NONE]     = {"none", "none", "none"},
    [GMQ_TONE_PAPER]    = {"paper", "#FFFFFF", "#15191E"},
    [GMQ_TONE_INK]      = {"ink", "#20262E", "#E6E9ED"},
    [GMQ_TONE_LINE]     = {"line", "#5B6470", "#9AA3AE"},
    [GMQ_TONE_FAINT]    = {"faint", "#D3D7DC", "#3A424C"},
    [GMQ_TONE_MOVING]   = {"moving", "#0B57A4", "#7FB8F5"},
    [GMQ_TONE_BROKEN]   = {"broken", "#B3261E", "#FF8A80"},
    [GMQ_TONE_PRODUCER] = {"producer", "#E2F2E5", "#1F3B26"},
    [GMQ_TONE_EXCHANGE] = {"exchange", "#DCE9F9", "#1C3552"},
    [GMQ_TONE_QUEUE]    = {"queue", "#FFF0D2", "#4A3810"},
    [GMQ_TONE_CONSUMER] = {"consumer", "#F0E4F6", "#3D2948"},
    [GMQ_TONE_SERIES_1] = {"series-1", "#0072B2", "#56B4E9"},
    [GMQ_TONE_SERIES_2] = {"series-2", "#C24E00", "#F0954A"},
    [GMQ_TONE_SERIES_3] = {"series-3", "#00795A", "#2FC79D"},
    [GMQ_TONE_SERIES_4] = {"series-4", "#A8437F", "#E59AC6"},
    [GMQ_TONE_SERIES_5] = {"series-5", "#6B5B00", "#E5D04A"},
};

GmqSvg *
gmq_svg_new(double width, double height, const char *title, const char *desc)
{
    GmqSvg *svg = g_new0(GmqSvg, 1);

    svg->width  = width;
    svg->height = height;
    svg->title  = gmq_xml_escape(title);
    svg->desc   = gmq_xml_escape(desc);
    svg->body   = g_string_new(NULL);
    gmq_svg_rect(svg, 0, 0, width, height, 0, GMQ_TONE_PAPER, GMQ_TONE_NONE);
    return svg;
}

void
gmq_svg_free(GmqSvg *svg)
{
    g_free(svg->title);
    g_free(svg->desc);
    g_string_free(svg->body, TRUE);
    g_free(svg);
}

/* ---- numbers and classes ---- */

/* "12" or "12.5", whatever the locale calls a decimal point. */
static void
append_number(GString *out, double number)
{
    long long tenths = llround(number * 10);
    long long size   = llabs(tenths);

    g_string_append_printf(out, "%s%lld", tenths < 0 ? "-" : "", size / 10);
    if (size % 10 != 0)
        g_string_append_printf(out, ".%lld", size % 10);
}

static void
append_attribute(GString *out, const char *name, double number)
{
    g_string_append_printf(out, " %s=\"", name);
    append_number(out, number);
    g_string_append_c(out, '"');
}

static void
append_class(GmqSvg *svg, GmqTone fill, GmqTone line)
{
    svg->has_fill[fill] = true;
    svg->has_line[line] = true;
    g_string_append_printf(svg->body, " class=\"f-%s l-%s\"", tones[fill].name, tones[line].name);
}

static void
append_style(GString *out, unsigned style)
{
    if (style & GMQ_SVG_BOLD)
        g_string_append(out, " stroke-width=\"2.5\"");
    if (style & GMQ_SVG_DASHED)
        g_string_append(out, " stroke-dasharray=\"7 4\"");
    else if (style & GMQ_SVG_DOTTED)
        g_string_append(out, " stroke-dasharray=\"2 3\"");
}

/* ---- groups and shapes ---- */

static void
append_title(GString *out, const char *title)
{
    if (*title == '\0')
        return;
    g_string_append(out, "<title>");
    gmq_xml_append(out, title);
    g_string_append(out, "</title>");
}

void
gmq_svg_begin_group(GmqSvg *svg, const char *title)
{
    g_assert(!svg->in_path);

    g_string_append(svg->body, "<g>");
    append_title(svg->body, title);
    g_string_append_c(svg->body, '\n');
    svg->depth++;
}

void
gmq_svg_end_group(GmqSvg *svg)
{
    g_assert(svg->depth > 0);

    g_string_append(svg->body, "</g>\n");
    svg->depth--;
}

void
gmq_svg_rect(GmqSvg *svg, double x, double y, double width, double height, double radius,
             GmqTone fill, GmqTone line)
{
    g_assert(!svg->in_path);

    g_string_append(svg->body, "<rect");
    append_attribute(svg->body, "x", x);
    append_attribute(svg->body, "y", y);
    append_attribute(svg->body, "width", MAX(width, 0));
    append_attribute(svg->body, "height", MAX(height, 0));
    if (radius > 0)
        append_attribute(svg->body, "rx", radius);
    append_class(svg, fill, line);
    g_string_append(svg->body, "/>\n");
}

void
gmq_svg_circle(GmqSvg *svg, double x, double y, double radius, GmqTone fill, GmqTone line)
{
    g_assert(!svg->in_path);

    g_string_append(svg->body, "<circle");
    append_attribute(svg->body, "cx", x);
    append_attribute(svg->body, "cy", y);
    append_attribute(svg->body, "r", radius);
    append_class(svg, fill, line);
    g_string_append(svg->body, "/>\n");
}

/* A triangle with its tip at the end; along and across are steps of one pixel. */
static void
draw_head(GmqSvg *svg, double x, double y, double along_x, double along_y, GmqTone tone)
{
    double back_x = x - HEAD_LENGTH * along_x;
    double back_y = y - HEAD_LENGTH * along_y;
    double half   = HEAD_WIDTH / 2.0;

    gmq_svg_begin_path(svg, x, y);
    gmq_svg_path_to(svg, back_x - half * along_y, back_y + half * along_x);
    gmq_svg_path_to(svg, back_x + half * along_y, back_y - half * along_x);
    gmq_svg_end_path(svg, tone, GMQ_TONE_NONE, 0);
}

void
gmq_svg_line(GmqSvg *svg, double x1, double y1, double x2, double y2, GmqTone tone, unsigned style)
{
    g_assert(!svg->in_path);

    double length = hypot(x2 - x1, y2 - y1);
    bool has_head = (style & GMQ_SVG_ARROW) && length >= HEAD_LENGTH;
    double cut    = has_head ? (length - HEAD_LENGTH) / length : 1;

    g_string_append(svg->body, "<line");
    append_attribute(svg->body, "x1", x1);
    append_attribute(svg->body, "y1", y1);
    append_attribute(svg->body, "x2", x1 + cut * (x2 - x1));
    append_attribute(svg->body, "y2", y1 + cut * (y2 - y1));
    append_class(svg, GMQ_TONE_NONE, tone);
    append_style(svg->body, style);
    g_string_append(svg->body, "/>\n");
    if (has_head)
        draw_head(svg, x2, y2, (x2 - x1) / length, (y2 - y1) / length, tone);
}

static void
append_point(GString *out, double x, double y)
{
    append_number(out, x);
    g_string_append_c(out, ' ');
    append_number(out, y);
}

void
gmq_svg_begin_path(GmqSvg *svg, double x, double y)
{
    g_assert(!svg->in_path);

    svg->in_path = true;
    g_string_append(svg->body, "<path d=\"M");
    append_point(svg->body, x, y);
}

void
gmq_svg_path_to(GmqSvg *svg, double x, double y)
{
    g_assert(svg->in_path);

    g_string_append_c(svg->body, 'L');
    append_point(svg->body, x, y);
}

void
gmq_svg_end_path(GmqSvg *svg, GmqTone fill, GmqTone line, unsigned style)
{
    g_assert(svg->in_path);

    svg->in_path = false;
    g_string_append(svg->body, fill == GMQ_TONE_NONE ? "\"" : "Z\"");
    append_class(svg, fill, line);
    append_style(svg->body, style);
    g_string_append(svg->body, "/>\n");
}

/* ---- words ---- */

static unsigned
font_size(unsigned style)
{
    return (style & GMQ_SVG_SMALL) ? 11 : (style & GMQ_SVG_LARGE) ? 17 : 13;
}

/* Whole is told to who points at it; "" when the text says all. */
static void
draw_text(GmqSvg *svg, double x, double y, const char *text, const char *whole, GmqTone tone,
          unsigned style)
{
    g_assert(!svg->in_path);

    g_string_append(svg->body, "<text");
    append_attribute(svg->body, "x", x);
    append_attribute(svg->body, "y", y);
    append_class(svg, tone, GMQ_TONE_NONE);
    if (font_size(style) != 13)
        append_attribute(svg->body, "font-size", font_size(style));
    if (style & GMQ_SVG_BOLD)
        g_string_append(svg->body, " font-weight=\"bold\"");
    if (style & (GMQ_SVG_MIDDLE | GMQ_SVG_END))
        g_string_append_printf(svg->body, " text-anchor=\"%s\"",
                               (style & GMQ_SVG_END) ? "end" : "middle");
    g_string_append_c(svg->body, '>');
    append_title(svg->body, whole);
    gmq_xml_append(svg->body, text);
    g_string_append(svg->body, "</text>\n");
}

void
gmq_svg_text(GmqSvg *svg, double x, double y, const char *text, GmqTone tone, unsigned style)
{
    draw_text(svg, x, y, text, "", tone, style);
}

/* An average letter is a bit more than half as wide as the font is high. */
static double
column_width(unsigned style)
{
    return font_size(style) * ((style & GMQ_SVG_BOLD) ? 0.60 : 0.56);
}

void
gmq_svg_label(GmqSvg *svg, double x, double y, double width, const char *text, GmqTone tone,
              unsigned style)
{
    double columns         = MAX(width / column_width(style), 1);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *shown = gmq_xml_shorten(valid, (unsigned)MIN(columns, 10000));

    draw_text(svg, x, y, shown, g_str_equal(shown, valid) ? "" : valid, tone, style);
}

double
gmq_svg_text_width(const char *text, unsigned style)
{
    return gmq_xml_columns(text) * column_width(style);
}

/* ---- the whole ---- */

static void
append_rules(const GmqSvg *svg, bool is_dark, GString *out)
{
    for (unsigned i = 0; i < GMQ_N_TONES; i++) {
        const char *colour = is_dark ? tones[i].dark : tones[i].light;
        if (svg->has_fill[i])
            g_string_append_printf(out, ".f-%s{fill:%s}\n", tones[i].name, colour);
        if (svg->has_line[i])
            g_string_append_printf(out, ".l-%s{stroke:%s}\n", tones[i].name, colour);
    }
}

static void
append_head(const GmqSvg *svg, GString *out)
{
    g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    append_attribute(out, "width", svg->width);
    append_attribute(out, "height", svg->height);
    g_string_append(out, " viewBox=\"0 0 ");
    append_point(out, svg->width, svg->height);
    g_string_append(out, "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">\n");
    g_string_append_printf(out, "<title>%s</title>\n", svg->title);
    if (*svg->desc != '\0')
        g_string_append_printf(out, "<desc>%s</desc>\n", svg->desc);
    g_string_append(out, "<style>\n");
    append_rules(svg, false, out);
    g_string_append(out, "@media (prefers-color-scheme:dark){\n");
    append_rules(svg, true, out);
    g_string_append(out, "}\n</style>\n");
}

char *
gmq_svg_to_text(const GmqSvg *svg)
{
    g_assert(svg->depth == 0);
    g_assert(!svg->in_path);

    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    append_head(svg, out);
    g_string_append_len(out, svg->body->str, (gssize)svg->body->len);
    g_string_append(out, "</svg>\n");
    return g_string_free(out, FALSE);
}
