/* durable.h - for tests: a broker with a data directory that outlives it.
 *
 *     Node node;
 *     node.start();
 *     Peer &peer = node.connect();
 *     peer.ask("queue.declare durable queue=q");     the answer waits for the disk: node.settle()
 *     node.crash();                                   the power goes
 *     node.start();
 *
 * The disk does what it is asked for only when it is told so, by settle() or write_one(). */
#pragma once

#include <memory>

#include "core/broker/storage.h"
#include "tests/core/amqp/peer.h"
#include "tests/core/fake-disk.h"

class Node {
  public:
    ~Node()
    {
        if (server != nullptr)
            crash();
    }

    /* Starts the broker on what the disk has; false with the text in error. */
    bool
    try_start()
    {
        GError *found = nullptr;

        server                = std::make_unique<Server>();
        server->fake.epoch_ms = wall_ms;
        server->fake.listen(is_watched);
        server->fake.host()->disk = disk.disk();
        if (gmq_broker_open_storage(server->broker, &report, &found)) {
            settle();
            return true;
        }
        error = found->message;
        g_error_free(found);
        server.reset();
        return false;
    }

    void
    start()
    {
        EXPECT_TRUE(try_start()) << error;
    }

    /* A client, which is gone when the broker is. */
    Peer &
    connect(const Login &login = Login())
    {
        peers.push_back(std::make_unique<Peer>(*server, login));
        return *peers.back();
    }

    /* The same with confirms, and the same with a durable queue "q" of these arguments. */
    Peer &
    connect_confirming()
    {
        Peer &peer = connect();

        EXPECT_EQ("confirm.select-ok", peer.ask("confirm.select"));
        return peer;
    }

    void
    declare(Peer &peer, const std::string &name = "q", const std::string &arguments = "")
    {
        peer.ask("queue.declare durable queue=" + name, arguments);
        settle();
        EXPECT_EQ("queue.declare-ok " + name + " messages=0 consumers=0", peer.read());
    }

    /* The disk does the oldest thing that it was asked for. */
    bool
    write_one(GmqDiskResult result = GMQ_DISK_DONE)
    {
        bool is_done = disk.complete_one(answer(), result);

        server->turn();
        return is_done;
    }

    /* Time goes on until the disk has nothing more to do. */
    void
    settle()
    {
        server->turn();
        for (int i = 0; i < 100; i++) {
            while (write_one()) {
            }
            if (gmq_journal_deadline(gmq_broker_journal(server->broker)) == INT64_MAX)
                return;
            server->advance_ms(25);
        }
        ADD_FAILURE() << "the disk does not come to rest";
    }

    /* The same, and what the peer hears of it. */
    std::string
    settle(Peer &peer)
    {
        settle();
        return peer.read();
    }

    /* The power goes; that much of what was not synced is there nevertheless. */
    void
    crash(size_t kept = 0)
    {
        disk.crash(kept);
        end();
        disk.crash();
    }

    /* Everybody leaves, and the broker ends as it should. */
    void
    stop()
    {
        peers.clear();
        gmq_broker_stop_storage(server->broker);
        for (int i = 0; i < 100 && !gmq_broker_is_storage_idle(server->broker); i++) {
            write_one();
            server->advance_ms(1);
        }
        EXPECT_TRUE(gmq_broker_is_storage_idle(server->broker));
        end();
        disk.crash();
    }

    void
    restart()
    {
        stop();
        start();
    }

    void
    crash_and_start()
    {
        crash();
        start();
    }

    GmqQueue *
    queue(const std::string &name = "q") const
    {
        return gmq_vhost_find_queue(server->vhost(), slice(name));
    }

    GmqJournalStats
    stats() const
    {
        GmqJournalStats found;

        gmq_journal_get_stats(gmq_broker_journal(server->broker), &found);
        return found;
    }

    FakeDisk disk;
    std::unique_ptr<Server> server;
    std::vector<std::unique_ptr<Peer>> peers;
    GmqJournalReport report = {};
    std::string error;
    int64_t wall_ms = 1600000000000; /* when the next one is started */
    bool is_watched = false;

  private:
    FakeDisk::Answer
    answer()
    {
        return [this](uint64_t ticket, GmqDiskResult result) {
            gmq_broker_stored(server->broker, ticket, result);
        };
    }

    void
    end()
    {
        wall_ms = server->fake.epoch_ms + server->fake.now_ns / 1000000;
        peers.clear();
        server.reset();
    }
};
