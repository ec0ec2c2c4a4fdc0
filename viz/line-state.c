#include "viz/line-state.h"

#include <string.h>

#include "viz/box.h"
#include "viz/glyphs.h"

/* ---- state ---- */

static bool
is_alive(const GmqPictureEdge *edge)
{
    switch (edge->kind) {
    case GMQ_EDGE_CONSUME:
        return edge->consumers > 0;
    case GMQ_EDGE_ALTERNATE:
        return edge->is_set;
    case GMQ_EDGE_BINDING:
        for (unsigned i = 0; i < edge->keys->len; i++) {
            if (g_array_index(edge->keys, GmqPictureKey, i).is_bound)
                return true;
        }
        return false;
    default:
        return true;
    }
}

/* The client at one end; NULL for lines inside the broker. */
static const GmqPictureClient *
client_of(const GmqPicture *now, const GmqPictureEdge *edge)
{
    GmqPlace end = edge->kind == GMQ_EDGE_PUBLISH ? edge->from : edge->to;

    return end.kind == GMQ_PLACE_CLIENT ? gmq_picture_client(now, end.index) : NULL;
}

static const GmqPictureEdge *
edge_now(const GmqPicture *now, unsigned index)
{
    if (index >= now->edges->len)
        return NULL;
    const GmqPictureEdge *edge = gmq_picture_edge(now, index);
    bool is_there              = gmq_box_exists(now, edge->from) && gmq_box_exists(now, edge->to);
    return is_there ? edge : NULL;
}

static const struct {
    unsigned style;
    const char *nouns[2]; /* the longer one where it fits */
} kinds[] = {
    [GMQ_EDGE_PUBLISH]   = {0, {"", ""}},
    [GMQ_EDGE_BINDING]   = {0, {"", ""}},
    [GMQ_EDGE_CONSUME]   = {0, {"", ""}},
    [GMQ_EDGE_ALTERNATE] = {GMQ_LINE_DASHED, {"no route", "else"}},
    [GMQ_EDGE_DEAD]      = {GMQ_LINE_DOTTED, {"dead letters", "dead"}},
};

/* A line that loses bytes, is slower than it was, or is clogged. */
static bool
is_bad(const GmqLinks *links, const GmqPictureClient *client, unsigned index)
{
    if ((client->troubles & (GMQ_TROUBLE_SLOW | GMQ_TROUBLE_LATE)) != 0)
        return true;
    for (unsigned i = 0; i < links->links->len; i++) {
        const GmqLinkNow *link = &g_array_index(links->links, GmqLinkNow, i);
        if (link->client == index)
            return link->state == GMQ_LINK_WORSE || link->state == GMQ_LINK_LATE;
    }
    return false;
}

static unsigned
style_of(const GmqPicture *now, const GmqLinks *links, const GmqPictureEdge *edge)
{
    const GmqPictureClient *client = client_of(now, edge);
    unsigned index = edge->kind == GMQ_EDGE_PUBLISH ? edge->from.index : edge->to.index;

    return client != NULL && is_bad(links, client, index) ? GMQ_LINE_DOUBLE
                                                          : kinds[edge->kind].style;
}

/* The edges of a line are of one kind, so a line has one style; what is unbound or gone is dotted
 * only when all of it is. */
static void
add_edge(GmqLineState *state, const GmqPicture *now, const GmqLinks *links,
         const GmqPictureEdge *edge, bool is_hop)
{
    const GmqPictureClient *client = client_of(now, edge);
    bool is_hot                    = is_hop && !now->hop.is_back;
    bool is_hot_back               = is_hop && now->hop.is_back;

    if (state->edge == NULL || is_hot || (state->n_forth == 0 && edge->forth.length > 0))
        state->edge = !state->is_hot || is_hot ? edge : state->edge;
    if (is_hot_back || (edge->back.length > 0 && state->back == NULL))
        state->back = edge;
    state->is_hot      = state->is_hot || is_hot;
    state->is_hot_back = state->is_hot_back || is_hot_back;
    state->is_broken = state->is_broken || (client != NULL && gmq_picture_trouble(client) != NULL);
    state->style |= style_of(now, links, edge);
    state->n_forth += edge->forth.length;
    state->n_back += edge->back.length;
    state->count += edge->count;
}

GmqLineState
gmq_line_state(const GmqPicture *now, const GmqLinks *links, const GmqLayout *layout,
               GmqBundle edges)
{
    GmqLineState state = {0};
    bool any_alive     = false;

    for (unsigned i = 0; i < edges.n; i++) {
        unsigned index             = gmq_layout_edge(layout, edges, i);
        const GmqPictureEdge *edge = edge_now(now, index);
        if (edge == NULL)
            continue;
        add_edge(&state, now, links, edge, now->hop.edge == (int)index);
        any_alive = any_alive || is_alive(edge);
    }
    if (!any_alive)
        state.style = GMQ_LINE_DOTTED;
    return state;
}

/* ---- what is on its way ---- */

/* Answers are words; messages themselves are in parentheses. */
static const char *
answer_word(GmqEventKind kind)
{
    switch (kind) {
    case GMQ_EVENT_CLIENT_CONFIRMED:
        return "ok";
    case GMQ_EVENT_CLIENT_NACKED:
        return "nack";
    case GMQ_EVENT_ACKED:
        return "ack";
    case GMQ_EVENT_REJECTED:
        return "reject";
    default:
        return NULL;
    }
}

/* A message in words, as they fit: what must not get lost is its number, at the end of its name. */
typedef struct {
    const char *before; /* "(", "ok " */
    const char *name;
    const char *again; /* "R" or "" */
    const char *after;
    uint64_t n; /* with those that follow */
} Words;

static char *
compose(const Words *words, const GmqView *view, int width)
{
    const char *dash = strrchr(words->name, '-');
    const char *cut  = view->glyphs == GMQ_GLYPHS_UTF8 ? "…" : "~";
    g_autofree char *more =
        words->n > 1 ? g_strdup_printf("+%" G_GUINT64_FORMAT, words->n - 1) : g_strdup("");
    bool is_token = *words->before == '(';
    g_autofree char *all =
        g_strconcat(words->before, words->name, words->again, words->after, more, NULL);
    g_autofree char *bare =
        g_strconcat(is_token ? "" : words->before, words->name, words->again, more, NULL);

    if (gmq_text_width(view->glyphs, all) <= width)
        return g_steal_pointer(&all);
    if (gmq_text_width(view->glyphs, bare) <= width || dash == NULL || dash[1] == '\0')
        return g_steal_pointer(&bare);
    return g_strconcat(is_token ? "" : words->before, cut, dash + 1, words->again, more, NULL);
}

static char *
hop_text(const GmqView *view, int width)
{
    const GmqPicture *now = view->now;
    g_autofree char *name = gmq_stage_name(view->stage, now->hop.message);
    const char *word      = answer_word(gmq_trace_event(view->stage->trace, now->event)->kind);
    g_autofree char *said = word != NULL ? g_strdup_printf("%s ", word) : g_strdup("(");
    Words words           = {said, name, now->hop.is_again ? "R" : "", ")", 1};

    if (*name == '\0')
        return g_strdup("");
    if (word != NULL)
        words.again = words.after = "";
    return compose(&words, view, width);
}

char *
gmq_line_moving(const GmqLineState *state, const GmqView *view, int width)
{
    if (state->edge->forth.length == 0)
        return state->is_hot ? hop_text(view, width) : NULL;

    const GmqToken *token = gmq_tokens_at(&state->edge->forth, 0);
    g_autofree char *name = gmq_stage_name(view->stage, token->message);
    Words words           = {"(", name, token->redelivered ? "R" : "", ")", state->n_forth};
    return compose(&words, view, width);
}

char *
gmq_line_answer(const GmqLineState *state, const GmqView *view, int width)
{
    if (state->back == NULL)
        return NULL;
    if (state->back->back.length == 0)
        return hop_text(view, width);

    const GmqToken *token = gmq_tokens_at(&state->back->back, 0);
    g_autofree char *name = gmq_stage_name(view->stage, token->message);
    g_autofree char *said = g_strdup_printf("%s ", token->what != NULL ? token->what : "");
    Words words           = {said, name, "", "", state->n_back};
    return compose(&words, view, width);
}

/* ---- what it is for ---- */

/* "error", "error +2" */
static char *
first_key(const GmqPictureEdge *edge)
{
    const char *first = "";
    unsigned n        = 0;

    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        if (!key->is_bound)
            continue;
        if (n++ == 0)
            first = key->key;
    }
    return n > 1 ? g_strdup_printf("%s +%u", first, n - 1) : g_strdup(first);
}

/* All keys side by side if they fit, otherwise the first and a count. */
static char *
binding_words(const GmqPictureEdge *edge, int width, GmqGlyphs glyphs)
{
    g_autoptr(GString) all = g_string_new(NULL);

    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        if (key->is_bound)
            g_string_append_printf(all, "%s%s", all->len > 0 ? " " : "", key->key);
    }
    return gmq_text_width(glyphs, all->str) <= width ? g_strdup(all->str) : first_key(edge);
}

/* "rejected 3, expired 1" */
static char *
dead_words(const GmqPictureEdge *edge)
{
    g_autoptr(GString) all = g_string_new(NULL);

    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        g_string_append_printf(all, "%s%s %" G_GUINT64_FORMAT, i > 0 ? ", " : "", key->key,
                               key->count);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static char *
noun_words(const GmqLineState *state, int width)
{
    for (unsigned i = 0; i < 2; i++) {
        const char *noun = kinds[state->edge->kind].nouns[i];
        if (*noun == '\0')
            break;
        g_autofree char *text = g_strdup_printf("%s %" G_GUINT64_FORMAT, noun, state->count);
        if ((int)strlen(text) <= width)
            return g_steal_pointer(&text);
    }
    return g_strdup("");
}

char *
gmq_line_words(const GmqLineState *state, int width, GmqGlyphs glyphs)
{
    if (state->edge->kind == GMQ_EDGE_BINDING)
        return binding_words(state->edge, width, glyphs);
    if (state->edge->kind == GMQ_EDGE_DEAD) {
        g_autofree char *dead = dead_words(state->edge);
        if (gmq_text_width(glyphs, dead) <= width)
            return g_steal_pointer(&dead);
    }
    return noun_words(state, width);
}
