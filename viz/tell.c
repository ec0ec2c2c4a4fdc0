#include "viz/tell.h"

#include <string.h>

#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/particle.h"
#include "viz/event-line.h"
#include "viz/screen.h"
#include "viz/sentence.h"

#define WIDTH 80

/* ---- lines ---- */

/* One sentence, or several, as an item of a list. */
static void
add_item(GString *out, const char *text)
{
    g_auto(GStrv) lines = gmq_text_wrap(GMQ_GLYPHS_UTF8, text, WIDTH - 2);

    for (size_t i = 0; lines[i] != NULL; i++)
        g_string_append_printf(out, "%s%s\n", i == 0 ? "- " : "  ", lines[i]);
}

static void
add_text(GString *out, const char *text)
{
    g_auto(GStrv) lines = gmq_text_wrap(GMQ_GLYPHS_UTF8, text, WIDTH);

    for (size_t i = 0; lines[i] != NULL; i++)
        g_string_append_printf(out, "%s\n", lines[i]);
}

/* A part with its title; one that has nothing says so. */
static void
add_part(GString *out, const char *title, const GString *items)
{
    g_string_append_printf(out, "\n%s\n%s", title,
                           items->len > 0 ? items->str : _("Nothing yet.\n"));
}

/* ---- words ---- */

/* Appends "p1-5 (redelivered), p1-6 and 3 more". */
static void
add_tokens(GString *out, const GmqStage *stage, const GmqTokens *tokens, bool with_holder)
{
    size_t n = MIN(tokens->length, GMQ_TELL_NAMES_MAX);

    for (size_t i = 0; i < n; i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        g_autofree char *name = gmq_stage_name(stage, token->message);

        g_string_append(out, i == 0 ? "" : i + 1 == tokens->length ? _(" and ") : ", ");
        g_string_append(out, name);
        if (with_holder && token->client != NULL)
            g_string_append_printf(out, _(" at %s"), token->client);
        if (token->what != NULL)
            g_string_append_printf(out, " (%s)", gmq_event_word(token->what));
        else if (token->redelivered)
            g_string_append(out, _(" (redelivered)"));
    }
    if (n < tokens->length)
        g_string_append_printf(out, _(" and %zu more"), tokens->length - n);
}

/* ", 3 rejected" when there were any: a text with a place for the count. */
#define add_more(out, count, what)                                                                 \
    do {                                                                                           \
        if ((count) > 0)                                                                           \
            gmq_told_append((out), (what), (uint64_t)(count));                                     \
    } while (0)

static const char *
name_of(const GmqPicture *now, GmqPlace place)
{
    return gmq_picture_name(now, place);
}

/* ---- exchanges ---- */

/* Appends ", which gives to tasks what has the key "a" (3 messages)". */
static void
add_binding(GString *out, const GmqPicture *now, const GmqPictureEdge *edge)
{
    for (unsigned i = 0; i < edge->keys->len; i++) {
        const GmqPictureKey *key = &g_array_index(edge->keys, GmqPictureKey, i);
        if (!key->is_bound && key->count == 0)
            continue;
        if (*key->key == '\0')
            gmq_told_append(out, key->is_bound ? _(" To %s: ") : _(" No longer to %s: "),
                            name_of(now, edge->to));
        else
            gmq_told_append(out,
                            key->is_bound ? _(" To %s with the key \"%s\": ")
                                          : _(" No longer to %s with the key \"%s\": "),
                            name_of(now, edge->to), key->key);
        gmq_told_append(out, P_("%ju message.", "%ju messages.", key->count), key->count);
    }
}

static void
add_alternate(GString *out, const GmqPicture *now, const GmqPictureEdge *edge)
{
    if (!edge->is_set && edge->count == 0)
        return;
    gmq_told_append(out, _(" What finds no way goes to %s: "), name_of(now, edge->to));
    gmq_told_append(out, P_("%ju message.", "%ju messages.", edge->count), edge->count);
}

static void
tell_exchange(const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(now, index);
    GmqPlace place                     = {GMQ_PLACE_EXCHANGE, index};
    g_autoptr(GString) text            = g_string_new(NULL);

    gmq_told_append(
        text, exchange->is_deleted ? _("Exchange %s (%s) is deleted: ") : _("Exchange %s (%s): "),
        name_of(now, place), exchange->type);
    gmq_told_append(text, P_("%ju message came in", "%ju messages came in", exchange->in),
                    exchange->in);
    add_more(text, exchange->routed,
             P_(", %ju copy went on", ", %ju copies went on", exchange->routed));
    add_more(text, exchange->unroutable, _(", %ju found no way"));
    g_string_append_c(text, '.');
    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        if (edge->from.kind != place.kind || edge->from.index != index)
            continue;
        if (edge->kind == GMQ_EDGE_BINDING)
            add_binding(text, now, edge);
        else if (edge->kind == GMQ_EDGE_ALTERNATE)
            add_alternate(text, now, edge);
    }
    add_item(out, text->str);
}

/* ---- queues ---- */

static void
add_queue_flags(GString *out, const GmqPictureQueue *queue)
{
    if (queue->flags & GMQ_FLAG_DURABLE)
        g_string_append(out, _(" (durable)"));
    if (queue->is_deleted)
        g_string_append(out, _(" is deleted"));
}

static void
add_dead_letters(GString *out, const GmqPicture *now, unsigned queue)
{
    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        if (edge->kind != GMQ_EDGE_DEAD || edge->from.index != queue)
            continue;
        gmq_told_append(out, _(" Its dead letters go to exchange %s: "), name_of(now, edge->to));
        gmq_told_append(out, P_("%ju message.", "%ju messages.", edge->count), edge->count);
    }
}

static void
tell_queue(const GmqStage *stage, const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureQueue *queue = gmq_picture_queue(now, index);
    g_autoptr(GString) text      = g_string_new(_("Queue "));

    g_string_append(text, queue->name);
    add_queue_flags(text, queue);
    g_string_append_printf(text, _(": %zu ready"),
                           queue->ready.length + (size_t)queue->ready_unseen);
    if (queue->ready.length > 0) {
        g_string_append(text, " (");
        add_tokens(text, stage, &queue->ready, false);
        g_string_append_c(text, ')');
    }
    g_string_append_printf(text, _(", %zu without an ack"), gmq_picture_unacked(queue));
    if (queue->unacked.length > 0) {
        g_string_append(text, " (");
        add_tokens(text, stage, &queue->unacked, true);
        g_string_append_c(text, ')');
    }
    add_more(text, queue->acked, _(", %ju acked"));
    add_more(text, queue->redelivered, _(", %ju delivered again"));
    add_more(text, queue->expired, _(", %ju expired"));
    add_more(text, queue->dropped, _(", %ju dropped"));
    add_more(text, queue->dead_lettered, _(", %ju dead-lettered"));
    g_string_append_c(text, '.');
    add_dead_letters(text, now, index);
    add_item(out, text->str);
}

/* ---- clients ---- */

static const struct {
    GmqTrouble trouble;
    const char *words;
} troubles[] = {
    {GMQ_TROUBLE_CUT, N_(" Its line is CUT.")},
    {GMQ_TROUBLE_LATE, N_(" Its line is clogged: what it sends and gets is LATE.")},
    {GMQ_TROUBLE_FROZEN, N_(" It is FROZEN: it does nothing until it thaws.")},
};

/* "anna, an rpc-client," with the article that its sound wants. */
static char *
name_and_role(const GmqPictureClient *client)
{
    bool has_vowel = g_str_has_prefix(client->role, "rpc") || *client->role == 'a';

    if (*client->role == '\0')
        return g_strdup(client->name);
    return g_strdup_printf(has_vowel ? _("%s, an %s,") : _("%s, a %s,"), client->name,
                           gmq_event_word(client->role));
}

static void
add_state(GString *out, const GmqPictureClient *client)
{
    g_autofree char *who = name_and_role(client);

    switch (client->state) {
    case GMQ_CLIENT_WAITING:
        gmq_told_append(out, _("%s has not started."), who);
        break;
    case GMQ_CLIENT_STARTED:
        gmq_told_append(out, _("%s opens its connection."), who);
        break;
    case GMQ_CLIENT_CONNECTED:
        gmq_told_append(out, _("%s is connected."), who);
        break;
    case GMQ_CLIENT_CLOSED:
        gmq_told_append(out, _("%s has no connection any more."), who);
        break;
    case GMQ_CLIENT_CRASHED:
        gmq_told_append(out, _("%s has CRASHED."), who);
        break;
    }
}

static void
add_sent(GString *out, const GmqPictureClient *client)
{
    if (client->sent == 0)
        return;
    gmq_told_append(out, P_(" It has sent %ju message", " It has sent %ju messages", client->sent),
                    client->sent);
    add_more(out, client->confirmed, _(", %ju of them confirmed"));
    add_more(out, client->nacked, _(", %ju refused"));
    add_more(out, client->returned, _(", %ju returned"));
    g_string_append_c(out, '.');
}

static void
add_taken(GString *out, const GmqStage *stage, const GmqPictureClient *client)
{
    if (!client->consumes)
        return;
    if (client->prefetch > 0)
        g_string_append_printf(out, _(" It may hold %ju at a time (prefetch)."), client->prefetch);
    gmq_told_append(out,
                    P_(" It has got %ju message and finished %ju.",
                       " It has got %ju messages and finished %ju.", client->received),
                    client->received, client->finished);
    if (client->held.length == 0)
        return;
    g_autoptr(GString) held = g_string_new(NULL);
    add_tokens(held, stage, &client->held, false);
    gmq_told_append(out,
                    client->state == GMQ_CLIENT_CRASHED ? _(" It was working on %s.")
                                                        : _(" It works on %s."),
                    held->str);
}

static void
add_asked(GString *out, const GmqStage *stage, const GmqPictureClient *client)
{
    if (client->asked.length == 0)
        return;
    g_autoptr(GString) asked = g_string_new(NULL);
    add_tokens(asked, stage, &client->asked, false);
    gmq_told_append(out, _(" It waits for the reply to %s."), asked->str);
}

static void
tell_client(const GmqStage *stage, const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureClient *client = gmq_picture_client(now, index);
    g_autoptr(GString) text        = g_string_new(NULL);

    add_state(text, client);
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++) {
        if (client->troubles & troubles[i].trouble)
            g_string_append(text, _(troubles[i].words));
    }
    add_sent(text, client);
    add_taken(text, stage, client);
    add_asked(text, stage, client);
    add_item(out, text->str);
}

/* ---- on the way ---- */

static void
add_moving(GString *out, const GmqStage *stage, const GmqPicture *now, GmqPlace from, GmqPlace to,
           const GmqTokens *tokens)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (tokens->length == 0)
        return;
    gmq_told_append(text, _("From %s to %s: "), name_of(now, from), name_of(now, to));
    add_tokens(text, stage, tokens, false);
    g_string_append_c(text, '.');
    add_item(out, text->str);
}

static void
tell_moving(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    g_autoptr(GString) items = g_string_new(NULL);

    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        add_moving(items, stage, now, edge->from, edge->to, &edge->forth);
        add_moving(items, stage, now, edge->to, edge->from, &edge->back);
    }
    if (items->len > 0)
        add_part(out, _("On the way"), items);
}

/* ---- the whole ---- */

static void
tell_last(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    if (now->event == 0) {
        add_text(out, _("Nothing has happened yet."));
        return;
    }
    g_autofree char *sentence = gmq_sentence(stage, now->event);
    add_text(out, sentence);
    if (now->caption == 0 || now->caption == now->event)
        return;
    g_autofree char *caption = g_strdup_printf(_("The caption: \"%s\""),
                                               gmq_trace_event(stage->trace, now->caption)->text);
    add_text(out, caption);
}

static void
tell_totals(const GmqPicture *now, GString *out)
{
    const GmqPictureTotals *totals = &now->totals;
    g_autoptr(GString) text        = g_string_new(NULL);
    g_autoptr(GString) line        = g_string_new(NULL);

    gmq_told_append(text, P_("%ju message published", "%ju messages published", totals->published),
                    totals->published);
    add_more(text, totals->confirmed, _(", %ju confirmed"));
    add_more(text, totals->processed, _(", %ju processed"));
    add_more(text, totals->processed_twice, _(", %ju of them more than once"));
    add_more(text, totals->returned, _(", %ju returned"));
    add_more(text, totals->unroutable, _(", %ju without a way"));
    add_more(text, totals->redelivered, _(", %ju delivered again"));
    if (totals->checks_broken == 0)
        g_string_append(text, _(". No check is broken."));
    else
        gmq_told_append(
            text, P_(". %ju check is BROKEN.", ". %ju checks are BROKEN.", totals->checks_broken),
            totals->checks_broken);
    add_text(line, text->str);
    add_part(out, _("In all"), line);
}

static void
tell_all(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    g_autoptr(GString) things  = g_string_new(NULL);
    g_autoptr(GString) clients = g_string_new(NULL);

    for (unsigned i = 0; i < now->exchanges->len; i++) {
        if (gmq_picture_shows_exchange(now, i))
            tell_exchange(now, i, things);
    }
    for (unsigned i = 0; i < now->queues->len; i++)
        tell_queue(stage, now, i, things);
    for (unsigned i = 0; i < now->clients->len; i++)
        tell_client(stage, now, i, clients);
    add_part(out, _("What there is"), things);
    add_part(out, _("Who takes part"), clients);
}

void
gmq_tell_picture(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    const GmqTraceInfo *info = gmq_trace_info(stage->trace);
    g_autofree char *time    = gmq_event_time(now->time_ns);

    g_string_append_printf(out, _("%s, seed %ju: after event %ju of %zu, at %s\n\n"),
                           info->scenario, info->seed, now->event, gmq_trace_length(stage->trace),
                           time);
    tell_last(stage, now, out);
    if (now->is_broker_down)
        add_text(out, _("The broker is DOWN."));
    tell_all(stage, now, out);
    tell_moving(stage, now, out);
    tell_totals(now, out);
}
