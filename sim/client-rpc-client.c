/* A producer whose messages are requests: each names the queue where its reply is awaited, a queue
 * of the broker's naming that is the client's alone and ends with its connection, and carries its
 * own name as correlation-id. */
#include "sim/producer.h"
#include "sim/units.h"

/* A request whose reply has not come. */
typedef struct {
    uint64_t n;
    int64_t sent_ns;
    bool is_given_up;
} Call;

typedef struct {
    GmqProducer producer; /* first: its functions take the role */
    GArray *calls;        /* of Call, oldest first */
    char *queue;          /* for replies; NULL before the broker has named it */
    uint64_t timeout_ticket;
} RpcClient;

static void on_timeout(void *data);

static Call *
call_at(const RpcClient *rpc, unsigned index)
{
    return &g_array_index(rpc->calls, Call, index);
}

static GmqWorld *
world_of(const RpcClient *rpc)
{
    return rpc->producer.client->world;
}

/* ---- waiting ---- */

static void
count_asked(RpcClient *rpc)
{
    rpc->producer.asked = 0;
    for (unsigned i = 0; i < rpc->calls->len; i++)
        rpc->producer.asked += call_at(rpc, i)->is_given_up ? 0 : 1;
}

/* The oldest request that is waited for decides when waiting ends. */
static void
plan_timeout(RpcClient *rpc)
{
    int64_t time_ns = INT64_MAX;

    count_asked(rpc);
    gmq_schedule_forget(world_of(rpc)->schedule, &rpc->timeout_ticket);
    if (rpc->producer.spec->reply_timeout_ns == 0)
        return;
    for (unsigned i = 0; i < rpc->calls->len && time_ns == INT64_MAX; i++) {
        if (!call_at(rpc, i)->is_given_up &&
            __builtin_add_overflow(call_at(rpc, i)->sent_ns, rpc->producer.spec->reply_timeout_ns,
                                   &time_ns))
            time_ns = INT64_MAX;
    }
    if (time_ns != INT64_MAX)
        rpc->timeout_ticket = gmq_schedule_add(world_of(rpc)->schedule, time_ns, GMQ_PHASE_CLIENT,
                                               "a reply is late", on_timeout, rpc);
}

static void
give_up(RpcClient *rpc, Call *call)
{
    if (call->is_given_up)
        return;
    call->is_given_up = true;
    gmq_producer_note(&rpc->producer, GMQ_EVENT_CLIENT_GAVE_UP, call->n, 0, 0);
}

static void
on_timeout(void *data)
{
    RpcClient *rpc  = data;
    int64_t most_ns = gmq_world_now(world_of(rpc)) - rpc->producer.spec->reply_timeout_ns;

    rpc->timeout_ticket = 0;
    for (unsigned i = 0; i < rpc->calls->len; i++) {
        if (call_at(rpc, i)->sent_ns <= most_ns)
            give_up(rpc, call_at(rpc, i));
    }
    plan_timeout(rpc);
    gmq_producer_plan_step(&rpc->producer);
}

/* ---- asking ---- */

static void
prepare(GmqProducer *producer, GmqOutgoing *outgoing)
{
    const RpcClient *rpc = (const RpcClient *)producer;

    outgoing->properties.reply_to       = gmq_slice_of(rpc->queue);
    outgoing->properties.correlation_id = gmq_slice_of(outgoing->name->str);
    outgoing->properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_REPLY_TO);
    outgoing->properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_CORRELATION_ID);
}

/* The index of a request that waits for its reply; -1 when none has that number. */
static int
find_call(const RpcClient *rpc, uint64_t n)
{
    for (unsigned i = 0; i < rpc->calls->len; i++) {
        if (call_at(rpc, i)->n == n)
            return (int)i;
    }
    return -1;
}

/* A request that is sent once more is waited for anew. */
static void
was_sent(GmqProducer *producer, uint64_t n)
{
    RpcClient *rpc = (RpcClient *)producer;
    int index      = find_call(rpc, n);
    Call call      = {.n = n, .sent_ns = gmq_world_now(world_of(rpc))};

    if (index >= 0)
        g_array_remove_index(rpc->calls, (unsigned)index);
    g_array_append_val(rpc->calls, call);
    plan_timeout(rpc);
}

/* ---- replies ---- */

/* The number in "p1-5", when p1 is its name; 0 for everything else. */
static uint64_t
number_of(const RpcClient *rpc, const char *name)
{
    const char *own = rpc->producer.spec->name;
    uint64_t n      = 0;

    if (!g_str_has_prefix(name, own) || name[strlen(own)] != '-' ||
        !gmq_read_count(name + strlen(own) + 1, &n))
        return 0;
    return n;
}

static void
take_reply(RpcClient *rpc, const GmqProperties *properties, uint64_t cause)
{
    g_autofree char *request = gmq_slice_dup(properties->correlation_id);
    int index                = find_call(rpc, number_of(rpc, request));
    int64_t waited_ns        = 0;
    const char *how          = GMQ_REPLY_UNKNOWN;

    if (index >= 0) {
        const Call *call = call_at(rpc, (unsigned)index);

        waited_ns = gmq_world_now(world_of(rpc)) - call->sent_ns;
        how       = call->is_given_up ? GMQ_REPLY_LATE : GMQ_REPLY_IN_TIME;
        g_array_remove_index(rpc->calls, (unsigned)index);
    }
    gmq_sim_client_note(rpc->producer.client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_REPLIED,
                                                         .cause      = cause,
                                                         .to         = gmq_slice_of(rpc->queue),
                                                         .key        = gmq_slice_of(request),
                                                         .message_id = properties->message_id,
                                                         .count = (uint64_t)waited_ns / 1000000,
                                                         .text  = gmq_slice_of(how)});
}

static void
on_delivered(void *role, const GmqBasicDeliver *deliver, const GmqClientContent *content)
{
    RpcClient *rpc       = role;
    GmqSimClient *client = rpc->producer.client;
    uint64_t cause       = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_DELIVERY);
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(content->header, &properties, &fault))
        properties = (GmqProperties){0};
    gmq_check_received(client->world->check, client->peer->name, deliver->delivery_tag, &properties,
                       content);
    take_reply(rpc, &properties, cause);
    plan_timeout(rpc);
    gmq_producer_plan_step(&rpc->producer);
}

/* ---- life ---- */

static void *
make(GmqSimClient *client)
{
    RpcClient *rpc = g_new0(RpcClient, 1);

    gmq_producer_init(&rpc->producer, client);
    rpc->producer.prepare  = prepare;
    rpc->producer.was_sent = was_sent;
    rpc->producer.is_held  = true;
    rpc->calls             = g_array_new(FALSE, FALSE, sizeof(Call));
    return rpc;
}

static void
free_rpc_client(void *role)
{
    RpcClient *rpc = role;

    gmq_schedule_forget(world_of(rpc)->schedule, &rpc->timeout_ticket);
    gmq_producer_clear(&rpc->producer);
    g_array_unref(rpc->calls);
    g_free(rpc->queue);
    g_free(rpc);
}

/* It asks nothing before it can hear the reply. */
static void
on_ready(void *role)
{
    RpcClient *rpc = role;

    gmq_client_send(rpc->producer.client->amqp, GMQ_SIM_CHANNEL,
                    &(GmqMethod){.id = GMQ_QUEUE_DECLARE, .queue_declare = {.exclusive = true}});
    gmq_producer_ready(role);
}

static void
listen(RpcClient *rpc, GmqSlice queue)
{
    const GmqClientSpec *spec = rpc->producer.spec;

    g_free(rpc->queue);
    rpc->queue = gmq_slice_dup(queue);
    gmq_client_send(rpc->producer.client->amqp, GMQ_SIM_CHANNEL,
                    &(GmqMethod){.id            = GMQ_BASIC_CONSUME,
                                 .basic_consume = {.queue        = queue,
                                                   .consumer_tag = gmq_slice_of(spec->name),
                                                   .no_ack       = true,
                                                   .exclusive    = true}});
}

static void
on_replied(void *role, const GmqMethod *method)
{
    RpcClient *rpc = role;

    if (method->id == GMQ_QUEUE_DECLARE_OK) {
        listen(rpc, method->queue_declare_ok.queue);
    } else if (method->id == GMQ_BASIC_CONSUME_OK) {
        rpc->producer.is_held = false;
        gmq_producer_plan_step(&rpc->producer);
    } else {
        gmq_batch_replied(&rpc->producer, method->id);
    }
}

/* The queue is gone with the connection, and no reply can come any more. */
static void
hang_up(RpcClient *rpc, bool is_told)
{
    for (unsigned i = 0; i < rpc->calls->len && is_told; i++)
        give_up(rpc, call_at(rpc, i));
    g_array_set_size(rpc->calls, 0);
    rpc->producer.is_held = true;
    plan_timeout(rpc);
}

static void
on_lost(void *role)
{
    hang_up(role, true);
    gmq_producer_lost(role);
}

static void
on_died(void *role)
{
    hang_up(role, false);
    gmq_producer_died(role);
}

static bool
is_busy(const void *role)
{
    const RpcClient *rpc = role;

    return !gmq_producer_is_done(&rpc->producer) || rpc->producer.asked > 0;
}

const GmqRoleClass gmq_rpc_client_class = {
    .make      = make,
    .free      = free_rpc_client,
    .ready     = on_ready,
    .lost      = on_lost,
    .room      = gmq_producer_room,
    .died      = on_died,
    .replied   = on_replied,
    .delivered = on_delivered,
    .returned  = gmq_producer_returned,
    .confirmed = gmq_producer_confirmed,
    .publish   = gmq_producer_publish,
    .is_busy   = is_busy,
};
