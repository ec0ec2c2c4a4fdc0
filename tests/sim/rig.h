/* rig.h - a broker on a simulated disk that may crash at any moment, and clients that speak to it
 * in text; see say.h. Virtual time goes on only when it is told to.
 *
 *     Rig rig(7);
 *     Client client(rig);
 *     client.say("queue.declare queue=q durable");
 *     rig.pass_ms(5);
 *     EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", client.read());
 *     rig.crash(GMQ_LOSE_UNSYNCED, true);       all clients are dead from here on
 *     rig.start(); */
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/amqp/amqp.h"
#include "core/broker/storage.h"
#include "sim/disk.h"
#include "tests/core/amqp/say.h"
#include "tests/core/fake-host.h"

class Rig {
  public:
    /* Syncs take 2 ms. The broker is started. */
    explicit Rig(uint64_t seed, uint64_t segment_size = 4096);
    ~Rig();

    Rig(const Rig &)            = delete;
    Rig &operator=(const Rig &) = delete;

    /* Starts the broker with what is on the disk; false when it refuses, see refusal. */
    bool start();

    /* The broker is gone: by a crash, by one after which exactly the first n steps of the disk are
     * left, or in an orderly way. */
    void crash(GmqDiskLoss loss, bool is_torn);
    void cut(uint64_t n);
    void stop();

    /* The end of an input of the broker. */
    void turn();

    /* Time passes, or one event of the disk or the clock happens; false when there is none soon. */
    void pass_ms(int64_t ms);
    bool step();

    bool is_up() const;

    /* The records in its files, a line for each file. */
    std::string describe_disk();

    GmqSchedule *schedule = nullptr;
    GmqSimDisk *disk      = nullptr;
    GmqBroker *broker     = nullptr;
    GmqAmqp *amqp         = nullptr;
    unsigned generation   = 0; /* starts so far */
    GmqJournalReport report;
    std::string refusal;
    uint64_t segment_size;

  private:
    struct Host {
        GmqHost table;
        Rig *rig;
    };

    static Rig *of(GmqHost *host);
    static int64_t now(GmqHost *host);
    static int64_t wall_ms(GmqHost *host);
    static void wake_at(GmqHost *host, int64_t time_ns);
    static void on_wake(void *data);
    static void on_stored(void *data, uint64_t ticket, GmqDiskResult result);
    void remove();

    Host host_ = {};
    GmqRandom random_[GMQ_N_STREAMS];
    uint64_t wake_ticket_ = 0;
    std::vector<GmqPeer *> closing_;

    friend class Client;
    std::vector<std::unique_ptr<GmqPeer>> peers_;
    std::vector<class Client *> clients_;
};

/* A connection as guest with channel 1 open. It is dead when its broker is gone. */
class Client {
  public:
    explicit Client(Rig &rig);
    ~Client();

    Client(const Client &)            = delete;
    Client &operator=(const Client &) = delete;

    /* Sends, which is an input of the broker. */
    void send(const std::string &bytes);
    void say(const std::string &text, const std::string &table = "");

    /* The lines that came since the last call. */
    std::string read();

    /* Sends and reads. */
    std::string ask(const std::string &text, const std::string &table = "");

    bool is_dead() const;

    GmqConnection *connection = nullptr;
    GmqPeer *peer             = nullptr;

  private:
    Rig &rig_;
    Listener listener_;
};
