/* What clients send: publish, its lines of messages, and how they learn what became of it. */
#include "sim/language.h"
#include "sim/reader.h"
#include "sim/units.h"

/* 315360000000 ms, the longest expiration (AMQP.md 11.4). */
#define TTL_MAX_NS INT64_C(315360000000000000)

/* Each {n} may become 20 digits. */
static size_t
longest(const char *text)
{
    size_t size = strlen(text);

    for (const char *at = strstr(text, "{n}"); at != NULL; at = strstr(at + 3, "{n}"))
        size += 20 - strlen("{n}");
    return size;
}

void
gmq_read_check_message(GmqScenarioReader *reader, const GmqYaml *node, GmqMessageSpec *message)
{
    if (message->to != NULL) {
        const GmqYaml *to = gmq_yaml_find(node, "to");

        if (strcmp(message->to, "default") == 0)
            message->to = gmq_read_keep(reader, "");
        else
            gmq_read_refer(reader, to, GMQ_NAME_EXCHANGE);
    }
    if (message->key != NULL && longest(message->key) > 255)
        gmq_read_problem(reader, gmq_yaml_find(node, "key"), _("A key has at most 255 bytes."));
    if (message->ttl_ns % 1000000 != 0 && message->ttl_ns > 0)
        gmq_read_problem(reader, gmq_yaml_find(node, "ttl"), _("A message lives for whole ms."));
    if (message->ttl_ns > TTL_MAX_NS)
        gmq_read_problem(reader, gmq_yaml_find(node, "ttl"),
                         _("A message lives for ten years at most."));
}

void
gmq_read_publish(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_PUBLISH, GMQ_N_OWNERS};
    GmqClientSpec *client             = target;

    gmq_read_map(reader, node, owners, &client->publish);
    gmq_read_check_message(reader, node, &client->publish.message);
}

void
gmq_read_confirms(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_CONFIRMS, GMQ_N_OWNERS};
    const GmqYaml *map                = node;
    GmqClientSpec *client             = target;

    client->window = 1;
    gmq_read_map(reader, map, owners, client);
}

void
gmq_read_every(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *value    = node;
    GmqPublishSpec *publish = target;
    const char *text        = gmq_read_text(reader, value, "\"every\"");

    if (text == NULL)
        return;
    if (strcmp(text, "after_confirm") == 0)
        publish->after_confirm = true;
    else if (strcmp(text, "after_reply") == 0)
        publish->after_reply = true;
    else if (!gmq_read_delay(text, &publish->every_is_exponential, &publish->every_ns))
        gmq_read_problem(reader, value,
                         _("\"every\" is a duration such as 300ms, \"exp 300ms\", "
                           "after_confirm or after_reply, not \"%s\"."),
                         text);
}

void
gmq_read_publish_count(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *value    = node;
    GmqPublishSpec *publish = target;

    if (value->type == GMQ_YAML_SCALAR && strcmp(value->text, "unlimited") == 0)
        publish->count = UINT64_MAX;
    else
        gmq_read_count_node(reader, value, 1, 1000000000, &publish->count);
}

void
gmq_read_publish_headers(GmqScenarioReader *reader, const void *node, void *target)
{
    ((GmqPublishSpec *)target)->message.headers = gmq_read_headers(reader, node);
}

void
gmq_read_message_headers(GmqScenarioReader *reader, const void *node, void *target)
{
    ((GmqMessageSpec *)target)->headers = gmq_read_headers(reader, node);
}

/* "5", "2..4" or "every 3"; else a problem. */
static void
read_numbers(GmqScenarioReader *reader, const GmqYaml *node, const char *key, GmqNumbers *numbers)
{
    g_autofree char *what = g_strdup_printf("\"%s\"", key);
    const char *text      = gmq_read_text(reader, node, what);
    GmqNumbers found      = {.first = 1, .last = UINT64_MAX, .step = 1};

    if (text == NULL)
        return;
    if (g_str_has_prefix(text, "every ") && gmq_read_count(text + 6, &found.step) &&
        found.step > 0) {
        found.first = found.step;
    } else if (*text == '>' || *text == '<' ||
               !gmq_read_range(text, gmq_read_count, &found.first, &found.last) ||
               found.first == 0) {
        gmq_read_problem(reader, node, _("%s is a number, N..M, or every N, not \"%s\"."), what,
                         text);
        return;
    }
    *numbers = found;
}

void
gmq_read_message_number(GmqScenarioReader *reader, const void *node, void *target)
{
    GmqMessageSpec *message = target;
    GmqNumbers numbers      = {message->first, message->last, message->step};

    read_numbers(reader, node, "n", &numbers);
    message->first = numbers.first;
    message->last  = numbers.last;
    message->step  = numbers.step;
}

void
gmq_read_tx_rollback(GmqScenarioReader *reader, const void *node, void *target)
{
    read_numbers(reader, node, "rollback", &((GmqClientSpec *)target)->tx_rollback);
}

void
gmq_read_tx(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_TX, GMQ_N_OWNERS};

    if (!gmq_read_is_map(reader, node, "\"tx\""))
        return;
    gmq_read_map(reader, node, owners, target);
    gmq_read_need(reader, node, GMQ_IN_TX, "every");
}

static void
read_message(GmqScenarioReader *reader, const GmqYaml *node, GPtrArray *messages)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_MESSAGE, GMQ_N_OWNERS};
    GmqMessageSpec *message           = g_new0(GmqMessageSpec, 1);

    *message = (GmqMessageSpec)GMQ_MESSAGE_UNSET;
    g_ptr_array_add(messages, message);
    message->line  = node->line;
    message->first = message->step = 1;
    message->last                  = UINT64_MAX;
    if (!gmq_read_is_map(reader, node, _("A line of messages")))
        return;
    gmq_read_map(reader, node, owners, message);
    gmq_read_check_message(reader, node, message);
}

void
gmq_read_messages(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list     = node;
    GmqPublishSpec *publish = target;

    if (!gmq_read_is_list(reader, list, "\"messages\""))
        return;
    publish->messages = gmq_read_new_array(reader, g_free);
    for (unsigned i = 0; i < list->items->len; i++)
        read_message(reader, list->items->pdata[i], publish->messages);
}

/* ---- the whole ---- */

void
gmq_read_check_producer(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    const GmqPublishSpec *publish = &client->publish;

    gmq_read_need(reader, node, GMQ_IN_PRODUCER, "publish");
    if (publish->after_confirm && client->window == 0)
        gmq_read_problem(reader, node, _("\"every: after_confirm\" needs \"confirms\"."));
    if (publish->after_reply && client->role != GMQ_ROLE_RPC_CLIENT)
        gmq_read_problem(reader, node, _("\"every: after_reply\" is for an rpc-client."));
    if (publish->count == UINT64_MAX && publish->every_ns == 0 && !publish->after_confirm &&
        !publish->after_reply)
        gmq_read_problem(reader, node, _("\"count: unlimited\" needs \"every\"."));
    if (client->window > 0 && client->tx_every > 0)
        gmq_read_problem(reader, gmq_yaml_find(node, "tx"),
                         _("\"confirms\" and \"tx\" exclude each other on a channel."));
    if (client->then == GMQ_THEN_RECONNECT && client->reconnect_ns < 0)
        gmq_read_problem(reader, node, _("\"then: reconnect and republish\" needs \"reconnect\"."));
}
