#include "sim/conditions.h"

static const GmqConditionInfo infos[GMQ_N_CONDITIONS] = {
    [GMQ_IS_PUBLISHED] = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "published",
                          "its producer sends it"},
    [GMQ_IS_ARRIVED]   = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "arrived", "the broker has it"},
    [GMQ_IS_ROUTED]    = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "routed",
                          "an exchange found a way for it"},
    [GMQ_IS_RETURNED]  = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "returned",
                          "the broker sends it back to its producer"},
    [GMQ_IS_ENQUEUED]  = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "enqueued", "a queue takes it"},
    [GMQ_IS_DELIVERED] = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "delivered",
                          "the broker sends it to a consumer"},
    [GMQ_IS_ACKED] = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "acked", "the broker gets its ack"},
    [GMQ_IS_REQUEUED]      = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "requeued",
                              "it goes back into its queue"},
    [GMQ_IS_CONFIRMED]     = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "confirmed",
                              "its producer gets the confirm"},
    [GMQ_IS_APPENDED]      = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "appended",
                              "it is written to the broker's disk, and not synced yet"},
    [GMQ_IS_DURABLE]       = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "durable",
                              "it is on the broker's disk"},
    [GMQ_IS_RECOVERED]     = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "recovered",
                              "it is in its queue again after a start of the broker"},
    [GMQ_IS_REJECTED]      = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "rejected",
                              "a consumer gives it back unfinished"},
    [GMQ_IS_DEAD_LETTERED] = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "dead-lettered",
                              "it dies in a queue, which sends it on"},
    [GMQ_IS_EXPIRED]       = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "expired",
                              "it has waited in a queue for too long"},
    [GMQ_IS_DROPPED]       = {GMQ_TRIGGER_MESSAGE, GMQ_CONDITION_WORD, "dropped",
                              "a queue drops or refuses it"},
    [GMQ_HAS_READY]        = {GMQ_TRIGGER_QUEUE, GMQ_CONDITION_NUMBER, "ready",
                              "the number of messages that wait in it becomes N"},
    [GMQ_HAS_UNACKED]      = {GMQ_TRIGGER_QUEUE, GMQ_CONDITION_NUMBER, "unacked",
                              "the number of its deliveries without an ack becomes N"},
    [GMQ_HAS_REQUEUE]      = {GMQ_TRIGGER_QUEUE, GMQ_CONDITION_WORD, "a requeue",
                              "a message goes back into it"},
    [GMQ_HAS_DUPLICATE]    = {GMQ_TRIGGER_QUEUE, GMQ_CONDITION_WORD, "a duplicate",
                              "it takes a message that it took before"},
    [GMQ_HAS_NO_CONSUMER]  = {GMQ_TRIGGER_QUEUE, GMQ_CONDITION_WORD, "no consumer",
                              "its last consumer leaves"},
    [GMQ_IS_CONNECTED]     = {GMQ_TRIGGER_CLIENT, GMQ_CONDITION_WORD, "connected",
                              "the broker has opened its connection"},
    [GMQ_IS_CLOSED]        = {GMQ_TRIGGER_CLIENT, GMQ_CONDITION_WORD, "closed",
                              "its connection has ended"},
    [GMQ_IS_IDLE]          = {GMQ_TRIGGER_CLIENT, GMQ_CONDITION_WORD, "idle",
                              "it has finished what it had to do so far"},
    [GMQ_IS_BLOCKED]       = {GMQ_TRIGGER_CLIENT, GMQ_CONDITION_WORD, "blocked",
                              "the broker lets it publish nothing more for now"},
};

const GmqConditionInfo *
gmq_condition_info(GmqCondition condition)
{
    g_assert(condition < GMQ_N_CONDITIONS);
    return &infos[condition];
}

GmqCondition
gmq_condition_find(GmqTrigger trigger, const char *word)
{
    for (unsigned i = 0; i < GMQ_N_CONDITIONS; i++) {
        if (infos[i].trigger == trigger && strcmp(infos[i].word, word) == 0)
            return (GmqCondition)i;
    }
    return GMQ_N_CONDITIONS;
}
