/* By chance: what is published, confirmed, acked, given back and rejected, on a disk that takes its
 * time, and is there again after a crash or a stop: core/AMQP.md 11.9, 16.8, 26.1, 26.2. */
#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/core/amqp/durable.h"
#include "tests/core/chance.h"

static const char *const queues[] = {"a", "b"};

/* What is known of one message. */
struct Fact {
    bool is_persistent = false;
    bool is_confirmed  = false;
    std::set<std::string> in;        /* queues that have it */
    std::set<std::string> left;      /* ... had it: whether the disk knows that is open */
    std::set<std::string> delivered; /* queues in which a consumer had it */
};

class Story {
  public:
    explicit Story(uint64_t seed) : chance_(seed)
    {
        node_.start();
        open();
        for (const char *queue : queues) {
            worker_->ask(std::string("queue.declare durable queue=") + queue);
            worker_->ask(std::string("queue.bind exchange=amq.fanout queue=") + queue);
        }
        node_.settle(*worker_);
    }

    void
    run(int n_steps)
    {
        for (int i = 0; i < n_steps; i++)
            step();
    }

    /* After it everything must be there that was promised, and nothing else. */
    void
    crash()
    {
        for (auto &[number, fact] : facts_)
            std::set_union(fact.delivered.begin(), fact.delivered.end(), fact.in.begin(),
                           fact.in.end(), std::inserter(fact.delivered, fact.delivered.end()));
        node_.crash(chance_.below(2) == 0 ? 0 : chance_.below(3000));
        is_clean_ = false;
        check();
    }

    void
    stop()
    {
        node_.stop();
        is_clean_ = true;
        for (auto &[number, fact] : facts_)
            fact.is_confirmed |= fact.is_persistent;
        check();
    }

  private:
    void
    open()
    {
        worker_ = &node_.connect();
        for (int i = 0; i < 2; i++) {
            publishers_[i] = &node_.connect_confirming();
            tags_[i].clear();
        }
        out_.clear();
    }

    void
    publish()
    {
        size_t who         = chance_.below(2);
        uint64_t number    = ++published_;
        bool is_everywhere = chance_.below(3) == 0;
        Fact &fact         = facts_[number];
        std::string queue  = queues[chance_.below(2)];

        fact.is_persistent = chance_.below(4) != 0;
        if (is_everywhere)
            fact.in.insert(std::begin(queues), std::end(queues));
        else
            fact.in.insert(queue);
        tags_[who].push_back(number);
        publishers_[who]->put(::publish(1, is_everywhere ? "amq.fanout" : "",
                                        is_everywhere ? "" : queue, std::to_string(number),
                                        fact.is_persistent ? "delivery-mode=2" : ""));
        if (chance_.below(2) == 0)
            listen();
    }

    /* Confirms: each tag once. */
    void
    listen()
    {
        for (int who = 0; who < 2; who++) {
            std::istringstream lines(publishers_[who]->read());

            for (std::string line; std::getline(lines, line);)
                confirm(who, line);
        }
    }

    void
    confirm(int who, const std::string &line)
    {
        unsigned long tag;
        int is_multiple;

        ASSERT_EQ(
            2, sscanf(line.c_str(), "basic.ack delivery-tag=%lu multiple=%d", &tag, &is_multiple))
            << line;
        ASSERT_LE(tag, tags_[who].size());
        EXPECT_NE(0u, tags_[who][tag - 1]) << "confirmed twice";
        for (size_t i = is_multiple ? 0 : tag - 1; i < tag; i++) {
            uint64_t number = std::exchange(tags_[who][i], 0);

            if (number != 0)
                facts_[number].is_confirmed = true;
        }
    }

    void
    get()
    {
        std::string queue = queues[chance_.below(2)];
        std::string got   = worker_->ask("basic.get queue=" + queue);

        listen();
        if (got == "basic.get-empty")
            return;
        uint64_t tag    = std::stoull(got.substr(7));
        uint64_t number = number_in(got);
        out_[tag]       = {queue, number};
        EXPECT_EQ(1u, facts_[number].in.count(queue));
        EXPECT_EQ(facts_[number].delivered.count(queue), got.find(" redelivered ") != got.npos);
        facts_[number].delivered.insert(queue);
    }

    static uint64_t
    number_in(const std::string &got)
    {
        size_t end = got.find(" left=");

        return std::stoull(got.substr(got.rfind(' ', end - 1) + 1));
    }

    void
    settle()
    {
        static const char *const ways[] = {"basic.ack", "basic.reject", "basic.nack requeue"};

        if (out_.empty())
            return;
        auto chosen = out_.begin();
        std::advance(chosen, static_cast<long>(chance_.below(out_.size())));
        size_t way           = chance_.below(3);
        auto [tag, delivery] = *chosen;
        Fact &fact           = facts_[delivery.second];

        out_.erase(chosen);
        EXPECT_EQ("", worker_->ask(ways[way] + (" delivery-tag=" + std::to_string(tag))));
        if (way != 2) {
            fact.in.erase(delivery.first);
            fact.left.insert(delivery.first);
        }
        listen();
    }

    void
    step()
    {
        switch (chance_.below(10)) {
        case 0:
        case 1:
        case 2:
        case 3:
            publish();
            break;
        case 4:
        case 5:
            get();
            break;
        case 6:
        case 7:
            settle();
            break;
        case 8:
            node_.write_one();
            listen();
            break;
        default:
            node_.server->advance_ms(1 + static_cast<int64_t>(chance_.below(30)));
        }
    }

    /* What a queue has now, and takes all of it out. */
    std::vector<uint64_t>
    drain(const std::string &queue)
    {
        std::vector<uint64_t> found;
        std::string got;

        while ((got = worker_->ask("basic.get no-ack queue=" + queue)) != "basic.get-empty") {
            uint64_t number = number_in(got);

            found.push_back(number);
            EXPECT_EQ(facts_[number].delivered.count(queue) > 0 || !is_clean_,
                      got.find(" redelivered ") != got.npos)
                << got;
        }
        return found;
    }

    void
    check()
    {
        node_.start();
        open();
        for (const char *queue : queues) {
            std::vector<uint64_t> found = drain(queue);

            EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
            EXPECT_EQ(found.end(), std::adjacent_find(found.begin(), found.end()));
            for (uint64_t number : found) {
                const Fact &fact = facts_[number];
                EXPECT_TRUE(fact.is_persistent);
                EXPECT_TRUE(fact.in.count(queue) + (is_clean_ ? 0 : fact.left.count(queue)) > 0)
                    << "of " << queue << ": " << number;
            }
            for (const auto &[number, fact] : facts_) {
                if (fact.is_persistent && fact.is_confirmed && fact.in.count(queue) > 0) {
                    EXPECT_TRUE(std::binary_search(found.begin(), found.end(), number))
                        << "lost from " << queue << ": " << number;
                }
            }
        }
        node_.settle();
        EXPECT_EQ(0u, node_.stats().messages);
        facts_.clear();
    }

    Chance chance_;
    Node node_;
    Peer *worker_        = nullptr;
    Peer *publishers_[2] = {};
    std::vector<uint64_t> tags_[2]; /* the message of each tag; 0: it was confirmed */
    std::map<uint64_t, std::pair<std::string, uint64_t>> out_; /* by tag: queue and message */
    std::map<uint64_t, Fact> facts_;
    uint64_t published_ = 0;
    bool is_clean_      = true;
};

class Amqp_26_2 : public testing::TestWithParam<uint64_t> {};

TEST_P(Amqp_26_2, NothingThatWasConfirmedIsLost)
{
    Story story(GetParam());

    for (int i = 0; i < 4; i++) {
        story.run(150);
        story.crash();
        story.run(150);
        story.stop();
    }
}

INSTANTIATE_TEST_SUITE_P(ByChance, Amqp_26_2, testing::Range<uint64_t>(1, 31));
