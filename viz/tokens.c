#include "viz/tokens.h"

#include <string.h>

void
gmq_tokens_clear(GmqTokens *tokens)
{
    g_free(tokens->items);
    *tokens = (GmqTokens){0};
}

void
gmq_tokens_empty(GmqTokens *tokens)
{
    tokens->start  = 0;
    tokens->length = 0;
}

/* The items are a ring, so that both ends are cheap. */
static GmqToken *
slot(const GmqTokens *tokens, size_t index)
{
    return &tokens->items[(tokens->start + index) % tokens->room];
}

const GmqToken *
gmq_tokens_at(const GmqTokens *tokens, size_t index)
{
    g_assert(index < tokens->length);

    return slot(tokens, index);
}

static void
grow_if_full(GmqTokens *tokens)
{
    if (tokens->length < tokens->room)
        return;

    size_t room     = MAX(4, tokens->room * 2);
    GmqToken *items = g_new(GmqToken, room);
    for (size_t i = 0; i < tokens->length; i++)
        items[i] = *slot(tokens, i);
    g_free(tokens->items);
    tokens->items = items;
    tokens->start = 0;
    tokens->room  = room;
}

void
gmq_tokens_push_tail(GmqTokens *tokens, GmqToken token)
{
    grow_if_full(tokens);
    *slot(tokens, tokens->length++) = token;
}

void
gmq_tokens_push_head(GmqTokens *tokens, GmqToken token)
{
    grow_if_full(tokens);
    tokens->start = (tokens->start + tokens->room - 1) % tokens->room;
    tokens->length++;
    *slot(tokens, 0) = token;
}

void
gmq_tokens_push_ordered(GmqTokens *tokens, GmqToken token)
{
    size_t place = 0;
    while (place < tokens->length && slot(tokens, place)->order <= token.order)
        place++;

    gmq_tokens_push_tail(tokens, token);
    for (size_t i = tokens->length - 1; i > place; i--)
        *slot(tokens, i) = *slot(tokens, i - 1);
    *slot(tokens, place) = token;
}

GmqToken
gmq_tokens_take(GmqTokens *tokens, size_t index)
{
    g_assert(index < tokens->length);

    GmqToken token = *slot(tokens, index);
    for (size_t i = index; i > 0; i--)
        *slot(tokens, i) = *slot(tokens, i - 1);
    tokens->start = (tokens->start + 1) % tokens->room;
    tokens->length--;
    return token;
}

size_t
gmq_tokens_find(const GmqTokens *tokens, const char *message, const char *client)
{
    for (size_t i = 0; i < tokens->length; i++) {
        const GmqToken *token = slot(tokens, i);
        bool is_held =
            client == NULL || (token->client != NULL && strcmp(token->client, client) == 0);
        if (is_held && gmq_message_same(token->message, message))
            return i;
    }
    return tokens->length;
}

bool
gmq_message_same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b || (*a == '\0' && *b == '@') || (*a == '@' && *b == '\0');
}
