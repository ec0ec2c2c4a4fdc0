#include "core/base/limits.h"
#include "sim/language.h"
#include "sim/reader.h"

#define NS_PER_MS INT64_C(1000000)

/* ---- a time that a queue is told in milliseconds ---- */

static void
check_time(GmqScenarioReader *reader, const GmqYaml *node, const char *key, int64_t time_ns,
           int64_t least_ms)
{
    const GmqYaml *time = gmq_yaml_find(node, key);

    if (time == NULL || time_ns < 0)
        return;
    if (time_ns % NS_PER_MS != 0)
        gmq_read_problem(reader, time, _("\"%s\" is in whole milliseconds."), key);
    else if (time_ns / NS_PER_MS < least_ms)
        gmq_read_problem(reader, time, _("\"%s\" is more than 0ms."), key);
}

/* ---- dead letters ---- */

void
gmq_read_dead_letter(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_DEAD_LETTER, GMQ_N_OWNERS};
    GmqQueueLine *queue               = target;

    if (!gmq_read_is_map(reader, node, "\"dead_letter\""))
        return;
    gmq_read_map(reader, node, owners, queue);

    const GmqYaml *to = gmq_read_need(reader, node, GMQ_IN_DEAD_LETTER, "to");
    if (queue->dead_to == NULL)
        return;
    if (strcmp(queue->dead_to, "default") == 0)
        queue->dead_to = gmq_read_keep(reader, "");
    else
        gmq_read_refer(reader, to, GMQ_NAME_EXCHANGE);
    if (queue->dead_key != NULL && strlen(queue->dead_key) > GMQ_SHORTSTR_MAX)
        gmq_read_problem(reader, gmq_yaml_find(node, "key"), _("A key has at most %d bytes."),
                         GMQ_SHORTSTR_MAX);
}

/* ---- a queue ---- */

void
gmq_read_check_queue(GmqScenarioReader *reader, const GmqYaml *node, GmqQueueLine *queue)
{
    bool has_limit = queue->max_length != GMQ_NO_NUMBER || queue->max_bytes != GMQ_NO_NUMBER;

    if (node->type != GMQ_YAML_MAP)
        return;
    check_time(reader, node, "ttl", queue->ttl_ns, 0);
    check_time(reader, node, "expires", queue->expires_ns, 1);
    if (queue->max_bytes != GMQ_NO_NUMBER && queue->max_bytes > INT64_MAX)
        gmq_read_problem(reader, gmq_yaml_find(node, "max_bytes"),
                         _("\"max_bytes\" is too large."));
    if (queue->overflow != GMQ_FULL_UNSAID && !has_limit)
        gmq_read_problem(reader, gmq_yaml_find(node, "overflow"),
                         _("\"overflow\" needs \"max_length\" or \"max_bytes\"."));
}

void
gmq_read_queue(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_QUEUE, GMQ_N_OWNERS};
    GmqQueueLine *queue               = g_new(GmqQueueLine, 1);

    *queue = (GmqQueueLine)GMQ_QUEUE_LINE_DEFAULT;
    g_ptr_array_add(reader->scenario->queues, queue);
    queue->line = name->line;
    queue->name = gmq_read_new_name(reader, name, _("A queue"));
    gmq_read_map(reader, node, owners, queue);
    if (queue->exclusive)
        gmq_read_problem(reader, gmq_yaml_find(node, "exclusive"),
                         _("What is there at 0s is nobody's own: an exclusive queue is declared in "
                           "the timeline, with \"as\"."));
    gmq_read_check_queue(reader, node, queue);
}
