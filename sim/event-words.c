#include "sim/event-words.h"

#include <string.h>

#include "sim/check-words.h"
#include "sim/language.h"
#include "sim/word-pattern.h"

static const char *const words[] = {
    /* How connections and channels end. */
    N_("connection lost"),
    N_("closed by client"),
    N_("closed by the broker"),
    N_("missed heartbeats"),
    N_("nothing was heard from the broker"),
    N_("refused: there is no broker"),
    N_("no confirm in time"),
    N_("the channel was closed"),
    N_("the broker does not answer"),
    N_("crashed"),
    N_("ended by itself"),
    /* What is the matter with the broker and its disk. */
    N_("memory"),
    N_("disk"),
    N_("failed disk"),
    N_("low on memory"),
    N_("low on disk"),
    N_("the disk failed"),
    N_("fails to sync"),
    N_("fails to write"),
    N_("has room again"),
    N_("is full"),
    N_("works again"),
    N_("syncs again when it says so"),
    N_("loses what was not synced"),
    N_("loses some of what was not synced"),
    N_("keeps a part of the record that was being written"),
    N_("says from now on that it has synced, and does nothing"),
    N_("has turned over a bit of what it kept"),
    N_("has turned over a bit of what was never synced"),
    /* Why a client cannot send. */
    N_("it has no connection"),
    N_("it is not ready"),
    N_("it waits for a transaction"),
    /* Where a message goes, and how it ends. */
    N_("head"),
    N_("tail"),
    N_("queue"),
    N_("exchange"),
    N_("rejected"),
    N_("expired"),
    N_("maxlen"),
    N_("delivery_limit"),
    N_("duplicate"),
    N_("refused"),
    N_("in time"),
    N_("late"),
    /* What a client does with what it has done. */
    N_("ack"),
    N_("ack of all so far"),
    N_("ack later"),
    N_("nothing to ack"),
    N_("no ack"),
    N_("too late to ack"),
    N_("reject"),
    N_("requeue"),
    N_("crash"),
    N_("close"),
    N_("ack of what it did before"),
    N_("too late to say"),
    /* Roles, and sides of a line. */
    N_("producer"),
    N_("consumer"),
    N_("getter"),
    N_("admin"),
    N_("from broker"),
    N_("to broker"),
    N_("policy"),
};

const char *
gmq_event_word(const char *text)
{
    if (strcmp(gmq_language(), "en") == 0)
        return text;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i], text) == 0)
            return _(words[i]);
    }
    return text;
}

/* ---- with values in them ---- */

/* That a check is broken has its own words. */
static const GmqWordPattern broken[] = {
    {N_("{1} broken, as is allowed here: {2}"), "2"},
    {N_("{1} broken, as is expected here: {2}"), "2"},
    {N_("{1} broken: {2}"), "2"},
};

static const GmqWordPattern patterns[] = {
    {N_("declares queue {1}"), NULL},
    {N_("deletes queue {1}"), NULL},
    {N_("deletes exchange {1}"), NULL},
    {N_("The broker refused the topology: {1}."), NULL},
    {N_("The broker refused what the timeline wants: {1}."), NULL},
    {N_("{1} is a real program, as \"run\" says, and time is not real here: play it with --broker, "
        "or with glassmq lesson check."),
     NULL},
    {N_("Time stands still: one instant has a million events. The last ones: {1}."), NULL},
};

char *
gmq_event_told(const char *text)
{
    char *told = NULL;

    if (strcmp(gmq_language(), "en") == 0)
        return g_strdup(text);
    told = gmq_word_pattern_tell(broken, G_N_ELEMENTS(broken), text, gmq_check_told);
    if (told == NULL)
        told = gmq_word_pattern_tell(patterns, G_N_ELEMENTS(patterns), text, g_strdup);
    return told != NULL ? told : g_strdup(gmq_event_word(text));
}
