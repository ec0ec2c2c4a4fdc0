#include "core/broker/queue-arguments.h"

#include "core/broker/vhost.h"
#include "core/wire/table.h"

typedef enum {
    IGNORED,     /* any value is fine and means nothing */
    QUEUE_TYPE,  /* "classic", which is also what absence means */
    UNSUPPORTED, /* known in the protocol, not acted on here */
} Rule;

static const struct {
    const char *name;
    Rule rule;
} known[] = {
    {"x-queue-type", QUEUE_TYPE},
    {"x-queue-mode", IGNORED},
    {"x-queue-version", IGNORED},
    {"x-message-ttl", UNSUPPORTED},
    {"x-expires", UNSUPPORTED},
    {"x-max-length", UNSUPPORTED},
    {"x-max-length-bytes", UNSUPPORTED},
    {"x-overflow", UNSUPPORTED},
    {"x-dead-letter-exchange", UNSUPPORTED},
    {"x-dead-letter-routing-key", UNSUPPORTED},
    {"x-max-priority", UNSUPPORTED},
    {"x-single-active-consumer", UNSUPPORTED},
};

static bool
refuse(const GmqVhost *vhost, GmqSlice queue, const char *argument, const char *why,
       GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "invalid arg '%s' for queue '%.*s' in vhost '%.*s': %s", argument,
                         (int)queue.size, queue.data, (int)vhost->name.size, vhost->name.data, why);
}

static bool
is_classic(const GmqValue *value)
{
    return value->type == GMQ_VALUE_STRING && gmq_slice_equal(value->bytes, GMQ_SLICE("classic"));
}

bool
gmq_queue_arguments_check(const GmqVhost *vhost, GmqSlice name, GmqSlice arguments, GmqFault *fault)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        GmqValue value;

        if (!gmq_table_find(arguments, gmq_slice_of(known[i].name), &value))
            continue;
        if (known[i].rule == QUEUE_TYPE && !is_classic(&value))
            return refuse(vhost, name, known[i].name, "only the type 'classic' is supported",
                          fault);
        if (known[i].rule == UNSUPPORTED)
            return refuse(vhost, name, known[i].name, "not supported by this version", fault);
    }
    return true;
}

bool
gmq_queue_arguments_same(const GmqQueue *queue, GmqSlice arguments, GmqFault *fault)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        GmqValue value;

        if (known[i].rule == IGNORED ||
            !gmq_table_find(arguments, gmq_slice_of(known[i].name), &value))
            continue;
        if (known[i].rule == QUEUE_TYPE && is_classic(&value))
            continue;
        /* A queue that exists has no other argument of these: it could not have been declared. */
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "inequivalent arg '%s' for queue '%.*s' in vhost '%.*s': received a "
                             "value but current is none",
                             known[i].name, (int)queue->name.size, queue->name.data,
                             (int)queue->vhost->name.size, queue->vhost->name.data);
    }
    return true;
}
