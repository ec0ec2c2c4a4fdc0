#include "tests/live/crash/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/live/crash/body.h"
#include "tests/live/crash/session.h"

enum {
    MESSAGES_MAX    = 40000,
    PLACES_MAX      = 16,
    LAST_CONFIRM_MS = 5000
};

typedef struct {
    char name[32], exchange[64], key[64];
    unsigned next; /* number */
} Place;

typedef enum {
    STATE_NONE,
    STATE_OPEN,
    STATE_CONFIRMED,
    STATE_NACKED
} State;

typedef struct {
    const char *name;
    amqp_connection_state_t session;
    Place places[PLACES_MAX];
    size_t n_places;
    unsigned window;

    /* By delivery tag. */
    unsigned n_sent, n_open, lowest_open;
    State states[MESSAGES_MAX + 1];
    unsigned char place_of[MESSAGES_MAX + 1];
    unsigned number_of[MESSAGES_MAX + 1];
} Publisher;

static Publisher publisher = {.lowest_open = 1};
static Body body;

/* Up to the next comma. */
static const char *
take_word(const char *text, char *word, size_t room)
{
    size_t size = strcspn(text, ",");
    snprintf(word, room, "%.*s", (int)size, text);
    return text[size] == ',' ? text + size + 1 : text + size;
}

static Place
read_place(const char *text)
{
    Place place;
    char number[16];

    text = take_word(text, place.name, sizeof place.name);
    text = take_word(text, place.exchange, sizeof place.exchange);
    text = take_word(text, place.key, sizeof place.key);
    take_word(text, number, sizeof number);
    place.next = (unsigned)strtoul(number, NULL, 10);
    return place;
}

static bool
start(int argc, char **argv)
{
    if (argc < 5 || argc > 4 + PLACES_MAX)
        return false;
    publisher.name    = argv[2];
    publisher.window  = (unsigned)strtoul(argv[3], NULL, 10);
    publisher.session = session_open(atoi(argv[1]));
    for (int i = 4; i < argc; i++)
        publisher.places[publisher.n_places++] = read_place(argv[i]);
    return true;
}

static void
send_next(void)
{
    unsigned tag = ++publisher.n_sent;
    size_t at    = tag % publisher.n_places;
    Place *place = &publisher.places[at];

    publisher.states[tag]    = STATE_OPEN;
    publisher.place_of[tag]  = (unsigned char)at;
    publisher.number_of[tag] = place->next;
    publisher.n_open++;
    body_make(&body, publisher.name, place->name, place->next++);
    printf("P %s %u\n", place->name, publisher.number_of[tag]);

    amqp_basic_properties_t properties = {
        ._flags        = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG,
        .delivery_mode = AMQP_DELIVERY_PERSISTENT,
        .message_id    = amqp_cstring_bytes(body.id),
    };
    int status = amqp_basic_publish(publisher.session, CHANNEL, amqp_cstring_bytes(place->exchange),
                                    amqp_cstring_bytes(place->key), 0, 0, &properties,
                                    (amqp_bytes_t){.len = body.size, .bytes = body.bytes});
    if (status != AMQP_STATUS_OK)
        session_end(publisher.session, status);
}

static void
settle(uint64_t tag, State state)
{
    if (tag == 0 || tag > publisher.n_sent || publisher.states[tag] != STATE_OPEN) {
        printf("! tag %llu is confirmed, and was not to be\n", (unsigned long long)tag);
        return;
    }
    publisher.states[tag] = state;
    publisher.n_open--;
    printf("%c %s %u\n", state == STATE_CONFIRMED ? 'C' : 'N',
           publisher.places[publisher.place_of[tag]].name, publisher.number_of[tag]);
}

static void
settle_up_to(uint64_t tag, bool multiple, State state)
{
    unsigned *lowest = &publisher.lowest_open;

    if (!multiple) {
        settle(tag, state);
        return;
    }
    for (; *lowest <= tag && *lowest <= publisher.n_sent; (*lowest)++) {
        if (publisher.states[*lowest] == STATE_OPEN)
            settle(*lowest, state);
    }
}

static void
take_frame(const amqp_frame_t *frame)
{
    if (frame->frame_type != AMQP_FRAME_METHOD)
        return;
    if (frame->payload.method.id == AMQP_BASIC_ACK_METHOD) {
        const amqp_basic_ack_t *ack = frame->payload.method.decoded;
        settle_up_to(ack->delivery_tag, ack->multiple, STATE_CONFIRMED);
    } else if (frame->payload.method.id == AMQP_BASIC_NACK_METHOD) {
        const amqp_basic_nack_t *nack = frame->payload.method.decoded;
        settle_up_to(nack->delivery_tag, nack->multiple, STATE_NACKED);
    }
}

int
publish_main(int argc, char **argv)
{
    amqp_frame_t frame;

    if (!start(argc, argv))
        return 2;
    amqp_confirm_select(publisher.session, CHANNEL);
    session_check(publisher.session);
    while (publisher.n_sent < MESSAGES_MAX || publisher.n_open > 0) {
        bool may_send = publisher.n_open < publisher.window && publisher.n_sent < MESSAGES_MAX;
        if (session_read(publisher.session, &frame, may_send ? 0 : LAST_CONFIRM_MS)) {
            take_frame(&frame);
        } else if (may_send) {
            send_next();
        } else {
            printf("! no confirm within %d ms\n", LAST_CONFIRM_MS);
            session_end(publisher.session, AMQP_STATUS_SOCKET_CLOSED);
        }
    }
    for (;;)
        session_read(publisher.session, &frame, LAST_CONFIRM_MS);
}

int
commit_main(int argc, char **argv)
{
    if (!start(argc, argv))
        return 2;
    amqp_tx_select(publisher.session, CHANNEL);
    session_check(publisher.session);
    while (publisher.n_sent + publisher.window <= MESSAGES_MAX) {
        for (unsigned i = 0; i < publisher.window; i++)
            send_next();
        amqp_tx_commit(publisher.session, CHANNEL);
        session_check(publisher.session);
        settle_up_to(publisher.n_sent, true, STATE_CONFIRMED);
        amqp_maybe_release_buffers(publisher.session);
    }
    amqp_frame_t frame;
    for (;;)
        session_read(publisher.session, &frame, LAST_CONFIRM_MS);
}
