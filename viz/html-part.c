#include "viz/html-part.h"

#include <string.h>

#include "core/base/json.h"

/* ---- values ---- */

void
gmq_html_add_text(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    gsize start            = out->len;

    gmq_json_add_text(out, valid);
    for (const char *found = strchr(out->str + start, '<'); found != NULL;
         found             = strchr(out->str + start, '<')) {
        gssize at = found - out->str;
        g_string_erase(out, at, 1);
        g_string_insert(out, at, "\\u003c");
        start = (gsize)at;
    }
}

void
gmq_html_add_number(GString *out, int64_t number)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
}

static bool
is_list(const GmqSlot *slot)
{
    return slot->kind == GMQ_SLOT_LIST || slot->kind == GMQ_SLOT_WORK;
}

void
gmq_html_add_slot(const GmqHtmlPart *part, const GmqMoment *moment, unsigned index, GString *out)
{
    size_t length          = 0;
    const int64_t *numbers = gmq_moment_slot(moment, index, &length);

    if (!is_list(gmq_slots_at(part->slots, index))) {
        gmq_html_add_number(out, numbers[0]);
        return;
    }
    g_string_append_c(out, '[');
    for (size_t i = 0; i < length; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        gmq_html_add_number(out, numbers[i]);
    }
    g_string_append_c(out, ']');
}

static void
add_texts(const GPtrArray *texts, GString *out)
{
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < texts->len; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        gmq_html_add_text(out, texts->pdata[i]);
    }
    g_string_append_c(out, ']');
}

/* ---- what is shown ---- */

static unsigned
count_of(const GmqPicture *whole, GmqPlaceKind kind)
{
    return kind == GMQ_PLACE_CLIENT     ? whole->clients->len
           : kind == GMQ_PLACE_EXCHANGE ? whole->exchanges->len
                                        : whole->queues->len;
}

GmqHtmlPart *
gmq_html_part_new(const GmqStage *stage)
{
    GmqHtmlPart *part       = g_new0(GmqHtmlPart, 1);
    const GmqPicture *whole = stage->whole;
    int n_boxes             = 0;
    int n_lines             = 0;

    part->stage   = stage;
    part->slots   = gmq_slots_new(stage);
    part->names   = g_ptr_array_new();
    part->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        unsigned n        = count_of(whole, kind);
        part->boxes[kind] = g_new0(int, n);
        for (unsigned i = 0; i < n; i++) {
            bool is_shown        = gmq_plan_shows(stage, (GmqPlace){kind, i});
            part->boxes[kind][i] = is_shown ? n_boxes++ : -1;
            part->n_hidden_queues += !is_shown && kind == GMQ_PLACE_QUEUE;
        }
    }
    part->lines = g_new0(int, whole->edges->len);
    for (unsigned i = 0; i < whole->edges->len; i++) {
        const GmqPictureEdge *edge = gmq_picture_edge(whole, i);
        bool is_shown  = gmq_html_box(part, edge->from) >= 0 && gmq_html_box(part, edge->to) >= 0;
        part->lines[i] = is_shown ? n_lines++ : -1;
    }
    return part;
}

void
gmq_html_part_free(GmqHtmlPart *part)
{
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++)
        g_free(part->boxes[kind]);
    g_free(part->lines);
    gmq_slots_free(part->slots);
    g_ptr_array_free(part->names, TRUE);
    g_hash_table_destroy(part->by_name);
    g_free(part);
}

int64_t
gmq_html_box(const GmqHtmlPart *part, GmqPlace place)
{
    return place.kind == GMQ_PLACE_NONE ? -1 : part->boxes[place.kind][place.index];
}

int64_t
gmq_html_line(const GmqHtmlPart *part, int edge)
{
    return edge < 0 ? -1 : part->lines[edge];
}

int64_t
gmq_html_name(GmqHtmlPart *part, const char *name)
{
    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(part->by_name, name));

    if (index == 0) {
        char *copy = g_strdup(name);
        g_ptr_array_add(part->names, copy);
        index = part->names->len;
        g_hash_table_insert(part->by_name, copy, GUINT_TO_POINTER(index));
    }
    return (int64_t)index - 1;
}

void
gmq_html_add_names(const GmqHtmlPart *part, GString *out)
{
    const GPtrArray *messages = gmq_slots_messages(part->slots);

    g_string_append(out, ",\n\"names\":");
    add_texts(part->names, out);
    g_string_append(out, ",\n\"words\":");
    add_texts(gmq_slots_words(part->slots), out);
    g_string_append(out, ",\n\"messages\":");
    add_texts(messages, out);
    g_string_append(out, ",\n\"tokens\":["); /* what stands on them */
    for (unsigned i = 0; i < messages->len; i++) {
        g_autofree char *name = gmq_stage_name(part->stage, messages->pdata[i]);
        g_string_append(out, i > 0 ? "," : "");
        gmq_html_add_text(out, name);
    }
    g_string_append(out, "],\n\"whats\":[");
    for (unsigned i = 0; gmq_slots_what(i) != NULL; i++) {
        g_string_append(out, i > 0 ? "," : "");
        gmq_html_add_text(out, gmq_slots_what(i));
    }
    g_string_append_c(out, ']');
}

/* ---- boxes ---- */

static void
append_word(GString *words, const char *word)
{
    g_string_append(words, words->len > 0 ? ", " : "");
    g_string_append(words, word);
}

/* "topic exchange, durable": what stays the same of an entity. */
static char *
describe(const GmqPicture *whole, GmqPlace place)
{
    GString *words = g_string_new(NULL);
    unsigned flags = 0;

    if (place.kind == GMQ_PLACE_CLIENT) {
        const GmqPictureClient *client = gmq_picture_client(whole, place.index);
        const char *role               = client->consumes ? "consumer" : "producer";
        append_word(words, *client->role != '\0' ? client->role : role);
    } else if (place.kind == GMQ_PLACE_EXCHANGE) {
        const GmqPictureExchange *exchange = gmq_picture_exchange(whole, place.index);
        append_word(words, *exchange->type != '\0' ? exchange->type : "not declared");
        g_string_append(words, " exchange");
        flags = exchange->is_predeclared ? 0 : exchange->flags;
    } else {
        append_word(words, "queue");
        flags = gmq_picture_queue(whole, place.index)->flags;
    }
    if (flags & GMQ_FLAG_DURABLE)
        append_word(words, "durable");
    if (flags & GMQ_FLAG_AUTO_DELETE)
        append_word(words, "auto-delete");
    if (flags & GMQ_FLAG_SPECIAL)
        append_word(words, place.kind == GMQ_PLACE_QUEUE ? "exclusive" : "internal");
    return g_string_free(words, FALSE);
}

static const char *
sort_of(const GmqPicture *whole, GmqPlace place)
{
    if (place.kind == GMQ_PLACE_CLIENT)
        return gmq_picture_client(whole, place.index)->consumes ? "consumer" : "producer";
    return place.kind == GMQ_PLACE_EXCHANGE ? "exchange" : "queue";
}

/* ["acked",12],["expired",13]: the shown slots of that kind, with their words. */
static void
add_slots(const GmqHtmlPart *part, GmqPlace place, int edge, GmqSlotKind kind, GString *out)
{
    bool is_first = true;

    g_string_append_c(out, '[');
    for (unsigned i = 0; i < gmq_slots_length(part->slots); i++) {
        const GmqSlot *slot = gmq_slots_at(part->slots, i);
        if (slot->kind != kind || !slot->is_shown || slot->edge != edge ||
            slot->place.kind != place.kind || slot->place.index != place.index)
            continue;
        g_string_append_printf(out, "%s[\"%s\",%u]", is_first ? "" : ",", slot->word, i);
        is_first = false;
    }
    g_string_append_c(out, ']');
}

static void
add_box(const GmqHtmlPart *part, GmqPlace place, GString *out)
{
    const GmqPicture *whole = part->stage->whole;
    g_autofree char *about  = describe(whole, place);
    static const struct {
        const char *name;
        GmqSlotKind kind;
    } members[] = {
        {"state", GMQ_SLOT_STATE},
        {"lists", GMQ_SLOT_LIST},
        {"work", GMQ_SLOT_WORK},
        {"counts", GMQ_SLOT_COUNT},
    };

    g_string_append_printf(out, "\n{\"sort\":\"%s\",\"name\":", sort_of(whole, place));
    gmq_html_add_text(out, gmq_picture_name(whole, place));
    g_string_append(out, ",\"about\":");
    gmq_html_add_text(out, about);
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        g_string_append_printf(out, ",\"%s\":", members[i].name);
        add_slots(part, place, -1, members[i].kind, out);
    }
    g_string_append_c(out, '}');
}

void
gmq_html_add_boxes(const GmqHtmlPart *part, GString *out)
{
    bool is_first = true;

    g_string_append(out, ",\n\"totals\":");
    add_slots(part, (GmqPlace){GMQ_PLACE_NONE, 0}, -1, GMQ_SLOT_COUNT, out);
    g_string_append(out, ",\n\"down\":");
    add_slots(part, (GmqPlace){GMQ_PLACE_NONE, 0}, -1, GMQ_SLOT_DOWN, out);
    g_string_append_printf(out, ",\n\"hidden\":%u,\n\"boxes\":[", part->n_hidden_queues);
    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < count_of(part->stage->whole, kind); i++) {
            if (part->boxes[kind][i] < 0)
                continue;
            g_string_append(out, is_first ? "" : ",");
            is_first = false;
            add_box(part, (GmqPlace){kind, i}, out);
        }
    }
    g_string_append_c(out, ']');
}

/* ---- lines ---- */

static const char *const edge_words[] = {
    [GMQ_EDGE_PUBLISH] = "publish",     [GMQ_EDGE_BINDING] = "binding",
    [GMQ_EDGE_ALTERNATE] = "alternate", [GMQ_EDGE_DEAD] = "dead",
    [GMQ_EDGE_CONSUME] = "consume",
};

static void
add_line(const GmqHtmlPart *part, unsigned index, GString *out)
{
    const GmqPictureEdge *edge = gmq_picture_edge(part->stage->whole, index);
    const GmqPlace none        = {GMQ_PLACE_NONE, 0};
    unsigned shown             = edge->kind == GMQ_EDGE_BINDING ? gmq_plan_keys(edge) : 0;

    g_string_append_printf(out, "\n{\"kind\":\"%s\",\"from\":%d,\"to\":%d,\"keys\":[",
                           edge_words[edge->kind], (int)gmq_html_box(part, edge->from),
                           (int)gmq_html_box(part, edge->to));
    for (unsigned i = 0; i < shown; i++) {
        g_string_append(out, i > 0 ? "," : "");
        gmq_html_add_text(out, g_array_index(edge->keys, GmqPictureKey, i).key);
    }
    g_string_append_printf(out,
                           "],\"more\":%u,\"state\":", shown > 0 ? edge->keys->len - shown : 0);
    add_slots(part, none, (int)index, GMQ_SLOT_LINE, out);
    g_string_append(out, ",\"counts\":");
    add_slots(part, none, (int)index, GMQ_SLOT_COUNT, out);
    g_string_append(out, ",\"lists\":");
    add_slots(part, none, (int)index, GMQ_SLOT_LIST, out);
    g_string_append_c(out, '}');
}

void
gmq_html_add_lines(const GmqHtmlPart *part, GString *out)
{
    bool is_first = true;

    g_string_append(out, ",\n\"lines\":[");
    for (unsigned i = 0; i < part->stage->whole->edges->len; i++) {
        if (part->lines[i] < 0)
            continue;
        g_string_append(out, is_first ? "" : ",");
        is_first = false;
        add_line(part, i, out);
    }
    g_string_append_c(out, ']');
}

/* ---- plans ---- */

static void
add_plan_boxes(const GmqHtmlPart *part, const GmqPlan *plan, GString *out)
{
    bool is_first = true;

    for (GmqPlaceKind kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
        for (unsigned i = 0; i < count_of(part->stage->whole, kind); i++) {
            const GmqPlanBox *box = &plan->boxes[kind][i];
            if (part->boxes[kind][i] < 0)
                continue;
            g_string_append_printf(out, "%s[%d,%d,%d,%d]", is_first ? "" : ",", box->x, box->y,
                                   box->width, box->height);
            is_first = false;
        }
    }
}

static void
add_plan_line(const GmqPlanLine *line, GString *out)
{
    g_string_append(out, "[[");
    for (unsigned i = 0; i < line->points->len; i++)
        g_string_append_printf(out, "%s%d", i > 0 ? "," : "", g_array_index(line->points, int, i));
    g_string_append_printf(out, "],%d,%d,%d,%d]", line->label_x, line->label_y, line->label_width,
                           line->label_height);
}

static void
add_plan(const GmqHtmlPart *part, bool is_upright, GString *out)
{
    g_autoptr(GmqPlan) plan = gmq_plan_new(part->stage, part->slots, is_upright);
    bool is_first           = true;

    g_string_append_printf(out, "\n{\"width\":%d,\"height\":%d,\"boxes\":[", plan->width,
                           plan->height);
    add_plan_boxes(part, plan, out);
    g_string_append(out, "],\"lines\":[");
    for (unsigned i = 0; i < plan->n_lines; i++) {
        if (part->lines[i] < 0)
            continue;
        g_string_append(out, is_first ? "" : ",");
        is_first = false;
        add_plan_line(&plan->lines[i], out);
    }
    g_string_append(out, "]}");
}

/* From left to right, and for narrow screens from top to bottom. */
void
gmq_html_add_plans(const GmqHtmlPart *part, GString *out)
{
    g_string_append(out, ",\n\"plans\":[");
    add_plan(part, false, out);
    g_string_append_c(out, ',');
    add_plan(part, true, out);
    g_string_append_c(out, ']');
}
