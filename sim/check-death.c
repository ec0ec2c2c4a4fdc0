/* S13: a death makes one letter, and nothing else does. */
#include "sim/check-death.h"

#include "sim/check-route.h"

/* A death that a letter must follow. */
typedef struct {
    GmqCheckMessage *message;
    GmqCheckQueue *queue;
    GmqCheckCopy *copy; /* NULL: it never was in the queue */
    const char *reason;
    uint64_t event;
} Owed;

void
gmq_check_free_owed(void *owed)
{
    g_free(owed);
}

void
gmq_check_death(GmqCheck *check, GmqCheckMessage *message, GmqCheckQueue *queue, GmqCheckCopy *copy,
                const char *reason)
{
    if (queue->is_gone || queue->settings.dead_letter_exchange == NULL)
        return;
    Owed *owed = g_new0(Owed, 1);
    *owed      = (Owed){message, queue, copy, reason, check->event};
    g_ptr_array_add(check->owed, owed);
}

/* ---- letters ---- */

/* The death that an announced letter follows; it is the caller's. NULL when there is none. */
static Owed *
take_owed(GmqCheck *check, const GmqEvent *event, const GmqCheckQueue *queue)
{
    for (unsigned i = 0; i < check->owed->len; i++) {
        const Owed *owed             = check->owed->pdata[i];
        const GmqCheckMessage *about = owed->message;

        if (owed->queue == queue && (event->cause == 0 || owed->event == event->cause) &&
            event->message < check->messages->len &&
            about->root == check->messages->pdata[event->message])
            return g_ptr_array_steal_index(check->owed, i);
    }
    return NULL;
}

static int64_t
wall_s(const GmqCheck *check)
{
    return (check->scenario->epoch_ms + check->now_ns / 1000000) / 1000;
}

/* The message as it goes out again: without its time to live. */
static GmqCheckMessage *
letter_new(GmqCheck *check, const Owed *owed)
{
    const GmqCheckMessage *dead      = owed->message;
    const GmqCheckSettings *settings = &owed->queue->settings;
    GmqCheckMessage *letter          = g_new0(GmqCheckMessage, 1);
    const char *key = settings->dead_letter_key != NULL ? settings->dead_letter_key : dead->key;

    letter->name          = dead->name;
    letter->content       = dead->content;
    letter->root          = dead->root;
    letter->connection    = dead->connection;
    letter->event         = check->event;
    letter->exchange      = g_strdup(settings->dead_letter_exchange);
    letter->key           = g_strdup(key);
    letter->routes        = g_ptr_array_new_with_free_func(g_free);
    letter->died          = owed->copy;
    letter->died_in       = owed->queue;
    letter->reason        = owed->reason;
    letter->is_persistent = dead->is_persistent;
    letter->ttl_ms        = -1;
    letter->waited_ms     = dead->waited_ms;
    letter->deaths        = gmq_check_deaths_copy(check, dead);
    if (dead->root->letters == NULL)
        dead->root->letters =
            g_ptr_array_new_with_free_func((GDestroyNotify)gmq_check_message_free);
    g_ptr_array_add(dead->root->letters, letter);
    g_ptr_array_add(check->turn, letter);
    return letter;
}

static void
check_words(GmqCheck *check, const GmqEvent *event, const GmqCheckMessage *letter, const Owed *owed,
            int64_t count)
{
    const char *queue = owed->queue->name;

    if (!gmq_slice_equal(event->text, gmq_slice_of(owed->reason)))
        gmq_check_break(check, queue,
                        "S13 broken: message %s was dead-lettered from queue %s at event "
                        "%" G_GUINT64_FORMAT " as %s, and its reason is %s.",
                        letter->name, queue, (guint64)check->event,
                        gmq_check_text(check, event->text), owed->reason);
    if (!gmq_slice_equal(event->to, gmq_slice_of(letter->exchange)) ||
        !gmq_slice_equal(event->key, gmq_slice_of(letter->key)))
        gmq_check_break(check, queue,
                        "S13 broken: message %s was dead-lettered from queue %s at event "
                        "%" G_GUINT64_FORMAT
                        " to another exchange or with another key than \"%s\" and \"%s\".",
                        letter->name, queue, (guint64)check->event, letter->exchange, letter->key);
    if (event->count != (uint64_t)count && !letter->root->is_doubtful)
        gmq_check_break(check, queue,
                        "S13 broken: message %s was dead-lettered from queue %s at event "
                        "%" G_GUINT64_FORMAT " with count %" G_GUINT64_FORMAT
                        ", and it died there %" G_GINT64_FORMAT " times of that.",
                        letter->name, queue, (guint64)check->event, (guint64)event->count, count);
}

void
gmq_check_dead_lettered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue  = gmq_check_queue(check, event->who);
    g_autofree Owed *owed = take_owed(check, event, queue);

    if (owed == NULL) {
        const GmqCheckMessage *root = gmq_check_message(check, event->message);

        if (root != NULL)
            gmq_check_break(check, queue->name,
                            "S13 broken: message %s was dead-lettered from queue %s at event "
                            "%" G_GUINT64_FORMAT ", and nothing there asks for it.",
                            root->name, queue->name, (guint64)check->event);
        return;
    }
    GmqCheckMessage *letter = letter_new(check, owed);
    int64_t count = gmq_check_deaths_add(check, letter->deaths, owed->message, queue->name,
                                         owed->reason, wall_s(check));
    check_words(check, event, letter, owed, count);
}

void
gmq_check_all_letters_written(GmqCheck *check)
{
    for (unsigned i = 0; i < check->owed->len; i++) {
        const Owed *owed = check->owed->pdata[i];

        gmq_check_break(check, owed->queue->name,
                        "S13 broken: message %s died in queue %s at event %" G_GUINT64_FORMAT
                        " (%s), and was not dead-lettered.",
                        owed->message->name, owed->queue->name, (guint64)owed->event, owed->reason);
    }
    g_ptr_array_set_size(check->owed, 0);
}
