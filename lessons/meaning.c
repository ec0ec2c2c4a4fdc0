#include "lessons/meaning.h"

#include "sim/language.h"

static const char *const meanings[GMQ_N_EXPECTATIONS] = {
    [GMQ_EXPECT_CONFIRMED] = N_("messages whose producer got a confirm"),
    [GMQ_EXPECT_RETURNED]  = N_("messages that came back to their producer"),
    [GMQ_EXPECT_NACKED]    = N_("messages whose producer was told that the broker refused them"),
    [GMQ_EXPECT_DELIVERED] = N_("deliveries to consumers, repeated ones too"),
    [GMQ_EXPECT_PROCESSED] =
        N_("different messages whose work was finished and whose ack was sent"),
    [GMQ_EXPECT_PROCESSED_TWICE] = N_("messages of which one copy was finished more than once"),
    [GMQ_EXPECT_LOST] = N_("confirmed messages of which a copy is gone although nobody acked it"),
    [GMQ_EXPECT_FINISHED_BY]         = N_("all work that clients had was done by then"),
    [GMQ_EXPECT_STORY]               = N_("all that the broker did, step by step"),
    [GMQ_EXPECT_BROKEN]              = N_("this check must break here, and no other"),
    [GMQ_EXPECT_QUEUE_READY]         = N_("messages that wait in the queue at the end"),
    [GMQ_EXPECT_QUEUE_UNACKED]       = N_("deliveries without an ack at the end"),
    [GMQ_EXPECT_QUEUE_ACKED]         = N_("messages that were acked, or settled when sent"),
    [GMQ_EXPECT_QUEUE_REDELIVERED]   = N_("deliveries marked redelivered"),
    [GMQ_EXPECT_QUEUE_MAX_READY]     = N_("the most messages that ever waited in the queue"),
    [GMQ_EXPECT_QUEUE_EXPIRED]       = N_("messages that waited in the queue for too long"),
    [GMQ_EXPECT_QUEUE_DROPPED]       = N_("messages that the queue dropped or refused, because it "
                                                "was full or they failed too often"),
    [GMQ_EXPECT_QUEUE_DEAD_REJECTED] = N_("dead letters that a consumer did not want"),
    [GMQ_EXPECT_QUEUE_DEAD_EXPIRED]  = N_("dead letters that had waited for too long"),
    [GMQ_EXPECT_QUEUE_DEAD_MAXLEN]   = N_("dead letters because the queue was full"),
    [GMQ_EXPECT_QUEUE_DEAD_DELIVERY_LIMIT] = N_("dead letters that had failed too often"),
    [GMQ_EXPECT_MESSAGE_DELIVERED]         = N_("deliveries of the message and all its copies"),
    [GMQ_EXPECT_MESSAGE_REDELIVERED] = N_("deliveries of the message that were marked redelivered"),
    [GMQ_EXPECT_MESSAGE_ENDS_IN]     = N_("where the message is at the end"),
    [GMQ_EXPECT_MESSAGE_ROUTE] =
        N_("all exchanges and queues that the message went through, in any order"),
    [GMQ_EXPECT_CLIENT_PROCESSED]    = N_("different messages that the client finished and acked"),
    [GMQ_EXPECT_CLIENT_MAX_UNACKED]  = N_("the most deliveries that waited for the client's ack"),
    [GMQ_EXPECT_CLIENT_RECONNECTED]  = N_("connections of the client after its first"),
    [GMQ_EXPECT_CLIENT_REPLIES]      = N_("replies that the client got while it waited"),
    [GMQ_EXPECT_CLIENT_LATE_REPLIES] = N_("replies that the client got when it no longer waited"),
    [GMQ_EXPECT_CLIENT_CLOSED_WITH] =
        N_("the code with which the broker last closed the client; 0 for never"),
    [GMQ_EXPECT_LATENCY_P50] = N_("half of the messages were at most so late"),
    [GMQ_EXPECT_LATENCY_P99] = N_("99 of 100 messages were at most so late"),
};

const char *
gmq_meaning(GmqExpectKind kind)
{
    return meanings[kind] == NULL ? "" : _(meanings[kind]);
}
