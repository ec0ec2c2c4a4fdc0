/* program-relay.h - one connection of a real program: from its socket over the link of a client,
 * and back. */
#pragma once

#include "sim/program-wire.h"
#include "sim/remote-source.h"

G_BEGIN_DECLS

typedef struct {
    GmqSimClient *client; /* lent */
    GmqProgramWire *wire; /* NULL: there is no connection */
    GmqRemoteSource socket;
    GByteArray *said;  /* comes from the program, and does not fit into the link */
    GByteArray *heard; /* goes to it, and does not fit into the socket */
    bool has_left;     /* the program has ended the connection */
    bool is_over;      /* the other end has */
} GmqProgramRelay;

/* The relay stays where it is until it is cleared. */
void gmq_program_relay_init(GmqProgramRelay *relay, GmqSimClient *client);
void gmq_program_relay_clear(GmqProgramRelay *relay);

/* A program has connected with that socket, which is the relay's from now on: the client dials. */
void gmq_program_relay_begin(GmqProgramRelay *relay, int socket);

/* What the class of the client is told; each takes a relay. */
void gmq_program_relay_opened(void *relay);
void gmq_program_relay_heard(void *relay, GmqSlice bytes);
void gmq_program_relay_hung_up(void *relay);
void gmq_program_relay_flush(void *relay);
void gmq_program_relay_lost(void *relay);

/* A client of a second connection of a program, with the links of its first one. */
extern const GmqRoleClass gmq_program_extra_class;

G_END_DECLS
