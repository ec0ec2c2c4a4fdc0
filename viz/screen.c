#include "viz/screen.h"

#include <string.h>

GmqScreen *
gmq_screen_new(int width, int height, GmqGlyphs glyphs)
{
    g_assert(width > 0);
    g_assert(height > 0);

    GmqScreen *screen = g_new0(GmqScreen, 1);
    size_t n          = (size_t)width * (size_t)height;

    screen->width  = width;
    screen->height = height;
    screen->glyphs = glyphs;
    screen->clip   = (GmqRect){0, 0, width, height};
    screen->cells  = g_new(GmqCell, n);
    for (size_t i = 0; i < n; i++)
        screen->cells[i] = (GmqCell){' ', GMQ_ROLE_NORMAL};
    return screen;
}

void
gmq_screen_free(GmqScreen *screen)
{
    g_free(screen->cells);
    g_free(screen);
}

static GmqCell *
cell_at(const GmqScreen *screen, int x, int y)
{
    return &screen->cells[(size_t)y * (size_t)screen->width + (size_t)x];
}

const GmqCell *
gmq_screen_cell(const GmqScreen *screen, int x, int y)
{
    g_assert(x >= 0 && x < screen->width);
    g_assert(y >= 0 && y < screen->height);

    return cell_at(screen, x, y);
}

/* ---- characters ---- */

/* Valid, composed, without anything that moves the cursor or hides in another cell. */
char *
gmq_text_clean(GmqGlyphs glyphs, const char *text)
{
    g_autofree char *valid    = g_utf8_make_valid(text, -1);
    g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    GString *out              = g_string_new(NULL);

    for (const char *at = composed; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '\n' || c == '\t')
            g_string_append_c(out, ' ');
        else if (g_unichar_iscntrl(c) || (glyphs == GMQ_GLYPHS_ASCII && c > 126))
            g_string_append_c(out, '?');
        else if (!g_unichar_iszerowidth(c))
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

/* Where line glyphs may be two wide, so may other characters of ambiguous width. */
int
gmq_char_width(GmqGlyphs glyphs, gunichar c)
{
    if (c < 0x80)
        return 1;
    if (glyphs == GMQ_GLYPHS_PLAIN)
        return g_unichar_iswide_cjk(c) ? 2 : 1;
    return g_unichar_iswide(c) ? 2 : 1;
}

int
gmq_text_width(GmqGlyphs glyphs, const char *text)
{
    if (is_plain(text))
        return (int)strlen(text);

    g_autofree char *cleaned = gmq_text_clean(glyphs, text);
    int width                = 0;
    for (const char *at = cleaned; *at != '\0'; at = g_utf8_next_char(at))
        width += gmq_char_width(glyphs, g_utf8_get_char(at));
    return width;
}

/* ---- writing ---- */

/* Half of a wide character cannot stay behind. */
static void
clear_halves(GmqScreen *screen, int x, int y)
{
    if (cell_at(screen, x, y)->text == 0 && x > 0)
        cell_at(screen, x - 1, y)->text = ' ';
    if (x + 1 < screen->width && cell_at(screen, x + 1, y)->text == 0)
        cell_at(screen, x + 1, y)->text = ' ';
}

static void
put_char(GmqScreen *screen, int x, int y, int width, GmqScreenRole role, gunichar c)
{
    int right = screen->clip.x + screen->clip.width;

    if (y < screen->clip.y || y >= screen->clip.y + screen->clip.height || x < screen->clip.x ||
        x >= right)
        return;
    if (x + width > right)
        c = ' ';

    for (int i = 0; i < width && x + i < right; i++) {
        clear_halves(screen, x + i, y);
        *cell_at(screen, x + i, y) = (GmqCell){i == 0 || c == ' ' ? c : 0, role};
    }
}

/* Writes cleaned text up to limit columns. */
static int
put_clean(GmqScreen *screen, int x, int y, int limit, GmqScreenRole role, const char *text)
{
    int end = x + limit;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        int width  = gmq_char_width(screen->glyphs, c);
        if (x + width > end)
            break;
        put_char(screen, x, y, width, role, c);
        x += width;
    }
    return x;
}

int
gmq_screen_put(GmqScreen *screen, int x, int y, GmqScreenRole role, const char *text)
{
    g_autofree char *cleaned =
        is_plain(text) ? g_strdup(text) : gmq_text_clean(screen->glyphs, text);

    return put_clean(screen, x, y, G_MAXINT / 2, role, cleaned);
}

int
gmq_screen_put_in(GmqScreen *screen, int x, int y, int width, GmqScreenRole role, const char *text)
{
    if (width <= 0)
        return x;
    if (gmq_text_width(screen->glyphs, text) <= width)
        return gmq_screen_put(screen, x, y, role, text);

    g_autofree char *cleaned = gmq_text_clean(screen->glyphs, text);
    x                        = put_clean(screen, x, y, width - 1, role, cleaned);
    return gmq_screen_put(screen, x, y, role, screen->glyphs == GMQ_GLYPHS_UTF8 ? "…" : "~");
}

/* The end of the text that fits into width columns. */
static const char *
tail_of(GmqGlyphs glyphs, const char *text, int width)
{
    const char *at = text + strlen(text);

    while (at > text) {
        const char *before = g_utf8_prev_char(at);
        width -= gmq_char_width(glyphs, g_utf8_get_char(before));
        if (width < 0)
            break;
        at = before;
    }
    return at;
}

int
gmq_screen_put_name(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                    const char *name)
{
    if (width < 5 || gmq_text_width(screen->glyphs, name) <= width)
        return gmq_screen_put_in(screen, x, y, width, role, name);

    g_autofree char *cleaned = gmq_text_clean(screen->glyphs, name);
    int tail                 = (width - 1) / 2;
    const char *end          = tail_of(screen->glyphs, cleaned, tail);
    x                        = put_clean(screen, x, y, width - 1 - tail, role, cleaned);
    x = gmq_screen_put(screen, x, y, role, screen->glyphs == GMQ_GLYPHS_UTF8 ? "…" : "~");
    return gmq_screen_put(screen, x, y, role, end);
}

void
gmq_screen_put_right(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                     const char *text)
{
    int used = MIN(gmq_text_width(screen->glyphs, text), width);

    gmq_screen_put_in(screen, x + width - used, y, used, role, text);
}

void
gmq_screen_printf(GmqScreen *screen, int x, int y, int width, GmqScreenRole role,
                  const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gmq_screen_put_in(screen, x, y, width, role, text);
}

void
gmq_screen_paint(GmqScreen *screen, GmqRect area, GmqScreenRole role)
{
    int right  = MIN(area.x + area.width, screen->width);
    int bottom = MIN(area.y + area.height, screen->height);

    for (int y = MAX(area.y, 0); y < bottom; y++) {
        for (int x = MAX(area.x, 0); x < right; x++)
            cell_at(screen, x, y)->role = role;
    }
}

void
gmq_screen_copy(GmqScreen *screen, int x, int y, const GmqScreen *other)
{
    for (int row = 0; row < other->height; row++) {
        for (int column = 0; column < other->width; column++) {
            const GmqCell *cell = cell_at(other, column, row);
            bool is_wide        = column + 1 < other->width && cell[1].text == 0;
            if (cell->text != 0)
                put_char(screen, x + column, y + row, is_wide ? 2 : 1, cell->role, cell->text);
        }
    }
}

/* ---- whole texts ---- */

/* Bytes of a word that fit into width columns: at least one character, so that a narrow place
 * still gets on. */
static size_t
fitting(GmqGlyphs glyphs, const char *word, size_t size, int width)
{
    size_t used = 0;

    while (used < size) {
        width -= gmq_char_width(glyphs, g_utf8_get_char(word + used));
        if (width < 0 && used > 0)
            break;
        used += (size_t)(g_utf8_next_char(word + used) - (word + used));
    }
    return used;
}

GStrv
gmq_text_wrap(GmqGlyphs glyphs, const char *text, int width)
{
    g_autofree char *cleaned      = gmq_text_clean(glyphs, text);
    g_auto(GStrv) words           = g_strsplit(cleaned, " ", -1);
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_autoptr(GString) line       = g_string_new(NULL);

    for (size_t i = 0; words[i] != NULL; i++) {
        const char *word = words[i];
        if (*word == '\0')
            continue;
        int used = gmq_text_width(glyphs, line->str);
        if (used > 0 && used + 1 + gmq_text_width(glyphs, word) > width) {
            g_strv_builder_add(lines, line->str);
            g_string_truncate(line, 0);
        }
        while (gmq_text_width(glyphs, word) > MAX(width, 1)) {
            size_t size           = fitting(glyphs, word, strlen(word), width);
            g_autofree char *part = g_strndup(word, size);
            g_strv_builder_add(lines, part);
            word += size;
            if (*word == '\0')
                break;
        }
        if (line->len > 0)
            g_string_append_c(line, ' ');
        g_string_append(line, word);
    }
    if (line->len > 0)
        g_strv_builder_add(lines, line->str);
    return g_strv_builder_end(lines);
}

char *
gmq_screen_to_text(const GmqScreen *screen)
{
    GString *out = g_string_new(NULL);

    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++) {
            gunichar c = cell_at(screen, x, y)->text;
            if (c != 0)
                g_string_append_unichar(out, c);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
