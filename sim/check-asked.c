/* What clients ask a broker to be: the arguments of exchanges, queues and bindings, which no event
 * tells, read from the bytes that clients send. What was asked for becomes true with its event. */
#include "sim/check-asked.h"
#include "sim/check-field.h"

#define HEADER_SIZE 7
#define GREETING_SIZE 8 /* "AMQP" 0 0 9 1 */
#define METHOD 1        /* the type of a frame */

/* The bytes of one connection, cut into frames. */
typedef struct {
    unsigned n_greeting;
    uint8_t header[HEADER_SIZE];
    unsigned n_header;
    GByteArray *payload; /* of a method */
    uint64_t left;       /* of the payload and its end */
} Ear;

struct GmqCheckAsked {
    GHashTable *ears;  /* of names of connections to Ear; owned, look-up only */
    GPtrArray *wishes; /* of GmqCheckWish; owned */
};

static void
free_ear(void *data)
{
    Ear *ear = data;

    g_byte_array_unref(ear->payload);
    g_free(ear);
}

static void
free_wish(void *data)
{
    GmqCheckWish *wish = data;

    g_free(wish->name);
    g_free(wish->to);
    g_free(wish->key);
    g_free(wish->arguments);
    g_free(wish);
}

GmqCheckAsked *
gmq_check_asked_new(void)
{
    GmqCheckAsked *asked = g_new0(GmqCheckAsked, 1);

    asked->ears   = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_ear);
    asked->wishes = g_ptr_array_new_with_free_func(free_wish);
    return asked;
}

void
gmq_check_asked_free(GmqCheckAsked *asked)
{
    g_hash_table_unref(asked->ears);
    g_ptr_array_unref(asked->wishes);
    g_free(asked);
}

/* ---- wishes ---- */

static bool
is_same(const GmqCheckWish *a, const GmqCheckWish *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->to, b->to) == 0 &&
           a->to_queue == b->to_queue;
}

static bool
is_equal(const GmqCheckWish *a, const GmqCheckWish *b)
{
    return is_same(a, b) && strcmp(a->key, b->key) == 0 && a->size == b->size &&
           (a->size == 0 || memcmp(a->arguments, b->arguments, a->size) == 0);
}

/* Of an exchange or a queue the last word counts; a binding is wished for once. */
static void
add_wish(GmqCheckAsked *asked, GmqCheckWish *wish)
{
    bool is_binding = wish->kind == GMQ_CHECK_BIND || wish->kind == GMQ_CHECK_UNBIND;

    for (unsigned i = 0; i < asked->wishes->len; i++) {
        const GmqCheckWish *other = asked->wishes->pdata[i];

        if (is_binding ? is_equal(wish, other) : is_same(wish, other)) {
            g_ptr_array_remove_index(asked->wishes, i);
            break;
        }
    }
    g_ptr_array_add(asked->wishes, wish);
}

const GmqCheckWish *
gmq_check_find_wish(const GmqCheck *check, GmqCheckWishKind kind, GmqSlice name)
{
    const GPtrArray *wishes = check->asked->wishes;

    for (unsigned i = wishes->len; i-- > 0;) {
        const GmqCheckWish *wish = wishes->pdata[i];

        if (wish->kind == kind && gmq_slice_equal(gmq_slice_of(wish->name), name))
            return wish;
    }
    return NULL;
}

GmqCheckWish *
gmq_check_take_wish(GmqCheck *check, GmqCheckWishKind kind, const GmqEvent *event)
{
    GPtrArray *wishes = check->asked->wishes;
    bool to_queue     = gmq_slice_equal(event->text, GMQ_SLICE("queue"));

    for (unsigned i = 0; i < wishes->len; i++) {
        GmqCheckWish *wish = wishes->pdata[i];

        if (wish->kind == kind && wish->to_queue == to_queue &&
            gmq_slice_equal(gmq_slice_of(wish->name), event->who) &&
            gmq_slice_equal(gmq_slice_of(wish->to), event->to) &&
            gmq_slice_equal(gmq_slice_of(wish->key), event->key))
            return g_ptr_array_steal_index(wishes, i);
    }
    return NULL;
}

void
gmq_check_free_wish(GmqCheckWish *wish)
{
    if (wish != NULL)
        free_wish(wish);
}

/* ---- methods ---- */

static char *
take_text(GmqSlice *rest)
{
    return gmq_slice_dup(gmq_check_take_bytes(rest, gmq_check_take_number(rest, 1)));
}

static void
take_arguments(GmqSlice *rest, GmqCheckWish *wish)
{
    GmqSlice table = gmq_check_take_bytes(rest, gmq_check_take_number(rest, 4));

    wish->arguments = g_memdup2(table.data, table.size);
    wish->size      = table.size;
}

static GmqCheckWish *
wish_new(GmqCheckWishKind kind, GmqSlice *rest)
{
    GmqCheckWish *wish = g_new0(GmqCheckWish, 1);

    gmq_check_take_number(rest, 2); /* reserved */
    wish->kind = kind;
    return wish;
}

static GmqCheckWish *
read_exchange(GmqSlice rest)
{
    GmqCheckWish *wish = wish_new(GMQ_CHECK_EXCHANGE, &rest);

    wish->name = take_text(&rest);
    wish->to   = g_strdup("");
    wish->key  = take_text(&rest);
    gmq_check_take_number(&rest, 1);
    take_arguments(&rest, wish);
    return wish;
}

static GmqCheckWish *
read_queue(GmqSlice rest)
{
    GmqCheckWish *wish = wish_new(GMQ_CHECK_QUEUE, &rest);

    wish->name = take_text(&rest);
    wish->to   = g_strdup("");
    wish->key  = g_strdup("");
    gmq_check_take_number(&rest, 1);
    take_arguments(&rest, wish);
    return wish;
}

/* The target stands first. A bit for nowait follows, but not when a queue is unbound. */
static GmqCheckWish *
read_binding(GmqCheckWishKind kind, bool to_queue, GmqSlice rest)
{
    GmqCheckWish *wish = wish_new(kind, &rest);

    wish->to_queue = to_queue;
    wish->to       = take_text(&rest);
    wish->name     = take_text(&rest);
    wish->key      = take_text(&rest);
    if (kind == GMQ_CHECK_BIND || !to_queue)
        gmq_check_take_number(&rest, 1);
    take_arguments(&rest, wish);
    return wish;
}

/* Class and method are the first four bytes. */
static GmqCheckWish *
read_method(GmqSlice rest)
{
    switch (gmq_check_take_number(&rest, 4)) {
    case 40 << 16 | 10:
        return read_exchange(rest);
    case 40 << 16 | 30:
        return read_binding(GMQ_CHECK_BIND, false, rest);
    case 40 << 16 | 40:
        return read_binding(GMQ_CHECK_UNBIND, false, rest);
    case 50 << 16 | 10:
        return read_queue(rest);
    case 50 << 16 | 20:
        return read_binding(GMQ_CHECK_BIND, true, rest);
    case 50 << 16 | 50:
        return read_binding(GMQ_CHECK_UNBIND, true, rest);
    default:
        return NULL;
    }
}

/* ---- frames ---- */

static Ear *
ear_of(GmqCheckAsked *asked, const char *connection)
{
    Ear *ear = g_hash_table_lookup(asked->ears, connection);

    if (ear == NULL) {
        ear          = g_new0(Ear, 1);
        ear->payload = g_byte_array_new();
        g_hash_table_insert(asked->ears, g_strdup(connection), ear);
    }
    return ear;
}

static void
end_frame(GmqCheckAsked *asked, Ear *ear)
{
    GmqCheckWish *wish = NULL;

    if (ear->header[0] == METHOD)
        wish = read_method((GmqSlice){ear->payload->data, ear->payload->len});
    if (wish != NULL)
        add_wish(asked, wish);
    ear->n_header = 0;
    g_byte_array_set_size(ear->payload, 0);
}

static void
take_header(Ear *ear, uint8_t byte)
{
    GmqSlice size = {ear->header + 3, 4};

    ear->header[ear->n_header++] = byte;
    if (ear->n_header == HEADER_SIZE)
        ear->left = gmq_check_take_number(&size, 4) + 1;
}

/* The rest of a frame, or as much of it as is there; returns how much that was. */
static size_t
take_payload(GmqCheckAsked *asked, Ear *ear, GmqSlice bytes)
{
    size_t size = (size_t)MIN(ear->left, bytes.size);

    if (ear->header[0] == METHOD)
        g_byte_array_append(ear->payload, bytes.data, (guint)size);
    ear->left -= size;
    if (ear->left == 0)
        end_frame(asked, ear);
    return size;
}

void
gmq_check_heard(GmqCheck *check, const char *connection, GmqSlice bytes)
{
    if (check == NULL)
        return;

    check->speaker = connection;
    Ear *ear       = ear_of(check->asked, connection);
    for (size_t i = 0; i < bytes.size;) {
        if (ear->n_greeting < GREETING_SIZE) {
            ear->n_greeting++;
            i++;
        } else if (ear->n_header < HEADER_SIZE) {
            take_header(ear, bytes.data[i++]);
        } else {
            i += take_payload(check->asked, ear, (GmqSlice){bytes.data + i, bytes.size - i});
        }
    }
}
