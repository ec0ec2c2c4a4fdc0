#include "sim/lint.h"

#include "sim/language.h"

typedef struct {
    const GmqScenario *scenario;
    GString *out;
    unsigned n;
} Lint;

static void add(Lint *lint, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
add(Lint *lint, unsigned line, const char *format, ...)
{
    va_list args;

    g_string_append_printf(lint->out, "%s: ", lint->scenario->path);
    if (line > 0)
        g_string_append_printf(lint->out, _("line %u: "), line);
    va_start(args, format);
    g_string_append_vprintf(lint->out, format, args);
    va_end(args);
    g_string_append_c(lint->out, '\n');
    lint->n++;
}

/* ---- queues ---- */

/* The word stands anywhere in a message's way: its exchange, or its key, which may be made of more
 * than the number. */
static bool
is_published_to(const GmqScenario *scenario, const char *queue)
{
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];
        const GPtrArray *lines      = client->publish.messages;

        if (client->publish.message.key != NULL &&
            (strcmp(client->publish.message.key, queue) == 0 ||
             strchr(client->publish.message.key, '{') != NULL))
            return true;
        for (unsigned k = 0; lines != NULL && k < lines->len; k++) {
            const GmqMessageSpec *line = lines->pdata[k];

            if (line->key != NULL && (strcmp(line->key, queue) == 0 || strchr(line->key, '{')))
                return true;
        }
    }
    return false;
}

static bool
is_bound(const GmqScenario *scenario, const char *queue)
{
    for (unsigned i = 0; i < scenario->bindings->len; i++) {
        const GmqBindingLine *binding = scenario->bindings->pdata[i];

        if (binding->to_queue && strcmp(binding->to, queue) == 0)
            return true;
    }
    return false;
}

static bool
is_of_word(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

/* Whether the name stands a second time in the file as a word of its own, wherever that is. */
static bool
is_named_again(const GmqScenario *scenario, const char *name)
{
    size_t size = strlen(name);
    unsigned n  = 0;

    for (const char *at = scenario->text; (at = strstr(at, name)) != NULL; at += size) {
        bool is_alone = (at == scenario->text || !is_of_word(at[-1])) && !is_of_word(at[size]);
        n += is_alone;
    }
    return n > 1;
}

static void
check_queues(Lint *lint)
{
    for (unsigned i = 0; i < lint->scenario->queues->len; i++) {
        const GmqQueueLine *queue = lint->scenario->queues->pdata[i];

        if (!is_published_to(lint->scenario, queue->name) &&
            !is_bound(lint->scenario, queue->name) && !is_named_again(lint->scenario, queue->name))
            add(lint, queue->line, _("nothing comes into queue %s, and nobody takes from it."),
                queue->name);
    }
}

/* ---- exchanges ---- */

static void
check_exchanges(Lint *lint)
{
    for (unsigned i = 0; i < lint->scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = lint->scenario->exchanges->pdata[i];

        if (!is_named_again(lint->scenario, exchange->name))
            add(lint, exchange->line, _("exchange %s is not used."), exchange->name);
    }
}

/* ---- what is expected ---- */

static void
check_expectations(Lint *lint)
{
    if (lint->scenario->expectations->len == 0)
        add(lint, 0,
            _("nothing is expected: the run holds whatever happens, unless a check breaks."));
}

unsigned
gmq_lint_add(const GmqScenario *scenario, GString *out)
{
    Lint lint = {.scenario = scenario, .out = out};

    check_exchanges(&lint);
    check_queues(&lint);
    check_expectations(&lint);
    return lint.n;
}
