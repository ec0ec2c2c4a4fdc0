#include "sim/raw-line.h"

#include "core/wire/format.h"
#include "sim/language.h"
#include "sim/units.h"

/* So much is told of bytes and of words. */
#define SHOWN_BYTES_MAX 16
#define SHOWN_TEXT_MAX 100

#define VERSION_SIZE 4 /* octets behind "AMQP" */

/* ---- for people ---- */

char *
gmq_raw_bytes_text(GmqSlice bytes)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (size_t i = 0; i < MIN(bytes.size, SHOWN_BYTES_MAX); i++)
        g_string_append_printf(out, "%s%02x", i == 0 ? "" : " ", bytes.data[i]);
    if (bytes.size > SHOWN_BYTES_MAX)
        g_string_append_printf(out, " [...] (%zu bytes)", bytes.size);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
gmq_raw_shorten(const char *text)
{
    if (g_utf8_strlen(text, -1) <= SHOWN_TEXT_MAX)
        return g_strdup(text);
    return g_strdup_printf("%.*s [...]",
                           (int)(g_utf8_offset_to_pointer(text, SHOWN_TEXT_MAX) - text), text);
}

void
gmq_raw_line_free(GmqRawLine *line)
{
    gmq_buffer_clear(&line->bytes);
    g_free(line->text);
    g_free(line);
}

/* ---- problems ---- */

void
gmq_raw_problem(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                const char *sentence)
{
    GmqYaml part = *node;

    part.column += (node->is_plain ? 0 : 1) + (unsigned)g_utf8_strlen(node->text, at - node->text);
    gmq_read_problem(reader, &part, "%s", sentence);
}

/* ---- one kind of line each ---- */

/* "AMQP 0 0 9 1" */
static bool
read_header(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line)
{
    g_auto(GStrv) words = g_strsplit(at, " ", -1);
    uint64_t octet;

    gmq_buffer_add(&line->bytes, "AMQP", strlen("AMQP"));
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (!gmq_read_count(words[i], &octet) || octet > UINT8_MAX)
            break;
        gmq_buffer_add_u8(&line->bytes, (uint8_t)octet);
    }
    line->text = g_strdup_printf("the protocol header AMQP %s", at);
    if (g_strv_length(words) == VERSION_SIZE && line->bytes.size == strlen("AMQP") + VERSION_SIZE)
        return true;
    gmq_raw_problem(reader, node, at,
                    _("A protocol header is \"AMQP\" and four numbers from 0 to 255, such as "
                      "AMQP 0 0 9 1."));
    return false;
}

/* "hex 01 00 ff" */
static bool
read_hex(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line)
{
    for (; *at != '\0'; at += *at == ' ' ? 1 : 2) {
        if (*at == ' ')
            continue;
        if (!g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1])) {
            gmq_raw_problem(
                reader, node, at,
                _("Bytes are pairs of the digits 0 to 9 and a to f, such as hex 01 ff."));
            return false;
        }
        gmq_buffer_add_u8(&line->bytes, (uint8_t)(g_ascii_xdigit_value(at[0]) << 4 |
                                                  g_ascii_xdigit_value(at[1])));
    }
    line->text = gmq_raw_bytes_text(gmq_buffer_slice(&line->bytes));
    return true;
}

/* "text GET /" */
static bool
read_text(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line)
{
    g_autoptr(GString) out = g_string_new("the text ");

    (void)reader;
    (void)node;
    gmq_buffer_add(&line->bytes, at, strlen(at));
    gmq_format_text(out, gmq_slice_of(at));
    line->text = gmq_raw_shorten(out->str);
    return true;
}

static bool
read_wait(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line)
{
    line->kind = GMQ_RAW_WAIT;
    if (gmq_read_duration(at, &line->wait_ns))
        return true;
    gmq_raw_problem(reader, node, at, _("\"wait\" takes a duration, such as wait 100ms."));
    return false;
}

static bool
read_hear(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line)
{
    line->kind   = GMQ_RAW_HEAR;
    line->method = gmq_raw_method_find(reader, node, at, at);
    if (line->method == GMQ_N_METHODS)
        return false;
    if ((gmq_method_info(line->method)->from & GMQ_FROM_SERVER) != 0)
        return true;
    gmq_raw_problem(reader, node, at, _("No broker sends that method."));
    return false;
}

static const struct {
    const char *word;
    bool (*read)(GmqScenarioReader *reader, const GmqYaml *node, const char *at, GmqRawLine *line);
} kinds[] = {
    {"AMQP", read_header}, {"hex", read_hex},   {"text", read_text},
    {"wait", read_wait},   {"hear", read_hear},
};

bool
gmq_raw_line_read(GmqScenarioReader *reader, const GmqYaml *node, GmqRawLine *line)
{
    const char *text = gmq_read_text(reader, node, _("A line of \"send\""));

    if (text == NULL)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        size_t size = strlen(kinds[i].word);

        if (strncmp(text, kinds[i].word, size) != 0 || text[size] != ' ')
            continue;
        if (!kinds[i].read(reader, node, text + size + 1, line))
            return false;
        if (line->kind != GMQ_RAW_SEND || line->bytes.size > 0)
            return true;
        gmq_raw_problem(reader, node, text, _("This line has no bytes."));
        return false;
    }
    size_t digits = strspn(text, "0123456789");
    g_autofree char *told =
        digits == 0
            ? g_strdup(text)
            : g_strdup_printf("%s on channel %.*s", text + digits + strspn(text + digits, " "),
                              (int)digits, text);

    line->text = gmq_raw_shorten(told);
    return gmq_raw_method_read(reader, node, text, &line->bytes);
}
