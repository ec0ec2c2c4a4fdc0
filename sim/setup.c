/* The client that declares the topology before time begins: over the wire, like everybody. Later it
 * does what the timeline wants done by nobody who is seen, and stays connected. */
#include "sim/declare.h"
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

typedef GmqMethod (*Declare)(const void *line, GmqBuffer *arguments);

static GmqMethod
declare_exchange(const void *line, GmqBuffer *arguments)
{
    return gmq_declare_exchange(line, arguments);
}

static GmqMethod
declare_queue(const void *line, GmqBuffer *arguments)
{
    return gmq_declare_queue(line, arguments);
}

static GmqMethod
declare_binding(const void *line, GmqBuffer *arguments)
{
    return gmq_declare_binding(line, arguments);
}

static void
declare_all(Setup *setup, const GPtrArray *lines, Declare declare)
{
    for (unsigned i = 0; i < lines->len; i++) {
        g_auto(GmqBuffer) arguments = {0};
        GmqMethod method            = declare(lines->pdata[i], &arguments);

        if (gmq_client_send(setup->client->amqp, GMQ_SIM_CHANNEL, &method))
            setup->n_due++;
    }
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

    if (setup->client->world->has_begun)
        return;
    declare_all(setup, scenario->exchanges, declare_exchange);
    declare_all(setup, scenario->queues, declare_queue);
    declare_all(setup, scenario->bindings, declare_binding);
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

/* Why the broker ended the whole connection; NULL when it did not. The caller frees it. */
static char *
describe_end(const GmqClient *amqp)
{
    if (amqp == NULL || gmq_client_state(amqp) != GMQ_CLIENT_CLOSED)
        return NULL;
    return gmq_slice_dup(gmq_client_end(amqp)->text);
}

static void
begin_world(void *data)
{
    gmq_world_begin(data);
}

static void
on_lost(void *role)
{
    Setup *setup         = role;
    GmqWorld *world      = setup->client->world;
    const char *text     = setup->client->end_text;
    g_autofree char *end = NULL;

    if (world->has_begun && setup->client->orders->len > 0) {
        g_ptr_array_set_size(setup->client->orders, 0);
        setup->client->n_orders_sent = 0;
        gmq_check_order(world->check, text == NULL ? "it is not there" : text);
    }
    if (setup->is_over)
        return;
    setup->is_over = true;
    if (text == NULL) {
        end  = describe_end(setup->client->amqp);
        text = end;
    }
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

void
gmq_world_order(GmqWorld *world, const GmqDeed *deed)
{
    gmq_sim_client_order(world->setup, deed);
    gmq_sim_client_start(world->setup);
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
