#include "sim/orders.h"

#include "core/client/send.h"
#include "sim/world-private.h"

void
gmq_sim_client_send_orders(GmqSimClient *client)
{
    while (client->state == GMQ_SIM_READY && client->n_orders_sent < client->orders->len) {
        g_auto(GmqBuffer) arguments = {0};
        const GmqDeed *deed         = client->orders->pdata[client->n_orders_sent];
        GmqMethod method            = gmq_order_method(client->world->scenario, deed, &arguments);

        if (!gmq_client_send(client->amqp, GMQ_SIM_CHANNEL, &method))
            return;
        client->n_orders_sent++;
    }
}

void
gmq_sim_client_order(GmqSimClient *client, const GmqDeed *deed)
{
    g_ptr_array_add(client->orders, (void *)deed);
    gmq_sim_client_send_orders(client);
    gmq_sim_client_flush(client);
}

/* Answers come in the order of the orders. */
bool
gmq_sim_client_take_answer(GmqSimClient *client, const GmqMethod *method)
{
    static const GmqMethodId answers[] = {
        GMQ_QUEUE_DECLARE_OK,   GMQ_QUEUE_DELETE_OK,  GMQ_QUEUE_BIND_OK,
        GMQ_QUEUE_UNBIND_OK,    GMQ_QUEUE_PURGE_OK,   GMQ_EXCHANGE_DECLARE_OK,
        GMQ_EXCHANGE_DELETE_OK, GMQ_EXCHANGE_BIND_OK, GMQ_EXCHANGE_UNBIND_OK,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(answers) && client->n_orders_sent > 0; i++) {
        if (answers[i] != method->id)
            continue;
        g_ptr_array_remove_index(client->orders, 0);
        client->n_orders_sent--;
        return true;
    }
    return false;
}

void
gmq_sim_client_lose_orders(GmqSimClient *client)
{
    if (client->n_orders_sent > 0)
        g_ptr_array_remove_range(client->orders, 0, client->n_orders_sent);
    client->n_orders_sent = 0;
}
