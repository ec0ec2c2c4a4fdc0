/* The switches between versions, each in all profiles: core/AMQP.md 30, and the rules they are
 * about. */
#include <functional>

#include "tests/core/amqp/dead.h"

/* What is said by a broker of the default profile, of RabbitMQ 3.10, of 3.13 and of 4. */
struct Answers {
    std::string by_default, in_310, in_313, in_4;
};

static bool
operator==(const Answers &a, const Answers &b)
{
    return a.by_default == b.by_default && a.in_310 == b.in_310 && a.in_313 == b.in_313 &&
           a.in_4 == b.in_4;
}

static void
PrintTo(const Answers &answers, std::ostream *out)
{
    *out << "\ndefault: " << answers.by_default << "\n3.10:    " << answers.in_310
         << "\n3.13:    " << answers.in_313 << "\n4:       " << answers.in_4;
}

static std::string
ask_one(const char *profile, const std::function<std::string(Server &)> &ask)
{
    Server server;

    gmq_broker_set_profile(server.broker, gmq_profile_find(profile));
    return ask(server);
}

static Answers
ask_all(const std::function<std::string(Server &)> &ask)
{
    return {ask_one("default", ask), ask_one("rabbitmq-3.10", ask), ask_one("rabbitmq-3.13", ask),
            ask_one("rabbitmq-4", ask)};
}

TEST(Amqp_30_1, AProfileHasAName)
{
    EXPECT_EQ(gmq_profile_default, gmq_profile_find("default"));
    EXPECT_STREQ("rabbitmq-3.10", gmq_profile_find("rabbitmq-3.10")->name);
    EXPECT_STREQ("rabbitmq-3.13", gmq_profile_find("rabbitmq-3.13")->name);
    EXPECT_STREQ("rabbitmq-4", gmq_profile_find("rabbitmq-4")->name);
    EXPECT_EQ(nullptr, gmq_profile_find("rabbitmq"));
    EXPECT_EQ(nullptr, gmq_profile_find(""));
    EXPECT_STREQ("default, rabbitmq-3.10, rabbitmq-3.13 and rabbitmq-4", GMQ_PROFILE_NAMES);
}

TEST(Amqp_30_1, AMistypedNameHasANearestOne)
{
    EXPECT_STREQ("rabbitmq-3.10", gmq_profile_nearest("rabitmq-3.11"));
    EXPECT_STREQ("rabbitmq-3.13", gmq_profile_nearest("rabbitmq3.13"));
    EXPECT_STREQ("rabbitmq-4", gmq_profile_nearest("RabbitMQ4"));
    EXPECT_EQ(nullptr, gmq_profile_nearest("kafka"));
}

TEST(Amqp_30_1, TheDefaultIsUsedUnlessAnotherIsSet)
{
    Server server;

    EXPECT_EQ(gmq_profile_default, gmq_broker_profile(server.broker));
}

/* V1 */
TEST(Amqp_9_2, AnUnknownTypeIsRefusedAsTheProfileSays)
{
    std::string text = " - unknown exchange type 'odd'";
    Answers refused  = {"channel.close 406 40,10 PRECONDITION_FAILED" + text,
                        "connection.close 503 40,10 COMMAND_INVALID" + text,
                        "connection.close 503 40,10 COMMAND_INVALID" + text,
                        "channel.close 406 40,10 PRECONDITION_FAILED" + text};

    EXPECT_EQ(refused, ask_all([](Server &server) {
                  Peer peer(server);
                  return peer.ask("exchange.declare exchange=x type=odd");
              }));
}

/* V3 */
TEST(Amqp_2_8, TheLeastFrameMaxIsTheProfiles)
{
    auto tune = [](unsigned frame_max) {
        return [frame_max](Server &server) {
            Peer peer(server, Peer::Silent());
            Login login;

            login.frame_max = frame_max;
            peer.send_header();
            peer.send_start_ok();
            std::string refusal = peer.send_tune_ok(login);
            return refusal.empty() ? peer.send_open()
                                   : refusal.substr(0, 20) + refusal.substr(refusal.size() - 6);
        };
    };
    std::string open = "connection.open-ok";
    std::string low  = "connection.close 530(4096)";

    EXPECT_EQ((Answers{open, open, open, open}), ask_all(tune(8192)));
    EXPECT_EQ((Answers{open, open, open, "connection.close 530(8192)"}), ask_all(tune(8191)));
    EXPECT_EQ((Answers{open, open, open, "connection.close 530(8192)"}), ask_all(tune(4096)));
    EXPECT_EQ((Answers{low, low, low, "connection.close 530(8192)"}), ask_all(tune(4095)));
}

TEST(Amqp_3_2, FramesBeforeTuningMayBeAsLongAsTheLeastFrameMax)
{
    auto start_ok = [](size_t padding) {
        return [padding](Server &server) {
            Peer peer(server, Peer::Silent());
            std::string table = Table().add("pad", std::string(padding, 'x').c_str());
            std::string reply;

            peer.send_header();
            reply =
                peer.ask(std::string("connection.start-ok mechanism=PLAIN locale=en_US response=") +
                             std::string("\0guest\0guest", 12),
                         table);
            return brief(reply, 1);
        };
    };

    EXPECT_EQ((Answers{"connection.tune", "connection.tune", "connection.tune", "connection.tune"}),
              ask_all(start_ok(4000)));
    EXPECT_EQ((Answers{"", "", "", "connection.tune"}), ask_all(start_ok(5000)));
    EXPECT_EQ((Answers{"", "", "", ""}), ask_all(start_ok(8200)));
}

/* A message of that many bytes to nowhere. */
static std::string
send_large(Peer &peer, size_t size)
{
    const size_t part = 131072;

    peer.put(say(1, "basic.publish routing-key=q") + content_header(1, size));
    for (; size > part; size -= part)
        peer.put(frame(3, 1, std::string(part, 'x')));
    return peer.send(frame(3, 1, std::string(size, 'x')));
}

/* V4 */
TEST(Amqp_4_3, TheLargestMessageIsTheProfiles)
{
    auto send = [](size_t size) {
        return [size](Server &server) {
            Peer peer(server);
            return brief(send_large(peer, size));
        };
    };
    std::string refused = "channel.close 406";

    EXPECT_EQ((Answers{"", "", "", ""}), ask_all(send(16777216)));
    EXPECT_EQ((Answers{"", "", "", refused}), ask_all(send(16777217)));
    EXPECT_EQ((Answers{refused, refused, refused, refused}), ask_all(send(134217729)));
}

TEST(Amqp_4_3, AnOperatorMaySetAnother)
{
    GmqAmqpConfig config    = GMQ_AMQP_CONFIG_DEFAULT;
    config.message_size_max = 100;
    Server server(config);
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("", peer.publish("", "q", std::string(100, 'x')));
    EXPECT_EQ("", peer.publish("", "q", std::string(100, 'x')));
    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - message size 101 is larger than "
              "configured max size 100",
              peer.publish("", "q", std::string(101, 'x')));
    EXPECT_EQ(2, [&] {
        Peer other(server);
        return ready(other, "q");
    }());
}

/* V5 */
TEST(Amqp_11_5, AnOddDeliveryModeIsRefusedOrTransient)
{
    auto send = [](Server &server) {
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        std::string reply = peer.publish("", "q", "hello", "delivery-mode=3");
        return reply.empty() ? peer.ask("basic.get queue=q") : reply;
    };
    std::string refused = "channel.close 406 60,40 PRECONDITION_FAILED - invalid delivery mode 3";

    EXPECT_EQ((Answers{refused, refused, refused, "get-ok 1 [q] {delivery-mode=3} hello left=0"}),
              ask_all(send));
}

/* The header table of a message that died in "q", with that one before. */
static std::string
headers_of_dead(Server &server, const std::string &headers, const std::string &key)
{
    Peer peer(server);

    declare(peer, "q", "", key);
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1", "", headers);
    kill(peer, "q");
    if (key.empty())
        peer.ask("queue.delete queue=dead");
    return between(peer.ask("basic.get queue=dead"), "headers={", "}} 1 left");
}

/* V6 */
TEST(Amqp_19_9, ARepublishedHistoryIsBelievedOrForgotten)
{
    GmqBuffer array = {};
    GmqValue item   = {};
    std::string table =
        Table().add("count", 5).add("queue", "q").add("reason", "rejected").add("exchange", "e");

    item.type  = GMQ_VALUE_TABLE;
    item.bytes = slice(table);
    gmq_array_add(&array, &item);
    item.type          = GMQ_VALUE_ARRAY;
    item.bytes         = gmq_buffer_slice(&array);
    std::string forged = Table().add("x-death", item).add("x-first-death-queue", "o");
    gmq_buffer_clear(&array);

    std::string believed = "x-death: [{count: 6, exchange: e, queue: q, reason: rejected}], "
                           "x-first-death-queue: o";
    std::string last     = ", x-last-death-exchange: \"\", x-last-death-queue: q, "
                           "x-last-death-reason: rejected";
    std::string rebuilt  = "x-death: [" + record("q", "rejected") + "], " + first_death + last;
    EXPECT_EQ((Answers{believed, believed, believed + last, rebuilt}),
              ask_all([&](Server &server) { return headers_of_dead(server, forged, "dead"); }));
}

TEST(Amqp_19_9, OurOwnHistoryGoesOnInEachProfile)
{
    auto die_twice = [](Server &server) {
        Peer peer(server);

        declare(peer, "q", "", "q");
        peer.publish("", "q", "1");
        kill(peer, "q");
        kill(peer, "q");
        return deaths(peer, "q");
    };
    std::string twice = "count: 2, exchange: \"\", queue: q, reason: rejected, routing-keys: [q], "
                        "time: @1600000000";

    EXPECT_EQ((Answers{twice, twice, twice, twice}), ask_all(die_twice));
}

/* V7 */
TEST(Amqp_19_8, CcGoesOrStays)
{
    std::string headers = Table().add("CC", std::vector<std::string>{"nix"});
    auto die            = [&](Server &server) {
        return headers_of_dead(server, headers, "dead").substr(0, 9);
    };

    EXPECT_EQ((Answers{"x-death: ", "x-death: ", "CC: [nix]", "CC: [nix]"}), ask_all(die));
}

/* V8 */
TEST(Amqp_19_6, TheLastDeathIsWrittenOrNot)
{
    auto die = [](Server &server) {
        Peer peer(server);

        declare(peer, "q", "", "r");
        declare(peer, "r", "", "dead");
        peer.ask("queue.declare queue=dead");
        peer.publish("", "q", "1", "", Table().add("x-last-death-queue", "mine"));
        kill(peer, "q");
        kill(peer, "r");
        std::string text = peer.ask("basic.get queue=dead");
        size_t at        = text.find("x-last-death");
        return text.substr(at, text.find_first_of("}[", at) - at);
    };
    std::string theirs = "x-last-death-queue: mine";
    std::string ours   = "x-last-death-exchange: \"\", x-last-death-queue: r, "
                         "x-last-death-reason: rejected";

    EXPECT_EQ((Answers{theirs, theirs, ours, ours}), ask_all(die));
}

/* V9 */
TEST(Amqp_15_2, ALimitForAllIsSharedOrEachOnesOwn)
{
    auto consume = [](Server &server) {
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        for (const char *body : {"1", "2", "3"})
            peer.publish("", "q", body);
        peer.ask("basic.qos prefetch-count=1 global");
        peer.put(say(1, "basic.consume queue=q consumer-tag=a"));
        peer.put(say(1, "basic.consume queue=q consumer-tag=b"));
        std::string lines = peer.read();
        return lines.substr(lines.find("deliver"));
    };
    std::string shared = "deliver a 1 [q] 1";
    std::string own    = "deliver a 1 [q] 1\ndeliver b 2 [q] 2";

    EXPECT_EQ((Answers{shared, shared, shared, own}), ask_all(consume));
}

TEST(Amqp_11_2, TheOrderOfTheChecksIsTheProfiles)
{
    auto send = [](const std::string &properties, const std::string &headers) {
        return [=](Server &server) {
            Peer peer(server);
            std::string reply = peer.publish("", "q", "1", properties, headers);
            return reply.substr(reply.find(" - ") + 3, 10);
        };
    };
    std::string user = "user_id pr", copies = "invalid me", expiration = "invalid ex",
                mode = "invalid de";

    EXPECT_EQ((Answers{user, user, user, expiration}),
              ask_all(send("user-id=nobody expiration=x", "")));
    EXPECT_EQ((Answers{user, user, user, copies}),
              ask_all(send("user-id=nobody", Table().add("CC", "x"))));
    EXPECT_EQ((Answers{expiration, expiration, expiration, expiration}),
              ask_all(send("expiration=x delivery-mode=3", Table().add("CC", "x"))));
    EXPECT_EQ((Answers{mode, mode, mode, copies}),
              ask_all(send("delivery-mode=3", Table().add("CC", "x"))));
    EXPECT_EQ((Answers{user, user, user, user}), ask_all(send("user-id=nobody", "")));
}
