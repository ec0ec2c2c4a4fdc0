/* fake-core.h - a core that only remembers what the host told it.
 *
 * It defines the inputs of core/amqp/amqp.h and core/broker/storage.h itself, so that a test of the
 * host links without the broker. What it should do in return, the test sets on the connection. */
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/amqp/amqp.h"
#include "core/broker/storage.h"

struct GmqConnection {
    GmqPeer *peer;
    std::string name;
    bool is_loopback;
    std::string received;
    std::vector<uint8_t> window; /* where the next bytes go, if it is not empty */
    std::string filled;          /* what came through the window */
    int n_writable = 0;
    int n_closed   = 0;
    std::function<void()> on_received;
};

struct GmqAmqp {
    std::vector<std::unique_ptr<GmqConnection>> connections; /* in the order of opened */
    int n_flushes = 0;
    int n_woken   = 0;
    std::string stop_text;
    std::function<void()> on_stop;
    std::function<void()> on_woken;
};

struct GmqBroker {
    std::vector<std::pair<uint64_t, GmqDiskResult>> stored;
    int n_stops = 0;
    std::function<void()> on_stop;
    std::function<bool()> is_idle = [] { return true; };
};
