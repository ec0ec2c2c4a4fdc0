#include "sim/biography.h"

#include "sim/biography-private.h"
#include "sim/story.h"
#include "sim/units.h"

static bool
is_known(const GmqLife *life, const char *client)
{
    return g_ptr_array_find_with_equal_func(life->people, client, g_str_equal, NULL);
}

/* Whether the event is a step of this life: about the message, or an end that the broker made of
 * somebody who has to do with it. */
static bool
is_step(const GmqLife *life, const GmqTraceEvent *event)
{
    bool is_end =
        event->kind == GMQ_EVENT_CHANNEL_CLOSED || event->kind == GMQ_EVENT_CONNECTION_CLOSED;

    if (gmq_life_tellers[event->kind] == NULL)
        return false;
    return is_end ? event->count != 0 && is_known(life, event->who)
                  : gmq_trace_name_is_of(event->message, life->message);
}

static void
meet(GmqLife *life, const GmqTraceEvent *event)
{
    const char *client = event->kind == GMQ_EVENT_CLIENT_SENT ? event->who : event->to;
    bool is_client = event->kind == GMQ_EVENT_CLIENT_SENT || event->kind == GMQ_EVENT_DELIVERED ||
                     event->kind == GMQ_EVENT_GOT;

    if (is_client && !is_known(life, client))
        g_ptr_array_add(life->people, (void *)client);
}

static void
tell_step(GmqLife *life, const GmqTraceEvent *event)
{
    g_autofree char *time   = gmq_time_text(event->time_ns);
    g_autofree char *number = g_strdup_printf("#%" G_GUINT64_FORMAT, (guint64)event->number);
    g_autoptr(GString) line = g_string_new(NULL);

    g_string_truncate(life->reason, 0);
    gmq_life_tellers[event->kind](life, event, line);
    g_string_append_printf(life->out, "%8s", number);
    g_string_append_printf(life->out, "%9s  %s.\n", time, line->str);
    if (life->reason->len > 0)
        gmq_story_wrap(life->out, life->reason->str, GMQ_CAPTION_WIDTH, "                        ");
    meet(life, event);
}

static void
follow(GmqLife *life)
{
    for (uint64_t number = 1; number <= gmq_trace_length(life->trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(life->trace, number);

        gmq_standing_add(life->standing, event);
        if (event->kind == GMQ_EVENT_EXCHANGE_DECLARED)
            g_hash_table_replace(life->types, (void *)event->who, (void *)event->text);
        if (is_step(life, event))
            tell_step(life, event);
    }
}

bool
gmq_biography_add(const GmqTrace *trace, const char *message, GString *out)
{
    g_autoptr(GmqStanding) standing = gmq_standing_new();
    g_autoptr(GPtrArray) people     = g_ptr_array_new();
    g_autoptr(GHashTable) types     = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) told         = g_string_new(NULL);
    g_autoptr(GString) reason       = g_string_new(NULL);
    g_autoptr(GString) where        = g_string_new(NULL);
    GmqLife life                    = {
                           .trace    = trace,
                           .message  = message,
                           .standing = standing,
                           .people   = people,
                           .types    = types,
                           .out      = told,
                           .reason   = reason,
    };

    follow(&life);
    if (told->len == 0)
        return false;
    gmq_standing_where(standing, message, where);
    g_string_append_printf(out, "The life of %s\n\n%s\n%s", message, told->str, where->str);
    return true;
}

void
gmq_biography_add_names(const GmqTrace *trace, GString *out)
{
    g_autoptr(GPtrArray) senders = g_ptr_array_new();

    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        if (event->kind != GMQ_EVENT_CLIENT_SENT ||
            g_ptr_array_find_with_equal_func(senders, event->who, g_str_equal, NULL))
            continue;
        g_ptr_array_add(senders, (void *)event->who);
        g_string_append_printf(out, "%s%s", out->len == 0 ? "" : ", ", event->message);
    }
}
