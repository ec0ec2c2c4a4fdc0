#include "viz/definitions-graph.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "sim/language.h"
#include "viz/definitions-plan.h"

/* So much of a file is looked at to tell what it is. */
#define START_BYTES 256

/* ---- what kind of file it is ---- */

bool
gmq_definitions_are_in(const char *path)
{
    char start[START_BYTES + 1] = {0};
    FILE *file                  = fopen(path, "re");

    if (file == NULL)
        return false;
    size_t size = fread(start, 1, START_BYTES, file);
    fclose(file);
    start[size]     = '\0';
    const char *at  = start + strspn(start, " \t\r\n");
    bool is_json    = *at == '{' || *at == '[';
    const char *key = is_json ? at + 1 + strspn(at + 1, " \t\r\n\"") : at;
    return is_json && !g_str_has_prefix(key, "glassmq");
}

/* ---- the drawing ---- */

static void
free_trace(void *trace)
{
    gmq_trace_free(trace);
}

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
free_places(void *places)
{
    gmq_places_free(places);
}

static void
add_part(GmqGraph *graph, GmqVhostPlan *vhost, bool is_alone)
{
    GmqTrace *trace   = gmq_graph_own(graph, g_steal_pointer(&vhost->trace), free_trace);
    GmqTraits *traits = gmq_graph_own(graph, g_steal_pointer(&vhost->traits), free_traits);
    GmqPicture *picture =
        gmq_graph_own(graph, gmq_picture_at(trace, gmq_trace_length(trace)), free_picture);
    GmqDotPart part = {.picture = picture, .traits = traits, .is_plan = true};

    part.vhost = gmq_graph_own(graph, g_strdup(vhost->name), g_free);
    gmq_traits_lead_dead(traits, picture);
    if (is_alone)
        part.places =
            gmq_graph_own(graph, gmq_places_new(picture, NULL, GMQ_PLACES_SECONDS), free_places);
    g_array_append_val(graph->parts, part);
}

static bool
is_wanted(const GmqVhostPlan *vhost, const GmqGraphWish *wish)
{
    return wish->vhost == NULL || strcmp(vhost->name, wish->vhost) == 0;
}

static GmqGraph *
draw_plan(const GPtrArray *vhosts, const char *path, const GmqGraphWish *wish, GError **error)
{
    g_autofree char *title   = g_path_get_basename(path);
    unsigned n               = 0;
    const GmqVhostPlan *only = NULL;

    for (unsigned i = 0; i < vhosts->len; i++) {
        if (is_wanted(vhosts->pdata[i], wish)) {
            only = vhosts->pdata[i];
            n++;
        }
    }
    if (wish->vhost != NULL && n == 0) {
        gmq_definitions_refuse(error, path, "there is no virtual host \"%s\"", wish->vhost);
        return NULL;
    }
    g_autofree char *subtitle = n == 1 ? g_strconcat("virtual host ", only->name, NULL)
                                       : g_strdup_printf("%u virtual hosts", n);
    GmqGraph *graph           = gmq_graph_new(title, subtitle);
    for (unsigned i = 0; i < vhosts->len; i++) {
        if (is_wanted(vhosts->pdata[i], wish))
            add_part(graph, vhosts->pdata[i], n == 1);
    }
    return graph;
}

/* The parser names no file. */
static JsonNode *
parse(JsonParser *parser, const char *path, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autofree char *text   = NULL;
    size_t size             = 0;

    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        gmq_definitions_refuse(error, path, "the file is not UTF-8");
        return NULL;
    }
    if (!json_parser_load_from_data(parser, text, (gssize)size, &wrong)) {
        gmq_definitions_refuse(error, path, "this is no JSON: %s", wrong->message);
        return NULL;
    }
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
        gmq_definitions_refuse(error, path,
                               "exported definitions are one object: {\"queues\": [...], ...}");
        return NULL;
    }
    return root;
}

GmqGraph *
gmq_graph_of_definitions(const char *path, const GmqGraphWish *wish, GError **error)
{
    g_auto(GmqEnglish) english   = gmq_english_begin();
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonNode *root               = parse(parser, path, error);

    if (root == NULL)
        return NULL;
    g_autoptr(GPtrArray) vhosts = g_ptr_array_new_with_free_func(gmq_vhost_plan_free);
    if (!gmq_definitions_read(json_node_get_object(root), path, vhosts, error))
        return NULL;
    return draw_plan(vhosts, path, wish, error);
}
