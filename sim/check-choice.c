/* An exchange that chooses by a hash sends the same key the same way. How it hashes is its own
 * business, so that only its choices can be compared with each other: while its bindings stay, and,
 * of a consistent one, also when one comes, which may win a key, or goes. */
#include "sim/check-route.h"

/* So many keys of each exchange are remembered. */
#define KEYS_MAX 256

/* A key, and where it may go: where it went, and what was bound since. */
typedef struct {
    char *key;
    GPtrArray *targets; /* of texts: "queue q", "exchange x"; the first is where it went */
} Choice;

static void
free_choice(void *data)
{
    Choice *choice = data;

    g_free(choice->key);
    g_ptr_array_unref(choice->targets);
    g_free(choice);
}

static char *
target_name(const char *to, bool to_queue)
{
    return g_strdup_printf("%s %s", to_queue ? "queue" : "exchange", to);
}

static bool
has_target(const Choice *choice, const char *target)
{
    for (unsigned i = 0; i < choice->targets->len; i++) {
        if (strcmp(choice->targets->pdata[i], target) == 0)
            return true;
    }
    return false;
}

static Choice *
find_choice(const GmqCheckExchange *exchange, const char *key)
{
    for (unsigned i = 0; i < exchange->choices->len; i++) {
        Choice *choice = exchange->choices->pdata[i];

        if (strcmp(choice->key, key) == 0)
            return choice;
    }
    return NULL;
}

static void
add_choice(GmqCheckExchange *exchange, const char *key, const char *target)
{
    if (exchange->choices->len == KEYS_MAX)
        return;
    Choice *choice  = g_new0(Choice, 1);
    choice->key     = g_strdup(key);
    choice->targets = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(choice->targets, g_strdup(target));
    g_ptr_array_add(exchange->choices, choice);
}

void
gmq_check_chosen(GmqCheck *check, GmqCheckExchange *exchange, const GmqCheckMessage *message,
                 const GmqCheckBinding *binding)
{
    if (!exchange->is_steady)
        return;
    if (exchange->choices == NULL)
        exchange->choices = g_ptr_array_new_with_free_func(free_choice);

    g_autofree char *target = target_name(binding->to, binding->to_queue);
    Choice *choice          = find_choice(exchange, message->key);
    if (choice != NULL && !has_target(choice, target))
        gmq_check_break(check, exchange->name,
                        "S10 broken: exchange %s sent message %s with key %s to %s at event "
                        "%" G_GUINT64_FORMAT ", and sent that key to %s before.",
                        exchange->name, message->name, message->key, target, (guint64)check->event,
                        (const char *)choice->targets->pdata[0]);
    if (choice == NULL) {
        add_choice(exchange, message->key, target);
        return;
    }
    g_ptr_array_set_size(choice->targets, 0);
    g_ptr_array_add(choice->targets, g_steal_pointer(&target));
}

static bool
is_consistent(const GmqCheckExchange *exchange)
{
    return strcmp(exchange->type, "x-consistent-hash") == 0;
}

static void
forget(GmqCheckExchange *exchange)
{
    g_clear_pointer(&exchange->choices, g_ptr_array_unref);
}

void
gmq_check_choices_forget(GmqCheckExchange *exchange)
{
    forget(exchange);
}

/* Each key may be won by who came. */
void
gmq_check_choices_bound(GmqCheckExchange *exchange, const GmqCheckBinding *binding)
{
    if (exchange->choices == NULL)
        return;
    if (!is_consistent(exchange)) {
        forget(exchange);
        return;
    }
    g_autofree char *target = target_name(binding->to, binding->to_queue);
    for (unsigned i = 0; i < exchange->choices->len; i++) {
        Choice *choice = exchange->choices->pdata[i];

        if (!has_target(choice, target))
            g_ptr_array_add(choice->targets, g_strdup(target));
    }
}

static void
drop_target(Choice *choice, const char *target)
{
    for (unsigned i = choice->targets->len; i-- > 0;) {
        if (strcmp(choice->targets->pdata[i], target) == 0)
            g_ptr_array_remove_index(choice->targets, i);
    }
}

/* A key that nobody else has any claim to may go anywhere now. */
void
gmq_check_choices_unbound(GmqCheckExchange *exchange, const GmqCheckBinding *binding)
{
    if (exchange->choices == NULL)
        return;
    if (!is_consistent(exchange)) {
        forget(exchange);
        return;
    }
    g_autofree char *target = target_name(binding->to, binding->to_queue);
    for (unsigned i = exchange->choices->len; i-- > 0;) {
        Choice *choice = exchange->choices->pdata[i];

        drop_target(choice, target);
        if (choice->targets->len == 0)
            g_ptr_array_remove_index(exchange->choices, i);
    }
}
