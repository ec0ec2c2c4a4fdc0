/* control-client.h - one client of the control socket: takes requests, writes answers. */
#pragma once

#include <sys/types.h>

#include "core/server/announcer.h"
#include "core/server/control.h"

G_BEGIN_DECLS

typedef struct GmqControlClient GmqControlClient;

struct GmqControlClient {
    GmqWatch watch; /* first */
    GmqLoop *loop;
    const GmqServing *serving;
    void (*gone)(GmqControlClient *client);  /* told at the end, and frees it */
    void (*heard)(GmqControlClient *client); /* something came */
    void *user;
    GList link; /* for its owner; data is the client */
    int fd;
    bool is_writing;     /* else it waits for a request */
    GString *input;      /* of requests, the one that is still to come whole included */
    size_t searched;     /* bytes of it that hold no end of a line */
    GString *output;     /* bytes of the answer that are still to go */
    size_t sent;         /* of those */
    GmqListing *listing; /* rows that are still to be written; NULL: none */
    uint64_t gate;       /* what the journal is to reach before the answer leaves; 0: nothing */
    GmqTask *task;       /* that the answer waits for; NULL: none */
    GmqHearer *hearer;   /* what listens for it; NULL: it asks, and does not listen */
};

/* Serves the socket, which is not blocking and owned from now on; everything else is lent. NULL,
 * and the socket closed, when the kernel has no room to watch it. */
GmqControlClient *gmq_control_client_new(GmqLoop *loop, int fd, const GmqServing *serving);

/* The journal may have moved on. */
void gmq_control_client_on_stored(GmqControlClient *client);

/* Sends of the output what the socket takes now, as send(2) answers. */
ssize_t gmq_control_client_send(const GmqControlClient *client);

/* Hangs up. Its watch is forgotten. */
void gmq_control_client_free(GmqControlClient *client);

G_END_DECLS
