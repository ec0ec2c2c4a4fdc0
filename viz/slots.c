#include "viz/slots.h"

#include <string.h>

#include "viz/box.h"

struct GmqSlots {
    const GmqStage *stage;
    GArray *slots;       /* of GmqSlot */
    GPtrArray *messages; /* names without "@queue"; owned */
    GHashTable *by_stem; /* name to index + 1; for look-up only */
    GHashTable *by_name; /* address of a name in the trace to index + 1; likewise */
    GPtrArray *words;    /* lent: they are literals */
};

/* ---- what has a slot ---- */

/* A counter of a struct. What is not always of interest has a place only where it counts at all. */
typedef struct {
    const char *word;
    size_t offset;
    bool is_always;
} Counter;

#define COUNTER(type, member, word, is_always)                                                     \
    {                                                                                              \
        word, G_STRUCT_OFFSET(type, member), is_always                                             \
    }

static const Counter totals_counters[] = {
    COUNTER(GmqPictureTotals, published, "published", true),
    COUNTER(GmqPictureTotals, confirmed, "confirmed", false),
    COUNTER(GmqPictureTotals, processed, "processed", false),
    COUNTER(GmqPictureTotals, processed_twice, "processed twice", false),
    COUNTER(GmqPictureTotals, redelivered, "redelivered", true),
    COUNTER(GmqPictureTotals, returned, "returned", false),
    COUNTER(GmqPictureTotals, unroutable, "no route", false),
    COUNTER(GmqPictureTotals, checks_broken, "checks broken", true),
};

static const Counter producer_counters[] = {
    COUNTER(GmqPictureClient, sent, "sent", true),
    COUNTER(GmqPictureClient, confirmed, "confirmed", false),
    COUNTER(GmqPictureClient, returned, "returned", false),
    COUNTER(GmqPictureClient, nacked, "nacked", false),
};

static const Counter consumer_counters[] = {
    COUNTER(GmqPictureClient, prefetch, "prefetch", false),
    COUNTER(GmqPictureClient, finished, "done", true),
    COUNTER(GmqPictureClient, sent, "sent", false),
    COUNTER(GmqPictureClient, confirmed, "confirmed", false),
};

static const Counter exchange_counters[] = {
    COUNTER(GmqPictureExchange, in, "in", true),
    COUNTER(GmqPictureExchange, routed, "out", true),
    COUNTER(GmqPictureExchange, unroutable, "no route", false),
};

static const Counter queue_counters[] = {
    COUNTER(GmqPictureQueue, acked, "acked", true),
    COUNTER(GmqPictureQueue, redelivered, "redelivered", false),
    COUNTER(GmqPictureQueue, expired, "expired", false),
    COUNTER(GmqPictureQueue, dropped, "dropped", false),
    COUNTER(GmqPictureQueue, dead_lettered, "dead-lettered", false),
};

static uint64_t
count_at(const void *entity, size_t offset)
{
    return G_STRUCT_MEMBER(uint64_t, entity, offset);
}

static void
add(GmqSlots *slots, GmqSlot slot)
{
    g_array_append_val(slots->slots, slot);
}

static void
add_counters(GmqSlots *slots, GmqPlace place, const void *whole, const Counter *counters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t most = count_at(whole, counters[i].offset);
        add(slots, (GmqSlot){.kind     = GMQ_SLOT_COUNT,
                             .word     = counters[i].word,
                             .place    = place,
                             .edge     = -1,
                             .is_shown = counters[i].is_always || most > 0,
                             .offset   = counters[i].offset,
                             .most     = most});
    }
}

static void
add_list(GmqSlots *slots, GmqPlace place, const char *word, size_t offset)
{
    add(slots, (GmqSlot){GMQ_SLOT_LIST, word, place, -1, true, offset, 0});
}

static void
add_client(GmqSlots *slots, unsigned index)
{
    const GmqPictureClient *whole = gmq_picture_client(slots->stage->whole, index);
    GmqPlace place                = {GMQ_PLACE_CLIENT, index};

    add(slots, (GmqSlot){GMQ_SLOT_STATE, "", place, -1, true, 0, 0});
    if (!whole->consumes) {
        add_counters(slots, place, whole, producer_counters, G_N_ELEMENTS(producer_counters));
        return;
    }
    add_list(slots, place, "has", G_STRUCT_OFFSET(GmqPictureClient, held));
    add(slots, (GmqSlot){GMQ_SLOT_WORK, "work", place, -1, true, 0, 0});
    add_counters(slots, place, whole, consumer_counters, G_N_ELEMENTS(consumer_counters));
}

static void
add_exchange(GmqSlots *slots, unsigned index)
{
    GmqPlace place = {GMQ_PLACE_EXCHANGE, index};

    add(slots, (GmqSlot){GMQ_SLOT_STATE, "", place, -1, true, 0, 0});
    add_counters(slots, place, gmq_picture_exchange(slots->stage->whole, index), exchange_counters,
                 G_N_ELEMENTS(exchange_counters));
}

static void
add_queue(GmqSlots *slots, unsigned index)
{
    GmqPlace place = {GMQ_PLACE_QUEUE, index};

    add(slots, (GmqSlot){GMQ_SLOT_STATE, "", place, -1, true, 0, 0});
    add_list(slots, place, "ready", G_STRUCT_OFFSET(GmqPictureQueue, ready));
    add_list(slots, place, "unacked", G_STRUCT_OFFSET(GmqPictureQueue, unacked));
    add_counters(slots, place, gmq_picture_queue(slots->stage->whole, index), queue_counters,
                 G_N_ELEMENTS(queue_counters));
}

static void
add_edge(GmqSlots *slots, int edge)
{
    static const struct {
        GmqSlotKind kind;
        const char *word;
        size_t offset;
    } rows[] = {
        {GMQ_SLOT_LINE, "line", 0},
        {GMQ_SLOT_COUNT, "count", G_STRUCT_OFFSET(GmqPictureEdge, count)},
        {GMQ_SLOT_LIST, "forth", G_STRUCT_OFFSET(GmqPictureEdge, forth)},
        {GMQ_SLOT_LIST, "back", G_STRUCT_OFFSET(GmqPictureEdge, back)},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        add(slots,
            (GmqSlot){
                rows[i].kind, rows[i].word, {GMQ_PLACE_NONE, 0}, edge, true, rows[i].offset, 0});
}

GmqSlots *
gmq_slots_new(const GmqStage *stage)
{
    GmqSlots *slots         = g_new0(GmqSlots, 1);
    const GmqPicture *whole = stage->whole;

    slots->stage    = stage;
    slots->slots    = g_array_new(FALSE, FALSE, sizeof(GmqSlot));
    slots->messages = g_ptr_array_new();
    slots->by_stem  = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    slots->by_name  = g_hash_table_new(g_direct_hash, g_direct_equal);
    slots->words    = g_ptr_array_new();
    add_counters(slots, (GmqPlace){GMQ_PLACE_NONE, 0}, &whole->totals, totals_counters,
                 G_N_ELEMENTS(totals_counters));
    add(slots, (GmqSlot){GMQ_SLOT_DOWN, "", {GMQ_PLACE_NONE, 0}, -1, true, 0, 0});
    for (unsigned i = 0; i < whole->clients->len; i++)
        add_client(slots, i);
    for (unsigned i = 0; i < whole->exchanges->len; i++)
        add_exchange(slots, i);
    for (unsigned i = 0; i < whole->queues->len; i++)
        add_queue(slots, i);
    for (unsigned i = 0; i < whole->edges->len; i++)
        add_edge(slots, (int)i);
    return slots;
}

void
gmq_slots_free(GmqSlots *slots)
{
    g_array_free(slots->slots, TRUE);
    g_ptr_array_free(slots->messages, TRUE);
    g_hash_table_destroy(slots->by_stem);
    g_hash_table_destroy(slots->by_name);
    g_ptr_array_free(slots->words, TRUE);
    g_free(slots);
}

unsigned
gmq_slots_length(const GmqSlots *slots)
{
    return slots->slots->len;
}

const GmqSlot *
gmq_slots_at(const GmqSlots *slots, unsigned index)
{
    g_assert(index < slots->slots->len);

    return &g_array_index(slots->slots, GmqSlot, index);
}

/* ---- names ---- */

int64_t
gmq_slots_message(GmqSlots *slots, const char *message)
{
    if (*message == '\0')
        return -1;

    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(slots->by_name, message));
    if (index > 0)
        return (int64_t)index - 1;

    char *stem = g_strndup(message, gmq_picture_stem(slots->stage->whole, message));
    index      = GPOINTER_TO_UINT(g_hash_table_lookup(slots->by_stem, stem));
    if (index == 0) {
        g_ptr_array_add(slots->messages, stem);
        index = slots->messages->len;
        g_hash_table_insert(slots->by_stem, stem, GUINT_TO_POINTER(index));
    } else {
        g_free(stem);
    }
    g_hash_table_insert(slots->by_name, (char *)message, GUINT_TO_POINTER(index));
    return (int64_t)index - 1;
}

const GPtrArray *
gmq_slots_messages(const GmqSlots *slots)
{
    return slots->messages;
}

const GPtrArray *
gmq_slots_words(const GmqSlots *slots)
{
    return slots->words;
}

static int64_t
word_index(GmqSlots *slots, const char *word)
{
    for (unsigned i = 0; i < slots->words->len; i++) {
        if (strcmp(slots->words->pdata[i], word) == 0)
            return i;
    }
    g_ptr_array_add(slots->words, (char *)word);
    return slots->words->len - 1;
}

static const char *const whats[] = {"", "ok", "nack", "return", "ack"};

const char *
gmq_slots_what(unsigned index)
{
    return index < G_N_ELEMENTS(whats) ? whats[index] : NULL;
}

static int64_t
what_bits(const char *what)
{
    for (size_t i = 1; what != NULL && i < G_N_ELEMENTS(whats); i++) {
        if (strcmp(what, whats[i]) == 0)
            return (int64_t)(i << GMQ_TOKEN_WHAT_SHIFT);
    }
    return 0;
}

/* ---- reading ---- */

static void
put(GmqMoment *moment, int64_t number)
{
    g_array_append_val(moment->numbers, number);
}

/* What a slot belongs to; NULL while it is not there yet. */
static const void *
entity_of(const GmqPicture *now, const GmqSlot *slot)
{
    if (slot->edge >= 0)
        return (unsigned)slot->edge < now->edges->len ? now->edges->pdata[slot->edge] : NULL;

    const GPtrArray *lists[GMQ_N_PLACE_KINDS] = {NULL, now->clients, now->exchanges, now->queues};
    const GPtrArray *list                     = lists[slot->place.kind];
    if (list == NULL)
        return &now->totals;
    return slot->place.index < list->len ? list->pdata[slot->place.index] : NULL;
}

static void
read_state(GmqSlots *slots, const GmqPicture *now, const GmqSlot *slot, GmqMoment *moment)
{
    bool is_deleted = false;

    if (!gmq_box_exists(now, slot->place)) {
        put(moment, -1);
        return;
    }
    if (slot->place.kind == GMQ_PLACE_CLIENT) {
        put(moment, word_index(slots, gmq_box_state(now, slot->place.index)));
        return;
    }
    if (slot->place.kind == GMQ_PLACE_EXCHANGE)
        is_deleted = gmq_picture_exchange(now, slot->place.index)->is_deleted;
    else
        is_deleted = gmq_picture_queue(now, slot->place.index)->is_deleted;
    put(moment, word_index(slots, is_deleted ? "DELETED" : ""));
}

static bool
is_bound(const GmqPictureEdge *edge)
{
    for (unsigned i = 0; i < edge->keys->len; i++) {
        if (g_array_index(edge->keys, GmqPictureKey, i).is_bound)
            return true;
    }
    return false;
}

static GmqLineState
line_state(const GmqPicture *now, const GmqPictureEdge *edge)
{
    GmqPlace end = edge->kind == GMQ_EDGE_PUBLISH ? edge->from : edge->to;

    if (!gmq_box_exists(now, edge->from) || !gmq_box_exists(now, edge->to))
        return GMQ_LINE_ABSENT;
    if (end.kind == GMQ_PLACE_CLIENT &&
        gmq_picture_trouble(gmq_picture_client(now, end.index)) != NULL)
        return GMQ_LINE_BROKEN;
    if (edge->kind == GMQ_EDGE_CONSUME)
        return edge->consumers > 0 ? GMQ_LINE_ALIVE : GMQ_LINE_IDLE;
    if (edge->kind == GMQ_EDGE_BINDING)
        return is_bound(edge) ? GMQ_LINE_ALIVE : GMQ_LINE_IDLE;
    if (edge->kind == GMQ_EDGE_ALTERNATE)
        return edge->is_set ? GMQ_LINE_ALIVE : GMQ_LINE_IDLE;
    return GMQ_LINE_ALIVE;
}

/* The messages ready for other consumers are counted, and one that passes through is named too. */
static void
read_list(GmqSlots *slots, const void *entity, const GmqSlot *slot, GmqMoment *moment)
{
    const GmqTokens *tokens = G_STRUCT_MEMBER_P(entity, slot->offset);
    bool is_ready           = slot->place.kind == GMQ_PLACE_QUEUE &&
                    slot->offset == G_STRUCT_OFFSET(GmqPictureQueue, ready);

    put(moment, is_ready ? (int64_t)gmq_picture_ready(entity) : (int64_t)tokens->length);
    for (size_t i = 0; i < MIN(tokens->length, GMQ_SLOT_TOKENS_MAX); i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        int64_t bits          = what_bits(token->what);

        bits |= (token->redelivered ? GMQ_TOKEN_AGAIN : 0) |
                (token->is_passing ? GMQ_TOKEN_PASSING : 0);
        put(moment,
            gmq_slots_message(slots, token->message) * (1 << GMQ_TOKEN_MESSAGE_SHIFT) + bits);
    }
}

static void
read_work(const GmqPictureClient *client, GmqMoment *moment)
{
    if (client->held.length == 0 || client->state == GMQ_CLIENT_CRASHED)
        return;
    put(moment, client->work_since_ns / 1000);
    put(moment, gmq_tokens_at(&client->held, 0)->work_ns / 1000);
}

/* What is not there yet counts nothing and has nothing. */
static void
read_slot(GmqSlots *slots, const GmqPicture *now, const GmqSlot *slot, GmqMoment *moment)
{
    const void *entity = entity_of(now, slot);

    switch (slot->kind) {
    case GMQ_SLOT_STATE:
        read_state(slots, now, slot, moment);
        break;
    case GMQ_SLOT_DOWN:
        put(moment, now->is_broker_down ? 1 : 0);
        break;
    case GMQ_SLOT_LINE:
        put(moment, entity != NULL ? line_state(now, entity) : GMQ_LINE_ABSENT);
        break;
    case GMQ_SLOT_LIST:
        if (entity != NULL)
            read_list(slots, entity, slot, moment);
        else
            put(moment, 0);
        break;
    case GMQ_SLOT_WORK:
        if (entity != NULL)
            read_work(entity, moment);
        break;
    default:
        put(moment, entity != NULL ? (int64_t)count_at(entity, slot->offset) : 0);
        break;
    }
}

void
gmq_slots_read(GmqSlots *slots, const GmqPicture *now, GmqMoment *moment)
{
    g_array_set_size(moment->numbers, 0);
    g_array_set_size(moment->ends, 0);
    for (unsigned i = 0; i < slots->slots->len; i++) {
        read_slot(slots, now, gmq_slots_at(slots, i), moment);
        g_array_append_val(moment->ends, moment->numbers->len);
    }
}

/* ---- moments ---- */

void
gmq_moment_init(GmqMoment *moment)
{
    moment->numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    moment->ends    = g_array_new(FALSE, FALSE, sizeof(unsigned));
}

void
gmq_moment_clear(GmqMoment *moment)
{
    g_clear_pointer(&moment->numbers, g_array_unref);
    g_clear_pointer(&moment->ends, g_array_unref);
}

const int64_t *
gmq_moment_slot(const GmqMoment *moment, unsigned index, size_t *length)
{
    g_assert(index < moment->ends->len);

    unsigned start = index == 0 ? 0 : g_array_index(moment->ends, unsigned, index - 1);
    *length        = g_array_index(moment->ends, unsigned, index) - start;
    return &g_array_index(moment->numbers, int64_t, start);
}

bool
gmq_moment_slot_equal(const GmqMoment *a, const GmqMoment *b, unsigned index)
{
    size_t length, other_length;
    const int64_t *one   = gmq_moment_slot(a, index, &length);
    const int64_t *other = gmq_moment_slot(b, index, &other_length);

    return length == other_length &&
           (length == 0 || memcmp(one, other, length * sizeof(*one)) == 0);
}
