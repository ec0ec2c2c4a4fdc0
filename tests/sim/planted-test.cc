#include <regex>
#include <set>

#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/sites.h"
#include "tests/sim/played.h"

/* The broker has a bug, and the check that is there for it finds it, and no other does. Bugs and
 * checks stand in core/base/site.def. */
namespace {

struct Planted {
    const char *bug;
    const char *scenario;
    const char *sentence;    /* the first one; N is the number of an event, ... the rest of it */
    const char *also = NULL; /* another check that cannot but find it too */
};

/* A queue that both a message and its broker survive in. */
#define DURABLE "topology: {queues: {q: {durable: yes}}}\n"

/* ... and three messages in it at once. */
#define THREE                                                                                      \
    "  p: {role: producer, confirms: {window: 9},\n"                                               \
    "      publish: {to: default, key: q, count: 3, body: x, persistent: yes}}\n"

/* A worker that is gone while it has the first of them. */
#define DIES                                                                                       \
    "  c: {role: consumer, from: q, prefetch: 1, work: 1s, reconnect: never}\n"                    \
    "timeline:\n"                                                                                  \
    "  - {at: 500ms, crash: c}\n"                                                                  \
    "  - {at: 600ms, start: c}\n"

/* A queue that is the own of a client. */
#define OWN                                                                                        \
    "clients:\n"                                                                                   \
    "  boss: {role: admin}\n"
#define DECLARES_OWN                                                                               \
    "timeline:\n"                                                                                  \
    "  - {at: 500ms, declare: {queue: own, exclusive: yes, as: boss}}\n"

/* Three messages that an exchange holds back for a second, and then clients that come and go. */
#define LATER                                                                                      \
    "topology:\n"                                                                                  \
    "  exchanges: {x: {type: x-delayed-message, delayed_type: fanout}}\n"                          \
    "  queues: {q: {}}\n"                                                                          \
    "  bindings: [{from: x, to: q}]\n"                                                             \
    "clients:\n"                                                                                   \
    "  p: {role: producer, publish: {to: x, count: 3, headers: {x-delay: 1000}}}\n"                \
    "  c: {role: producer, start: 2s, publish: {to: default, key: q, count: 30, every: 100ms}}\n"

#define X64 "................................................................"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

const Planted planted[] = {
    {"recover.forget",
     DURABLE "clients:\n" THREE "timeline:\n"
             "  - {at: 1s, crash: broker}\n"
             "  - {at: 2s, start: broker}\n",
     "S1 broken: message p-1 was confirmed at event N, and is not in queue q after the crash."},
    {"body.changed", DURABLE "clients:\n" THREE "  c: {role: consumer, from: q}\n",
     "S2 broken: c received message p-1 with another body or other properties than it was sent "
     "with."},
    {"ack.unwritten",
     DURABLE "clients:\n" THREE "  c: {role: consumer, from: q}\n"
             "timeline:\n"
             "  - {at: 1s, stop: broker}\n"
             "  - {at: 2s, start: broker}\n",
     "S3 broken: message p-1 left queue q for good at event N and is there again after the start."},
    {"close.forgets", DURABLE "clients:\n" THREE DIES,
     "S4 broken: message p-1 is still unacked at c, which is gone."},
    {"requeue.unmarked", DURABLE "clients:\n" THREE DIES,
     "S5 broken: message p-1 came back to queue q and is not marked redelivered."},
    {"requeue.tail", DURABLE "clients:\n" THREE DIES,
     "S6 broken: queue q gave message p-2 (place 2) to c at event N although p-1 (place 1) was "
     "ready since event N."},
    {"prefetch.more",
     DURABLE "clients:\n" THREE "  c: {role: consumer, from: q, prefetch: 1, work: 1s}\n",
     "S8 broken: c has 2 unacked messages at event N, and its prefetch is 1."},
    {"tag.skipped", DURABLE "clients:\n" THREE "  c: {role: consumer, from: q, prefetch: 1}\n",
     "S9 broken: c got delivery tag 2 where 1 comes next.", "S18"},
    {"route.short", DURABLE "clients:\n" THREE,
     "S10 broken: message p-1 should have reached queue q after event N, and did not."},
    {"delay.skipped", LATER,
     "S10 broken: queue q got message p-1, whose route does not lead there."},
    {"delay.short", LATER,
     "S10 broken: message p-1 left exchange x at event N, 500000000 ns before its delay was over."},
    {"delay.endless", LATER,
     "S10 broken: exchange x still holds message p-1, whose delay is over since ..."},
    {"confirm.twice", "topology: {queues: {q: {}}}\nclients:\n" THREE,
     "S11 broken: p got a confirm for number 3, which it does not wait for."},
    {"confirm.unstored", DURABLE "clients:\n" THREE,
     "S12 broken: message p-1 was confirmed at event N, and is not on the disk."},
    {"enqueue.lost",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n",
     "S17 broken: queue q says that it has 1 ready at event N, but 2 went in and did not "
     "come out."},
    {"frame.large",
     DURABLE "broker: {frame_max: 4KiB}\nclients:\n"
             "  p:\n"
             "    role: producer\n"
             "    publish:\n"
             "      to: default\n"
             "      key: q\n"
             "      body: " X512 X512 X512 X512 X512 X512 X512 X512 X512 "\n"
             "  c: {role: consumer, from: q}\n",
     "S18 broken: the broker sent a frame that is larger than was agreed on to c."},
    {"tx.reverse",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, tx: {every: 3}, publish: {to: default, key: q, count: 3}}\n",
     "S7 broken: message p-2 entered queue q after one that was published later on the same "
     "channel."},
    {"dead.never",
     "topology:\n"
     "  exchanges: {x: {type: fanout}}\n"
     "  queues: {q: {ttl: 1s, dead_letter: {to: x}}, d: {}}\n"
     "  bindings: [{from: x, to: d}]\n"
     "clients:\n"
     "  p: {role: producer, publish: {to: default, key: q}}\n",
     "S13 broken: message p-1 died in queue q at event N ..."},
    {"expiry.never",
     "topology: {queues: {q: {ttl: 1s}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q}}\n"
     "  c: {role: consumer, from: q, start: 2s}\n",
     "S14 broken: message p-1 ..."},
    {"limit.ignored",
     "topology: {queues: {q: {max_length: 1}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q, count: 2}}\n",
     "S15 broken: queue q is above its limit ..."},
    {"single.second",
     "topology: {queues: {q: {single_active_consumer: yes}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q, count: 2}, start: 1s}\n"
     "  c: {role: consumer, from: q, copies: 2}\n",
     "S16 broken: queue q gave message p-2 to c2 at event N, and its single active consumer is c1 "
     "since event N."},
    {"auto-delete.kept",
     "topology: {queues: {q: {auto_delete: yes}}}\nclients:\n"
     "  c: {role: consumer, from: q}\n"
     "timeline:\n"
     "  - {at: 1s, stop: c}\n",
     "S16 broken: the last consumer of the auto-delete queue q left at event N, and the queue is "
     "still there."},
    {"auto-delete.early",
     "topology: {queues: {q: {auto_delete: yes}}}\nclients:\n"
     "  c: {role: consumer, from: q, copies: 2, reconnect: never}\n"
     "timeline:\n"
     "  - {at: 1s, stop: c1}\n",
     "S16 broken: queue q was deleted at event N although it is not auto-delete, or has a "
     "consumer, or never had one."},
    {"exclusive.shared",
     OWN "  c: {role: consumer, from: own, start: 1s, reconnect: never}\n" DECLARES_OWN,
     "S16 broken: queue own is boss's alone since event N, and c consumes from it at event N."},
    {"exclusive.kept", OWN DECLARES_OWN "  - {at: 2s, stop: boss}\n",
     "S16 broken: the exclusive queue own outlives the connection of boss, whose it was since "
     "event N."},
    {"output.unbounded",
     "topology: {queues: {q: {}}}\n"
     "clients:\n"
     "  p:\n"
     "    role: producer\n"
     "    publish:\n"
     "      to: default\n"
     "      key: q\n"
     "      count: 1500\n"
     "      body: " X512 X512 X512 X512 X512 X512 X512 X512 "\n"
     "  c: {role: consumer, from: q}\n"
     "links: {c: {rate: 1Mbit/s}}\n",
     "S19 broken: the broker holds 5963958 bytes that c does not take at event N, and 4329472 are "
     "the most."},
    {"segment.kept",
     DURABLE "broker: {segment: 4KiB}\n"
             "clients:\n"
             "  p:\n"
             "    role: producer\n"
             "    publish:\n"
             "      to: default\n"
             "      key: q\n"
             "      persistent: yes\n"
             "      count: 2500\n"
             "      every: 1ms\n"
             "      body: " X512 X512 X512 X512 X512 X512 X512 X512 "\n"
             "  c: {role: consumer, from: q}\n"
             "links: {c: {latency: 20ms}}\n",
     "S19 broken: the journal has 9259199 bytes at event N, of which 172496 count."},
    {"tx.early",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, tx: {every: 3}, publish: {to: default, key: q, count: 3}}\n",
     "S20 broken: message p-1 entered queue q at event N, and its transaction was not committed."},
    {"rollback.keeps",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, tx: {every: 3, rollback: 2}, publish: {to: default, key: q, count: "
     "6}}\n",
     "S20 broken: message p-4 entered queue q at event N, and its transaction was not committed."},
    {"last.stays",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n"
     "  c: {role: consumer, from: q, start: 1s}\n",
     "L1 broken: queue q ends with 1 ready, and c was free to take more since event "
     "N."},
    {"confirm.lost",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, confirms: {window: 9}, publish: {to: default, key: q, count: 3}}\n",
     "L2 broken: message p-1 of p was published at event N and was never confirmed."},
    {"open.ignored",
     "topology: {queues: {q: {}}}\n"
     "broker: {heartbeat: 1s}\n"
     "clients:\n"
     "  p: {role: producer, publish: {to: default, key: q}}\n"
     "  c: {role: consumer, from: q, start: 1s, reconnect: {after: 100ms}}\n",
     "L3 broken: c has no connection since event N, for 9s."},
    {"requeue.sleeps",
     "topology: {queues: {q: {}}}\nclients:\n"
     "  p: {role: producer, publish: {to: default, key: q, count: 1}, start: 1s}\n"
     "  c: {role: consumer, from: q, copies: 2, work: 500ms, prefetch: 1, reconnect: never}\n"
     "timeline:\n"
     "  - {at: 1200ms, crash: c1}\n"
     "  - {at: 4s, start: c1}\n",
     "L4 broken: queue q gave out nothing for 2809.5ms since event N, although message p-1 was "
     "ready "
     "and c2 free to take it."},
    {"wake.often", "topology: {queues: {q: {}}}\n",
     "L5 broken: the broker woke up 100901 times in the second that began at 0ns, in which 9 "
     "things "
     "happened."},
    {"binding.forgotten",
     "topology:\n"
     "  exchanges: {x: {type: fanout, durable: yes}}\n"
     "  queues: {q: {durable: yes}}\n"
     "  bindings: [{from: x, to: q}]\n"
     "clients:\n"
     "  p: {role: producer, publish: {to: default, key: q}}\n"
     "timeline:\n"
     "  - {at: 1s, stop: broker}\n"
     "  - {at: 2s, start: broker}\n",
     "S21 broken: the binding from x to q was durable, and is not there after the start."},
};

class EveryBug : public testing::TestWithParam<Planted> {};

std::string
caught_by(const std::string &bug)
{
    unsigned n;
    const GmqSiteInfo *infos = gmq_site_infos(&n);

    for (unsigned i = 0; i < n; i++) {
        if (infos[i].name == bug)
            return infos[i].caught_by;
    }
    return "no such bug";
}

/* The invariants that the sentences begin with. */
std::set<std::string>
invariants(const std::vector<std::string> &sentences)
{
    std::set<std::string> found;

    for (const std::string &sentence : sentences)
        found.insert(sentence.substr(0, sentence.find(' ')));
    return found;
}

/* Other features announce other events: what their numbers are is not the point. */
std::string
without_numbers(const std::string &sentence)
{
    return std::regex_replace(sentence, std::regex("event [0-9]+"), "event N");
}

/* The sentence as it is, or as far as it is known. */
std::string
as_far_as(const std::string &known, const std::string &sentence)
{
    size_t end = known.find(" ...");
    return end == std::string::npos ? sentence : sentence.substr(0, end) + " ...";
}

/* The words that are left of it in English, without names and what is said so in Korean too. */
std::string
left_in_english(const std::string &sentence)
{
    static const std::regex kept("own|boss|redelivered|mandatory|x-death");

    gmq_language_choose("ko", NULL);
    g_autofree char *told = gmq_event_told(sentence.c_str());
    gmq_language_choose("en", NULL);
    std::string rest = std::regex_replace(std::string(told), kept, "");
    return std::regex_search(rest, std::regex("[a-z]{3,}")) ? rest : "";
}

std::string
test_name_of(const testing::TestParamInfo<Planted> &test)
{
    std::string name;

    for (const char *c = test.param.bug; *c != '\0'; c++)
        name += g_ascii_isalnum(*c) ? *c : '_';
    return name;
}

} // namespace

TEST_P(EveryBug, IsFoundByItsCheckAlone)
{
    const Planted &row = GetParam();

    ASSERT_TRUE(gmq_sites_plan(GMQ_SITES_NONE, row.bug));
    Played played(row.scenario);
    gmq_sites_plan(GMQ_SITES_NONE, NULL);
    std::vector<std::string> broken = played.broken();

    EXPECT_EQ("broken", played.verdict());
    ASSERT_FALSE(broken.empty());
    EXPECT_EQ(row.sentence, as_far_as(row.sentence, without_numbers(broken[0])));
    EXPECT_EQ("", left_in_english(broken[0]));
    std::set<std::string> found = invariants(broken);
    if (row.also != NULL)
        found.erase(row.also);
    EXPECT_EQ(std::set<std::string>{caught_by(row.bug)}, found);
}

TEST_P(EveryBug, IsTheReason)
{
    Played played(GetParam().scenario);

    EXPECT_EQ(std::vector<std::string>{}, played.broken());
}

/* Every bug has its row, and every check its bug. */
TEST(PlantedBugs, AreThereForEveryCheck)
{
    unsigned n;
    const GmqSiteInfo *infos = gmq_site_infos(&n);
    std::set<std::string> bugs, rows, checks, all;

    for (unsigned i = 0; i < n; i++) {
        if (infos[i].caught_by != NULL) {
            bugs.insert(infos[i].name);
            checks.insert(infos[i].caught_by);
        }
    }
    for (const Planted &row : planted)
        rows.insert(row.bug);
    for (int i = 1; i <= 21; i++)
        all.insert("S" + std::to_string(i));
    for (int i = 1; i <= 5; i++)
        all.insert("L" + std::to_string(i));
    EXPECT_EQ(bugs, rows);
    EXPECT_EQ(all, checks);
}

INSTANTIATE_TEST_SUITE_P(Planted, EveryBug, testing::ValuesIn(planted), test_name_of);
