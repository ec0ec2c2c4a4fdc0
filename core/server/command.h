/* command.h - the commands of `glassmq ctl`: one table for both sides of the socket.
 *
 * The client checks the words of its command line against it and shows them as help; the broker
 * checks what comes in again and runs it. A new command is one row and one function. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/amqp/amqp.h"
#include "core/server/json.h"
#include "core/server/listing.h"

G_BEGIN_DECLS

typedef struct GmqBackups GmqBackups;
typedef struct GmqAnnouncer GmqAnnouncer;
typedef struct GmqRecording GmqRecording;

/* What a command works on; all lent. */
typedef struct {
    GmqBroker *broker;
    GmqAmqp *amqp;
    const char *default_vhost; /* where nobody names another */
    const char *data_path;     /* NULL: nothing is kept */
    GmqBackups *backups;       /* the control's */
    GmqAnnouncer *announcer;   /* likewise */
    GmqRecording *recording;   /* NULL: nobody writes down what the broker is told */
    int64_t started_ns;        /* when the broker was ready, by its host's clock */
} GmqServing;

/* The options that a command takes, beside those of all. */
typedef enum {
    GMQ_TAKES_VHOST     = 1 << 0,
    GMQ_TAKES_CONDITION = 1 << 1, /* --if-empty, --if-unused */
    GMQ_TAKES_POLICY    = 1 << 2, /* --priority, --apply-to */
    GMQ_TAKES_PASSWORD  = 1 << 3, /* the last argument; the client reads it when it is missing */
    GMQ_TAKES_DOCUMENT  = 1 << 4, /* JSON, which the client reads from the file it is given */
    GMQ_GIVES_DOCUMENT  = 1 << 5, /* the same, which it writes there */
    GMQ_TAKES_PATH      = 1 << 6, /* the argument is a path, which the client makes absolute */
} GmqTakes;

typedef struct GmqCommand GmqCommand;

typedef struct {
    const GmqCommand *command;
    GmqSlice vhost;
    char **arguments; /* as many as the command takes */
    unsigned n_arguments;
    int64_t priority;
    const char *apply_to; /* NULL: all */
    bool if_empty;
    bool if_unused;
    JsonNode *document; /* lent; NULL without one */
    char **columns;     /* of a listing; NULL: the standard ones */
} GmqRequest;

/* What a command answers with: the members of an object, to which it adds. */
typedef GmqJson GmqAnswer;

/* A deed that takes several turns. Whoever began it sets done and user, and frees it. */
typedef struct GmqTask GmqTask;

struct GmqTask {
    void (*stored)(GmqTask *task); /* the journal may have moved on */

    /* Once it is done: false with an error that is a sentence without its full stop. */
    bool (*finish)(GmqTask *task, GmqAnswer *answer, GError **error);

    /* Gives it up when it is not done. */
    void (*free)(GmqTask *task);

    void (*done)(GmqTask *task); /* called at its end, never while it is begun */
    void *user;
};

struct GmqCommand {
    const char *name;
    const char *parameters; /* "USER [PASSWORD]", "USER [TAG...]" */
    const char *summary;
    unsigned takes; /* GmqTakes */

    /* Either a listing: what its columns are, and its rows ... */
    const GmqColumn *columns;
    GmqSnapshot *(*look)(const GmqServing *serving, GmqSlice vhost);

    /* ... or a deed: false with an error that is a sentence without its full stop ... */
    bool (*run)(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                GError **error);

    /* ... or one that takes several turns; NULL with such an error. */
    GmqTask *(*begin)(const GmqServing *serving, const GmqRequest *request, GError **error);
};

typedef enum {
    GMQ_COMMAND_ERROR_REFUSED, /* the broker will not, or cannot, do that */
    GMQ_COMMAND_ERROR_WRONG,   /* the request is none */
} GmqCommandError;

#define GMQ_COMMAND_ERROR (gmq_command_error_quark())
GQuark gmq_command_error_quark(void);

/* All commands in the order of the help. */
extern const GmqCommand gmq_commands[];
extern const size_t gmq_command_count;

/* "events", which no row of the table is: a listener asks it and not ctl (control.h). It takes the
 * virtual host. */
extern const GmqCommand gmq_command_events;

/* The command of that name, in which a dash counts as an underscore; NULL without one. */
const GmqCommand *gmq_command_find(const char *name);

/* The name that was probably meant; NULL when none is near. */
const char *gmq_command_nearest(const char *name);

/* How many arguments the command takes from the command line. The name of a file stays with the
 * client. */
unsigned gmq_command_least(const GmqCommand *command);
unsigned gmq_command_most(const GmqCommand *command);

/* Reads a request from a line of JSON (control.h says what stands there). What it lends is owned by
 * the node, which must live as long as it. */
bool gmq_request_read(GmqRequest *request, JsonNode *node, const char *default_vhost,
                      GError **error);
void gmq_request_clear(GmqRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqRequest, gmq_request_clear)

/* ---- for the functions of commands ---- */

/* Set an error of that kind and return false. */
bool gmq_command_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
bool gmq_command_wrong(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The virtual host of the request; NULL with an error. */
GmqVhost *gmq_command_vhost(const GmqServing *serving, const GmqRequest *request, GError **error);

G_END_DECLS
