#include "core/base/fault.h"

#include <stdarg.h>
#include <string.h>

/* Stands where a text was cut, as RabbitMQ has it. */
#define CUT_MARK "..."

typedef struct {
    GmqReply code;
    const char *name;
    bool soft;
} Reply;

static const Reply replies[] = {
#define REPLY(NAME, code, soft) {GMQ_REPLY_##NAME, #NAME, soft},
#include "core/base/reply.def"
#undef REPLY
};

static const Reply *
find_reply(unsigned code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(replies); i++) {
        if (replies[i].code == code)
            return &replies[i];
    }
    return NULL;
}

/* How many of the first size bytes of text, which goes on behind them, are whole characters: a
 * character that begins before the cut and ends behind it is left out. */
static size_t
whole_characters(const char *text, size_t size)
{
    size_t end = size;

    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    return end > 0 ? end : size;
}

/* A text may quote what the peer sent; what of that is no character would break the reply. */
static void
replace_broken(char *text)
{
    const char *broken;

    for (char *rest = text; !g_utf8_validate(rest, -1, &broken);) {
        rest    = text + (broken - text);
        *rest++ = '?';
    }
}

/* Appends "NAME - text" to fault->text. One byte more than the fault holds tells whether the text
 * goes on, and with what. */
G_GNUC_PRINTF(2, 0)
static void
write_text(GmqFault *fault, const char *format, va_list args)
{
    char text[GMQ_FAULT_TEXT_MAX + 2];
    size_t start = g_strlcpy(text, gmq_reply_name(fault->code), sizeof(text));

    start += g_strlcpy(text + start, " - ", sizeof(text) - start);
    g_vsnprintf(text + start, sizeof(text) - start, format, args);

    size_t size      = strlen(text);
    const char *mark = size > GMQ_FAULT_TEXT_MAX ? CUT_MARK : "";
    if (size > GMQ_FAULT_TEXT_MAX)
        size = whole_characters(text, GMQ_FAULT_TEXT_MAX - strlen(CUT_MARK));
    memcpy(fault->text, text, size);
    fault->text[size] = '\0';
    replace_broken(fault->text);
    g_strlcat(fault->text, mark, sizeof(fault->text));
}

bool
gmq_fault_set(GmqFault *fault, GmqReply code, const char *format, ...)
{
    va_list args;

    fault->code = code;
    va_start(args, format);
    write_text(fault, format, args);
    va_end(args);
    return false;
}

bool
gmq_reply_is_soft(GmqReply code)
{
    const Reply *reply = find_reply(code);
    return reply != NULL && reply->soft;
}

const char *
gmq_reply_name(unsigned code)
{
    const Reply *reply = find_reply(code);
    return reply == NULL ? "UNKNOWN" : reply->name;
}
