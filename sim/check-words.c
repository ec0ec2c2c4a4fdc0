#include "sim/check-words.h"

#include <string.h>

#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/word-pattern.h"

/* What stands behind "S1 broken: ", as the files check-*.c write it. */
static const GmqWordPattern sentences[] = {
    /* S1 */
    {N_("message {1} was confirmed at event {2}, and is not in queue {3} after the crash."), NULL},
    {N_("message {1} was in queue {2} when the broker stopped, and is not there after the start."),
     NULL},
    {N_("the broker does not start, although nothing has damaged its disk: {1}."), NULL},
    /* S2 */
    {N_("message \"{1}\" came from {2}, which did not send it."), NULL},
    {N_("two messages have the number {1}."), NULL},
    {N_("message number {1} came back to queue {2}, which never had it."), NULL},
    {N_("nobody published message number {1}."), NULL},
    {N_("{1} received message {2} with another body or other properties than it was sent with."),
     NULL},
    {N_("message {1} came to {2} with x-delivery-count {3}, and {4} deliveries had failed."), NULL},
    {N_("{1} received message \"{2}\", which nobody sent."), NULL},
    /* S3 */
    {N_("message {1} left queue {2} for good at event {3} and is there again after the start."),
     NULL},
    {N_("queue {1} gave message {2} to {3} as if it were new, although it was acked at event {4}."),
     NULL},
    /* S4 */
    {N_("queue {1} never had message {2}."), NULL},
    {N_("queue {1} gave message {2} to {3} although somebody has it."), NULL},
    {N_("queue {1} gave message {2} to {3} although it was {4}."), "34"},
    {N_("message {1} came back to queue {2} twice."), NULL},
    {N_("message {1} came back to queue {2}, but nobody had it."), NULL},
    {N_("a message for {1} was settled when it was sent, but {2} wants to ack it."), NULL},
    {N_("message {1} is still unacked at {2}, which is gone."), NULL},
    /* S5 */
    {N_("message {1} went to {2} with redelivered={3}, but it was {4} requeued."), "4"},
    {N_("message {1} came back to queue {2} with redelivered={3} after {4}."), "4"},
    {N_("message {1} came back to queue {2} and is not marked redelivered."), NULL},
    /* S6 */
    {N_("queue {1} gave message {2} (place {3}) to {4} at event {5} although {6} (place {7}) was "
        "ready since event {8}."),
     NULL},
    {N_("message {1} came back to queue {2} behind {3}, which came later."), NULL},
    /* S7 */
    {N_("message {1} of {2} was taken before {3}, which was sent first."), NULL},
    {N_("message {1} entered queue {2} after one that was published later on the same channel."),
     NULL},
    /* S8 */
    {N_("{1} has {2} unacked messages at event {3}, and its prefetch is {4}."), NULL},
    /* S9 */
    {N_("{1} got delivery tag {2} where {3} comes next."), NULL},
    {N_("delivery tag {1} of {2} was settled, which is not open or stands for another message."),
     NULL},
    /* S10 */
    {N_("exchange {1} sent message {2} with key {3} to {4} at event {5}, and sent that key to {6} "
        "before."),
     "46"},
    {N_("exchange {1} sent message {2} to none of its queues after event {3}, and should have "
        "chosen one."),
     NULL},
    {N_("message {1} should have reached queue {2} after event {3}, and did not."), NULL},
    {N_("queue {1} got message {2} twice."), NULL},
    {N_("queue {1} got message {2}, whose route does not lead there."), NULL},
    {N_("message {1} is mandatory and reached no queue, and was not returned."), NULL},
    {N_("message {1} was returned, and should not be."), NULL},
    {N_("exchange {1} holds message {2} back for {3} ms, and should for {4} ms."), NULL},
    {N_("message {1} should wait in exchange {2} since event {3}, and does not."), NULL},
    {N_("message {1} left exchange {2} at event {3}, {4} ns before its delay was over."), NULL},
    {N_("exchange {1} still holds message {2}, whose delay is over since {3} ms."), NULL},
    /* S11 */
    {N_("publish {1} has the confirm number {2}, and should have {3}."), NULL},
    {N_("message {1} was returned after it had been confirmed."), NULL},
    {N_("{1} got a confirm for number {2}, which it does not wait for."), NULL},
    /* S12 */
    {N_("message {1} was confirmed at event {2}, and is not on the disk."), NULL},
    /* S13 */
    {N_("message {1} was dead-lettered from queue {2} at event {3} as {4}, and its reason is {5}."),
     "45"},
    {N_("message {1} was dead-lettered from queue {2} at event {3} to another exchange or with "
        "another key than \"{4}\" and \"{5}\"."),
     NULL},
    {N_("message {1} was dead-lettered from queue {2} at event {3} with count {4}, and it died "
        "there {5} times of that."),
     NULL},
    {N_("message {1} was dead-lettered from queue {2} at event {3}, and nothing there asks for "
        "it."),
     NULL},
    {N_("message {1} died in queue {2} at event {3} ({4}), and was not dead-lettered."), "4"},
    {N_("message {1} died in queue {2} at event {3} ({4}) and should have reached queue {5}, and "
        "did not."),
     "4"},
    {N_("message {1} came to {2} with a wrong {3} of \"{4} {5}\" in its header x-death."), NULL},
    {N_("message {1} came to {2} with the {3} death \"{4} {5}\" from exchange \"{6}\" in its "
        "headers, and it was \"{7} {8}\" from \"{9}\"."),
     "3"},
    {N_("message {1} came to {2} with \"{3}\" in its header x-death, which should say \"{4}\"."),
     "34"},
    {N_("message {1} came to {2} with an expiration, which goes when a message is dead-lettered."),
     NULL},
    {N_("message {1} entered queue {2} again at event {3}, where it died before, and nobody "
        "rejected it since."),
     NULL},
    {N_("message {1} came back to queue {2} at event {3} although {4} deliveries have failed, and "
        "the limit is {5}."),
     NULL},
    {N_("queue {1} gave message {2} up at event {3} after {4} failed deliveries, and its limit is "
        "{5}."),
     NULL},
    /* S14 */
    {N_("queue {1} gave message {2} to {3} at event {4}, {5} after it had expired."), NULL},
    {N_("message {1} expired in queue {2} at event {3}, and nothing says that it may."), NULL},
    {N_("message {1} expired in queue {2} at event {3}, {4} too early."), NULL},
    {N_("message {1} expired in queue {2} at event {3} behind {4}, which is ready since event "
        "{5}."),
     NULL},
    {N_("message {1} is still first in queue {2} after event {3}, {4} after it had expired."),
     NULL},
    {N_("queue {1} expired at event {2}, and nothing says that it may."), NULL},
    {N_("queue {1} expired at event {2} although it had a consumer."), NULL},
    {N_("queue {1} expired at event {2} although it had been used {3} ms before."), NULL},
    /* S15 */
    {N_("queue {1} took message {2} at event {3} and should have refused it: {4}."), "4"},
    {N_("queue {1} refused message {2} at event {3} without need: {4}."), "4"},
    {N_("queue {1} dropped message {2} at event {3} without need: {4}."), "4"},
    {N_("queue {1} dropped message {2} (place {3}) at event {4} although {5} (place {6}) is its "
        "head."),
     NULL},
    {N_("queue {1} is above its limit after event {2}: {3}."), "3"},
    {N_("message {1} was confirmed at event {2} although queue {3} had refused it."), NULL},
    {N_("message {1} was nacked at event {2} although no queue had refused it."), NULL},
    /* S16 */
    {N_("{1} consumes from queue {2} since event {3} besides {4}, and one of them is exclusive."),
     NULL},
    {N_("queue {1} gave message {2} to {3} at event {4}, and its single active consumer is {5} "
        "since event {6}."),
     NULL},
    {N_("queue {1} was deleted at event {2} although it is not auto-delete, or has a consumer, or "
        "never had one."),
     NULL},
    {N_("the last consumer of the auto-delete queue {1} left at event {2}, and the queue is still "
        "there."),
     NULL},
    {N_("queue {1} is {2}'s alone since event {3}, and {4} {5} at event {6}."), "5"},
    {N_("queue {1} ended with its connection at event {2}, and that of {3} is still open."), NULL},
    {N_("the exclusive queue {1} outlives the connection of {2}, whose it was since event {3}."),
     NULL},
    /* S17 */
    {N_("message {1} was {2} queue {3} at event {4}, and is neither ready there, nor unacked, nor "
        "gone."),
     "2"},
    {N_("queue {1} says that it has {2} ready at event {3}, but {4} went in and did not come out."),
     NULL},
    /* S18 */
    {N_("the broker sent {1} to {2}."), "1"},
    /* S19 */
    {N_("the broker holds {1} bytes that {2} does not take at event {3}, and {4} are the most."),
     NULL},
    {N_("the broker has {1} timers at event {2}, and {3} are the most for what there is."), NULL},
    {N_("the journal has {1} bytes at event {2}, of which {3} count."), NULL},
    /* S20 */
    {N_("message {1} entered queue {2} at event {3}, and its transaction was not committed."),
     NULL},
    {N_("message {1} entered queue {2} although its transaction was not committed."), NULL},
    /* S21 */
    {N_("{1} is there after the start, and was not durable."), "1"},
    {N_("{1} was deleted at event {2} and is there again after the start."), "1"},
    {N_("after the start there is a {1} called {2}, which nobody declared."), "1"},
    {N_("{1} was durable, and is not there after the start."), "1"},
    /* L1 to L5 */
    {N_("queue {1} ends with {2} ready, and {3} was free to take more since event {4}."), NULL},
    {N_("message {1} of {2} was published at event {3} and was never confirmed."), NULL},
    {N_("{1} has no connection since event {2}, for {3}."), NULL},
    {N_("queue {1} gave out nothing for {2} since event {3}, although message {4} was ready and "
        "{5} free to take it."),
     NULL},
    {N_("the broker woke up {1} times in the second that began at {2}, in which {3} things "
        "happened."),
     NULL},
};

/* What stands in the places of sentences. */
static const GmqWordPattern values[] = {
    {N_("queue {1}"), NULL},
    {N_("exchange {1}"), NULL},
    {N_("binding {1}"), NULL},
    {N_("the binding from {1} to {2}"), NULL},
    {N_("ready {1}, at most {2}; bytes {3}, at most {4}"), NULL},
    {N_("ready {1}, at most {2}"), NULL},
    {N_("bytes {1}, at most {2}"), NULL},
};

/* The same in one piece. Elsewhere such words are told otherwise: each has its context. */
static const char *const words[] = {
    NC_("check", "binding"),
    NC_("check", "nobody"),
    NC_("check", "nothing"),
    NC_("check", "ready"),
    NC_("check", "on its way"),
    NC_("check", "unacked"),
    NC_("check", "rejected"),
    NC_("check", "gone"),
    NC_("check", "lost"),
    NC_("check", "already"),
    NC_("check", "never"),
    NC_("check", "an orderly stop"),
    NC_("check", "a crash"),
    NC_("check", "first"),
    NC_("check", "last"),
    NC_("check", "consumes from it"),
    NC_("check", "got a message from it"),
    NC_("check", "bound it"),
    NC_("check", "purged it"),
    NC_("check", "deleted it"),
    NC_("check", "taken by"),
    NC_("check", "to come back to"),
    NC_("check", "it has no limit"),
    NC_("check", "a method that no server sends"),
    NC_("check", "a method on a channel where it does not belong"),
    NC_("check", "a method in the middle of a message"),
    NC_("check", "something after connection.close"),
    NC_("check", "something after channel.close"),
    NC_("check", "a content header where none belongs"),
    NC_("check", "a content header that is none"),
    NC_("check", "a body where none belongs"),
    NC_("check", "more body than was announced"),
    NC_("check", "a frame that is larger than was agreed on"),
    NC_("check", "a frame on a channel that is not open"),
    NC_("check", "a heartbeat with something in it"),
    NC_("check", "a frame of no known type"),
    NC_("check", "something after a protocol header"),
    NC_("check", "a protocol header that is none"),
    NC_("check", "a frame without its end"),
};

static char *
tell_value(const char *text)
{
    char *told = gmq_word_pattern_tell(values, G_N_ELEMENTS(values), text, g_strdup);

    for (size_t i = 0; told == NULL && i < G_N_ELEMENTS(words); i++) {
        const char *word = strchr(words[i], '\004') + 1;
        if (strcmp(word, text) == 0)
            return g_strdup(gmq_text_context(words[i], word));
    }
    return told != NULL ? told : g_strdup(gmq_event_word(text));
}

char *
gmq_check_told(const char *sentence)
{
    char *told = gmq_word_pattern_tell(sentences, G_N_ELEMENTS(sentences), sentence, tell_value);

    return told != NULL ? told : g_strdup(sentence);
}
