#include "viz/glyphs.h"

#include <string.h>

#include "sim/language.h"

GmqGlyphs
gmq_glyphs_choose(GmqGlyphs terminal, bool is_ascii)
{
    if (!is_ascii || terminal == GMQ_GLYPHS_ASCII)
        return terminal;
    return strcmp(gmq_language(), "en") == 0 ? GMQ_GLYPHS_ASCII : GMQ_GLYPHS_PLAIN;
}

static const struct {
    const char *utf8;
    const char *ascii;
} signs[GMQ_N_SIGNS] = {
    [GMQ_SIGN_ARROW] = {"▶", ">"},      [GMQ_SIGN_ARROW_BACK] = {"◀", "<"},
    [GMQ_SIGN_ARROW_DOWN] = {"▼", "v"}, [GMQ_SIGN_ARROW_UP] = {"▲", "^"},
    [GMQ_SIGN_CUT] = {"╳", "x"},        [GMQ_SIGN_WORK] = {"█", "#"},
    [GMQ_SIGN_REST] = {"░", "."},       [GMQ_SIGN_PASSED] = {"═", "="},
    [GMQ_SIGN_AHEAD] = {"─", "-"},      [GMQ_SIGN_GAP] = {"·", "."},
    [GMQ_SIGN_NOW] = {"▼", "#"},        [GMQ_SIGN_CAPTION] = {"●", "o"},
    [GMQ_SIGN_FAULT] = {"!", "!"},      [GMQ_SIGN_RUNNING] = {"▶", ">"},
    [GMQ_SIGN_PAUSED] = {"‖", "|"},     [GMQ_SIGN_HERE] = {"▶", ">"},
    [GMQ_SIGN_DASH] = {"─", "-"},       [GMQ_SIGN_BAD] = {"≈", "~"},
    [GMQ_SIGN_MESSAGE] = {"◆", "*"},
};

const char *
gmq_sign(GmqGlyphs glyphs, GmqSign sign)
{
    return glyphs == GMQ_GLYPHS_UTF8 ? signs[sign].utf8 : signs[sign].ascii;
}

/* By GMQ_LINE_UP, RIGHT, DOWN and LEFT. */
static const char *const lines_utf8[16]  = {" ", "│", "─", "└", "│", "│", "┌", "├",
                                            "─", "┘", "─", "┴", "┐", "┤", "┬", "┼"};
static const char *const lines_ascii[16] = {" ", "|", "-", "+", "|", "|", "+", "+",
                                            "-", "+", "-", "+", "+", "+", "+", "+"};

/* Straight pieces of other styles: across and upright. */
static const struct {
    unsigned style;
    const char *across_utf8, *upright_utf8, *across_ascii, *upright_ascii;
} styles[] = {
    {GMQ_LINE_DOUBLE, "═", "║", "=", "|"},
    {GMQ_LINE_DASHED, "╌", "╎", "~", ":"},
    {GMQ_LINE_DOTTED, "┈", "┊", ".", ":"},
};

const char *
gmq_line_glyph(GmqGlyphs glyphs, unsigned line)
{
    unsigned shape   = line & 15;
    bool is_straight = shape == (GMQ_LINE_LEFT | GMQ_LINE_RIGHT);
    bool is_upright  = shape == (GMQ_LINE_UP | GMQ_LINE_DOWN);
    bool is_utf8     = glyphs == GMQ_GLYPHS_UTF8;

    for (size_t i = 0; i < G_N_ELEMENTS(styles); i++) {
        if ((line & styles[i].style) == 0)
            continue;
        if (is_straight)
            return is_utf8 ? styles[i].across_utf8 : styles[i].across_ascii;
        if (is_upright)
            return is_utf8 ? styles[i].upright_utf8 : styles[i].upright_ascii;
    }
    return is_utf8 ? lines_utf8[shape] : lines_ascii[shape];
}

static void
put_line(GmqScreen *screen, int x, int y, unsigned line, GmqScreenRole role)
{
    gmq_screen_put(screen, x, y, role, gmq_line_glyph(screen->glyphs, line));
}

void
gmq_frame_draw(GmqScreen *screen, GmqRect rect, unsigned style, GmqScreenRole role)
{
    int right        = rect.x + rect.width - 1;
    int bottom       = rect.y + rect.height - 1;
    unsigned joined  = style & GMQ_FRAME_JOINED ? GMQ_LINE_UP : 0;
    unsigned dotted  = style & GMQ_FRAME_DOTTED ? GMQ_LINE_DOTTED : 0;
    unsigned across  = GMQ_LINE_LEFT | GMQ_LINE_RIGHT | dotted;
    unsigned upright = GMQ_LINE_UP | GMQ_LINE_DOWN | dotted;

    for (int x = rect.x + 1; x < right; x++) {
        put_line(screen, x, rect.y, across, role);
        put_line(screen, x, bottom, across, role);
    }
    for (int y = rect.y + 1; y < bottom; y++) {
        put_line(screen, rect.x, y, upright, role);
        put_line(screen, right, y, upright, role);
    }
    put_line(screen, rect.x, rect.y, GMQ_LINE_DOWN | GMQ_LINE_RIGHT | joined, role);
    put_line(screen, right, rect.y, GMQ_LINE_DOWN | GMQ_LINE_LEFT | joined, role);
    put_line(screen, rect.x, bottom, GMQ_LINE_UP | GMQ_LINE_RIGHT, role);
    put_line(screen, right, bottom, GMQ_LINE_UP | GMQ_LINE_LEFT, role);
}

void
gmq_rule_draw(GmqScreen *screen, int x, int y, int width, const char *title)
{
    const char *dash = gmq_sign(screen->glyphs, GMQ_SIGN_DASH);

    for (int i = 0; i < width; i++)
        gmq_screen_put(screen, x + i, y, GMQ_ROLE_DIM, dash);
    if (*title != '\0' && width > 6)
        gmq_screen_printf(screen, x + 2, y, width - 3, GMQ_ROLE_STRONG, " %s ", title);
}
