#include "viz/tell.h"

#include <string.h>

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
    g_string_append_printf(out, "\n%s\n%s", title, items->len > 0 ? items->str : "Nothing yet.\n");
}

/* ---- words ---- */

static void
add_count(GString *out, uint64_t count, const char *one, const char *many)
{
    g_string_append_printf(out, "%" G_GUINT64_FORMAT " %s", count, count == 1 ? one : many);
}

/* Appends "p1-5 (redelivered), p1-6 and 3 more". */
static void
add_tokens(GString *out, const GmqStage *stage, const GmqTokens *tokens, bool with_holder)
{
    size_t n = MIN(tokens->length, GMQ_TELL_NAMES_MAX);

    for (size_t i = 0; i < n; i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        g_autofree char *name = gmq_stage_name(stage, token->message);

        g_string_append(out, i == 0 ? "" : i + 1 == tokens->length ? " and " : ", ");
        g_string_append(out, name);
        if (with_holder && token->client != NULL)
            g_string_append_printf(out, " at %s", token->client);
        if (token->what != NULL)
            g_string_append_printf(out, " (%s)", token->what);
        else if (token->redelivered)
            g_string_append(out, " (redelivered)");
    }
    if (n < tokens->length)
        g_string_append_printf(out, " and %zu more", tokens->length - n);
}

/* ", 3 rejected" when there were any. */
static void
add_more(GString *out, uint64_t count, const char *what)
{
    if (count > 0)
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " %s", count, what);
}

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
        g_string_append(out, key->is_bound ? " To " : " No longer to ");
        g_string_append(out, name_of(now, edge->to));
        if (*key->key != '\0')
            g_string_append_printf(out, " with the key \"%s\"", key->key);
        g_string_append(out, ": ");
        add_count(out, key->count, "message.", "messages.");
    }
}

static void
add_alternate(GString *out, const GmqPicture *now, const GmqPictureEdge *edge)
{
    if (!edge->is_set && edge->count == 0)
        return;
    g_string_append_printf(out, " What finds no way goes to %s: ", name_of(now, edge->to));
    add_count(out, edge->count, "message.", "messages.");
}

static void
tell_exchange(const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureExchange *exchange = gmq_picture_exchange(now, index);
    GmqPlace place                     = {GMQ_PLACE_EXCHANGE, index};
    g_autoptr(GString) text            = g_string_new(NULL);

    g_string_append_printf(text, "Exchange %s (%s)%s: ", name_of(now, place), exchange->type,
                           exchange->is_deleted ? " is deleted" : "");
    add_count(text, exchange->in, "message came in", "messages came in");
    add_more(text, exchange->routed, exchange->routed == 1 ? "copy went on" : "copies went on");
    add_more(text, exchange->unroutable, "found no way");
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
        g_string_append(out, " (durable)");
    if (queue->is_deleted)
        g_string_append(out, " is deleted");
}

static void
add_dead_letters(GString *out, const GmqPicture *now, unsigned queue)
{
    for (unsigned i = 0; i < now->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(now, i);
        if (edge->kind != GMQ_EDGE_DEAD || edge->from.index != queue)
            continue;
        g_string_append_printf(out,
                               " Its dead letters go to exchange %s: ", name_of(now, edge->to));
        add_count(out, edge->count, "message.", "messages.");
    }
}

static void
tell_queue(const GmqStage *stage, const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureQueue *queue = gmq_picture_queue(now, index);
    g_autoptr(GString) text      = g_string_new("Queue ");

    g_string_append(text, queue->name);
    add_queue_flags(text, queue);
    g_string_append_printf(text, ": %zu ready", queue->ready.length + (size_t)queue->ready_unseen);
    if (queue->ready.length > 0) {
        g_string_append(text, " (");
        add_tokens(text, stage, &queue->ready, false);
        g_string_append_c(text, ')');
    }
    g_string_append_printf(text, ", %zu without an ack", gmq_picture_unacked(queue));
    if (queue->unacked.length > 0) {
        g_string_append(text, " (");
        add_tokens(text, stage, &queue->unacked, true);
        g_string_append_c(text, ')');
    }
    add_more(text, queue->acked, "acked");
    add_more(text, queue->redelivered, "delivered again");
    add_more(text, queue->expired, "expired");
    add_more(text, queue->dropped, "dropped");
    add_more(text, queue->dead_lettered, "dead-lettered");
    g_string_append_c(text, '.');
    add_dead_letters(text, now, index);
    add_item(out, text->str);
}

/* ---- clients ---- */

static const struct {
    GmqTrouble trouble;
    const char *words;
} troubles[] = {
    {GMQ_TROUBLE_CUT, " Its line is CUT."},
    {GMQ_TROUBLE_LATE, " Its line is clogged: what it sends and gets is LATE."},
    {GMQ_TROUBLE_FROZEN, " It is FROZEN: it does nothing until it thaws."},
};

static const char *const states[] = {
    [GMQ_CLIENT_WAITING] = "has not started", [GMQ_CLIENT_STARTED] = "opens its connection",
    [GMQ_CLIENT_CONNECTED] = "is connected",  [GMQ_CLIENT_CLOSED] = "has no connection any more",
    [GMQ_CLIENT_CRASHED] = "has CRASHED",
};

static void
add_sent(GString *out, const GmqPictureClient *client)
{
    if (client->sent == 0)
        return;
    g_string_append(out, " It has sent ");
    add_count(out, client->sent, "message", "messages");
    add_more(out, client->confirmed, "of them confirmed");
    add_more(out, client->nacked, "refused");
    add_more(out, client->returned, "returned");
    g_string_append_c(out, '.');
}

static void
add_taken(GString *out, const GmqStage *stage, const GmqPictureClient *client)
{
    if (!client->consumes)
        return;
    if (client->prefetch > 0)
        g_string_append_printf(out, " It may hold %" G_GUINT64_FORMAT " at a time (prefetch).",
                               client->prefetch);
    g_string_append(out, " It has got ");
    add_count(out, client->received, "message", "messages");
    g_string_append_printf(out, " and finished %" G_GUINT64_FORMAT ".", client->finished);
    if (client->held.length == 0)
        return;
    g_string_append(out,
                    client->state == GMQ_CLIENT_CRASHED ? " It was working on " : " It works on ");
    add_tokens(out, stage, &client->held, false);
    g_string_append_c(out, '.');
}

static void
tell_client(const GmqStage *stage, const GmqPicture *now, unsigned index, GString *out)
{
    const GmqPictureClient *client = gmq_picture_client(now, index);
    g_autoptr(GString) text        = g_string_new(client->name);

    if (*client->role != '\0')
        g_string_append_printf(text, ", a %s,", client->role);
    g_string_append_printf(text, " %s.", states[client->state]);
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++) {
        if (client->troubles & troubles[i].trouble)
            g_string_append(text, troubles[i].words);
    }
    add_sent(text, client);
    add_taken(text, stage, client);
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
    g_string_printf(text, "From %s to %s: ", name_of(now, from), name_of(now, to));
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
        add_part(out, "On the way", items);
}

/* ---- the whole ---- */

static void
tell_last(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    if (now->event == 0) {
        add_text(out, "Nothing has happened yet.");
        return;
    }
    g_autofree char *sentence = gmq_sentence(stage, now->event);
    add_text(out, sentence);
    if (now->caption == 0 || now->caption == now->event)
        return;
    g_autofree char *caption =
        g_strdup_printf("The caption: \"%s\"", gmq_trace_event(stage->trace, now->caption)->text);
    add_text(out, caption);
}

static void
tell_totals(const GmqPicture *now, GString *out)
{
    const GmqPictureTotals *totals = &now->totals;
    g_autoptr(GString) text        = g_string_new(NULL);
    g_autoptr(GString) line        = g_string_new(NULL);

    add_count(text, totals->published, "message published", "messages published");
    add_more(text, totals->confirmed, "confirmed");
    add_more(text, totals->processed, "processed");
    add_more(text, totals->processed_twice, "of them more than once");
    add_more(text, totals->returned, "returned");
    add_more(text, totals->unroutable, "without a way");
    add_more(text, totals->redelivered, "delivered again");
    g_string_append(text, totals->checks_broken == 0 ? ". No check is broken." : ". ");
    if (totals->checks_broken > 0)
        add_count(text, totals->checks_broken, "check is BROKEN.", "checks are BROKEN.");
    add_text(line, text->str);
    add_part(out, "In all", line);
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
    add_part(out, "What there is", things);
    add_part(out, "Who takes part", clients);
}

void
gmq_tell_picture(const GmqStage *stage, const GmqPicture *now, GString *out)
{
    const GmqTraceInfo *info = gmq_trace_info(stage->trace);
    g_autofree char *time    = gmq_event_time(now->time_ns);

    g_string_append_printf(
        out, "%s, seed %" G_GUINT64_FORMAT ": after event %" G_GUINT64_FORMAT " of %zu, at %s\n\n",
        info->scenario, info->seed, now->event, gmq_trace_length(stage->trace), time);
    tell_last(stage, now, out);
    if (now->is_broker_down)
        add_text(out, "The broker is DOWN.");
    tell_all(stage, now, out);
    tell_moving(stage, now, out);
    tell_totals(now, out);
}
