#include "sim/world-private.h"

/* A message in the hands of a consumer. */
typedef struct {
    char *name; /* of the message */
    uint64_t tag;
    uint64_t generation; /* of the connection it came on: only there it can be acked */
    uint64_t cause;
    int64_t work_ns;
} Job;

typedef struct {
    GmqSimClient *client;
    const GmqClientSpec *spec;
    GQueue jobs;       /* of Job; the first is being worked on */
    uint64_t finished; /* since the last ack */
    uint64_t ticket;   /* of the end of the first job; 0: none */
} Consumer;

static void on_finished(void *data);

static void *
make(GmqSimClient *client)
{
    Consumer *consumer = g_new0(Consumer, 1);

    consumer->client = client;
    consumer->spec   = client->spec;
    g_queue_init(&consumer->jobs);
    return consumer;
}

static void
free_job(void *data)
{
    Job *job = data;

    g_free(job->name);
    g_free(job);
}

/* Drops all jobs but those that are kept, from the first on. */
static void
drop_jobs(Consumer *consumer, unsigned kept)
{
    while (consumer->jobs.length > kept)
        free_job(g_queue_pop_tail(&consumer->jobs));
    if (kept == 0)
        gmq_schedule_forget(consumer->client->world->schedule, &consumer->ticket);
    consumer->finished = 0;
}

static void
free_consumer(void *role)
{
    Consumer *consumer = role;

    drop_jobs(consumer, 0);
    g_free(consumer);
}

/* ---- beginning ---- */

static void
on_ready(void *role)
{
    Consumer *consumer        = role;
    const GmqClientSpec *spec = consumer->spec;
    GmqClient *amqp           = consumer->client->amqp;

    if (spec->prefetch > 0)
        gmq_client_send(amqp, GMQ_SIM_CHANNEL,
                        &(GmqMethod){.id        = GMQ_BASIC_QOS,
                                     .basic_qos = {
                                         .prefetch_count = (uint16_t)spec->prefetch,
                                         .global         = spec->scope == GMQ_SCOPE_CHANNEL,
                                     }});
    gmq_client_send(amqp, GMQ_SIM_CHANNEL,
                    &(GmqMethod){.id            = GMQ_BASIC_CONSUME,
                                 .basic_consume = {
                                     .queue        = gmq_slice_of(spec->from),
                                     .consumer_tag = gmq_slice_of(spec->name),
                                     .no_ack       = spec->ack == GMQ_ACK_AUTO,
                                     .exclusive    = spec->exclusive,
                                 }});
}

/* ---- working ---- */

static int64_t
work_time(const GmqClientSpec *spec, GmqSlice body)
{
    int64_t dots = 0;
    int64_t work_ns;

    if (!spec->work_per_dot)
        return spec->work_ns;
    for (size_t i = 0; i < body.size; i++)
        dots += body.data[i] == '.';
    return __builtin_mul_overflow(dots, spec->work_ns, &work_ns) ? INT64_MAX : work_ns;
}

static void
start_first(Consumer *consumer)
{
    const Job *job = g_queue_peek_head(&consumer->jobs);

    if (job == NULL || consumer->ticket != 0)
        return;
    consumer->ticket =
        gmq_schedule_add_after(consumer->client->world->schedule, job->work_ns, GMQ_PHASE_CLIENT,
                               "a client finishes", on_finished, consumer);
}

static void
on_delivered(void *role, const GmqBasicDeliver *deliver, const GmqClientContent *content)
{
    Consumer *consumer   = role;
    GmqSimClient *client = consumer->client;
    uint64_t cause       = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_DELIVERY);
    Job *job             = g_new0(Job, 1);
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(content->header, &properties, &fault))
        properties = (GmqProperties){0};
    gmq_check_received(client->world->check, client->peer->name, deliver->delivery_tag, &properties,
                       content);
    job->name       = gmq_slice_dup(properties.message_id);
    job->tag        = deliver->delivery_tag;
    job->generation = client->generation;
    job->work_ns    = work_time(consumer->spec, content->body);

    GmqEvent event = {
        .kind        = GMQ_EVENT_CLIENT_RECEIVED,
        .cause       = cause,
        .to          = gmq_slice_of(consumer->spec->from),
        .message_id  = properties.message_id,
        .tag         = job->tag,
        .count       = (uint64_t)job->work_ns / 1000000,
        .redelivered = deliver->redelivered,
    };
    job->cause = gmq_sim_client_note(client, event);
    g_queue_push_tail(&consumer->jobs, job);
    start_first(consumer);
}

/* What becomes of a message that is finished, in the words of the trace. */
static const char *
choose_end(const Consumer *consumer, const Job *job)
{
    const GmqSimClient *client = consumer->client;

    if (consumer->spec->ack == GMQ_ACK_NEVER)
        return GMQ_FINISH_NOTHING;
    if (consumer->spec->ack == GMQ_ACK_AUTO)
        return GMQ_FINISH_SETTLED;
    if (job->generation != client->generation || client->state != GMQ_SIM_READY)
        return GMQ_FINISH_TOO_LATE;
    if (consumer->finished + 1 < consumer->spec->batch)
        return GMQ_FINISH_LATER;
    return consumer->spec->batch > 1 ? GMQ_FINISH_ACK_ALL : GMQ_FINISH_ACK;
}

static void
settle(Consumer *consumer, const Job *job, const char *end)
{
    bool is_all = strcmp(end, GMQ_FINISH_ACK_ALL) == 0;

    if (strcmp(end, GMQ_FINISH_LATER) == 0) {
        consumer->finished++;
    } else if (is_all || strcmp(end, GMQ_FINISH_ACK) == 0) {
        consumer->finished = 0;
        gmq_client_ack(consumer->client->amqp, GMQ_SIM_CHANNEL, job->tag, is_all);
    }
}

static void
on_finished(void *data)
{
    Consumer *consumer   = data;
    GmqSimClient *client = consumer->client;
    Job *job             = g_queue_pop_head(&consumer->jobs);
    const char *end      = choose_end(consumer, job);

    consumer->ticket     = 0;
    client->world->cause = job->cause;
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_FINISHED,
                                           .to         = gmq_slice_of(consumer->spec->from),
                                           .message_id = gmq_slice_of(job->name),
                                           .tag        = job->tag,
                                           .text       = gmq_slice_of(end)});
    settle(consumer, job, end);
    free_job(job);
    gmq_sim_client_flush(client);
    start_first(consumer);
    if (consumer->jobs.length == 0)
        gmq_timeline_client_is(client->world->timeline, consumer->spec->name, GMQ_IS_IDLE);
}

/* ---- ends ---- */

/* The work in hand goes on, though its ack will come too late; what only waited is dropped. */
static void
on_lost(void *role)
{
    Consumer *consumer = role;
    drop_jobs(consumer, consumer->ticket != 0 ? 1 : 0);
}

static void
on_died(void *role)
{
    drop_jobs(role, 0);
}

/* Work in hand, or work that waits for it to connect. */
static bool
is_busy(const void *role)
{
    const Consumer *consumer   = role;
    const GmqSimClient *client = consumer->client;
    const GmqQueueTally *queue = gmq_tally_queue(client->world->tally, consumer->spec->from);

    if (consumer->jobs.length > 0)
        return true;
    return client->state != GMQ_SIM_READY && queue != NULL && queue->ready > 0;
}

const GmqRoleClass gmq_consumer_class = {
    .make      = make,
    .free      = free_consumer,
    .ready     = on_ready,
    .lost      = on_lost,
    .died      = on_died,
    .delivered = on_delivered,
    .is_busy   = is_busy,
};
