#include "sim/biography.h"

#include <gtest/gtest.h>

#include "tests/sim/played.h"

/* The life of a message names the reason of each of its steps. */
namespace {

std::string
life_of(const Played &run, const char *message)
{
    g_autoptr(GString) out = g_string_new(NULL);

    return gmq_biography_add(run.trace(), message, out) ? out->str : "";
}

/* The text on one line, with one blank between words. */
std::string
flat(const std::string &text)
{
    std::istringstream words(text);
    std::string word, line;

    while (words >> word)
        line += (line.empty() ? "" : " ") + word;
    return line;
}

#define EXPECT_TOLD(told, what) EXPECT_NE(std::string::npos, flat(told).find(what)) << (told)

const char *const work = "topology: {queues: {q: {durable: yes}}}\n"
                         "clients:\n"
                         "  p: {role: producer, publish: {to: default, key: q, body: x, count: 4,\n"
                         "      persistent: yes}, confirms: {window: 9}}\n"
                         "  w: {role: consumer, from: q, prefetch: 1, work: 100ms, start: 1s,\n"
                         "      reconnect: {after: 100ms}}\n";

} // namespace

TEST(Biography, SaysWhyAMessageIsNotDeliveredYet)
{
    Played run(work);

    EXPECT_TOLD(life_of(run, "p-1"), "it waits: nobody listens to queue q #");
    EXPECT_TOLD(life_of(run, "p-3"),
                "it waits: 2 messages are before it (p-1, p-2); nobody listens to queue q");
    EXPECT_TOLD(life_of(run, "p-1"), "gives it to w as delivery 1. now that w began to listen");
    EXPECT_TOLD(life_of(run, "p-2"), "gives it to w as delivery 2. now that w acked p-1 (#");
}

TEST(Biography, SaysWhichBindingMatched)
{
    Played run("topology:\n"
               "  exchanges: {x: {type: topic}, f: {type: fanout}}\n"
               "  queues: {q: {}, r: {}}\n"
               "  bindings: [{from: x, to: q, key: \"a.*\"}, {from: x, to: f, key: \"#\"},\n"
               "             {from: f, to: r}]\n"
               "clients: {p: {role: producer, publish: {to: x, key: a.b, body: x}}}\n");
    std::string life = life_of(run, "p-1");

    EXPECT_TOLD(life, "x sends it on to queue q. its binding \"a.*\" fits the key");
    EXPECT_TOLD(life, "f sends it on to queue r. it is a fanout exchange");
    EXPECT_TOLD(life, "It waits in queue q. It waits in queue r.");
    EXPECT_EQ(std::string::npos, life_of(run, "p-1@q").find("queue r takes it"));
    EXPECT_TOLD(life_of(run, "p-1@q"), "queue q takes it, at its tail; 1 waits there.");
}

TEST(Biography, SaysWhyAMessageCameBack)
{
    Played run(std::string(work) + "timeline: [{when: {message: p-1, is: delivered}, wait: 20ms, "
                                   "crash: w}, {after: 1s, start: w}]\n");
    std::string life = life_of(run, "p-1");

    EXPECT_TOLD(life, "it goes back into queue q, at its head, and is marked redelivered. because "
                      "the connection of w ended: connection lost (#");
    EXPECT_TOLD(life, "because w crashed (#");
    EXPECT_TOLD(life, "marked redelivered. now that w began to listen to queue q (#");
    EXPECT_TOLD(life, "It is in no queue any more, and in nobody's hands.");
}

TEST(Biography, SaysWhyAMessageDied)
{
    Played run("topology:\n"
               "  queues: {q: {ttl: 1s, max_length: 1, dead_letter: {to: default, key: dead}},\n"
               "           dead: {}}\n"
               "clients: {p: {role: producer, publish: {to: default, key: q, count: 2}}}\n");

    EXPECT_TOLD(life_of(run, "p-1"), "the queue was at its length limit");
    EXPECT_TOLD(life_of(run, "p-2"), "it had waited longer than its time to live");
    EXPECT_TOLD(life_of(run, "p-2"), "It waits in queue dead.");
}

TEST(Biography, SaysWhatWouldHaveBeenLegal)
{
    Played run("topology: {exchanges: {x: {type: fanout, internal: yes}}}\n"
               "clients: {p: {role: producer, publish: {to: x, body: x}}}\n");
    std::string life = life_of(run, "p-1");

    EXPECT_TOLD(life, "the broker closes the channel of p with 403: ACCESS_REFUSED");
    EXPECT_TOLD(life, "An internal exchange takes messages from other exchanges only.");
}

TEST(Biography, OfNobodyIsEmpty)
{
    Played run(work);
    g_autoptr(GString) names = g_string_new(NULL);

    EXPECT_EQ("", life_of(run, "p-5"));
    EXPECT_EQ("", life_of(run, "p"));
    gmq_biography_add_names(run.trace(), names);
    EXPECT_STREQ("p-1", names->str);
}
