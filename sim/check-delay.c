/* What waits in exchanges that hold messages back for as long as their x-delay says: S10. A message
 * that goes on is a letter of its own, which leaves from the exchange that held it. */
#include "sim/check-death.h"
#include "sim/check-field.h"
#include "sim/check-route.h"

#define NS_PER_MS INT64_C(1000000)

/* The most that a delay may be, in ms. */
#define DELAY_MAX ((INT64_C(1) << 32) - 1)

/* What is overdue for so long, while the broker works, does not come any more. */
#define PATIENCE_NS INT64_C(1000000000)

/* How long it waits where somebody looks; 0: not at all, or no more. */
static int64_t
delay_of(const GmqCheckMessage *message)
{
    int64_t delay = gmq_check_find_integer(message->content->headers, GMQ_CHECK_DELAY, 0);
    return message->waited_ms > 0 || delay < 0 || delay > DELAY_MAX ? 0 : delay;
}

bool
gmq_check_must_wait(GmqCheckMessage *message, const GmqCheckExchange *exchange)
{
    if (!exchange->is_delayed || delay_of(message) == 0)
        return false;
    if (message->holds == NULL)
        message->holds = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(message->holds, g_strdup(exchange->name));
    return true;
}

/* ---- held ---- */

static GmqCheckMessage *
letter_new(GmqCheck *check, const GmqCheckMessage *message, const GmqEvent *event)
{
    GmqCheckMessage *letter = g_new0(GmqCheckMessage, 1);

    letter->name          = message->name;
    letter->content       = message->content;
    letter->root          = message->root;
    letter->connection    = message->connection;
    letter->event         = check->event;
    letter->exchange      = g_strdup(message->exchange);
    letter->holder        = gmq_slice_dup(event->who);
    letter->key           = g_strdup(message->key);
    letter->routes        = g_ptr_array_new_with_free_func(g_free);
    letter->died          = message->died;
    letter->died_in       = message->died_in;
    letter->reason        = message->reason;
    letter->deaths        = gmq_check_deaths_copy(check, message);
    letter->is_persistent = message->is_persistent;
    letter->ttl_ms        = message->ttl_ms;
    letter->waited_ms     = (int64_t)event->count;
    letter->due_ns        = check->now_ns + letter->waited_ms * NS_PER_MS;
    letter->is_held       = true;
    if (message->root->letters == NULL)
        message->root->letters =
            g_ptr_array_new_with_free_func((GDestroyNotify)gmq_check_message_free);
    g_ptr_array_add(message->root->letters, letter);
    return letter;
}

/* Whether it should wait there, which is then done. */
static bool
take_hold(GmqCheckMessage *message, GmqSlice exchange)
{
    for (unsigned i = 0; message->holds != NULL && i < message->holds->len; i++) {
        if (!gmq_slice_equal(gmq_slice_of(message->holds->pdata[i]), exchange))
            continue;
        g_ptr_array_remove_index(message->holds, i);
        return true;
    }
    return false;
}

void
gmq_check_held(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckMessage *message = gmq_check_publish_of(check, event);

    if (message == NULL)
        return;
    if (!message->is_routed)
        gmq_check_find_routes(check, message);
    bool is_due     = take_hold(message, event->who);
    uint64_t should = is_due ? (uint64_t)delay_of(message) : 0;
    message->is_waiting |= is_due;
    if (should != event->count)
        gmq_check_break(check, gmq_check_text(check, event->who),
                        "S10 broken: exchange %s holds message %s back for %" G_GUINT64_FORMAT
                        " ms, and should for %" G_GUINT64_FORMAT " ms.",
                        gmq_check_text(check, event->who), message->name, (guint64)event->count,
                        (guint64)should);
    g_ptr_array_add(check->held, letter_new(check, message, event));
}

void
gmq_check_all_held(GmqCheck *check, const GmqCheckMessage *message)
{
    if (message->holds == NULL || message->holds->len == 0)
        return;
    gmq_check_break(check, message->holds->pdata[0],
                    "S10 broken: message %s should wait in exchange %s since event "
                    "%" G_GUINT64_FORMAT ", and does not.",
                    message->name, (const char *)message->holds->pdata[0], (guint64)message->event);
}

/* ---- going on ---- */

void
gmq_check_let_go(GmqCheck *check, GmqCheckMessage *letter)
{
    if (!letter->is_held)
        return;
    letter->is_held = false;
    g_ptr_array_remove(check->held, letter);
    g_ptr_array_add(check->turn, letter);
    if (check->now_ns < letter->due_ns)
        gmq_check_break(check, letter->holder,
                        "S10 broken: message %s left exchange %s at event %" G_GUINT64_FORMAT
                        ", %" G_GINT64_FORMAT " ns before its delay was over.",
                        letter->name, letter->holder, (guint64)check->event,
                        letter->due_ns - check->now_ns);
}

/* A broker that was frozen lets go when it is awake again: what is overdue is looked at twice. */
static bool
is_lost(const GmqCheck *check, GmqCheckMessage *letter)
{
    if (check->now_ns < letter->due_ns)
        return false;
    if (letter->overdue_ns == 0)
        letter->overdue_ns = check->now_ns;
    return check->now_ns - letter->overdue_ns > PATIENCE_NS;
}

void
gmq_check_held_are_due(GmqCheck *check)
{
    for (unsigned i = 0; i < check->held->len;) {
        GmqCheckMessage *letter = check->held->pdata[i];

        if (!is_lost(check, letter)) {
            i++;
            continue;
        }
        gmq_check_break(check, letter->holder,
                        "S10 broken: exchange %s still holds message %s, whose delay is over since "
                        "%" G_GINT64_FORMAT " ms.",
                        letter->holder, letter->name, (check->now_ns - letter->due_ns) / NS_PER_MS);
        g_ptr_array_remove_index(check->held, i);
    }
}

void
gmq_check_holder_gone(GmqCheck *check, GmqSlice exchange)
{
    for (unsigned i = check->held->len; i-- > 0;) {
        const GmqCheckMessage *letter = check->held->pdata[i];

        if (gmq_slice_equal(gmq_slice_of(letter->holder), exchange))
            g_ptr_array_remove_index(check->held, i);
    }
}
