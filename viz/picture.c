#include "viz/picture.h"

#include <string.h>

#include "sim/language.h"

static void
free_client(void *data)
{
    GmqPictureClient *client = data;

    gmq_tokens_clear(&client->held);
    gmq_tokens_clear(&client->asked);
    gmq_tokens_clear(&client->unanswered);
    g_array_free(client->unconfirmed, TRUE);
    g_free(client);
}

static void
free_queue(void *data)
{
    GmqPictureQueue *queue = data;

    gmq_tokens_clear(&queue->ready);
    gmq_tokens_clear(&queue->unacked);
    g_free(queue);
}

static void
free_edge(void *data)
{
    GmqPictureEdge *edge = data;

    g_array_free(edge->keys, TRUE);
    gmq_tokens_clear(&edge->forth);
    gmq_tokens_clear(&edge->back);
    g_free(edge);
}

GmqPicture *
gmq_picture_new(const GmqTrace *trace)
{
    GmqPicture *picture = g_new0(GmqPicture, 1);

    picture->trace     = trace;
    picture->clients   = g_ptr_array_new_with_free_func(free_client);
    picture->exchanges = g_ptr_array_new_with_free_func(g_free);
    picture->queues    = g_ptr_array_new_with_free_func(free_queue);
    picture->edges     = g_ptr_array_new_with_free_func(free_edge);
    picture->hop       = (GmqHop){.edge = -1, .message = "", .key = ""};
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        picture->names[kind] = g_hash_table_new(g_str_hash, g_str_equal);
    picture->links     = g_hash_table_new(g_int64_hash, g_int64_equal);
    picture->processed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    picture->finished  = g_hash_table_new(g_str_hash, g_str_equal);
    return picture;
}

GmqPicture *
gmq_picture_at(const GmqTrace *trace, uint64_t event)
{
    GmqPicture *picture = gmq_picture_new(trace);

    while (picture->event < event && gmq_picture_step(picture))
        continue;
    return picture;
}

void
gmq_picture_free(GmqPicture *picture)
{
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        g_hash_table_destroy(picture->names[kind]);
    g_hash_table_destroy(picture->links);
    g_hash_table_destroy(picture->processed);
    g_hash_table_destroy(picture->finished);
    g_ptr_array_free(picture->clients, TRUE);
    g_ptr_array_free(picture->exchanges, TRUE);
    g_ptr_array_free(picture->queues, TRUE);
    g_ptr_array_free(picture->edges, TRUE);
    g_free(picture);
}

/* ---- reading ---- */

const GmqPictureClient *
gmq_picture_client(const GmqPicture *picture, unsigned index)
{
    g_assert(index < picture->clients->len);

    return picture->clients->pdata[index];
}

const GmqPictureExchange *
gmq_picture_exchange(const GmqPicture *picture, unsigned index)
{
    g_assert(index < picture->exchanges->len);

    return picture->exchanges->pdata[index];
}

const GmqPictureQueue *
gmq_picture_queue(const GmqPicture *picture, unsigned index)
{
    g_assert(index < picture->queues->len);

    return picture->queues->pdata[index];
}

const GmqPictureEdge *
gmq_picture_edge(const GmqPicture *picture, unsigned index)
{
    g_assert(index < picture->edges->len);

    return picture->edges->pdata[index];
}

GmqPlace
gmq_picture_find(const GmqPicture *picture, GmqPlaceKind kind, const char *name)
{
    unsigned found = GPOINTER_TO_UINT(g_hash_table_lookup(picture->names[kind], name));

    return found == 0 ? (GmqPlace){GMQ_PLACE_NONE, 0} : (GmqPlace){kind, found - 1};
}

/* Kinds take 4 and 2 bits and places 28, so that every edge has an id of its own. */
static uint64_t
edge_id(GmqEdgeKind kind, GmqPlace from, GmqPlace to)
{
    uint64_t kinds = ((uint64_t)kind << 4) | ((uint64_t)from.kind << 2) | to.kind;

    return (kinds << 56) | ((uint64_t)from.index << 28) | to.index;
}

int
gmq_picture_find_edge(const GmqPicture *picture, GmqEdgeKind kind, GmqPlace from, GmqPlace to)
{
    uint64_t id = edge_id(kind, from, to);

    return GPOINTER_TO_INT(g_hash_table_lookup(picture->links, &id)) - 1;
}

static const char *
exchange_name(const GmqPicture *picture, unsigned index)
{
    const char *name = gmq_picture_exchange(picture, index)->name;

    return *name == '\0' ? "(default)" : name;
}

const char *
gmq_picture_name(const GmqPicture *picture, GmqPlace place)
{
    switch (place.kind) {
    case GMQ_PLACE_CLIENT:
        return gmq_picture_client(picture, place.index)->name;
    case GMQ_PLACE_EXCHANGE:
        return exchange_name(picture, place.index);
    case GMQ_PLACE_QUEUE:
        return gmq_picture_queue(picture, place.index)->name;
    default:
        return "";
    }
}

size_t
gmq_picture_stem(const GmqPicture *picture, const char *message)
{
    const char *at = strrchr(message, '@');

    if (at != NULL && gmq_picture_find(picture, GMQ_PLACE_QUEUE, at + 1).kind != GMQ_PLACE_NONE)
        return (size_t)(at - message);
    return strlen(message);
}

bool
gmq_picture_shows_exchange(const GmqPicture *picture, unsigned index)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(picture, index);

    return exchange->is_used || !exchange->is_predeclared;
}

size_t
gmq_picture_ready(const GmqPictureQueue *queue)
{
    return queue->ready.length + queue->ready_unseen - (queue->is_passing ? 1 : 0);
}

size_t
gmq_picture_unacked(const GmqPictureQueue *queue)
{
    return queue->unacked.length + queue->unacked_unseen;
}

/* ---- making ---- */

static GmqPlace
add(GmqPicture *picture, GmqPlaceKind kind, GPtrArray *list, const char *name, void *entity)
{
    g_ptr_array_add(list, entity);
    g_hash_table_insert(picture->names[kind], (char *)name, GUINT_TO_POINTER(list->len));
    return (GmqPlace){kind, list->len - 1};
}

GmqPictureClient *
gmq_picture_need_client(GmqPicture *picture, const char *name, GmqPlace *place)
{
    *place = gmq_picture_find(picture, GMQ_PLACE_CLIENT, name);
    if (place->kind == GMQ_PLACE_NONE) {
        GmqPictureClient *client = g_new0(GmqPictureClient, 1);

        client->name         = name;
        client->role         = "";
        client->cut_only     = "";
        client->state        = GMQ_CLIENT_CONNECTED;
        client->publish_edge = -1;
        client->unconfirmed  = g_array_new(FALSE, FALSE, sizeof(GmqUnconfirmed));
        *place               = add(picture, GMQ_PLACE_CLIENT, picture->clients, name, client);
    }
    return picture->clients->pdata[place->index];
}

/* The exchanges that every virtual host has from the start (AMQP.md 9.1). */
static const struct {
    const char *name;
    const char *type;
} predeclared[] = {
    {"", "direct"},         {"amq.direct", "direct"},   {"amq.fanout", "fanout"},
    {"amq.topic", "topic"}, {"amq.headers", "headers"}, {"amq.match", "headers"},
};

/* Nobody else may use their names, so what begins like them is one of them. */
static void
mark_predeclared(GmqPictureExchange *exchange)
{
    exchange->is_predeclared = *exchange->name == '\0' || g_str_has_prefix(exchange->name, "amq.");
    for (size_t i = 0; i < G_N_ELEMENTS(predeclared); i++) {
        if (strcmp(predeclared[i].name, exchange->name) == 0) {
            exchange->type  = predeclared[i].type;
            exchange->flags = GMQ_FLAG_DURABLE;
        }
    }
}

GmqPictureExchange *
gmq_picture_need_exchange(GmqPicture *picture, const char *name, GmqPlace *place)
{
    *place = gmq_picture_find(picture, GMQ_PLACE_EXCHANGE, name);
    if (place->kind == GMQ_PLACE_NONE) {
        GmqPictureExchange *exchange = g_new0(GmqPictureExchange, 1);

        exchange->name = name;
        exchange->type = "";
        mark_predeclared(exchange);
        *place = add(picture, GMQ_PLACE_EXCHANGE, picture->exchanges, name, exchange);
    }
    return picture->exchanges->pdata[place->index];
}

GmqPictureQueue *
gmq_picture_need_queue(GmqPicture *picture, const char *name, GmqPlace *place)
{
    *place = gmq_picture_find(picture, GMQ_PLACE_QUEUE, name);
    if (place->kind == GMQ_PLACE_NONE) {
        GmqPictureQueue *queue = g_new0(GmqPictureQueue, 1);

        queue->name = name;
        *place      = add(picture, GMQ_PLACE_QUEUE, picture->queues, name, queue);
    }
    return picture->queues->pdata[place->index];
}

GmqPictureEdge *
gmq_picture_need_edge(GmqPicture *picture, GmqEdgeKind kind, GmqPlace from, GmqPlace to, int *index)
{
    *index = gmq_picture_find_edge(picture, kind, from, to);
    if (*index < 0) {
        GmqPictureEdge *edge = g_new0(GmqPictureEdge, 1);

        edge->kind = kind;
        edge->from = from;
        edge->to   = to;
        edge->id   = edge_id(kind, from, to);
        edge->keys = g_array_new(FALSE, FALSE, sizeof(GmqPictureKey));
        g_ptr_array_add(picture->edges, edge);
        *index = (int)picture->edges->len - 1;
        g_hash_table_insert(picture->links, &edge->id, GUINT_TO_POINTER(picture->edges->len));
        if (kind == GMQ_EDGE_CONSUME)
            ((GmqPictureClient *)picture->clients->pdata[to.index])->consumes = true;
    }
    return picture->edges->pdata[*index];
}

GmqPictureKey *
gmq_picture_need_key(GmqPictureEdge *edge, const char *key)
{
    for (unsigned i = 0; i < edge->keys->len; i++) {
        GmqPictureKey *known = &g_array_index(edge->keys, GmqPictureKey, i);
        if (strcmp(known->key, key) == 0)
            return known;
    }
    g_array_append_val(edge->keys, ((GmqPictureKey){.key = key, .is_bound = true}));
    return &g_array_index(edge->keys, GmqPictureKey, edge->keys->len - 1);
}

const char *
gmq_picture_trouble(const GmqPictureClient *client)
{
    if (client->state == GMQ_CLIENT_CRASHED)
        return _("CRASHED");
    if (client->troubles & GMQ_TROUBLE_FROZEN)
        return _("FROZEN");
    if (client->troubles & GMQ_TROUBLE_CUT)
        return _("CUT");
    return client->troubles & GMQ_TROUBLE_LATE ? _("LATE") : NULL;
}
