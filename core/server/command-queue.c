/* Queues: purge, delete, pause. The broker's own checks decide, for nobody in particular: a queue
 * that is exclusive to a connection is no business of others, but its messages may be dropped. */
#include "core/broker/vhost.h"
#include "core/server/commands.h"

/* A fault's text begins with the name of its code, which says nothing to people. */
static bool
refuse_fault(const GmqFault *fault, GError **error)
{
    const char *dash = strstr(fault->text, " - ");

    return gmq_command_refuse(error, "%s", dash == NULL ? fault->text : dash + 3);
}

static GmqQueue *
find_queue(const GmqServing *serving, const GmqRequest *request, GError **error)
{
    GmqVhost *vhost = gmq_command_vhost(serving, request, error);
    GmqQueue *queue =
        vhost == NULL ? NULL : gmq_vhost_find_queue(vhost, gmq_slice_of(request->arguments[0]));

    if (vhost != NULL && queue == NULL)
        gmq_command_refuse(error, "there is no queue '%s' in virtual host '%s'",
                           request->arguments[0], (const char *)vhost->name.data);
    return queue;
}

bool
gmq_run_purge_queue(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                    GError **error)
{
    GmqQueue *queue = find_queue(serving, request, error);

    if (queue == NULL)
        return false;
    gmq_json_add_count(answer, "messages", gmq_queue_purge(queue));
    return true;
}

bool
gmq_run_delete_queue(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                     GError **error)
{
    GmqQueue *queue = find_queue(serving, request, error);
    GmqFault fault  = {0};
    uint64_t ready_count;

    if (queue == NULL)
        return false;
    if (!gmq_vhost_delete_queue(queue->vhost, queue->name, queue->owner, request->if_unused,
                                request->if_empty, &ready_count, &fault))
        return refuse_fault(&fault, error);
    gmq_json_add_count(answer, "messages", ready_count);
    return true;
}

bool
gmq_run_pause_queue(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                    GError **error)
{
    GmqQueue *queue = find_queue(serving, request, error);

    (void)answer;
    if (queue != NULL)
        gmq_queue_pause(queue);
    return queue != NULL;
}

bool
gmq_run_resume_queue(const GmqServing *serving, const GmqRequest *request, GmqAnswer *answer,
                     GError **error)
{
    GmqQueue *queue = find_queue(serving, request, error);

    (void)answer;
    if (queue != NULL)
        gmq_queue_resume(queue);
    return queue != NULL;
}
