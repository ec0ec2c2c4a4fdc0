#include "sim/hands.h"

#include "core/wire/properties.h"
#include "core/wire/table.h"
#include "sim/exponential.h"
#include "sim/finish.h"
#include "sim/reader.h"
#include "sim/world-private.h"

#define NS_PER_MS INT64_C(1000000)

/* The header for which an exchange holds a message back. */
#define DELAY "x-delay"

struct GmqHands {
    GmqSimClient *client;
    const GmqClientSpec *spec;
    const GmqHandsClass *class_;
    void *role;
    GQueue jobs;       /* of GmqJob; the first is being worked on */
    uint64_t finished; /* since the last ack */
    uint64_t ticket;   /* of the end of the first job; 0: none */
    GmqRandom random;  /* of exponential work */
    GHashTable *done;  /* names of messages that were done; NULL without dedupe, look-up only */
    GHashTable *seen;  /* names to how often they came; NULL when no rule asks, look-up only */
};

static void on_finished(void *data);

/* ---- making ---- */

GmqHands *
gmq_hands_new(GmqSimClient *client, const GmqHandsClass *class_, void *role)
{
    GmqHands *hands       = g_new0(GmqHands, 1);
    g_autofree char *name = g_strconcat("client/", client->spec->name, "/work", NULL);

    hands->client = client;
    hands->spec   = client->spec;
    hands->class_ = class_;
    hands->role   = role;
    g_queue_init(&hands->jobs);
    gmq_streams_open(client->world->streams, &hands->random, name);
    if (hands->spec->dedupe == GMQ_DEDUPE_BY_MESSAGE_ID)
        hands->done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (gmq_rules_ask(hands->spec->rules, GMQ_FACT_DELIVERIES))
        hands->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return hands;
}

static void
free_job(GmqJob *job)
{
    g_free(job->name);
    g_free(job->key);
    g_clear_pointer(&job->header, g_byte_array_unref);
    g_clear_pointer(&job->body, g_byte_array_unref);
    g_free(job);
}

/* Drops all jobs but those that are kept, from the first on. */
static void
drop_jobs(GmqHands *hands, unsigned kept)
{
    while (hands->jobs.length > kept)
        free_job(g_queue_pop_tail(&hands->jobs));
    if (kept == 0)
        gmq_schedule_forget(hands->client->world->schedule, &hands->ticket);
    hands->finished = 0;
}

void
gmq_hands_free(GmqHands *hands)
{
    drop_jobs(hands, 0);
    g_clear_pointer(&hands->done, g_hash_table_unref);
    g_clear_pointer(&hands->seen, g_hash_table_unref);
    g_free(hands);
}

/* ---- taking ---- */

static int64_t
work_time(GmqHands *hands, GmqSlice body)
{
    const GmqClientSpec *spec = hands->spec;
    int64_t dots              = 0;
    int64_t work_ns;

    if (spec->work_exponential)
        return gmq_exponential(&hands->random, spec->work_ns);
    if (!spec->work_per_dot)
        return spec->work_ns;
    for (size_t i = 0; i < body.size; i++)
        dots += body.data[i] == '.';
    return __builtin_mul_overflow(dots, spec->work_ns, &work_ns) ? INT64_MAX : work_ns;
}

/* How often the message came: as the broker counts for queues with a delivery limit, or as this
 * client has seen it. */
static uint64_t
count_delivery(GmqHands *hands, const char *name, GmqSlice headers)
{
    GmqValue failed;

    if (hands->seen == NULL)
        return 0;
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(hands->seen, name)) + 1;
    g_hash_table_insert(hands->seen, g_strdup(name), GUINT_TO_POINTER(n));
    if (gmq_table_find(headers, GMQ_SLICE("x-delivery-count"), &failed) &&
        gmq_value_is_integer(&failed))
        return (uint64_t)failed.integer + 1;
    return n;
}

/* 5 of p1-5; 0 for another kind of name. */
static uint64_t
number_of(const char *name)
{
    g_autofree char *client = NULL;
    g_autofree char *queue  = NULL;
    uint64_t number;

    return gmq_message_name_split(name, &client, &number, &queue) ? number : 0;
}

static bool
is_forward(const GmqJob *job)
{
    return job->rule != NULL && job->rule->deed == GMQ_RULE_FORWARD;
}

/* What was done before is forwarded all the same: it may not have gone out the first time. */
static void
choose_rule(GmqHands *hands, GmqJob *job, const GmqReceipt *receipt,
            const GmqProperties *properties)
{
    if (hands->spec->rules == NULL)
        return;
    GmqRuleFacts facts = {
        .headers     = properties->headers,
        .key         = receipt->key,
        .redelivered = receipt->redelivered,
        .n           = number_of(job->name),
    };
    if (!gmq_table_check(facts.headers))
        facts.headers = (GmqSlice){0};
    facts.deliveries = count_delivery(hands, job->name, facts.headers);
    job->rule        = gmq_rules_find(hands->spec->rules, &facts);
    if (job->is_known && !is_forward(job))
        job->rule = NULL;
}

static GByteArray *
keep(GmqSlice bytes)
{
    return g_byte_array_append(g_byte_array_new(), bytes.data, (unsigned)bytes.size);
}

static GmqJob *
make_job(GmqHands *hands, const GmqReceipt *receipt, const GmqProperties *properties,
         const GmqClientContent *content)
{
    GmqJob *job = g_new0(GmqJob, 1);

    job->name       = gmq_slice_dup(properties->message_id);
    job->tag        = receipt->tag;
    job->generation = hands->client->generation;
    job->is_known   = hands->done != NULL && g_hash_table_contains(hands->done, job->name);
    choose_rule(hands, job, receipt, properties);
    if (!job->is_known)
        job->time_ns = work_time(hands, content->body);
    if (job->rule != NULL && !job->is_known &&
        __builtin_add_overflow(job->time_ns, job->rule->wait_ns, &job->time_ns))
        job->time_ns = INT64_MAX;
    if (hands->class_->keeps_content || is_forward(job)) {
        job->key    = gmq_slice_dup(receipt->key);
        job->header = keep(content->header);
        job->body   = keep(content->body);
    }
    return job;
}

static void
start_first(GmqHands *hands)
{
    const GmqJob *job = g_queue_peek_head(&hands->jobs);

    if (job == NULL || hands->ticket != 0)
        return;
    hands->ticket = gmq_sim_client_plan(hands->client, job->time_ns, GMQ_PHASE_CLIENT,
                                        "a client finishes", on_finished, hands);
}

void
gmq_hands_take(GmqHands *hands, const GmqReceipt *receipt, const GmqClientContent *content)
{
    GmqSimClient *client = hands->client;
    uint64_t cause       = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_DELIVERY);
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(content->header, &properties, &fault))
        properties = (GmqProperties){0};
    gmq_check_received(client->world->check, client->peer->name, receipt->tag, &properties,
                       content);

    GmqJob *job    = make_job(hands, receipt, &properties, content);
    GmqEvent event = {
        .kind        = GMQ_EVENT_CLIENT_RECEIVED,
        .cause       = cause,
        .to          = gmq_slice_of(hands->spec->from),
        .message_id  = properties.message_id,
        .tag         = job->tag,
        .count       = (uint64_t)job->time_ns / 1000000,
        .redelivered = receipt->redelivered,
    };
    job->cause = gmq_sim_client_note(client, event);
    g_queue_push_tail(&hands->jobs, job);
    start_first(hands);
}

/* ---- finishing ---- */

/* Whether nothing can be said to the broker about it any more. */
static bool
is_late(const GmqHands *hands, const GmqJob *job)
{
    const GmqSimClient *client = hands->client;
    return job->generation != client->generation || client->state != GMQ_SIM_READY;
}

static GmqRuleDeed
deed_of(const GmqJob *job)
{
    return job->rule == NULL ? GMQ_RULE_ACK : job->rule->deed;
}

static const char *
choose_ack(const GmqHands *hands)
{
    if (hands->finished + 1 < hands->spec->batch)
        return GMQ_FINISH_LATER;
    return hands->spec->batch > 1 ? GMQ_FINISH_ACK_ALL : GMQ_FINISH_ACK;
}

/* What becomes of a message that is finished, in the words of the trace. */
static const char *
choose_end(const GmqHands *hands, const GmqJob *job)
{
    static const char *const said[GMQ_N_RULE_DEEDS] = {
        [GMQ_RULE_REJECT]  = GMQ_FINISH_REJECT,
        [GMQ_RULE_REQUEUE] = GMQ_FINISH_REQUEUE,
        [GMQ_RULE_IGNORE]  = GMQ_FINISH_NOTHING,
        [GMQ_RULE_CLOSE]   = GMQ_FINISH_CLOSE,
    };
    GmqRuleDeed deed = deed_of(job);
    bool is_undone   = job->is_known || deed == GMQ_RULE_REJECT || deed == GMQ_RULE_REQUEUE;

    if (deed == GMQ_RULE_CRASH)
        return GMQ_FINISH_CRASH;
    if (is_late(hands, job) && (hands->spec->ack == GMQ_ACK_MANUAL || is_undone))
        return is_undone ? GMQ_FINISH_UNSAID : GMQ_FINISH_TOO_LATE;
    if (said[deed] != NULL && (deed != GMQ_RULE_CLOSE || !is_late(hands, job)))
        return said[deed];
    if (hands->spec->ack == GMQ_ACK_NEVER)
        return GMQ_FINISH_NOTHING;
    if (job->is_known)
        return GMQ_FINISH_KNOWN;
    return hands->spec->ack == GMQ_ACK_AUTO ? GMQ_FINISH_SETTLED : choose_ack(hands);
}

/* Where a forward goes: an exchange of that name, or else a queue by the nameless exchange. */
static GmqBasicPublish
forward_to(const GmqHands *hands, const GmqJob *job)
{
    const GmqRule *rule     = job->rule;
    GmqBasicPublish publish = {.routing_key =
                                   gmq_slice_of(rule->key == NULL ? job->key : rule->key)};

    if (strcmp(rule->to, "default") == 0)
        return publish;
    if (gmq_scenario_has_exchange(hands->client->world->scenario, rule->to))
        publish.exchange = gmq_slice_of(rule->to);
    else
        publish.routing_key = gmq_slice_of(rule->to);
    return publish;
}

static GmqSlice
slice_of(const GByteArray *bytes)
{
    return (GmqSlice){bytes->data, bytes->len};
}

/* The headers of a message with another delay. */
static void
write_headers(GmqSlice headers, int64_t delay_ms, GmqBuffer *table)
{
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&headers, &name, &value)) {
        if (!gmq_slice_equal(name, GMQ_SLICE(DELAY)))
            gmq_table_add(table, name, &value);
    }
    gmq_table_add_int(table, DELAY, delay_ms);
}

/* What the rule changes of the message, which goes into the buffers. */
static void
apply_delay(const GmqRule *rule, GmqProperties *properties, GmqClientContent *content,
            GmqBuffer *table, GmqBuffer *header)
{
    if (rule->delay_ns == 0)
        return;
    write_headers(properties->headers, rule->delay_ns / NS_PER_MS, table);
    properties->headers = gmq_buffer_slice(table);
    properties->present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    gmq_properties_encode(properties, content->body.size, header);
    content->header = gmq_buffer_slice(header);
}

/* The message as it came, with its name, goes first; its ack follows on the same channel. Whoever
 * dies in between leaves two, and not none. */
static void
forward(GmqHands *hands, const GmqJob *job)
{
    GmqSimClient *client     = hands->client;
    GmqBasicPublish publish  = forward_to(hands, job);
    GmqClientContent content = {slice_of(job->header), slice_of(job->body)};
    g_auto(GmqBuffer) table  = {0};
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties;
    GmqFault fault;

    if (gmq_properties_decode(content.header, &properties, &fault)) {
        apply_delay(job->rule, &properties, &content, &table, &header);
        gmq_check_forwarded(client->world->check, client->peer->name, &properties, content.body);
    }
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_FORWARDED,
                                           .to         = publish.exchange,
                                           .key        = publish.routing_key,
                                           .message_id = gmq_slice_of(job->name)});
    gmq_client_forward(client->amqp, GMQ_SIM_CHANNEL, &publish, &content);
}

static void
crash(GmqSimClient *client)
{
    gmq_sim_client_note(client, (GmqEvent){.kind = GMQ_EVENT_FAULT_CRASH});
    gmq_sim_client_crash(client);
}

/* Says it to the broker. */
static void
settle(GmqHands *hands, const GmqJob *job, const char *end)
{
    GmqSimClient *client = hands->client;
    bool is_all          = strcmp(end, GMQ_FINISH_ACK_ALL) == 0;

    if (strcmp(end, GMQ_FINISH_LATER) == 0) {
        hands->finished++;
    } else if (gmq_finish_find(end)->has_ack && hands->spec->ack == GMQ_ACK_MANUAL) {
        hands->finished = is_all ? 0 : hands->finished;
        gmq_client_ack(client->amqp, GMQ_SIM_CHANNEL, job->tag, is_all);
    } else if (strcmp(end, GMQ_FINISH_REJECT) == 0 || strcmp(end, GMQ_FINISH_REQUEUE) == 0) {
        gmq_client_reject(client->amqp, GMQ_SIM_CHANNEL, job->tag,
                          strcmp(end, GMQ_FINISH_REQUEUE) == 0);
    } else if (strcmp(end, GMQ_FINISH_CRASH) == 0) {
        crash(client);
    } else if (strcmp(end, GMQ_FINISH_CLOSE) == 0) {
        gmq_sim_client_close(client, "a rule says so");
    }
}

/* What happens before the end is told: a forward, or the answer of a server. */
static void
send_first(GmqHands *hands, const GmqJob *job)
{
    if (is_late(hands, job))
        return;
    if (is_forward(job))
        forward(hands, job);
    else if (hands->class_->answer != NULL && deed_of(job) == GMQ_RULE_ACK)
        hands->class_->answer(hands->role, job);
}

static void
go_idle(GmqHands *hands)
{
    gmq_timeline_client_is(hands->client->world->timeline, hands->spec->name, GMQ_IS_IDLE);
    if (hands->class_->idle != NULL)
        hands->class_->idle(hands->role);
}

static void
on_finished(void *data)
{
    GmqHands *hands      = data;
    GmqSimClient *client = hands->client;
    GmqJob *job          = g_queue_pop_head(&hands->jobs);
    const char *end      = choose_end(hands, job);
    bool is_dead         = strcmp(end, GMQ_FINISH_CRASH) == 0;

    hands->ticket        = 0;
    client->world->cause = job->cause;
    send_first(hands, job);
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_FINISHED,
                                           .to         = gmq_slice_of(hands->spec->from),
                                           .message_id = gmq_slice_of(job->name),
                                           .tag        = job->tag,
                                           .text       = gmq_slice_of(end)});
    if (hands->done != NULL && gmq_finish_find(end)->is_done)
        g_hash_table_add(hands->done, g_strdup(job->name));
    settle(hands, job, end);
    free_job(job);
    gmq_sim_client_flush(client);
    start_first(hands);
    if (hands->jobs.length == 0 && !is_dead)
        go_idle(hands);
}

/* ---- ends ---- */

void
gmq_hands_lost(GmqHands *hands)
{
    drop_jobs(hands, hands->ticket != 0 ? 1 : 0);
}

void
gmq_hands_died(GmqHands *hands)
{
    drop_jobs(hands, 0);
    if (hands->seen != NULL)
        g_hash_table_remove_all(hands->seen);
}

bool
gmq_hands_is_idle(const GmqHands *hands)
{
    return hands->jobs.length == 0;
}

bool
gmq_hands_is_busy(const GmqHands *hands)
{
    const GmqSimClient *client = hands->client;
    const GmqQueueTally *queue = gmq_tally_queue(client->world->tally, hands->spec->from);

    if (hands->jobs.length > 0)
        return true;
    return client->state != GMQ_SIM_READY && queue != NULL && queue->ready > 0;
}
