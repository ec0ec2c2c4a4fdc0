/* definitions-plan.h - the virtual hosts of a definitions file, each told as the events that would
 * make it; only for definitions-*.c. */
#pragma once

#include "viz/definitions-setting.h"

G_BEGIN_DECLS

typedef struct {
    const char *name; /* lent from the JSON, as are the settings of policies */
    GmqTrace *trace;
    GmqTraits *traits;
    GPtrArray *policies; /* of GmqPolicyPlan */
} GmqVhostPlan;

/* For a list of them; what was taken out of one is NULL. */
void gmq_vhost_plan_free(void *vhost);

/* Appends the virtual hosts in order of the file to a list. False with an error that tells what is
 * wrong and where. */
bool gmq_definitions_read(JsonObject *root, const char *path, GPtrArray *vhosts, GError **error);

/* "PATH: why"; always false. */
bool gmq_definitions_refuse(GError **error, const char *path, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
