#include "core/base/event-json.h"

#include "core/base/json.h"

/* All that is in a line besides its texts: keys, numbers, punctuation. */
#define FRAME_SIZE 512

static char *
put_key(char *at, const char *key)
{
    at = gmq_json_write(at, ",\"", 2);
    at = gmq_json_write(at, key, strlen(key));
    return gmq_json_write(at, "\":", 2);
}

static char *
put_text(char *at, const char *key, GmqSlice text)
{
    return gmq_json_write_text(put_key(at, key), text);
}

static char *
put_number(char *at, const char *key, uint64_t number)
{
    return gmq_json_write_number(put_key(at, key), number);
}

static size_t
size_max(const GmqEvent *event, GmqSlice message)
{
    return FRAME_SIZE + gmq_json_text_max(event->who.size) + gmq_json_text_max(event->to.size) +
           gmq_json_text_max(event->key.size) + gmq_json_text_max(message.size) +
           gmq_json_text_max(event->text.size);
}

void
gmq_event_to_json(const GmqEvent *event, GmqSlice message, GString *out)
{
    const GmqEventInfo *info = gmq_event_info(event->kind);
    char *at                 = gmq_json_reserve(out, size_max(event, message));

    at = gmq_json_write(at, "{\"n\":", 5);
    at = gmq_json_write_number(at, event->number);
    at = put_number(at, "t", (uint64_t)event->time_ns);
    at = put_text(at, "k", gmq_slice_of(info->kind));
    if ((info->fields & GMQ_FIELD_WHO) != 0)
        at = put_text(at, "who", event->who);
    if ((info->fields & GMQ_FIELD_TO) != 0)
        at = put_text(at, "to", event->to);
    if ((info->fields & GMQ_FIELD_KEY) != 0)
        at = put_text(at, "key", event->key);
    if ((info->fields & GMQ_FIELD_MESSAGE) != 0)
        at = put_text(at, "m", message);
    if ((info->fields & GMQ_FIELD_CHANNEL) != 0)
        at = put_number(at, "ch", event->channel);
    if ((info->fields & GMQ_FIELD_TAG) != 0)
        at = put_number(at, "tag", event->tag);
    if ((info->fields & GMQ_FIELD_COUNT) != 0)
        at = put_number(at, info->count_label, event->count);
    if ((info->fields & GMQ_FIELD_TEXT) != 0)
        at = put_text(at, info->text_label, event->text);
    if ((info->fields & GMQ_FIELD_REDELIVERED) != 0)
        at = put_number(at, "redelivered", event->redelivered);
    at = put_number(at, "c", event->cause);
    at = gmq_json_write(at, "}\n", 2);
    gmq_json_commit(out, at);
}
