/* program-private.h - one channel of a real program, for the files program-*.c. */
#pragma once

#include "core/wire/method.h"
#include "sim/sim-client.h"

G_BEGIN_DECLS

/* What came, and waits for an ack. */
typedef struct {
    uint64_t tag;
    char *queue;
    char *name;
} GmqProgramDelivery;

/* Who takes from where. */
typedef struct {
    char *tag; /* NULL: the broker has not said it yet */
    char *queue;
    bool is_no_ack;
} GmqProgramConsumer;

/* A message whose frames are still coming. */
typedef struct {
    bool is_on;
    GByteArray *method;
    GByteArray *header;
    GByteArray *body;
    uint64_t body_size;
} GmqProgramContent;

typedef struct {
    uint16_t number;
    bool is_confirming;
    GPtrArray *names;   /* since confirms were asked for, by number; NULL: answered */
    GPtrArray *taken;   /* of GmqProgramDelivery */
    GPtrArray *takers;  /* of GmqProgramConsumer */
    GPtrArray *getters; /* of GmqProgramConsumer: gets without an answer, oldest first */
    GmqProgramContent said, heard;
} GmqProgramChannel;

/* The channel of that number among these, or a new one. */
GmqProgramChannel *gmq_program_channel(GPtrArray *channels, uint16_t number);
void gmq_program_channel_free(void *channel);

/* A message without a name gets one, in a header of its own; true when that is needed. */
bool gmq_program_name_message(GmqSimClient *client, GByteArray *header, uint64_t body_size);

/* Whole messages that go by, and methods. */
void gmq_program_note_sent(GmqSimClient *client, GmqProgramChannel *channel);
void gmq_program_note_heard(GmqSimClient *client, GmqProgramChannel *channel);
void gmq_program_said_method(GmqSimClient *client, GmqProgramChannel *channel,
                             const GmqMethod *method);
void gmq_program_heard_method(GmqSimClient *client, GmqProgramChannel *channel,
                              const GmqMethod *method);

static inline GmqSlice
gmq_bytes_slice(const GByteArray *bytes)
{
    return (GmqSlice){bytes->data, bytes->len};
}

G_END_DECLS
