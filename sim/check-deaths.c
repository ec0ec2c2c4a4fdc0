/* What the header x-death says of a message, kept anew from what happened to it. */
#include "sim/check-death.h"
#include "sim/check-field.h"

static void
free_death(void *data)
{
    GmqCheckDeath *death = data;

    if (death == NULL)
        return;
    g_free(death->queue);
    g_free(death->reason);
    g_free(death->exchange);
    g_free(death->expiration);
    g_ptr_array_unref(death->keys);
    g_free(death);
}

static GmqCheckDeath *
copy_death(const GmqCheckDeath *death)
{
    GmqCheckDeath *copy = g_memdup2(death, sizeof *death);

    copy->queue      = g_strdup(death->queue);
    copy->reason     = g_strdup(death->reason);
    copy->exchange   = g_strdup(death->exchange);
    copy->expiration = g_strdup(death->expiration);
    copy->keys       = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < death->keys->len; i++)
        g_ptr_array_add(copy->keys, g_strdup(death->keys->pdata[i]));
    return copy;
}

static GmqCheckDeaths *
deaths_new(void)
{
    GmqCheckDeaths *deaths = g_new0(GmqCheckDeaths, 1);

    deaths->records = g_ptr_array_new_with_free_func(free_death);
    return deaths;
}

void
gmq_check_deaths_free(GmqCheckDeaths *deaths)
{
    if (deaths == NULL)
        return;
    g_ptr_array_unref(deaths->records);
    free_death(deaths->first);
    free_death(deaths->last);
    g_free(deaths);
}

/* ---- as they stand in a header ---- */

static char *
find_text(GmqSlice table, const char *name)
{
    char *text = gmq_check_find_text(table, name);

    return text == NULL ? g_strdup("") : text;
}

static GPtrArray *
read_keys(GmqSlice table)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    GmqCheckField field;
    GmqCheckField key;

    if (gmq_check_find_field(table, "routing-keys", &field) && field.type == 'A') {
        while (gmq_check_next_value(&field.bytes, &key))
            g_ptr_array_add(keys, gmq_slice_dup(key.bytes));
    }
    return keys;
}

static GmqCheckDeath *
read_death(GmqSlice table)
{
    GmqCheckDeath *death = g_new0(GmqCheckDeath, 1);
    GmqCheckField time;

    death->queue      = find_text(table, "queue");
    death->reason     = find_text(table, "reason");
    death->exchange   = find_text(table, "exchange");
    death->expiration = gmq_check_find_text(table, "original-expiration");
    death->keys       = read_keys(table);
    death->count      = gmq_check_find_integer(table, "count", 0);
    death->time_s     = gmq_check_find_field(table, "time", &time) ? time.integer : 0;
    return death;
}

/* A death as three headers of its own tell it: queue, reason, exchange. */
static GmqCheckDeath *
read_one(GmqSlice headers, const char *const names[3])
{
    GmqCheckDeath *death = g_new0(GmqCheckDeath, 1);

    death->queue    = find_text(headers, names[0]);
    death->reason   = find_text(headers, names[1]);
    death->exchange = find_text(headers, names[2]);
    death->keys     = g_ptr_array_new_with_free_func(g_free);
    return death;
}

static const char *const first_names[] = {"x-first-death-queue", "x-first-death-reason",
                                          "x-first-death-exchange"};
static const char *const last_names[]  = {"x-last-death-queue", "x-last-death-reason",
                                          "x-last-death-exchange"};

static GmqCheckDeaths *
read_deaths(GmqSlice headers)
{
    GmqCheckDeaths *deaths = deaths_new();
    GmqCheckField field;
    GmqCheckField death;

    if (!gmq_check_find_field(headers, "x-death", &field))
        return deaths;
    while (field.type == 'A' && gmq_check_next_value(&field.bytes, &death)) {
        if (death.type == 'F')
            g_ptr_array_add(deaths->records, read_death(death.bytes));
    }
    deaths->first = read_one(headers, first_names);
    deaths->last  = read_one(headers, last_names);
    return deaths;
}

static bool
is_like_4(const GmqCheck *check)
{
    return check->scenario->broker.profile == GMQ_HABITS_RABBITMQ_4;
}

/* Whether the headers tell the last death too. */
static bool
has_last_death(const GmqCheck *check)
{
    return is_like_4(check) || check->scenario->broker.profile == GMQ_HABITS_RABBITMQ_3_13;
}

GmqCheckDeaths *
gmq_check_deaths_copy(const GmqCheck *check, const GmqCheckMessage *message)
{
    if (message->deaths == NULL)
        return is_like_4(check) ? deaths_new() : read_deaths(message->content->headers);

    GmqCheckDeaths *copy = deaths_new();
    for (unsigned i = 0; i < message->deaths->records->len; i++)
        g_ptr_array_add(copy->records, copy_death(message->deaths->records->pdata[i]));
    if (message->deaths->first != NULL)
        copy->first = copy_death(message->deaths->first);
    return copy;
}

/* ---- one more ---- */

static GmqCheckDeath *
death_new(const GmqCheckMessage *message, const char *queue, const char *reason, int64_t time_s)
{
    GmqCheckDeath *death = g_new0(GmqCheckDeath, 1);

    death->queue    = g_strdup(queue);
    death->reason   = g_strdup(reason);
    death->exchange = g_strdup(message->exchange);
    death->keys     = g_ptr_array_new_with_free_func(g_free);
    death->time_s   = time_s;
    g_ptr_array_add(death->keys, g_strdup(message->key));
    if (message->ttl_ms >= 0)
        death->expiration = g_strdup_printf("%" G_GINT64_FORMAT, message->ttl_ms);
    return death;
}

/* The record of that queue and reason leaves its place. */
static GmqCheckDeath *
take_record(GPtrArray *records, const char *queue, const char *reason)
{
    for (unsigned i = 0; i < records->len; i++) {
        const GmqCheckDeath *death = records->pdata[i];

        if (strcmp(death->queue, queue) == 0 && strcmp(death->reason, reason) == 0)
            return g_ptr_array_steal_index(records, i);
    }
    return NULL;
}

int64_t
gmq_check_deaths_add(const GmqCheck *check, GmqCheckDeaths *deaths, const GmqCheckMessage *message,
                     const char *queue, const char *reason, int64_t time_s)
{
    GmqCheckDeath *death = take_record(deaths->records, queue, reason);

    if (death == NULL)
        death = death_new(message, queue, reason, time_s);
    if (deaths->first == NULL)
        deaths->first = copy_death(death);
    g_clear_pointer(&deaths->last, free_death);
    if (has_last_death(check))
        deaths->last = death_new(message, queue, reason, time_s);
    death->count++;
    g_ptr_array_insert(deaths->records, 0, death);
    return death->count;
}

bool
gmq_check_deaths_is_cycle(const GmqCheckDeaths *deaths, const char *queue)
{
    for (unsigned i = 0; i < deaths->records->len; i++) {
        const GmqCheckDeath *death = deaths->records->pdata[i];

        if (strcmp(death->reason, "rejected") == 0)
            return false;
        if (strcmp(death->queue, queue) == 0)
            return true;
    }
    return false;
}

/* ---- comparing ---- */

/* "q rejected 2, r expired 1"; the caller frees it. */
static char *
format_deaths(const GmqCheckDeaths *deaths)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < deaths->records->len; i++) {
        const GmqCheckDeath *death = deaths->records->pdata[i];

        g_string_append_printf(text, "%s%s %s %" G_GINT64_FORMAT, i > 0 ? ", " : "", death->queue,
                               death->reason, death->count);
    }
    if (text->len == 0)
        g_string_append(text, "nothing");
    return g_string_free(text, FALSE);
}

static bool
has_same_keys(const GmqCheckDeath *a, const GmqCheckDeath *b)
{
    if (a->keys->len != b->keys->len)
        return false;
    for (unsigned i = 0; i < a->keys->len; i++) {
        if (strcmp(a->keys->pdata[i], b->keys->pdata[i]) != 0)
            return false;
    }
    return true;
}

/* What differs in two records of the same queue and reason; NULL: nothing. */
static const char *
find_difference(const GmqCheckDeath *is, const GmqCheckDeath *should)
{
    if (strcmp(is->exchange, should->exchange) != 0)
        return "exchange";
    if (!has_same_keys(is, should))
        return "routing-keys";
    if (g_strcmp0(is->expiration, should->expiration) != 0)
        return "original-expiration";
    return is->time_s != should->time_s ? "time" : NULL;
}

static void
compare_records(GmqCheck *check, const GmqCheckDeaths *is, const GmqCheckDeaths *should,
                const char *who, const char *name)
{
    for (unsigned i = 0; i < should->records->len; i++) {
        const GmqCheckDeath *death = should->records->pdata[i];
        const char *difference     = find_difference(is->records->pdata[i], death);

        if (difference == NULL)
            continue;
        gmq_check_break(check, who,
                        "S13 broken: message %s came to %s with a wrong %s of \"%s %s\" in its "
                        "header x-death.",
                        name, who, difference, death->queue, death->reason);
        return;
    }
}

/* which is "first" or "last". */
static void
compare_one(GmqCheck *check, const char *which, const GmqCheckDeath *is,
            const GmqCheckDeath *should, const char *who, const char *name)
{
    if (strcmp(is->queue, should->queue) == 0 && strcmp(is->reason, should->reason) == 0 &&
        strcmp(is->exchange, should->exchange) == 0)
        return;
    gmq_check_break(check, who,
                    "S13 broken: message %s came to %s with the %s death \"%s %s\" from "
                    "exchange \"%s\" in its headers, and it was \"%s %s\" from \"%s\".",
                    name, who, which, is->queue, is->reason, is->exchange, should->queue,
                    should->reason, should->exchange);
}

void
gmq_check_deaths_compare(GmqCheck *check, const GmqCheckDeaths *deaths, GmqSlice headers,
                         const char *who, const char *name)
{
    GmqCheckDeaths *is       = read_deaths(headers);
    g_autofree char *written = format_deaths(is);
    g_autofree char *right   = format_deaths(deaths);

    if (strcmp(written, right) != 0) {
        gmq_check_break(check, who,
                        "S13 broken: message %s came to %s with \"%s\" in its header x-death, "
                        "which should say \"%s\".",
                        name, who, written, right);
    } else {
        g_assert(is->first != NULL); /* as in all that have an x-death */
        g_assert(is->last != NULL);
        compare_records(check, is, deaths, who, name);
        compare_one(check, "first", is->first, deaths->first, who, name);
        if (deaths->last != NULL)
            compare_one(check, "last", is->last, deaths->last, who, name);
    }
    gmq_check_deaths_free(is);
}
