#include "core/broker/queue-arguments.h"

#include "core/base/limits.h"
#include "core/broker/argument.h"
#include "core/broker/vhost.h"

typedef struct Known Known;

struct Known {
    const char *name;
    bool (*read)(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why);
    int64_t least; /* of a number */
    int64_t most;
    const char *too_large; /* what a number above is called */
    size_t offset;         /* of the value in the settings */
    const char *const *words;
};

#define WHY_MAX 96

/* ---- one function per kind of value; why is filled with RabbitMQ's own words ---- */

static bool
refuse_type(const GmqValue *value, char *why)
{
    g_snprintf(why, WHY_MAX, "{unacceptable_type,%s}", gmq_argument_type_name(value->type));
    return false;
}

static bool
check_number(const Known *known, const GmqValue *value, char *why)
{
    const char *fault = NULL;

    if (!gmq_value_is_integer(value)) {
        gmq_argument_refuse_number(value, why, WHY_MAX);
        return false;
    }
    if (value->integer < known->least)
        fault = value->integer == 0 ? "value_zero" : "value_negative";
    else if (value->integer > known->most)
        fault = known->too_large;
    if (fault == NULL)
        return true;
    g_snprintf(why, WHY_MAX, "{%s,%" G_GINT64_FORMAT "}", fault, value->integer);
    return false;
}

static bool
read_number(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    if (!check_number(known, value, why))
        return false;
    memcpy((char *)settings + known->offset, &value->integer, sizeof value->integer);
    return true;
}

static bool
read_version(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    (void)settings;
    if (!gmq_value_is_integer(value))
        return check_number(known, value, why);
    if (value->integer == 1 || value->integer == 2)
        return true;
    g_snprintf(why, WHY_MAX, "\"unsupported queue version '%" G_GINT64_FORMAT "'\"",
               value->integer);
    return false;
}

static bool
read_text(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    if (value->type != GMQ_VALUE_STRING)
        return refuse_type(value, why);
    if (value->bytes.size > GMQ_SHORTSTR_MAX) {
        g_snprintf(why, WHY_MAX, "longer than %d bytes", GMQ_SHORTSTR_MAX);
        return false;
    }
    /* An empty text is there all the same: data must not be NULL. */
    GmqSlice text = value->bytes.data == NULL ? GMQ_SLICE("") : value->bytes;
    memcpy((char *)settings + known->offset, &text, sizeof text);
    return true;
}

/* It needs the exchange's name, which is read before it. */
static bool
read_dead_letter_key(const Known *known, const GmqValue *value, GmqQueueSettings *settings,
                     char *why)
{
    if (!read_text(known, value, settings, why))
        return false;
    if (settings->dead_letter_exchange.data != NULL)
        return true;
    g_snprintf(why, WHY_MAX, "routing_key_but_no_dlx_defined");
    return false;
}

static bool
read_overflow(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    if (value->type != GMQ_VALUE_STRING)
        return refuse_type(value, why);

    int word = gmq_argument_find_word(known->words, value->bytes);
    if (word < 0) {
        g_snprintf(why, WHY_MAX, "invalid_overflow");
        return false;
    }
    settings->overflow = (GmqOverflow)word;
    return true;
}

/* A word that decides nothing here: all queues are of one type and mode. */
static bool
read_word(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    (void)settings;
    if (value->type != GMQ_VALUE_STRING)
        return refuse_type(value, why);
    if (gmq_argument_find_word(known->words, value->bytes) >= 0)
        return true;
    g_snprintf(why, WHY_MAX, "\"unsupported queue %s '%.*s'\"", known->name + strlen("x-queue-"),
               (int)MIN(value->bytes.size, WHY_MAX), value->bytes.data);
    return false;
}

static bool
read_single(const Known *known, const GmqValue *value, GmqQueueSettings *settings, char *why)
{
    (void)known;
    if (value->type != GMQ_VALUE_BOOL)
        return refuse_type(value, why);
    settings->is_single_active = value->integer != 0;
    return true;
}

/* ---- the arguments, in the order in which a difference is told ---- */

#define FIELD(name) offsetof(GmqQueueSettings, name)
#define NUMBER(low, high, word)                                                                    \
    .read = read_number, .least = (low), .most = (high), .too_large = (word)

const char *const gmq_overflow_words[] = {"drop-head", "reject-publish", "reject-publish-dlx",
                                          NULL};
static const char *const mode_words[]  = {"default", "lazy", NULL};
static const char *const type_words[]  = {"classic", NULL};

static const Known known_arguments[] = {
    {"x-expires", NUMBER(1, GMQ_TTL_MS_MAX, "value_too_large"), .offset = FIELD(expires_ms)},
    {"x-message-ttl", NUMBER(0, GMQ_TTL_MS_MAX, "value_too_large"), .offset = FIELD(ttl_ms)},
    {"x-dead-letter-exchange", .read = read_text, .offset = FIELD(dead_letter_exchange)},
    {"x-dead-letter-routing-key", .read = read_dead_letter_key, .offset = FIELD(dead_letter_key)},
    {"x-max-length", NUMBER(0, INT64_MAX, ""), .offset = FIELD(length_max)},
    {"x-max-length-bytes", NUMBER(0, INT64_MAX, ""), .offset = FIELD(bytes_max)},
    {"x-max-priority", NUMBER(0, GMQ_PRIORITY_MAX, "max_value_exceeded"),
     .offset = FIELD(priority_max)},
    {"x-overflow", .read = read_overflow, .words = gmq_overflow_words},
    {"x-queue-mode", .read = read_word, .words = mode_words},
    {"x-queue-version", .read = read_version},
    {"x-single-active-consumer", .read = read_single},
    {"x-delivery-limit", NUMBER(0, INT64_MAX, ""), .offset = FIELD(delivery_limit)},
};

/* Looked at before the others. */
static const Known queue_type = {"x-queue-type", .read = read_word, .words = type_words};

/* What quorum queues and streams alone understand (10.12), but for the delivery limit (E1). */
static const char *const foreign_arguments[] = {
    "x-dead-letter-strategy", "x-initial-cluster-size",          "x-max-age",
    "x-max-in-memory-bytes",  "x-max-in-memory-length",          "x-quorum-initial-group-size",
    "x-queue-leader-locator", "x-stream-max-segment-size-bytes", NULL,
};

/* ---- reading ---- */

static char *
describe_queue(const GmqVhost *vhost, GmqSlice name)
{
    return g_strdup_printf("queue '%.*s' in vhost '%.*s'", (int)name.size, name.data,
                           (int)vhost->name.size, vhost->name.data);
}

/* What the arguments are read for, in the words of a reply-text. */
typedef struct {
    GmqSlice arguments;
    const char *queue; /* see describe_queue() */
    GmqFault *fault;
} Reading;

static bool
refuse(const Reading *reading, const char *argument, const char *why)
{
    return gmq_fault_set(reading->fault, GMQ_REPLY_PRECONDITION_FAILED, "invalid arg '%s' for %s%s",
                         argument, reading->queue, why);
}

static bool
read_argument(const Reading *reading, const Known *known, GmqQueueSettings *settings)
{
    char why[WHY_MAX];
    char text[WHY_MAX + 2];
    GmqValue value;

    if (!gmq_table_find(reading->arguments, gmq_slice_of(known->name), &value) ||
        known->read(known, &value, settings, why))
        return true;
    g_snprintf(text, sizeof text, ": %s", why);
    return refuse(reading, known->name, text);
}

/* The name of an exchange is looked at before all else, in words of its own. */
static bool
check_exchange(const Reading *reading)
{
    const char *name = "x-dead-letter-exchange";
    GmqValue value;

    if (!gmq_table_find(reading->arguments, gmq_slice_of(name), &value) ||
        value.type == GMQ_VALUE_STRING)
        return true;
    return gmq_fault_set(reading->fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "invalid type '%s' for arg '%s' in %s", gmq_argument_type_name(value.type),
                         name, reading->queue);
}

static bool
check_foreign(const Reading *reading)
{
    GmqSlice rest = reading->arguments;
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&rest, &name, &value)) {
        int word = gmq_argument_find_word(foreign_arguments, name);

        if (word >= 0)
            return refuse(reading, foreign_arguments[word], " of queue type rabbit_classic_queue");
    }
    return true;
}

bool
gmq_queue_arguments_read(const GmqVhost *vhost, GmqSlice name, GmqSlice arguments,
                         GmqQueueSettings *settings, GmqFault *fault)
{
    g_autofree char *what = describe_queue(vhost, name);
    const Reading reading = {arguments, what, fault};

    *settings = (GmqQueueSettings)GMQ_QUEUE_SETTINGS_NONE;
    if (!check_exchange(&reading) || !read_argument(&reading, &queue_type, settings))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(known_arguments); i++) {
        if (!read_argument(&reading, &known_arguments[i], settings))
            return false;
    }
    return check_foreign(&reading);
}

/* ---- comparing ---- */

/* Absence means classic, the only type there is. */
static bool
is_type_same(const char *what, GmqSlice current, GmqSlice received, GmqFault *fault)
{
    GmqValue value;

    if (!gmq_table_find(received, gmq_slice_of(queue_type.name), &value) ||
        (value.type == GMQ_VALUE_STRING && gmq_slice_equal(value.bytes, GMQ_SLICE("classic"))))
        return true;
    return gmq_argument_check_same(queue_type.name, what, current, received, fault);
}

bool
gmq_queue_arguments_same(const GmqQueue *queue, GmqSlice arguments, GmqFault *fault)
{
    g_autofree char *what = describe_queue(queue->vhost, queue->name);

    for (size_t i = 0; i < G_N_ELEMENTS(known_arguments); i++) {
        if (!gmq_argument_check_same(known_arguments[i].name, what, queue->arguments, arguments,
                                     fault))
            return false;
    }
    return is_type_same(what, queue->arguments, arguments, fault);
}
