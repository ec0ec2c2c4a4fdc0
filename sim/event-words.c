#include "sim/event-words.h"

#include <stdbool.h>
#include <string.h>

#include "sim/language.h"
#include "sim/particle.h"

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

/* Texts with places for values, from {1} on in this order. */
static const struct {
    const char *text;
    bool is_nested; /* the values are such texts themselves */
} patterns[] = {
    {N_("{1} broken, as is allowed here: {2}"), true},
    {N_("{1} broken, as is expected here: {2}"), true},
    {N_("{1} broken: {2}"), true},
    {N_("message {1} was confirmed at event {2}, and is not on the disk."), false},
    {N_("message {1} was confirmed at event {2}, and is not in queue {3} after the crash."), false},
    {N_("message {1} was in queue {2} when the broker stopped, and is not there after the start."),
     false},
    {N_("declares queue {1}"), false},
    {N_("deletes queue {1}"), false},
    {N_("deletes exchange {1}"), false},
};

#define PLACE_SIZE (sizeof "{1}" - 1)

/* The values that stand in the text where the pattern has its places; NULL when it does not fit. */
static GPtrArray *
take_values(const char *pattern, const char *text)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    const char *place           = strchr(pattern, '{');
    size_t n                    = (size_t)(place - pattern);

    if (strncmp(text, pattern, n) != 0)
        return NULL;
    for (text += n; place != NULL;) {
        const char *behind = place + PLACE_SIZE;
        place              = strchr(behind, '{');
        g_autofree char *middle =
            g_strndup(behind, place == NULL ? strlen(behind) : (size_t)(place - behind));
        const char *end = *middle == '\0' ? text + strlen(text) : strstr(text, middle);

        if (end == NULL)
            return NULL;
        g_ptr_array_add(values, g_strndup(text, (size_t)(end - text)));
        text = end + strlen(middle);
    }
    return *text == '\0' ? g_steal_pointer(&values) : NULL;
}

static char *
fill(const char *pattern, const GPtrArray *values, bool is_nested)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *at = pattern; *at != '\0'; at++) {
        unsigned which =
            at[0] == '{' && g_ascii_isdigit(at[1]) ? (unsigned)(at[1] - '1') : G_MAXUINT;

        if (which >= values->len) {
            g_string_append_c(out, *at);
            continue;
        }
        g_autofree char *value =
            is_nested ? gmq_event_told(values->pdata[which]) : g_strdup(values->pdata[which]);
        g_string_append(out, value);
        at += PLACE_SIZE - 1;
    }
    return gmq_particles(g_string_free(g_steal_pointer(&out), FALSE));
}

char *
gmq_event_told(const char *text)
{
    bool is_english = strcmp(gmq_language(), "en") == 0;

    for (size_t i = 0; !is_english && i < G_N_ELEMENTS(patterns); i++) {
        g_autoptr(GPtrArray) values = take_values(patterns[i].text, text);
        if (values != NULL)
            return fill(_(patterns[i].text), values, patterns[i].is_nested);
    }
    return g_strdup(gmq_event_word(text));
}
