/* control.h - the Unix socket through which `glassmq ctl` talks to a running broker.
 *
 * A request is one line with a JSON object:
 *
 *     {"command": "list_queues", "vhost": "/", "columns": ["name", "messages"]}
 *     {"command": "purge_queue", "arguments": ["tasks"]}
 *
 *   command    the name in the table of commands (command.h)
 *   arguments  its arguments, texts; [] when it is missing
 *   vhost      the virtual host; the broker's default one when it is missing
 *   columns    of a listing; the standard ones when it is missing
 *   priority, apply_to, if_empty, if_unused, document    where the command takes them
 *
 * The answer is one line for each row of a listing, and a last line that says how it went:
 *
 *     {"row":{"name":"tasks","messages":3}}
 *     {"ok":true}
 *     {"ok":false,"error":"there is no queue 'task' in vhost '/'"}
 *
 * The last line may hold more members: what the command answers with. Requests are answered in
 * order, one at a time; the next one is read when the answer has left, and an answer that tells of
 * a change leaves when the journal has it. Lines are bounded, an answer
 * is written as the reader takes it, and of too many clients the one that was silent the longest
 * is cut off; so no client can hold up the broker or another client.
 *
 * To one request the answer has no end: {"command": "events", "vhost": "/"} makes the client a
 * listener, of which there are GMQ_LISTENERS_MAX at most (announcer.h), and which are not cut off
 * for their silence. It is told
 *
 *     {"ok":true,"vhost":"/","t":7000000,"wall_ms":1700000000000}
 *     {"n":0,"t":7000000,"k":"queue.declared","who":"tasks","flags":1,"c":0}
 *     {"n":0,"t":7000000,"k":"queue.counts","who":"tasks","tag":0,"ready":3,"c":0}
 *     {"snapshot":2}
 *     {"n":41,"t":7100000,"k":"publish","who":"shop","to":"","key":"tasks","m":"m4","ch":1,"tag":0,
 *      "bytes":5,"c":0,"id":"order-17"}
 *     {"missed":1200}
 *
 * that is: the broker's time in ns since its start, and the clock at that moment; what there is, as
 * events without a number, and how many lines those were; then each event of the virtual host or of
 * the whole broker as it comes, with its number and that of its cause, which may be one that was
 * never told. Messages are called by the broker's number; id is what their publisher calls them.
 * Behind "missed", which counts the events of all virtual hosts that were not told, what there is
 * follows again up to the next "snapshot". The next request ends it, and may be the same again. */
#pragma once

#include "core/net/net.h"
#include "core/server/command.h"

G_BEGIN_DECLS

/* The longest request; definitions to import stand in one. */
#define GMQ_CONTROL_REQUEST_MAX (64 * 1024 * 1024)

/* Clients at a time. */
#define GMQ_CONTROL_CLIENTS_MAX 16

typedef struct GmqControl GmqControl;

typedef enum {
    GMQ_CONTROL_ERROR_FAILED,
} GmqControlError;

#define GMQ_CONTROL_ERROR (gmq_control_error_quark())
GQuark gmq_control_error_quark(void);

/* Listens on a socket of that path, for the user of this process alone (0600), in place of one that
 * a dead broker left there: whoever calls holds the directory. The net is lent, serving is copied.
 * NULL with an error, a sentence without its full stop. */
GmqControl *gmq_control_new(GmqNet *net, const char *path, const GmqServing *serving,
                            GError **error);

/* Whatever has been stored, an answer may have waited for it. */
void gmq_control_on_stored(GmqControl *control);

/* Cuts all clients off and removes the socket. */
void gmq_control_free(GmqControl *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqControl, gmq_control_free)

/* Fills the address of a Unix socket; false with an error when the path is too long for one. */
struct sockaddr_un;
bool gmq_control_address(const char *path, struct sockaddr_un *address, GError **error);

G_END_DECLS
