#include "viz/live-line.h"

typedef struct {
    char *at;
    char *end;
} Reader;

static void
skip_blanks(Reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
        reader->at++;
}

/* Steps over the character when it is the next one. */
static bool
take(Reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

/* What stands for a character: a text of ours ends with a NUL and holds none, and halves of pairs
 * are none. */
static gunichar
mend(gunichar c)
{
    return c == 0 || !g_unichar_validate(c) ? 0xfffd : c;
}

/* The four digits behind \u; what they stand for is never longer than they are. */
static bool
read_code(Reader *reader, char **out)
{
    gunichar c = 0;

    if (reader->end - reader->at < 4)
        return false;
    for (unsigned i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(*reader->at++);

        if (digit < 0)
            return false;
        c = c * 16 + (gunichar)digit;
    }
    *out += g_unichar_to_utf8(mend(c), *out);
    return true;
}

static bool
read_escape(Reader *reader, char **out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meant[]   = "\"\\/\b\f\n\r\t";

    if (reader->at == reader->end)
        return false;
    char c = *reader->at++;
    if (c == 'u')
        return read_code(reader, out);

    const char *found = c == '\0' ? NULL : strchr(letters, c);
    if (found == NULL)
        return false;
    *(*out)++ = meant[found - letters];
    return true;
}

/* A text in quotes; it is put together where it stands. */
static bool
read_text(Reader *reader, GmqSlice *text)
{
    if (!take(reader, '"'))
        return false;

    char *start = reader->at;
    char *out   = start;
    while (reader->at < reader->end && *reader->at != '"') {
        char c = *reader->at++;

        if (c == '\\') {
            if (!read_escape(reader, &out))
                return false;
        } else {
            *out++ = c;
        }
    }
    *text = (GmqSlice){(const uint8_t *)start, (size_t)(out - start)};
    return take(reader, '"');
}

/* A number that JSON cannot say for all readers is a text. */
static uint64_t
number_of_text(GmqSlice text)
{
    uint64_t number = 0;

    if (text.size < 3 || text.size > 18 || text.data[0] != '0' || text.data[1] != 'x')
        return 0;
    for (size_t i = 2; i < text.size; i++) {
        int digit = g_ascii_xdigit_value((char)text.data[i]);

        if (digit < 0)
            return 0;
        number = number * 16 + (uint64_t)digit;
    }
    return number;
}

static bool
read_number(Reader *reader, uint64_t *number)
{
    const char *start = reader->at;

    for (; reader->at < reader->end && g_ascii_isdigit(*reader->at); reader->at++) {
        uint64_t digit = (uint64_t)g_ascii_digit_value(*reader->at);

        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return reader->at > start;
}

static bool
read_word(Reader *reader, uint64_t *number)
{
    static const char *const words[] = {"false", "true", "null"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        size_t size = strlen(words[i]);

        if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, words[i], size) != 0)
            continue;
        reader->at += size;
        *number = i == 1;
        return true;
    }
    return false;
}

static bool
read_value(Reader *reader, GmqLiveMember *member)
{
    skip_blanks(reader);
    if (reader->at == reader->end)
        return false;
    if (*reader->at == '"') {
        if (!read_text(reader, &member->text))
            return false;
        member->number = number_of_text(member->text);
        return true;
    }
    return g_ascii_isdigit(*reader->at) ? read_number(reader, &member->number)
                                        : read_word(reader, &member->number);
}

static bool
read_member(Reader *reader, GmqLiveLine *line)
{
    if (line->n == GMQ_LIVE_MEMBERS_MAX)
        return false;

    GmqLiveMember *member = &line->members[line->n++];
    *member               = (GmqLiveMember){0};
    return read_text(reader, &member->key) && take(reader, ':') && read_value(reader, member);
}

bool
gmq_live_line_read(GmqLiveLine *line, char *text, size_t size)
{
    Reader reader = {text, text + size};

    line->n = 0;
    if (!take(&reader, '{'))
        return false;
    if (!take(&reader, '}')) {
        do {
            if (!read_member(&reader, line))
                return false;
        } while (take(&reader, ','));
        if (!take(&reader, '}'))
            return false;
    }
    skip_blanks(&reader);
    return reader.at == reader.end;
}

const GmqLiveMember *
gmq_live_line_find(const GmqLiveLine *line, const char *key)
{
    GmqSlice wanted = gmq_slice_of(key);

    for (unsigned i = 0; i < line->n; i++) {
        if (gmq_slice_equal(line->members[i].key, wanted))
            return &line->members[i];
    }
    return NULL;
}

GmqSlice
gmq_live_line_text(const GmqLiveLine *line, const char *key)
{
    const GmqLiveMember *member = gmq_live_line_find(line, key);

    return member == NULL ? (GmqSlice){0} : member->text;
}

uint64_t
gmq_live_line_number(const GmqLiveLine *line, const char *key)
{
    const GmqLiveMember *member = gmq_live_line_find(line, key);

    return member == NULL ? 0 : member->number;
}
