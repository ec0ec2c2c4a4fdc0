#include "core/base/event-json.h"

#include "core/base/json.h"

/* All that is in a line besides its texts, keys, numbers and punctuation, and the room behind it
 * that may be written over. */
#define FRAME_SIZE 512

/* What a kind has in each of its lines. It is copied with the zeros behind it: copying as many
 * bytes each time takes no call. */
typedef struct {
    char kind[40];
    char count[24];
    char text[24];
    uint8_t kind_size;
    uint8_t count_size;
    uint8_t text_size;
} Words;

#define WORD(start, word, end) start word end
#define SIZE(start, word, end) sizeof(start word end) - 1

static const Words words[GMQ_N_EVENTS] = {
#define EVENT(NAME, kind, level, fields, count, text)                                              \
    [GMQ_EVENT_##NAME] = {                                                                         \
        WORD(",\"k\":\"", kind, "\""), WORD(",\"", count, "\":"), WORD(",\"", text, "\":"),        \
        SIZE(",\"k\":\"", kind, "\""), SIZE(",\"", count, "\":"), SIZE(",\"", text, "\":"),        \
    },
#include "core/base/event.def"
#undef EVENT
};

#define PUT(at, literal) gmq_json_write((at), (literal), sizeof(literal) - 1)

static char *
put_text(char *at, GmqSlice text, bool is_plain)
{
    if (!is_plain)
        return gmq_json_write_text(at, text);
    *at++ = '"';
    at    = gmq_json_write(at, (const char *)text.data, text.size);
    *at++ = '"';
    return at;
}

static size_t
size_max(const GmqEvent *event, GmqSlice message)
{
    return FRAME_SIZE + gmq_json_text_max(event->who.size) + gmq_json_text_max(event->to.size) +
           gmq_json_text_max(event->key.size) + gmq_json_text_max(message.size) +
           gmq_json_text_max(event->text.size);
}

/* Who does it to what. */
static char *
put_names(char *at, const GmqEvent *event, unsigned fields, GmqSlice message, unsigned plain)
{
    if ((fields & GMQ_FIELD_WHO) != 0)
        at = put_text(PUT(at, ",\"who\":"), event->who, (plain & GMQ_FIELD_WHO) != 0);
    if ((fields & GMQ_FIELD_TO) != 0)
        at = put_text(PUT(at, ",\"to\":"), event->to, (plain & GMQ_FIELD_TO) != 0);
    if ((fields & GMQ_FIELD_KEY) != 0)
        at = put_text(PUT(at, ",\"key\":"), event->key, (plain & GMQ_FIELD_KEY) != 0);
    if ((fields & GMQ_FIELD_MESSAGE) != 0)
        at = put_text(PUT(at, ",\"m\":"), message, (plain & GMQ_FIELD_MESSAGE) != 0);
    return at;
}

static char *
put_details(char *at, const GmqEvent *event, unsigned fields, unsigned plain)
{
    const Words *of = &words[event->kind];

    if ((fields & GMQ_FIELD_CHANNEL) != 0)
        at = gmq_json_write_number(PUT(at, ",\"ch\":"), event->channel);
    if ((fields & GMQ_FIELD_TAG) != 0)
        at = gmq_json_write_number(PUT(at, ",\"tag\":"), event->tag);
    if ((fields & GMQ_FIELD_COUNT) != 0) {
        memcpy(at, of->count, sizeof of->count);
        at = gmq_json_write_number(at + of->count_size, event->count);
    }
    if ((fields & GMQ_FIELD_TEXT) != 0) {
        memcpy(at, of->text, sizeof of->text);
        at = put_text(at + of->text_size, event->text, (plain & GMQ_FIELD_TEXT) != 0);
    }
    if ((fields & GMQ_FIELD_REDELIVERED) != 0)
        at = gmq_json_write_number(PUT(at, ",\"redelivered\":"), event->redelivered);
    return at;
}

void
gmq_event_to_json_plain(const GmqEvent *event, GmqSlice message, unsigned plain, GString *out)
{
    unsigned fields = gmq_event_info(event->kind)->fields;
    const Words *of = &words[event->kind];
    char *at        = gmq_json_reserve(out, size_max(event, message));

    at = gmq_json_write_number(PUT(at, "{\"n\":"), event->number);
    at = gmq_json_write_number(PUT(at, ",\"t\":"), (uint64_t)event->time_ns);
    memcpy(at, of->kind, sizeof of->kind);
    at = put_names(at + of->kind_size, event, fields, message, plain);
    at = put_details(at, event, fields, plain);
    at = gmq_json_write_number(PUT(at, ",\"c\":"), event->cause);
    gmq_json_commit(out, PUT(at, "}\n"));
}

void
gmq_event_to_json(const GmqEvent *event, GmqSlice message, GString *out)
{
    gmq_event_to_json_plain(event, message, 0, out);
}
