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

/* command-list-access.c */
extern const GmqColumn gmq_user_columns[];
extern const GmqColumn gmq_user_limit_columns[];
extern const GmqColumn gmq_vhost_limit_columns[];
extern const GmqColumn gmq_permission_columns[];
extern const GmqColumn gmq_topic_permission_columns[];
extern const GmqColumn gmq_policy_columns[];
GmqLook gmq_look_at_users;
GmqLook gmq_look_at_user_limits;
GmqLook gmq_look_at_vhost_limits;
GmqLook gmq_look_at_permissions;
GmqLook gmq_look_at_topic_permissions;
GmqLook gmq_look_at_policies;
GmqLook gmq_look_at_operator_policies;

/* command-user.c */
GmqRun gmq_run_add_user;
GmqRun gmq_run_delete_user;
GmqRun gmq_run_change_password;
GmqRun gmq_run_set_user_tags;
GmqRun gmq_run_set_user_limits;
GmqRun gmq_run_clear_user_limits;

/* command-vhost.c */
GmqRun gmq_run_add_vhost;
GmqRun gmq_run_delete_vhost;
GmqRun gmq_run_set_vhost_limits;
GmqRun gmq_run_clear_vhost_limits;
GmqRun gmq_run_trace_on;
GmqRun gmq_run_trace_off;
GmqRun gmq_run_set_permissions;
GmqRun gmq_run_clear_permissions;
GmqRun gmq_run_set_topic_permissions;
GmqRun gmq_run_clear_topic_permissions;
GmqRun gmq_run_set_policy;
GmqRun gmq_run_clear_policy;
GmqRun gmq_run_set_operator_policy;
GmqRun gmq_run_clear_operator_policy;

/* command-definitions.c */
GmqRun gmq_run_export_definitions;
GmqRun gmq_run_import_definitions;

/* command-queue.c */
GmqRun gmq_run_purge_queue;
GmqRun gmq_run_delete_queue;
GmqRun gmq_run_pause_queue;
GmqRun gmq_run_resume_queue;

/* command-node.c */
GmqRun gmq_run_status;
GmqRun gmq_run_close_connection;
GmqRun gmq_run_close_all_connections;
GmqTask *gmq_begin_backup(const GmqServing *serving, const GmqRequest *request, GError **error);

G_END_DECLS
