#include "viz/place-part.h"

#include <string.h>

/* Fewer than so many likes are no crowd. */
#define GROUP_LEAST 4

char *
gmq_place_stem(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = size; i > 1; i--) {
        if (strchr(".-_/:@", name[i - 1]) != NULL && i < size)
            return g_strndup(name, i);
    }
    size_t digits = size;
    while (digits > 0 && g_ascii_isdigit(name[digits - 1]))
        digits--;
    return digits > 0 && digits < size ? g_strndup(name, digits) : NULL;
}

/* ---- who stands beside whom ---- */

/* An empty list of words for each place of one kind. */
static GPtrArray *
new_neighbours(unsigned n)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(all, g_ptr_array_new_with_free_func(g_free));
    return all;
}

/* A neighbour in a group counts as the group: workers of alike queues are alike. */
static void
add_neighbour(const GmqPlaces *places, GPtrArray *words, const GmqPictureEdge *edge, GmqPlace place)
{
    const GmqSpot *spot = gmq_places_spot(places, place);
    bool is_group       = spot->group >= 0;

    g_ptr_array_add(words, g_strdup_printf("%d%c%d.%u", (int)edge->kind, is_group ? 'g' : 's',
                                           (int)place.kind,
                                           is_group ? (unsigned)spot->group : place.index));
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The stem, the column and each neighbour once; NULL for what is like nobody else. */
static char *
likeness(const GmqPlaces *places, const GmqPicture *whole, GmqPlace place, GPtrArray *words)
{
    const char *name      = gmq_picture_name(whole, place);
    g_autofree char *stem = gmq_place_stem(name);
    GString *text;

    if (stem == NULL)
        return NULL;
    text = g_string_new(NULL);
    g_string_printf(text, "%d %s", gmq_places_spot(places, place)->column, stem);
    g_ptr_array_sort(words, compare_words);
    for (unsigned i = 0; i < words->len; i++) {
        if (i == 0 || strcmp(words->pdata[i], words->pdata[i - 1]) != 0)
            g_string_append_printf(text, " %s", (const char *)words->pdata[i]);
    }
    return g_string_free(text, FALSE);
}

/* ---- groups ---- */

static void
free_group(void *data)
{
    GmqPlaceGroup *group = data;

    g_free(group->name);
    g_array_free(group->members, TRUE);
    g_free(group);
}

static GmqPlaceGroup *
new_group(const GmqPicture *whole, GmqPlace place)
{
    GmqPlaceGroup *group  = g_new0(GmqPlaceGroup, 1);
    g_autofree char *stem = gmq_place_stem(gmq_picture_name(whole, place));

    group->name    = g_strdup_printf("%s*", stem);
    group->kind    = place.kind;
    group->members = g_array_new(FALSE, FALSE, sizeof(unsigned));
    return group;
}

static void
keep_group(GmqPlaces *places, GmqPlaceGroup *group)
{
    if (group->members->len < GROUP_LEAST) {
        free_group(group);
        return;
    }
    for (unsigned i = 0; i < group->members->len; i++) {
        GmqPlace member = {group->kind, g_array_index(group->members, unsigned, i)};
        gmq_places_spot(places, member)->group = (int)places->groups->len;
    }
    g_ptr_array_add(places->groups, group);
}

static bool
is_crowded(const GmqPlaces *places, GmqPlaceKind kind)
{
    return places->spots[kind]->len > GMQ_PLACES_SINGLE_MOST;
}

static void
group_kind(GmqPlaces *places, const GmqPicture *whole, GmqPlaceKind kind)
{
    if (!is_crowded(places, kind))
        return;

    unsigned n                   = places->spots[kind]->len;
    g_autoptr(GPtrArray) all     = new_neighbours(n);
    g_autoptr(GPtrArray) groups  = g_ptr_array_new();
    g_autoptr(GHashTable) finder = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        if (edge->from.kind == kind && edge->kind != GMQ_EDGE_CONSUME)
            add_neighbour(places, all->pdata[edge->from.index], edge, edge->to);
        if (edge->to.kind == kind)
            add_neighbour(places, all->pdata[edge->to.index], edge, edge->from);
    }
    for (unsigned i = 0; i < n; i++) {
        GmqPlace place = {kind, i};
        char *alike    = likeness(places, whole, place, all->pdata[i]);
        if (alike == NULL)
            continue;
        GmqPlaceGroup *group = g_hash_table_lookup(finder, alike);
        if (group == NULL) {
            group = new_group(whole, place);
            g_ptr_array_add(groups, group);
            g_hash_table_insert(finder, alike, group);
        } else {
            g_free(alike);
        }
        g_array_append_val(group->members, i);
    }
    for (unsigned i = 0; i < groups->len; i++)
        keep_group(places, groups->pdata[i]);
}

/* Queues first, so that those who take from alike queues can be alike. */
void
gmq_places_make_groups(GmqPlaces *places, const GmqPicture *whole)
{
    g_ptr_array_set_free_func(places->groups, free_group);
    group_kind(places, whole, GMQ_PLACE_QUEUE);
    group_kind(places, whole, GMQ_PLACE_CLIENT);
}
