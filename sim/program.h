/* program.h - a real program that plays a client of a scenario, on the real clock.
 *
 * It is started when the client starts, with the address of a port of our own in AMQP_URL and the
 * name of its queue in GLASSMQ_QUEUE. What it sends there goes over the client's link to the
 * broker, so that all that befalls links in scenarios befalls the program. When its connection
 * ends it may connect again as it likes; when the program itself ends, "reconnect" says whether it
 * is started again. */
#pragma once

#include "sim/sim-client.h"

G_BEGIN_DECLS

extern const GmqRoleClass gmq_program_class;

/* The last that a program writes is kept, so much of it. */
#define GMQ_PROGRAM_WORDS_MAX 4096

/* So many connections it may make, so many at a time, and so often be started, in one run. */
#define GMQ_PROGRAM_CONNECTIONS_MAX 200
#define GMQ_PROGRAM_AT_A_TIME_MAX 8
#define GMQ_PROGRAM_STARTS_MAX 20

/* What is known of the programs of a run besides the trace. */
typedef struct {
    char **command; /* instead of what the scenario says; lent, NULL: that */
    GString *words; /* the last that was written */
    unsigned n_starts;
    unsigned n_connections;
    bool is_running;
    bool has_ended; /* at least once by itself */
    bool is_flood;  /* one of the limits above was reached: nothing more is done for it */
    int status;     /* of the last end, as wait() says it */
    char *wrong;    /* why it could not be started; NULL: it could */
} GmqProgramRecord;

GmqProgramRecord *gmq_program_record_new(void);
void gmq_program_record_free(GmqProgramRecord *record);

G_END_DECLS
