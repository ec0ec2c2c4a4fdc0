#include "sim/consuming.h"

#include "core/wire/table.h"
#include "sim/world-private.h"

static void
set_prefetch(GmqClient *amqp, const GmqClientSpec *spec)
{
    if (spec->prefetch > 0)
        gmq_client_send(amqp, GMQ_SIM_CHANNEL,
                        &(GmqMethod){.id        = GMQ_BASIC_QOS,
                                     .basic_qos = {
                                         .prefetch_count = (uint16_t)spec->prefetch,
                                         .global         = spec->scope == GMQ_SCOPE_CHANNEL,
                                     }});
}

static void
consume(GmqClient *amqp, const GmqClientSpec *spec)
{
    GmqBuffer arguments = {0};

    if (spec->consumer_priority != 0)
        gmq_table_add_int(&arguments, "x-priority", spec->consumer_priority);
    gmq_client_send(amqp, GMQ_SIM_CHANNEL,
                    &(GmqMethod){.id            = GMQ_BASIC_CONSUME,
                                 .basic_consume = {
                                     .queue        = gmq_slice_of(spec->from),
                                     .consumer_tag = gmq_slice_of(spec->name),
                                     .no_ack       = spec->ack == GMQ_ACK_AUTO,
                                     .exclusive    = spec->exclusive,
                                     .arguments    = gmq_buffer_slice(&arguments),
                                 }});
    gmq_buffer_clear(&arguments);
}

void
gmq_consuming_begin(GmqConsuming *consuming)
{
    const GmqSimClient *client = consuming->client;

    set_prefetch(client->amqp, client->spec);
    consume(client->amqp, client->spec);
}

static void
on_anew(void *data)
{
    GmqConsuming *consuming = data;

    consuming->ticket = 0;
    consume(consuming->client->amqp, consuming->client->spec);
    gmq_sim_client_flush(consuming->client);
}

void
gmq_consuming_cancelled(GmqConsuming *consuming, GmqSlice consumer_tag)
{
    GmqSimClient *client      = consuming->client;
    const GmqClientSpec *spec = client->spec;

    gmq_sim_client_note(client, (GmqEvent){.kind = GMQ_EVENT_CLIENT_CANCELLED,
                                           .to   = gmq_slice_of(spec->from),
                                           .text = consumer_tag});
    if (spec->reconnect_ns >= 0 && consuming->ticket == 0)
        consuming->ticket = gmq_sim_client_plan(client, spec->reconnect_ns, GMQ_PHASE_CLIENT,
                                                "a client consumes anew", on_anew, consuming);
}

void
gmq_consuming_end(GmqConsuming *consuming)
{
    gmq_schedule_forget(consuming->client->world->schedule, &consuming->ticket);
}
