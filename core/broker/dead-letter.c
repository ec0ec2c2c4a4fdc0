#include "core/broker/dead-letter.h"

#include "core/broker/broker.h"
#include "core/broker/death.h"
#include "core/broker/exchange.h"
#include "core/broker/keep.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqVhost *vhost;
    GmqMessage *message; /* with its new address and header; owned */
    bool may_cycle;      /* nobody rejected it: it must not come round (19.10) */
} Letter;

struct GmqDeadLetters {
    GArray *line; /* of Letter, in the order of the deaths */
    GmqRoute route;
};

static void
clear_letter(void *data)
{
    Letter *letter = data;

    g_clear_pointer(&letter->message, gmq_message_unref);
}

GmqDeadLetters *
gmq_dead_letters_new(GmqHost *host)
{
    GmqDeadLetters *letters = g_new0(GmqDeadLetters, 1);

    letters->line = g_array_new(FALSE, FALSE, sizeof(Letter));
    g_array_set_clear_func(letters->line, clear_letter);
    gmq_route_init(&letters->route, host);
    return letters;
}

void
gmq_dead_letters_free(GmqDeadLetters *letters)
{
    g_array_unref(letters->line);
    gmq_route_clear(&letters->route);
    g_free(letters);
}

/* ---- a death ---- */

/* The message as it goes out again: to the queue's dead-letter exchange, with the queue's key or
 * its own (19.2). count becomes the number of its deaths there of that reason. */
static GmqMessage *
write_letter(const GmqQueue *queue, const GmqEntry *entry, const char *reason, GmqSlice said,
             int64_t *count)
{
    const GmqMessage *message        = entry->message;
    const GmqQueueSettings *settings = &queue->settings;
    bool is_key_changed              = settings->dead_letter_key.data != NULL;
    g_auto(GmqBuffer) header         = {0};
    GmqDeath death                   = {.queue          = queue->name,
                                        .reason         = reason,
                                        .said           = said,
                                        .is_counted     = gmq_entry_failures(entry) > 0,
                                        .profile        = gmq_broker_profile(queue->vhost->broker),
                                        .time_s         = queue->host->wall_ms(queue->host) / 1000,
                                        .is_key_changed = is_key_changed};

    *count = gmq_death_write_header(message, &death, &header);
    GmqMessage *letter =
        gmq_message_copy(message, settings->dead_letter_exchange,
                         is_key_changed ? settings->dead_letter_key : gmq_message_key(message),
                         gmq_buffer_slice(&header));
    if (!is_key_changed)
        gmq_message_hide_keys(&letter, gmq_message_hidden_keys(message));
    letter->number         = message->number;
    letter->has_own_deaths = true;
    return letter;
}

void
gmq_dead_letter(const GmqQueue *queue, const GmqEntry *entry, const char *reason, GmqSlice said,
                uint64_t cause)
{
    GmqHost *host           = queue->host;
    GmqDeadLetters *letters = gmq_broker_dead_letters(queue->vhost->broker);
    int64_t count;
    Letter letter = {.vhost     = queue->vhost,
                     .message   = write_letter(queue, entry, reason, said, &count),
                     .may_cycle = strcmp(reason, "rejected") != 0};

    if (!gmq_host_is_unheard(host))
        letter.message->event =
            (uint32_t)host->note(host, &(GmqEvent){.kind    = GMQ_EVENT_DEAD_LETTERED,
                                                   .vhost   = &queue->vhost->name,
                                                   .cause   = cause,
                                                   .who     = queue->name,
                                                   .to      = queue->settings.dead_letter_exchange,
                                                   .key     = gmq_message_key(letter.message),
                                                   .message = entry->message->number,
                                                   .count   = (uint64_t)count,
                                                   .text    = gmq_slice_of(reason)});
    gmq_keep_replace(queue, entry);
    g_array_append_val(letters->line, letter);
}

/* ---- the line ---- */

/* Takes queues out of the route that the message must not enter again. */
static void
cut_cycles(GPtrArray *queues, const GmqMessage *message)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < queues->len; i++) {
        GmqQueue *queue = g_ptr_array_index(queues, i);

        if (!gmq_death_is_cycle(gmq_message_header(message), queue->name))
            g_ptr_array_index(queues, kept++) = queue;
    }
    g_ptr_array_set_size(queues, (int)kept);
}

static void
publish(GmqDeadLetters *letters, const Letter *letter)
{
    GmqRoute *route       = &letters->route;
    GmqMessage *message   = letter->message;
    GmqExchange *exchange = gmq_vhost_find_exchange(letter->vhost, gmq_message_exchange(message));
    GmqFault ignored;

    if (exchange == NULL || !gmq_route_message(route, exchange, message, &ignored))
        return;
    if (letter->may_cycle)
        cut_cycles(route->queues, message);
    for (unsigned i = 0; i < route->queues->len; i++)
        gmq_queue_publish(g_ptr_array_index(route->queues, i), message);
}

bool
gmq_dead_letters_publish(GmqDeadLetters *letters)
{
    if (letters->line->len == 0)
        return false;
    for (unsigned i = 0; i < letters->line->len; i++) {
        Letter letter = g_array_index(letters->line, Letter, i);

        /* Publishing may add to the line and so move it. */
        publish(letters, &letter);
    }
    g_array_set_size(letters->line, 0);
    return true;
}

void
gmq_dead_letters_forget_vhost(GmqDeadLetters *letters, const GmqVhost *vhost)
{
    for (unsigned i = letters->line->len; i > 0; i--) {
        if (g_array_index(letters->line, Letter, i - 1).vhost == vhost)
            g_array_remove_index(letters->line, i - 1);
    }
}
