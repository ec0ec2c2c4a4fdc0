#include "sim/check-private.h"
#include "sim/hash.h"

struct GmqCheckContents {
    GHashTable *by_name; /* of texts to GmqCheckContent; owned, look-up only */
    GmqBuffer header;
};

GmqCheckContents *
gmq_check_contents_new(void)
{
    GmqCheckContents *contents = g_new0(GmqCheckContents, 1);

    contents->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return contents;
}

void
gmq_check_contents_free(GmqCheckContents *contents)
{
    g_hash_table_unref(contents->by_name);
    gmq_buffer_clear(&contents->header);
    g_free(contents);
}

uint64_t
gmq_check_content_hash(GmqSlice header, GmqSlice body)
{
    return gmq_hash_add(gmq_hash_bytes(header), gmq_hash_bytes(body));
}

void
gmq_check_contents_add(GmqCheckContents *contents, const GmqOutgoing *message)
{
    GmqSlice body            = {(const uint8_t *)message->body->str, message->body->len};
    GmqCheckContent *content = g_new0(GmqCheckContent, 1);

    contents->header.size = 0;
    gmq_properties_encode(&message->properties, body.size, &contents->header);
    content->body_hash     = gmq_hash_bytes(body);
    content->hash          = gmq_check_content_hash(gmq_buffer_slice(&contents->header), body);
    content->is_mandatory  = message->is_mandatory;
    content->is_persistent = message->is_persistent;
    content->priority      = message->priority == UINT64_MAX ? 0 : message->priority;
    content->headers       = (GPtrArray *)message->lines;
    g_hash_table_replace(contents->by_name, g_strdup(message->name->str), content);
}

void
gmq_check_contents_rewritten(GmqCheckContents *contents, const char *name)
{
    GmqCheckContent *content = g_hash_table_lookup(contents->by_name, name);

    if (content != NULL)
        content->is_rewritten = true;
}

static bool
is_same(const GmqCheckContent *known, const GmqClientContent *content)
{
    if (known->is_rewritten)
        return known->body_hash == gmq_hash_bytes(content->body);
    return known->hash == gmq_check_content_hash(content->header, content->body);
}

const GmqCheckContent *
gmq_check_contents_find(const GmqCheckContents *contents, const char *name)
{
    return g_hash_table_lookup(contents->by_name, name);
}

void
gmq_check_received(GmqCheck *check, const char *client, const GmqProperties *properties,
                   const GmqClientContent *content)
{
    if (check == NULL)
        return;

    const char *name             = gmq_check_text(check, properties->message_id);
    const GmqCheckContent *known = gmq_check_contents_find(check->contents, name);

    if (known == NULL)
        gmq_check_break(check, client, "S2 broken: %s received message \"%s\", which nobody sent.",
                        client, name);
    else if (!is_same(known, content))
        gmq_check_break(
            check, client,
            "S2 broken: %s received message %s with another body or other properties than "
            "it was sent with.",
            client, name);
}
