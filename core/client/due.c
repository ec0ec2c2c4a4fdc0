#include "core/client/due.h"

#include <stddef.h>

#define FIRST_CAPACITY 4

typedef struct {
    bool has_answer;
    GmqMethodId answer;
    size_t nowait_at; /* place of that field in GmqMethod; 0: there is none */
} Request;

#define ANSWERED(NAME) [GMQ_##NAME] = {true, GMQ_##NAME##_OK, 0}
#define UNLESS_NOWAIT(NAME, name)                                                                  \
    [GMQ_##NAME] = {true, GMQ_##NAME##_OK, offsetof(GmqMethod, name.nowait)}

static const Request requests[GMQ_N_METHODS] = {
    ANSWERED(CONNECTION_UPDATE_SECRET),
    ANSWERED(CHANNEL_OPEN),
    ANSWERED(CHANNEL_FLOW),
    ANSWERED(CHANNEL_CLOSE),
    ANSWERED(ACCESS_REQUEST),
    UNLESS_NOWAIT(EXCHANGE_DECLARE, exchange_declare),
    UNLESS_NOWAIT(EXCHANGE_DELETE, exchange_delete),
    UNLESS_NOWAIT(EXCHANGE_BIND, exchange_bind),
    UNLESS_NOWAIT(EXCHANGE_UNBIND, exchange_unbind),
    UNLESS_NOWAIT(QUEUE_DECLARE, queue_declare),
    UNLESS_NOWAIT(QUEUE_BIND, queue_bind),
    UNLESS_NOWAIT(QUEUE_PURGE, queue_purge),
    UNLESS_NOWAIT(QUEUE_DELETE, queue_delete),
    ANSWERED(QUEUE_UNBIND),
    ANSWERED(BASIC_QOS),
    UNLESS_NOWAIT(BASIC_CONSUME, basic_consume),
    UNLESS_NOWAIT(BASIC_CANCEL, basic_cancel),
    ANSWERED(BASIC_GET),
    ANSWERED(BASIC_RECOVER),
    UNLESS_NOWAIT(CONFIRM_SELECT, confirm_select),
    ANSWERED(TX_SELECT),
    ANSWERED(TX_COMMIT),
    ANSWERED(TX_ROLLBACK),
};

GmqMethodId
gmq_client_answer_to(const GmqMethod *request)
{
    const Request *row = &requests[request->id];

    if (!row->has_answer)
        return GMQ_N_METHODS;
    if (row->nowait_at > 0 && *(const bool *)((const char *)request + row->nowait_at))
        return GMQ_N_METHODS;
    return row->answer;
}

static GmqClientDueAnswer *
answer_at(GmqClientDue *due, size_t place)
{
    return &due->answers[(due->first + place) % due->capacity];
}

void
gmq_client_due_clear(GmqClientDue *due)
{
    for (size_t i = 0; i < due->count; i++)
        g_free((gpointer)answer_at(due, i)->tag.data);
    g_free(due->answers);
    *due = (GmqClientDue){0};
}

static void
grow(GmqClientDue *due)
{
    size_t capacity             = due->capacity == 0 ? FIRST_CAPACITY : 2 * due->capacity;
    GmqClientDueAnswer *answers = g_new(GmqClientDueAnswer, capacity);

    for (size_t i = 0; i < due->count; i++)
        answers[i] = *answer_at(due, i);
    g_free(due->answers);
    due->answers  = answers;
    due->first    = 0;
    due->capacity = capacity;
}

void
gmq_client_due_add(GmqClientDue *due, GmqMethodId method, GmqSlice tag)
{
    if (due->count == due->capacity)
        grow(due);

    GmqSlice copy                 = {(uint8_t *)g_memdup2(tag.data, tag.size), tag.size};
    *answer_at(due, due->count++) = (GmqClientDueAnswer){method, copy};
}

bool
gmq_client_due_take(GmqClientDue *due, GmqMethodId method, uint16_t channel, GmqSlice *tag,
                    GmqFault *fault)
{
    const char *name = gmq_method_info(method)->name;

    if (due->count == 0)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "%s on channel %u, where no answer is due", name, channel);

    GmqClientDueAnswer oldest = *answer_at(due, 0);
    if (method != oldest.method &&
        !(method == GMQ_BASIC_GET_EMPTY && oldest.method == GMQ_BASIC_GET_OK))
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID, "%s on channel %u, where %s is due",
                             name, channel, gmq_method_info(oldest.method)->name);

    due->first = (due->first + 1) % due->capacity;
    due->count--;
    if (tag != NULL)
        *tag = oldest.tag;
    else
        g_free((gpointer)oldest.tag.data);
    return true;
}
