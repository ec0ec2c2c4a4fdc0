/* What the topology of a scenario says beside names and flags. */
#include "sim/units.h"
#include "viz/trait.h"

static void
add_said(GmqTraits *traits, const char *queue, const char *before, const char *what,
         const char *after)
{
    g_autofree char *line = g_strconcat(before, what, after, NULL);

    gmq_traits_add_line(traits, GMQ_PLACE_QUEUE, queue, line);
}

static void
add_time(GmqTraits *traits, const char *queue, const char *before, int64_t ns)
{
    if (ns < 0)
        return;

    g_autofree char *time = gmq_duration_text(ns);
    add_said(traits, queue, before, time, "");
}

static void
add_number(GmqTraits *traits, const char *queue, const char *before, uint64_t number,
           const char *after)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);

    add_said(traits, queue, before, digits, after);
}

static void
add_limits(GmqTraits *traits, const GmqQueueLine *queue)
{
    if (queue->max_length != GMQ_NO_NUMBER)
        add_number(traits, queue->name, "max ", queue->max_length, " messages");
    if (queue->max_bytes != GMQ_NO_NUMBER)
        add_number(traits, queue->name, "max ", queue->max_bytes, " bytes");
    if (queue->overflow == GMQ_FULL_REJECT_PUBLISH ||
        queue->overflow == GMQ_FULL_REJECT_PUBLISH_DLX)
        add_said(traits, queue->name, "full: ", gmq_full_name(queue->overflow), "");
}

static void
add_queue(GmqTraits *traits, const GmqQueueLine *queue)
{
    add_time(traits, queue->name, "ttl ", queue->ttl_ns);
    add_time(traits, queue->name, "expires after ", queue->expires_ns);
    add_limits(traits, queue);
    if (queue->max_priority != 0)
        add_number(traits, queue->name, "priorities 0 to ", queue->max_priority, "");
    if (queue->delivery_limit != GMQ_NO_NUMBER)
        add_number(traits, queue->name, "delivery limit ", queue->delivery_limit, "");
    if (queue->single_active_consumer)
        add_said(traits, queue->name, "single active consumer", "", "");
    if (queue->dead_to != NULL)
        gmq_traits_add_dead(traits, queue->name, queue->dead_to, queue->dead_key);
}

static char *
header_value(const GmqHeaderLine *header)
{
    if (header->kind == GMQ_HEADER_TEXT)
        return g_strdup(header->text);
    if (header->kind == GMQ_HEADER_BOOL)
        return g_strdup(header->integer != 0 ? "yes" : "no");
    return g_strdup_printf("%" G_GINT64_FORMAT, header->integer);
}

static void
add_binding(GmqTraits *traits, const GmqBindingLine *binding)
{
    if (binding->headers == NULL)
        return;

    GmqHeaderTrait *trait =
        gmq_traits_add_headers(traits, binding->from, binding->to,
                               binding->to_queue ? GMQ_PLACE_QUEUE : GMQ_PLACE_EXCHANGE,
                               binding->key, binding->match == GMQ_MATCH_ANY ? "any" : "all");
    for (unsigned i = 0; i < binding->headers->len; i++) {
        const GmqHeaderLine *header = binding->headers->pdata[i];
        g_ptr_array_add(trait->cells, g_strdup(header->name));
        g_ptr_array_add(trait->cells, header_value(header));
    }
}

GmqTraits *
gmq_traits_of_scenario(const GmqScenario *scenario)
{
    GmqTraits *traits = gmq_traits_new();

    for (unsigned i = 0; i < scenario->queues->len; i++)
        add_queue(traits, scenario->queues->pdata[i]);
    for (unsigned i = 0; i < scenario->bindings->len; i++)
        add_binding(traits, scenario->bindings->pdata[i]);
    return traits;
}
