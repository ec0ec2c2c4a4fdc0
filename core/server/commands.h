/* commands.h - what the rows of the table of commands point to; for command.c alone. */
#pragma once

#include "core/server/command.h"

G_BEGIN_DECLS

typedef bool GmqRun(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                    GError **error);
typedef GmqSnapshot *GmqLook(const GmqServing *serving, GmqSlice vhost);

/* command-list.c */
extern const GmqColumn gmq_connection_columns[];
extern const GmqColumn gmq_channel_columns[];
extern const GmqColumn gmq_consumer_columns[];
extern const GmqColumn gmq_exchange_columns[];
extern const GmqColumn gmq_queue_columns[];
extern const GmqColumn gmq_binding_columns[];
extern const GmqColumn gmq_vhost_columns[];
GmqLook gmq_look_at_connections;
GmqLook gmq_look_at_channels;
GmqLook gmq_look_at_consumers;
GmqLook gmq_look_at_exchanges;
GmqLook gmq_look_at_queues;
GmqLook gmq_look_at_bindings;
GmqLook gmq_look_at_vhosts;

/* command-queue.c */
GmqRun gmq_run_purge_queue;
GmqRun gmq_run_delete_queue;

/* command-node.c */
GmqRun gmq_run_status;
GmqRun gmq_run_close_connection;
GmqRun gmq_run_close_all_connections;

G_END_DECLS
