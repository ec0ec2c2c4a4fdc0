/* A picture once more, so that a reader can go back to a moment without all that came before it. */
#include "viz/picture.h"

static GmqTokens
copy_tokens(const GmqTokens *tokens)
{
    GmqTokens copy = *tokens;

    copy.items = g_memdup2(tokens->items, tokens->room * sizeof(GmqToken));
    return copy;
}

static GmqPictureClient *
copy_client(const GmqPictureClient *client)
{
    GmqPictureClient *copy = g_memdup2(client, sizeof(*client));

    copy->held        = copy_tokens(&client->held);
    copy->asked       = copy_tokens(&client->asked);
    copy->unanswered  = copy_tokens(&client->unanswered);
    copy->unconfirmed = g_array_copy(client->unconfirmed);
    return copy;
}

static GmqPictureQueue *
copy_queue(const GmqPictureQueue *queue)
{
    GmqPictureQueue *copy = g_memdup2(queue, sizeof(*queue));

    copy->ready   = copy_tokens(&queue->ready);
    copy->unacked = copy_tokens(&queue->unacked);
    return copy;
}

static GmqPictureEdge *
copy_edge(const GmqPictureEdge *edge)
{
    GmqPictureEdge *copy = g_memdup2(edge, sizeof(*edge));

    copy->keys  = g_array_copy(edge->keys);
    copy->forth = copy_tokens(&edge->forth);
    copy->back  = copy_tokens(&edge->back);
    return copy;
}

/* The keys are lent from the trace. */
static void
copy_table(GHashTable *to, GHashTable *from)
{
    GHashTableIter entries;
    void *key, *value;

    g_hash_table_iter_init(&entries, from);
    while (g_hash_table_iter_next(&entries, &key, &value))
        g_hash_table_insert(to, key, value);
}

/* The keys are the picture's own. */
static void
copy_set(GHashTable *to, GHashTable *from)
{
    GHashTableIter entries;
    void *key;

    g_hash_table_iter_init(&entries, from);
    while (g_hash_table_iter_next(&entries, &key, NULL))
        g_hash_table_add(to, g_strdup(key));
}

GmqPicture *
gmq_picture_copy(const GmqPicture *picture)
{
    GmqPicture *copy = gmq_picture_new(picture->trace);
    GmqPicture own   = *copy; /* its lists and tables, which are to be filled */

    *copy           = *picture;
    copy->clients   = own.clients;
    copy->exchanges = own.exchanges;
    copy->queues    = own.queues;
    copy->edges     = own.edges;
    copy->links     = own.links;
    copy->processed = own.processed;
    copy->finished  = own.finished;
    for (unsigned i = 0; i < picture->clients->len; i++)
        g_ptr_array_add(copy->clients, copy_client(picture->clients->pdata[i]));
    for (unsigned i = 0; i < picture->exchanges->len; i++)
        g_ptr_array_add(copy->exchanges,
                        g_memdup2(picture->exchanges->pdata[i], sizeof(GmqPictureExchange)));
    for (unsigned i = 0; i < picture->queues->len; i++)
        g_ptr_array_add(copy->queues, copy_queue(picture->queues->pdata[i]));
    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = copy_edge(picture->edges->pdata[i]);
        g_ptr_array_add(copy->edges, edge);
        g_hash_table_insert(copy->links, &edge->id, GUINT_TO_POINTER(i + 1));
    }
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++) {
        copy->names[kind] = own.names[kind];
        copy_table(copy->names[kind], picture->names[kind]);
    }
    copy_set(copy->processed, picture->processed);
    copy_table(copy->finished, picture->finished);
    return copy;
}
