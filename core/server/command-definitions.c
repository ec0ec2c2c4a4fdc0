/* Definitions out and in. */
#include "core/server/commands.h"
#include "core/server/definitions.h"

bool
gmq_run_export_definitions(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                           GError **error)
{
    (void)request;
    (void)error;
    gmq_json_key(answer, "document");
    gmq_definitions_export(serving->broker, answer);
    return true;
}

bool
gmq_run_import_definitions(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                           GError **error)
{
    g_autofree char *vhost = gmq_slice_dup(request->vhost);
    GmqDefinitionsCount count;

    if (!gmq_definitions_import(serving->broker, request->document, vhost, &count, error))
        return false;
    gmq_json_add_count(answer, "taken", count.taken);
    gmq_json_add_count(answer, "ignored", count.ignored);
    return true;
}
