/* The client that declares the topology before time begins: over the wire, like everybody. */
#include "core/wire/table.h"
#include "sim/world-private.h"

typedef struct {
    GmqSimClient *client;
    size_t n_due; /* answers that have not come */
    bool is_done; /* all was declared */
    bool is_over; /* and it has left, or was told to */
} Setup;

static void *
make(GmqSimClient *client)
{
    Setup *setup = g_new0(Setup, 1);

    setup->client = client;
    return setup;
}

static void
send(Setup *setup, const GmqMethod *method)
{
    if (gmq_client_send(setup->client->amqp, GMQ_SIM_CHANNEL, method))
        setup->n_due++;
}

static void
declare_exchange(Setup *setup, const GmqExchangeLine *exchange)
{
    g_auto(GmqBuffer) arguments = {0};

    if (exchange->alternate != NULL)
        gmq_table_add_text(&arguments, "alternate-exchange", gmq_slice_of(exchange->alternate));
    send(setup, &(GmqMethod){.id               = GMQ_EXCHANGE_DECLARE,
                             .exchange_declare = {
                                 .exchange = gmq_slice_of(exchange->name),
                                 .type     = gmq_slice_of(gmq_exchange_kind_name(exchange->type)),
                                 .durable  = exchange->durable,
                                 .auto_delete = exchange->auto_delete,
                                 .internal    = exchange->internal,
                                 .arguments   = gmq_buffer_slice(&arguments),
                             }});
}

static void
declare_queue(Setup *setup, const GmqQueueLine *queue)
{
    send(setup, &(GmqMethod){.id            = GMQ_QUEUE_DECLARE,
                             .queue_declare = {
                                 .queue       = gmq_slice_of(queue->name),
                                 .durable     = queue->durable,
                                 .auto_delete = queue->auto_delete,
                             }});
}

static void
add_arguments(GmqBuffer *arguments, const GmqBindingLine *binding)
{
    if (binding->headers == NULL)
        return;
    gmq_table_add_text(arguments, "x-match",
                       binding->match == GMQ_MATCH_ALL ? GMQ_SLICE("all") : GMQ_SLICE("any"));
    for (unsigned i = 0; i < binding->headers->len; i++) {
        const GmqHeaderLine *header = binding->headers->pdata[i];

        if (header->kind == GMQ_HEADER_BOOL)
            gmq_table_add_bool(arguments, header->name, header->integer != 0);
        else if (header->kind == GMQ_HEADER_INTEGER)
            gmq_table_add_int(arguments, header->name, header->integer);
        else
            gmq_table_add_text(arguments, header->name, gmq_slice_of(header->text));
    }
}

static void
bind(Setup *setup, const GmqBindingLine *binding)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqMethod method            = {.id = GMQ_QUEUE_BIND};

    add_arguments(&arguments, binding);
    if (binding->to_queue) {
        method.queue_bind = (GmqQueueBind){
            .queue       = gmq_slice_of(binding->to),
            .exchange    = gmq_slice_of(binding->from),
            .routing_key = gmq_slice_of(binding->key),
            .arguments   = gmq_buffer_slice(&arguments),
        };
    } else {
        method.id            = GMQ_EXCHANGE_BIND;
        method.exchange_bind = (GmqExchangeBind){
            .destination = gmq_slice_of(binding->to),
            .source      = gmq_slice_of(binding->from),
            .routing_key = gmq_slice_of(binding->key),
            .arguments   = gmq_buffer_slice(&arguments),
        };
    }
    send(setup, &method);
}

static void
leave_when_done(Setup *setup)
{
    if (setup->n_due > 0)
        return;
    setup->is_done = true;
    gmq_client_close(setup->client->amqp, 200, "the topology stands");
}

static void
on_ready(void *role)
{
    Setup *setup                = role;
    const GmqScenario *scenario = setup->client->world->scenario;

    for (unsigned i = 0; i < scenario->exchanges->len; i++)
        declare_exchange(setup, scenario->exchanges->pdata[i]);
    for (unsigned i = 0; i < scenario->queues->len; i++)
        declare_queue(setup, scenario->queues->pdata[i]);
    for (unsigned i = 0; i < scenario->bindings->len; i++)
        bind(setup, scenario->bindings->pdata[i]);
    leave_when_done(setup);
}

static void
on_replied(void *role, const GmqMethod *method)
{
    Setup *setup = role;

    (void)method;
    g_assert(setup->n_due > 0);
    setup->n_due--;
    leave_when_done(setup);
}

static void
begin_world(void *data)
{
    gmq_world_begin(data);
}

static void
on_lost(void *role)
{
    Setup *setup     = role;
    GmqWorld *world  = setup->client->world;
    const char *text = setup->client->end_text;

    if (setup->is_over)
        return;
    setup->is_over = true;
    if (setup->is_done)
        gmq_schedule_add(world->schedule, 0, GMQ_PHASE_OBSERVER, "the topology stands", begin_world,
                         world);
    else
        gmq_check_topology(world->check, text == NULL ? "it left" : text);
}

static void
on_died(void *role)
{
    (void)role;
}

static bool
is_busy(const void *role)
{
    return !((const Setup *)role)->is_done;
}

const GmqRoleClass gmq_setup_class = {
    .make    = make,
    .free    = g_free,
    .ready   = on_ready,
    .lost    = on_lost,
    .died    = on_died,
    .replied = on_replied,
    .is_busy = is_busy,
};
