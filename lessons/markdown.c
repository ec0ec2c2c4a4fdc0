#include "lessons/markdown.h"

#include <string.h>

/* Text that is set further to the right than this is not: a list in a list in a list. */
#define INDENT_MOST 8
#define CODE_INDENT "  "

/* What is being read: a block is set when it ends. */
typedef struct {
    const GmqMarkdown *how;
    GPtrArray *lines;
    GString *block; /* the text so far, without line ends */
    int indent;     /* of its first line */
    char *marker;   /* before its first line: "- "; "" for a paragraph */
    bool is_code;   /* inside a fence */
    bool is_apart;  /* an empty line stood before this block */
} Setting;

/* ---- characters ---- */

/* What keyboards do not have, in ASCII. Where other glyphs are refused their width is in doubt. */
static const struct {
    gunichar text;
    const char *ascii;
} replacements[] = {
    {0x2190, "<-"}, {0x2192, "->"}, {0x21D2, "=>"},  {0x2013, "-"},  {0x2014, "-"},
    {0x2018, "'"},  {0x2019, "'"},  {0x201C, "\""},  {0x201D, "\""}, {0x2022, "-"},
    {0x00B7, "."},  {0x00D7, "x"},  {0x2026, "..."}, {0x2264, "<="}, {0x2265, ">="},
};

static const char *
ascii_of(gunichar c)
{
    for (size_t i = 0; i < G_N_ELEMENTS(replacements); i++) {
        if (replacements[i].text == c)
            return replacements[i].ascii;
    }
    return NULL;
}

/* The text as it can be drawn. */
static char *
drawable(GmqGlyphs glyphs, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) out = g_string_new(NULL);

    if (glyphs == GMQ_GLYPHS_UTF8)
        return gmq_text_clean(glyphs, valid);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const char *ascii = ascii_of(g_utf8_get_char(at));
        if (ascii != NULL)
            g_string_append(out, ascii);
        else
            g_string_append_unichar(out, g_utf8_get_char(at));
    }
    return gmq_text_clean(glyphs, out->str);
}

static void
add_cell(GArray *cells, gunichar text, GmqScreenRole role)
{
    GmqCell cell = {text, role};

    g_array_append_val(cells, cell);
}

static void
add_cells(GArray *cells, const char *text, const char *end, GmqScreenRole role)
{
    for (; text < end; text = g_utf8_next_char(text))
        add_cell(cells, g_utf8_get_char(text), role);
}

/* ---- marks inside a line ---- */

/* The mark at the beginning of text; "" when there is none. */
static const char *
mark_at(const char *text)
{
    static const char *const marks[] = {"`", "**", "*"};

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (g_str_has_prefix(text, marks[i]))
            return marks[i];
    }
    return "";
}

/* Where the mark that opens at text closes again; NULL when it does not, so that it stands for
 * itself: a star between blanks, a lonely one. Inside of code no other mark counts. */
static const char *
find_close(const char *text, const char *mark)
{
    size_t size = strlen(mark);

    if (*mark == '\0' || text[size] == '\0' || (*mark != '`' && text[size] == ' '))
        return NULL;
    for (const char *at = text + size; *at != '\0'; at++) {
        const char *here = *mark == '`' && *at != '`' ? "" : mark_at(at);
        if (*at == '\\' && *mark != '`' && at[1] != '\0') {
            at++;
        } else if (strcmp(here, mark) == 0 && at > text + size && (*mark == '`' || at[-1] != ' ')) {
            return at;
        } else if (*here != '\0') {
            const char *inner = *here == '`' ? strchr(at + 1, '`') : NULL;
            at                = inner != NULL ? inner : at + strlen(here) - 1;
        }
    }
    return NULL;
}

static GmqScreenRole
role_of(const char *mark)
{
    return *mark == '`' ? GMQ_ROLE_CODE : mark[1] == '*' ? GMQ_ROLE_STRONG : GMQ_ROLE_EMPHASIS;
}

/* The text up to end without its marks. */
static void
add_marked(GArray *cells, const char *text, const char *end, GmqScreenRole role)
{
    while (text < end) {
        const char *mark  = mark_at(text);
        const char *close = find_close(text, mark);
        size_t size       = strlen(mark);

        if (close != NULL && close < end) {
            if (*mark == '`')
                add_cells(cells, text + size, close, GMQ_ROLE_CODE);
            else
                add_marked(cells, text + size, close, role_of(mark));
            text = close + size;
            continue;
        }
        if (*text == '\\' && g_ascii_ispunct(text[1]))
            text++;
        add_cell(cells, g_utf8_get_char(text), role);
        text = g_utf8_next_char(text);
    }
}

/* ---- lines ---- */

/* The end of the line that begins at from: at a space where there is one, otherwise where width
 * ends, but with one character at least. */
static guint
line_end(GmqGlyphs glyphs, const GArray *cells, guint from, int width)
{
    guint space = 0;
    guint at    = from;
    int used    = 0;

    for (; at < cells->len; at++) {
        gunichar c = g_array_index(cells, GmqCell, at).text;
        if (c == ' ' && at > from && g_array_index(cells, GmqCell, at - 1).text != ' ')
            space = at;
        used += gmq_char_width(glyphs, c);
        if (used > width && c != ' ')
            return space > 0 ? space : MAX(at, from + 1);
    }
    return at;
}

/* Sets cells in lines of which the first begins with lead and the others with as many blanks. */
static void
add_lines(Setting *setting, const GArray *cells, const char *lead)
{
    GmqGlyphs glyphs       = setting->how->glyphs;
    int wanted             = gmq_text_width(glyphs, lead);
    int indent             = wanted + 2 > setting->how->width ? 0 : wanted;
    g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(GmqCell));
    guint from             = 0;

    do {
        guint to = line_end(glyphs, cells, from, MAX(setting->how->width - indent, 1));
        g_array_set_size(line, 0);
        if (from == 0 && indent > 0)
            add_cells(line, lead, lead + strlen(lead), GMQ_ROLE_NORMAL);
        for (int i = 0; i < indent && from > 0; i++)
            add_cell(line, ' ', GMQ_ROLE_NORMAL);
        if (to > from)
            g_array_append_vals(line, &g_array_index(cells, GmqCell, from), to - from);
        gmq_spans_add_cells(setting->lines, (const GmqCell *)(const void *)line->data, line->len);
        for (from = to; from < cells->len && g_array_index(cells, GmqCell, from).text == ' ';)
            from++;
    } while (from < cells->len);
}

static bool
ends_empty(const GPtrArray *lines)
{
    return lines->len == 0 || ((GmqSpans *)lines->pdata[lines->len - 1])->len == 0;
}

static void
stand_apart(Setting *setting)
{
    if (!ends_empty(setting->lines))
        gmq_spans_add_cells(setting->lines, NULL, 0);
    setting->is_apart = false;
}

/* ---- blocks ---- */

static void
set_marked(Setting *setting, const char *text, const char *lead, GmqScreenRole role)
{
    g_autofree char *drawn  = drawable(setting->how->glyphs, text);
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(GmqCell));

    add_marked(cells, drawn, drawn + strlen(drawn), role);
    add_lines(setting, cells, lead);
}

static void
end_block(Setting *setting)
{
    if (setting->block->len == 0)
        return;
    g_autofree char *lead = g_strdup_printf("%*s%s", setting->indent, "", setting->marker);

    if (setting->is_apart)
        stand_apart(setting);
    set_marked(setting, setting->block->str, lead, GMQ_ROLE_NORMAL);
    g_string_truncate(setting->block, 0);
}

static void
set_heading(Setting *setting, const char *text)
{
    end_block(setting);
    stand_apart(setting);
    set_marked(setting, text, "", GMQ_ROLE_STRONG);
    setting->is_apart = true;
}

static void
set_code(Setting *setting, const char *text)
{
    g_autofree char *drawn  = drawable(setting->how->glyphs, text);
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(GmqCell));
    size_t blanks           = strspn(drawn, " ");
    g_autofree char *lead   = g_strdup_printf("%s%*s", CODE_INDENT, (int)MIN(blanks, 72), "");

    add_cells(cells, drawn + blanks, drawn + strlen(drawn), GMQ_ROLE_CODE);
    if (setting->is_apart)
        stand_apart(setting);
    add_lines(setting, cells, lead);
}

/* "![alt](target)" alone on its line. */
static bool
read_picture(const char *line, char **alt, char **target)
{
    const char *middle = strstr(line, "](");
    size_t size        = strlen(line);

    if (!g_str_has_prefix(line, "![") || middle == NULL || line[size - 1] != ')')
        return false;
    *alt    = g_strndup(line + 2, (size_t)(middle - line) - 2);
    *target = g_strndup(middle + 2, (size_t)(line + size - 1 - middle) - 2);
    return true;
}

static void
set_picture(Setting *setting, const char *alt, const char *target)
{
    const GmqMarkdown *how = setting->how;

    end_block(setting);
    stand_apart(setting);
    g_autoptr(GPtrArray) drawn =
        how->picture == NULL ? NULL : how->picture(alt, target, how->width, how->glyphs, how->data);
    if (drawn != NULL) {
        gmq_spans_append(setting->lines, drawn);
    } else {
        g_autofree char *words = g_strdup_printf("[%s]", alt);
        set_marked(setting, words, "", GMQ_ROLE_NORMAL);
    }
    setting->is_apart = true;
}

/* ---- reading ---- */

/* Bytes of "- ", "* " or "12. " at the beginning of a list's item; 0 for other text. */
static size_t
marker_size(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if ((*text == '-' || *text == '*') && text[1] == ' ')
        return 2;
    return digits > 0 && digits < 4 && text[digits] == '.' && text[digits + 1] == ' ' ? digits + 2
                                                                                      : 0;
}

/* A block begins with this line, or it goes on. */
static void
read_words(Setting *setting, const char *line)
{
    size_t blanks    = strspn(line, " ");
    const char *text = line + blanks;
    size_t size      = marker_size(text);

    if (size > 0)
        end_block(setting);
    if (setting->block->len > 0) {
        g_string_append_c(setting->block, ' ');
        g_string_append(setting->block, text);
        return;
    }
    g_free(setting->marker);
    setting->marker = g_strndup(text, size);
    setting->indent = (int)MIN(blanks, INDENT_MOST);
    g_string_append(setting->block, text + size);
}

static void
read_line(Setting *setting, const char *line)
{
    g_autofree char *alt    = NULL;
    g_autofree char *target = NULL;
    size_t hashes           = strspn(line, "#");

    if (g_str_has_prefix(line, "```")) {
        end_block(setting);
        setting->is_code = !setting->is_code;
    } else if (setting->is_code) {
        set_code(setting, line);
    } else if (*line == '\0') {
        end_block(setting);
        setting->is_apart = true;
    } else if (hashes > 0 && hashes <= 6 && line[hashes] == ' ') {
        set_heading(setting, line + hashes + 1);
    } else if (read_picture(line, &alt, &target)) {
        set_picture(setting, alt, target);
    } else {
        read_words(setting, line);
    }
}

GPtrArray *
gmq_markdown_lines(const GmqMarkdown *how, const char *text)
{
    g_assert(how->width >= 1);

    g_autoptr(GString) block = g_string_new(NULL);
    g_auto(GStrv) rows       = g_strsplit(text, "\n", -1);
    Setting setting          = {.how = how, .lines = gmq_spans_list_new(), .block = block};

    setting.marker = g_strdup("");
    for (size_t i = 0; rows[i] != NULL; i++)
        read_line(&setting, g_strchomp(rows[i]));
    end_block(&setting);
    g_free(setting.marker);
    while (setting.lines->len > 0 && ends_empty(setting.lines))
        g_ptr_array_set_size(setting.lines, (int)setting.lines->len - 1);
    return setting.lines;
}

char *
gmq_markdown_text(const GmqMarkdown *how, const char *text)
{
    g_autoptr(GPtrArray) lines = gmq_markdown_lines(how, text);

    return gmq_spans_to_text(lines);
}
