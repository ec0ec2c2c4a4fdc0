#include "core/amqp/gate.h"

#include "core/amqp/amqp-private.h"
#include "core/broker/storage.h"

/* Those at the gate stand in the order of what they wait for. */
static void
wait_for(GmqConnection *connection, const GmqStorage *storage, uint64_t mark)
{
    if (mark <= gmq_storage_committed(storage) || mark <= connection->gate)
        return;
    gmq_connection_leave_gate(connection);
    connection->gate = mark;
    g_queue_push_tail_link(&connection->amqp->at_gate, &connection->gate_link);
}

void
gmq_connection_await_definitions(GmqConnection *connection)
{
    GmqStorage *storage = gmq_broker_storage(connection->broker);

    if (storage != NULL)
        wait_for(connection, storage, gmq_storage_definition_mark(storage));
}

void
gmq_connection_await_all(GmqConnection *connection)
{
    GmqStorage *storage = gmq_broker_storage(connection->broker);

    if (storage != NULL)
        wait_for(connection, storage, gmq_storage_mark(storage));
}

void
gmq_connection_leave_gate(GmqConnection *connection)
{
    if (connection->gate == 0)
        return;
    g_queue_unlink(&connection->amqp->at_gate, &connection->gate_link);
    connection->gate = 0;
}

void
gmq_amqp_open_gate(GmqAmqp *amqp)
{
    const GmqStorage *storage = gmq_broker_storage(amqp->broker);

    while (amqp->at_gate.length > 0) {
        GmqConnection *connection = amqp->at_gate.head->data;

        if (connection->gate <= gmq_storage_committed(storage)) {
            gmq_connection_leave_gate(connection);
            gmq_connection_mark_dirty(connection);
        } else if (gmq_storage_has_failed(storage)) {
            gmq_connection_abort(connection, GMQ_SLICE("the disk failed"));
        } else {
            break;
        }
    }
}
