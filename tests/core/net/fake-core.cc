#include "tests/core/net/fake-core.h"

#include <gtest/gtest.h>

GmqConnection *
gmq_amqp_opened(GmqAmqp *amqp, GmqPeer *peer, const GmqPeerInfo *info)
{
    auto connection         = std::make_unique<GmqConnection>();
    connection->peer        = peer;
    connection->name        = info->name;
    connection->is_loopback = info->is_loopback;
    amqp->connections.push_back(std::move(connection));
    return amqp->connections.back().get();
}

void
gmq_connection_received(GmqConnection *connection, GmqSlice bytes)
{
    connection->received.append(reinterpret_cast<const char *>(bytes.data), bytes.size);
    if (connection->on_received)
        connection->on_received();
}

void
gmq_connection_writable(GmqConnection *connection)
{
    connection->n_writable++;
}

void
gmq_connection_closed(GmqConnection *connection)
{
    connection->n_closed++;
}

void
gmq_amqp_woken(GmqAmqp *amqp)
{
    amqp->n_woken++;
    if (amqp->on_woken)
        amqp->on_woken();
}

void
gmq_amqp_flush(GmqAmqp *amqp)
{
    amqp->n_flushes++;
}

uint8_t *
gmq_connection_window(GmqConnection *connection, size_t *size)
{
    if (connection->window.empty())
        return nullptr;
    *size = connection->window.size();
    return connection->window.data();
}

void
gmq_connection_window_filled(GmqConnection *connection, size_t size)
{
    ASSERT_LE(size, connection->window.size());
    connection->filled.append(connection->window.begin(), connection->window.begin() + size);
    connection->window.erase(connection->window.begin(), connection->window.begin() + size);
}

void
gmq_amqp_stop(GmqAmqp *amqp, const char *text)
{
    amqp->stop_text = text;
    if (amqp->on_stop)
        amqp->on_stop();
}

size_t
gmq_amqp_connection_count(const GmqAmqp *amqp)
{
    size_t count = 0;

    for (const auto &connection : amqp->connections)
        count += connection->n_closed == 0;
    return count;
}

void
gmq_broker_stored(GmqBroker *broker, uint64_t ticket, GmqDiskResult result)
{
    broker->stored.emplace_back(ticket, result);
}

void
gmq_broker_stop_storage(GmqBroker *broker)
{
    broker->n_stops++;
    if (broker->on_stop)
        broker->on_stop();
}

bool
gmq_broker_is_storage_idle(const GmqBroker *broker)
{
    return broker->is_idle();
}

GmqJournal *
gmq_broker_journal(const GmqBroker *broker)
{
    (void)broker;
    return nullptr;
}

unsigned
gmq_broker_alarms(const GmqBroker *broker)
{
    (void)broker;
    return 0;
}

uint64_t
gmq_broker_disk_free_least(const GmqBroker *broker)
{
    (void)broker;
    return 0;
}
