/* What a running broker says of its queues beside names and flags. */
#include <json-glib/json-glib.h>

#include "viz/definitions-setting.h"

/* A text that was cut off on its way says nothing. */
static void
add_arguments(GmqTraits *traits, const GmqTraceEvent *event)
{
    g_autoptr(JsonParser) parser = json_parser_new();

    if (event->count > 0)
        gmq_traits_add_dead(traits, event->who, event->to, *event->key == '\0' ? NULL : event->key);
    if (!json_parser_load_from_data(parser, event->text, -1, NULL))
        return;

    JsonNode *root = json_parser_get_root(parser);
    if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
        gmq_setting_add(traits, GMQ_PLACE_QUEUE, event->who, json_node_get_object(root), NULL);
}

GmqTraits *
gmq_traits_of_trace(const GmqTrace *trace)
{
    GmqTraits *traits = gmq_traits_new();

    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (event->kind == GMQ_EVENT_QUEUE_ARGUMENTS)
            add_arguments(traits, event);
    }
    return traits;
}
