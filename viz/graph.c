#include "viz/graph.h"

#include <gio/gio.h>
#include <string.h>

#include "sim/language.h"

typedef struct {
    void *data;
    GDestroyNotify free;
} Owned;

static void
free_owned(void *data)
{
    Owned *owned = data;

    owned->free(owned->data);
    g_free(owned);
}

GmqGraph *
gmq_graph_new(const char *title, const char *subtitle)
{
    GmqGraph *graph = g_new0(GmqGraph, 1);

    graph->title    = g_strdup(title);
    graph->subtitle = g_strdup(subtitle);
    graph->parts    = g_array_new(FALSE, FALSE, sizeof(GmqDotPart));
    graph->owned    = g_ptr_array_new();
    return graph;
}

/* What came later may lend from what came before. */
void
gmq_graph_free(GmqGraph *graph)
{
    while (graph->owned->len > 0)
        free_owned(g_ptr_array_steal_index(graph->owned, graph->owned->len - 1));
    g_ptr_array_free(graph->owned, TRUE);
    g_array_free(graph->parts, TRUE);
    g_free(graph->title);
    g_free(graph->subtitle);
    g_free(graph);
}

void *
gmq_graph_own(GmqGraph *graph, void *data, GDestroyNotify free)
{
    Owned *owned = g_new0(Owned, 1);

    *owned = (Owned){data, free};
    g_ptr_array_add(graph->owned, owned);
    return data;
}

char *
gmq_graph_draw(const GmqGraph *graph, const GmqGraphWish *wish)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    return gmq_dot_draw_parts((const GmqDotPart *)(void *)graph->parts->data, graph->parts->len,
                              graph->title, graph->subtitle, wish->defaults);
}

/* ---- moments of a run ---- */

static void
free_picture(void *picture)
{
    gmq_picture_free(picture);
}

static void
free_traits(void *traits)
{
    gmq_traits_free(traits);
}

static void
free_trail(void *trail)
{
    gmq_trail_free(trail);
}

/* A scenario has one virtual host. */
static bool
check_vhost(const GmqGraphWish *wish, GError **error)
{
    if (wish->vhost == NULL || strcmp(wish->vhost, "/") == 0)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                "a run has one virtual host, \"/\", and none that is called \"%s\"", wish->vhost);
    return false;
}

static GmqTraits *
find_traits(GmqGraph *graph, const GmqStage *stage)
{
    if (stage->scenario == NULL)
        return NULL;
    return gmq_graph_own(graph, gmq_traits_of_scenario(stage->scenario), free_traits);
}

static bool
find_trail(GmqGraph *graph, const GmqStage *stage, uint64_t event, const GmqGraphWish *wish,
           GmqTrail **trail, GError **error)
{
    *trail = NULL;
    if (wish->message == NULL)
        return true;

    g_autofree char *name = gmq_trail_find(stage->trace, wish->message, error);
    if (name == NULL)
        return false;
    *trail = gmq_graph_own(graph, gmq_trail_new(stage->trace, name, event), free_trail);
    return true;
}

static GmqPicture *
add_picture(GmqGraph *graph, const GmqStage *stage, uint64_t event, const GmqTraits *traits)
{
    GmqPicture *picture = gmq_graph_own(graph, gmq_picture_at(stage->trace, event), free_picture);

    if (traits != NULL)
        gmq_traits_lead_dead(traits, picture);
    return picture;
}

/* "event 53 of 53,  t = 1.930 s;  the way of p1-3 in 4 steps" */
static void
tell_subtitle(GmqGraph *graph, const GmqPicture *picture, const GmqTrail *trail)
{
    g_autofree char *moment = gmq_dot_moment(picture);

    g_free(graph->subtitle);
    if (trail == NULL)
        graph->subtitle = g_steal_pointer(&moment);
    else
        graph->subtitle =
            g_strdup_printf("%s;  the way of %s, %u step%s so far", moment, gmq_trail_name(trail),
                            gmq_trail_length(trail), gmq_trail_length(trail) == 1 ? "" : "s");
}

GmqGraph *
gmq_graph_of_moment(const GmqStage *stage, uint64_t event, const GmqGraphWish *wish, GError **error)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autoptr(GmqGraph) graph  = gmq_graph_new(gmq_dot_title(stage->trace), "");
    GmqTrail *trail            = NULL;

    if (!check_vhost(wish, error) || !find_trail(graph, stage, event, wish, &trail, error))
        return NULL;

    GmqTraits *traits   = find_traits(graph, stage);
    GmqPicture *picture = add_picture(graph, stage, event, traits);
    GmqDotPart part     = {.picture = picture,
                           .vhost   = "/",
                           .traits  = traits,
                           .places  = gmq_stage_places(stage),
                           .trail   = trail};
    tell_subtitle(graph, picture, trail);
    g_array_append_val(graph->parts, part);
    return g_steal_pointer(&graph);
}

static char *
add_heading(GmqGraph *graph, const char *word, const GmqPicture *picture)
{
    g_autofree char *moment = gmq_dot_moment(picture);

    return gmq_graph_own(graph, g_strconcat(word, moment, NULL), g_free);
}

GmqGraph *
gmq_graph_of_moments(const GmqStage *stage, uint64_t first, uint64_t second,
                     const GmqGraphWish *wish, GError **error)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autoptr(GmqGraph) graph  = gmq_graph_new(gmq_dot_title(stage->trace), "");
    GmqTrail *trails[2]        = {NULL, NULL};

    if (!check_vhost(wish, error) || !find_trail(graph, stage, first, wish, &trails[0], error) ||
        !find_trail(graph, stage, second, wish, &trails[1], error))
        return NULL;

    GmqTraits *traits       = find_traits(graph, stage);
    GmqPicture *pictures[2] = {add_picture(graph, stage, first, traits),
                               add_picture(graph, stage, second, traits)};
    for (unsigned i = 0; i < 2; i++) {
        GmqDotPart part = {.picture = pictures[i],
                           .vhost   = "/",
                           .heading =
                               add_heading(graph, i == 0 ? "before: " : "after: ", pictures[i]),
                           .traits = traits,
                           .places = gmq_stage_places(stage),
                           .trail  = trails[i],
                           .before = i == 0 ? NULL : pictures[0]};
        g_array_append_val(graph->parts, part);
    }
    return g_steal_pointer(&graph);
}

static void
free_places(void *places)
{
    gmq_places_free(places);
}

GmqGraph *
gmq_graph_of_broker(const GmqTrace *trace, const char *title, const GmqGraphWish *wish)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    g_autofree char *subtitle =
        wish->vhost == NULL ? g_strdup("what there is now")
                            : g_strconcat("what there is now in virtual host ", wish->vhost, NULL);
    GmqGraph *graph = gmq_graph_new(title, subtitle);
    GmqPicture *picture =
        gmq_graph_own(graph, gmq_picture_at(trace, gmq_trace_length(trace)), free_picture);
    GmqDotPart part = {.picture = picture, .is_plan = true, .is_snapshot = true};

    part.traits = gmq_graph_own(graph, gmq_traits_of_trace(trace), free_traits);
    part.vhost  = gmq_graph_own(graph, g_strdup(wish->vhost != NULL ? wish->vhost : "/"), g_free);
    part.places =
        gmq_graph_own(graph, gmq_places_new(picture, NULL, GMQ_PLACES_SECONDS), free_places);
    g_array_append_val(graph->parts, part);
    return graph;
}
