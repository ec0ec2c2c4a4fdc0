#include "viz/trait.h"

#include <string.h>

struct GmqTraits {
    GHashTable *lines[GMQ_N_PLACE_KINDS]; /* name to GPtrArray of texts; for look-up only */
    GPtrArray *dead;                      /* of GmqDeadTrait */
    GHashTable *dead_by_queue;            /* queue to one of them; likewise */
    GPtrArray *headers;                   /* of GmqHeaderTrait */
};

static void
free_lines(void *data)
{
    g_ptr_array_free(data, TRUE);
}

static void
free_dead(void *data)
{
    GmqDeadTrait *dead = data;

    g_free(dead->queue);
    g_free(dead->exchange);
    g_free(dead->key);
    g_free(dead);
}

static void
free_header(void *data)
{
    GmqHeaderTrait *header = data;

    g_free(header->from);
    g_free(header->to);
    g_free(header->key);
    g_free(header->match);
    g_ptr_array_free(header->cells, TRUE);
    g_free(header);
}

GmqTraits *
gmq_traits_new(void)
{
    GmqTraits *traits = g_new0(GmqTraits, 1);

    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        traits->lines[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_lines);
    traits->dead          = g_ptr_array_new_with_free_func(free_dead);
    traits->dead_by_queue = g_hash_table_new(g_str_hash, g_str_equal);
    traits->headers       = g_ptr_array_new_with_free_func(free_header);
    return traits;
}

void
gmq_traits_free(GmqTraits *traits)
{
    for (unsigned kind = 0; kind < GMQ_N_PLACE_KINDS; kind++)
        g_hash_table_destroy(traits->lines[kind]);
    g_hash_table_destroy(traits->dead_by_queue);
    g_ptr_array_free(traits->dead, TRUE);
    g_ptr_array_free(traits->headers, TRUE);
    g_free(traits);
}

void
gmq_traits_add_line(GmqTraits *traits, GmqPlaceKind kind, const char *name, const char *line)
{
    GPtrArray *lines = g_hash_table_lookup(traits->lines[kind], name);

    if (lines == NULL) {
        lines = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(traits->lines[kind], g_strdup(name), lines);
    }
    g_ptr_array_add(lines, g_strdup(line));
}

void
gmq_traits_add_dead(GmqTraits *traits, const char *queue, const char *exchange, const char *key)
{
    if (g_hash_table_contains(traits->dead_by_queue, queue))
        return;

    GmqDeadTrait *dead = g_new0(GmqDeadTrait, 1);
    dead->queue        = g_strdup(queue);
    dead->exchange     = g_strdup(exchange);
    dead->key          = g_strdup(key);
    g_ptr_array_add(traits->dead, dead);
    g_hash_table_insert(traits->dead_by_queue, dead->queue, dead);
}

GmqHeaderTrait *
gmq_traits_add_headers(GmqTraits *traits, const char *from, const char *to, GmqPlaceKind to_kind,
                       const char *key, const char *match)
{
    GmqHeaderTrait *header = g_new0(GmqHeaderTrait, 1);

    header->from    = g_strdup(from);
    header->to      = g_strdup(to);
    header->to_kind = to_kind;
    header->key     = g_strdup(key);
    header->match   = g_strdup(match);
    header->cells   = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(traits->headers, header);
    return header;
}

const GPtrArray *
gmq_traits_lines(const GmqTraits *traits, GmqPlaceKind kind, const char *name)
{
    return g_hash_table_lookup(traits->lines[kind], name);
}

const GmqDeadTrait *
gmq_traits_dead(const GmqTraits *traits, const char *queue)
{
    return g_hash_table_lookup(traits->dead_by_queue, queue);
}

const GPtrArray *
gmq_traits_headers(const GmqTraits *traits)
{
    return traits->headers;
}

/* The exchange need not be there: messages are dropped then, which the box's type tells. A queue
 * that is not there yet, or not any more, leads nowhere. */
void
gmq_traits_lead_dead(const GmqTraits *traits, GmqPicture *picture)
{
    for (unsigned i = 0; i < traits->dead->len; i++) {
        const GmqDeadTrait *dead = traits->dead->pdata[i];
        GmqPlace from            = gmq_picture_find(picture, GMQ_PLACE_QUEUE, dead->queue);
        GmqPlace to;
        int index;

        if (from.kind == GMQ_PLACE_NONE || gmq_picture_queue(picture, from.index)->is_deleted)
            continue;
        gmq_picture_need_exchange(picture, dead->exchange, &to);
        gmq_picture_need_edge(picture, GMQ_EDGE_DEAD, from, to, &index)->is_set = true;
    }
}
