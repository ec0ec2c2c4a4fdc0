#include "sim/broker-url.h"
#include "sim/client-story.h"
#include "sim/tap.h"
#include "tests/sim/history.h"
#include "tests/sim/played.h"

/* ---- addresses ---- */

struct Address {
    const char *text;
    const char *user;
    const char *password;
    const char *place;
    const char *vhost;
};

class BrokerUrl : public testing::TestWithParam<Address> {};

TEST_P(BrokerUrl, SaysWhoAndWhere)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqBrokerUrl) url = gmq_broker_url_read(GetParam().text, &error);

    ASSERT_NE(nullptr, url) << error->message;
    EXPECT_STREQ(GetParam().user, url->user);
    EXPECT_STREQ(GetParam().password, url->password);
    EXPECT_STREQ(GetParam().place, url->place);
    EXPECT_STREQ(GetParam().vhost, url->vhost);
}

static const Address addresses[] = {
    {"amqp://here", "guest", "guest", "here:5672", "/"},
    {"amqp://here/", "guest", "guest", "here:5672", ""},
    {"amqp://here:5673/%2F", "guest", "guest", "here:5673", "/"},
    {"amqp://u:p%40q@10.0.0.1/shop", "u", "p@q", "10.0.0.1:5672", "shop"},
    {"amqp://[::1]:7", "guest", "guest", "[::1]:7", "/"},
};
INSTANTIATE_TEST_SUITE_P(Remote, BrokerUrl, testing::ValuesIn(addresses));

class NoBrokerUrl : public testing::TestWithParam<const char *> {};

TEST_P(NoBrokerUrl, IsRefusedWithASentence)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqBrokerUrl) url = gmq_broker_url_read(GetParam(), &error);

    ASSERT_EQ(nullptr, url);
    EXPECT_NE(nullptr, strstr(error->message, "is no address of a broker"));
}

INSTANTIATE_TEST_SUITE_P(Remote, NoBrokerUrl,
                         testing::Values("", "here", "here:5672", "amqps://here", "http://here",
                                         "amqp://", "amqp://here:0", "amqp://here:65536",
                                         "amqp://here:x", "amqp://here/a/b"));

/* ---- what came out of queues ---- */

class TapBook : public testing::Test {
  protected:
    bool
    take(bool is_redelivered, const char *queue = "q")
    {
        return gmq_tap_book_take(book, gmq_slice_of(queue), GMQ_SLICE("p-1"), is_redelivered);
    }

    static void
    count(void *user, const char *, const char *)
    {
        ++*static_cast<int *>(user);
    }

    void
    TearDown() override
    {
        gmq_tap_book_free(book);
    }

    GmqTapBook *book = gmq_tap_book_new();
};

TEST_F(TapBook, AMessageEntersAQueueWhenItFirstComesOut)
{
    EXPECT_TRUE(take(false));
    EXPECT_TRUE(take(false, "r"));
}

TEST_F(TapBook, WhatWentBackDoesNotEnterAgain)
{
    take(false);
    gmq_tap_book_put_back(book, GMQ_SLICE("q"), GMQ_SLICE("p-1"));
    EXPECT_FALSE(take(true));
}

TEST_F(TapBook, ANewOneEntersThoughAnotherWentBack)
{
    take(false);
    gmq_tap_book_put_back(book, GMQ_SLICE("q"), GMQ_SLICE("p-1"));
    EXPECT_TRUE(take(false));
}

TEST_F(TapBook, TellsWhatWentBackAndDidNotComeOut)
{
    int n = 0;

    take(false);
    gmq_tap_book_put_back(book, GMQ_SLICE("q"), GMQ_SLICE("p-1"));
    gmq_tap_book_each_back(book, count, &n);
    gmq_tap_book_each_back(book, count, &n);
    EXPECT_EQ(1, n);
}

/* ---- what clients can judge ---- */

class CheckRemote : public History {
  protected:
    void
    SetUp() override
    {
        History::SetUp();
        gmq_check_set_remote(check);
    }

    void
    wire(GmqEventKind kind, uint64_t n, const char *to, uint64_t tag, bool redelivered = false)
    {
        std::string name  = "p-" + std::to_string(n);
        GmqEvent event    = {};
        event.kind        = kind;
        event.who         = GMQ_SLICE("q");
        event.to          = gmq_slice_of(to);
        event.message_id  = gmq_slice_of(name.c_str());
        event.tag         = tag;
        event.redelivered = redelivered;
        event.channel     = 1;
        tell(event);
    }
};

TEST_F(CheckRemote, AGoodHistoryBreaksNothing)
{
    send(1);
    publish(1, "", "q", 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_REQUEUED, 1, "", 0, true);
    wire(GMQ_EVENT_DELIVERED, 1, "d", 1, true);
    wire(GMQ_EVENT_ACKED, 1, "d", 1);
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(CheckRemote, S3AnAckedMessageComesAsIfItWereNew)
{
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_ACKED, 1, "c", 1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 2);
    EXPECT_EQ("S3 broken: queue q gave message p-1 to c as if it were new, although it was acked "
              "at event 7.",
              sentence());
}

TEST_F(CheckRemote, S3AnAckMayHaveBeenLostWithItsConnection)
{
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_ACKED, 1, "c", 1);
    wire(GMQ_EVENT_DELIVERED, 1, "d", 1, true);
    EXPECT_TRUE(sentences.empty());
}

TEST_F(CheckRemote, S4AMessageIsWithTwoConsumers)
{
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_DELIVERED, 1, "d", 1);
    EXPECT_EQ("S4 broken: queue q gave message p-1 to d although somebody has it.", sentence());
}

TEST_F(CheckRemote, S4WhatWasSentTwiceMayBeThereTwice)
{
    send(1);
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_DELIVERED, 1, "d", 1);
    EXPECT_TRUE(sentences.empty());
}

TEST_F(CheckRemote, S5WhatCameBackIsNotMarked)
{
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1);
    wire(GMQ_EVENT_REQUEUED, 1, "", 0, true);
    wire(GMQ_EVENT_DELIVERED, 1, "d", 1);
    EXPECT_EQ("S5 broken: message p-1 went to d with redelivered=0, but it was already requeued.",
              sentence());
}

TEST_F(CheckRemote, S5WhatNobodyHadIsMarked)
{
    send(1);
    wire(GMQ_EVENT_DELIVERED, 1, "c", 1, true);
    EXPECT_EQ("S5 broken: message p-1 went to c with redelivered=1, but it was never requeued.",
              sentence());
}

TEST_F(CheckRemote, S8AndS9CountWhatIsDelivered)
{
    for (uint64_t n = 1; n <= 3; n++) {
        send(n);
        wire(GMQ_EVENT_DELIVERED, n, "c", n == 3 ? 4 : n);
    }
    ASSERT_EQ(2u, sentences.size());
    EXPECT_EQ("S9 broken: c got delivery tag 4 where 3 comes next.", sentences[0]);
    EXPECT_EQ(0u, sentences[1].find("S8 broken: c has 3 unacked messages"));
}

/* ---- the clients' story ---- */

TEST(ClientStory, TellsEachClientsSideWithoutTimes)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, count: 2},\n"
                  "      confirms: {window: 2}}\n"
                  "  c: {role: consumer, from: q}\n");
    g_autoptr(GString) lines = g_string_new(NULL);

    gmq_client_story_add(gmq_world_trace(played.world), lines);
    EXPECT_STREQ("p sent p-1 to \"\" with key \"q\"\n"
                 "p sent p-2 to \"\" with key \"q\"\n"
                 "p confirmed p-1\n"
                 "p confirmed p-2\n"
                 "c received p-1 from q\n"
                 "c received p-2 from q\n"
                 "c finished p-1 from q: ack\n"
                 "c finished p-2 from q: ack\n",
                 lines->str);
}

TEST(ClientStory, DoesNotChangeWithLatencies)
{
    const char *text = "topology: {queues: {q: {}}}\n"
                       "clients:\n"
                       "  p: {role: producer, publish: {to: default, key: q, count: 3,\n"
                       "      every: 100ms}, confirms: {window: 2}}\n"
                       "  c: {role: consumer, from: q, work: 5ms}\n";
    Played near(text);
    Played far(std::string(text) + "links: {default: {latency: 17ms}}\n");

    EXPECT_EQ(gmq_client_story_hash(gmq_world_trace(near.world)),
              gmq_client_story_hash(gmq_world_trace(far.world)));
}
