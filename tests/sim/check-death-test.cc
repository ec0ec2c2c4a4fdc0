#include "tests/sim/asked.h"

/* Dead letters, told as histories: each is broken, and each just holds. Queue q dies to exchange d,
 * the key of its letters is "dead", and they come to r. */
namespace {

class CheckDeath : public Asked {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "epoch: 1970-01-01T00:00:00Z\n"
               "topology: {queues: {q: {}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
               "      headers: {kind: red}, messages: [{n: 2, ttl: 50ms}]}, confirms: {window: "
               "9}}\n"
               "  c: {role: consumer, from: q}\n";
    }

    void
    declare_all() override
    {
        exchange("d", "direct");
        queue("q", {{"x-dead-letter-exchange", "d"},
                    {"x-dead-letter-routing-key", "dead"},
                    {"x-delivery-limit", 1}});
        queue("r", {{"x-message-ttl", 100},
                    {"x-dead-letter-exchange", ""},
                    {"x-dead-letter-routing-key", "q"}});
        bind_asked("d", "r", "dead");
    }

    void
    reject(uint64_t n, uint64_t tag)
    {
        tell(GMQ_EVENT_REJECTED, "q", "c", n, tag);
    }

    /* Message n was rejected in q and is in r now. Returns the event with which it came there. */
    uint64_t
    bury(uint64_t n)
    {
        enter(n, 1);
        deliver(n, 1);
        reject(n, 1);
        because(die(n, "rejected", "d", "dead"));
        enqueue(n, 1, "r");
        end_turn();
        return number;
    }

    /* A death as it stands in x-death. */
    struct Record {
        const char *queue, *reason, *exchange, *key;
        int64_t count;
        const char *expiration;
        int64_t time_s;
    };

    static void
    add_death(GmqBuffer *array, const Record &record)
    {
        g_auto(GmqBuffer) table = {};
        g_auto(GmqBuffer) keys  = {};
        GmqValue key            = {};
        GmqValue value          = {};

        gmq_table_add_int(&table, "count", record.count);
        gmq_table_add_text(&table, "reason", gmq_slice_of(record.reason));
        gmq_table_add_text(&table, "queue", gmq_slice_of(record.queue));
        value.type    = GMQ_VALUE_TIMESTAMP;
        value.integer = record.time_s;
        gmq_table_add(&table, GMQ_SLICE("time"), &value);
        gmq_table_add_text(&table, "exchange", gmq_slice_of(record.exchange));
        key.type  = GMQ_VALUE_STRING;
        key.bytes = gmq_slice_of(record.key);
        gmq_array_add(&keys, &key);
        value.type  = GMQ_VALUE_ARRAY;
        value.bytes = gmq_buffer_slice(&keys);
        gmq_table_add(&table, GMQ_SLICE("routing-keys"), &value);
        if (record.expiration != nullptr)
            gmq_table_add_text(&table, "original-expiration", gmq_slice_of(record.expiration));
        value.type  = GMQ_VALUE_TABLE;
        value.bytes = gmq_buffer_slice(&table);
        gmq_array_add(array, &value);
    }

    /* Client c receives message n under the tag, with these headers besides its own. */
    void
    receive(uint64_t n, uint64_t tag, const std::vector<Record> &records,
            const std::vector<const char *> &first = {"q", "rejected", ""}, int delivery_count = 0,
            const char *body = "x", const char *expiration = nullptr)
    {
        g_auto(GmqBuffer) headers = {};
        g_auto(GmqBuffer) header  = {};
        g_auto(GmqBuffer) deaths  = {};
        std::string name          = "p-" + std::to_string(n);
        GmqProperties properties  = {};
        GmqValue value            = {};

        gmq_table_add_text(&headers, "kind", GMQ_SLICE("red"));
        for (const Record &record : records)
            add_death(&deaths, record);
        value.type  = GMQ_VALUE_ARRAY;
        value.bytes = gmq_buffer_slice(&deaths);
        if (!records.empty()) {
            gmq_table_add(&headers, GMQ_SLICE("x-death"), &value);
            gmq_table_add_text(&headers, "x-first-death-queue", gmq_slice_of(first[0]));
            gmq_table_add_text(&headers, "x-first-death-reason", gmq_slice_of(first[1]));
            gmq_table_add_text(&headers, "x-first-death-exchange", gmq_slice_of(first[2]));
        }
        if (delivery_count > 0)
            gmq_table_add_int(&headers, "x-delivery-count", delivery_count);
        properties.present =
            GMQ_PROPERTY_BIT(GMQ_PROPERTY_MESSAGE_ID) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
        properties.message_id = gmq_slice_of(name.c_str());
        properties.headers    = gmq_buffer_slice(&headers);
        if (expiration != nullptr) {
            properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION);
            properties.expiration = gmq_slice_of(expiration);
        }
        gmq_properties_encode(&properties, 1, &header);
        GmqClientContent content = {gmq_buffer_slice(&header), gmq_slice_of(body)};
        gmq_check_received(check, "c", tag, &properties, &content);
    }

    /* What waits in r goes to c under tag 2, which needs not look at it any more. */
    void
    deliver_dead(uint64_t n, uint64_t entered)
    {
        because(entered);
        tell(GMQ_EVENT_DELIVERED, "r", "c", n, 2, 0, "t");
    }

    const Record rejected = {"q", "rejected", "", "q", 1, nullptr, 0};
};

} // namespace

/* ---- letters ---- */

TEST_F(CheckDeath, S13ADeathMakesALetterThatCarriesIt)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected});
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13ADeathWithoutALetter)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    end_turn();
    EXPECT_EQ("S13 broken: message p-1 died in queue q at event 8 (rejected), and was not "
              "dead-lettered.",
              sentence());
}

TEST_F(CheckDeath, S13ALetterTwice)
{
    bury(1);
    because(8);
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 11, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13AnAckMakesNone)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13NorDoesADeletion)
{
    enter(1, 1);
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 1, "deleted");
    end_turn();
    expect_held();
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 8, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13AnotherReason)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "expired", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 as expired, and its "
        "reason is rejected.",
        sentence());
}

TEST_F(CheckDeath, S13AnotherKey)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "q");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 to another exchange "
        "or with another key than \"d\" and \"dead\".",
        sentence());
}

TEST_F(CheckDeath, S13AnotherCount)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead", 2);
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 with count 2, and it "
        "died there 1 times of that.",
        sentence());
}

TEST_F(CheckDeath, S13ALetterThatDoesNotArrive)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead");
    end_turn();
    EXPECT_EQ(
        "S13 broken: message p-1 died in queue q at event 9 (rejected) and should have reached "
        "queue r, and did not.",
        sentence());
}

TEST_F(CheckDeath, S13WithoutAnExchangeALetterIsDroppedInSilence)
{
    tell(GMQ_EVENT_EXCHANGE_DELETED, "d", "");
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead");
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S5ALetterBeginsAnew)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    reject(1, 2);
    because(die(1, "rejected", "d", "dead"));
    enqueue(1, 1, "r");
    tell(GMQ_EVENT_DELIVERED, "r", "c", 1, 3, 0, "t", true);
    EXPECT_EQ("S5 broken: message p-1 went to c with redelivered=1, but it was never requeued.",
              sentence());
}

TEST_F(CheckDeath, S10ALetterInAQueueThatIsNotOnItsWay)
{
    queue("z");
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    because(die(1, "rejected", "d", "dead"));
    enqueue(1, 1, "z");
    EXPECT_EQ("S10 broken: queue z got message p-1, whose route does not lead there.", sentence());
}

/* ---- cycles ---- */

TEST_F(CheckDeath, S13AfterARejectionItMayComeRound)
{
    bury(1);
    now_ms = 100;
    tell(GMQ_EVENT_EXPIRED, "r", "", 1);
    because(die(1, "expired", "", "q", 1, "r"));
    enqueue(1, 1);
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13NobodyRejectedItSoItMustNotComeRound)
{
    enter(2, 1);
    now_ms = 50;
    tell(GMQ_EVENT_EXPIRED, "q", "", 2);
    because(die(2, "expired", "d", "dead"));
    enqueue(2, 1, "r");
    now_ms = 150;
    tell(GMQ_EVENT_EXPIRED, "r", "", 2);
    uint64_t letter = die(2, "expired", "", "q", 1, "r");
    end_turn();
    expect_held();
    because(letter);
    enqueue(2, 1);
    EXPECT_EQ(
        "S13 broken: message p-2 entered queue q again at event 12, where it died before, and "
        "nobody rejected it since.",
        sentence());
}

/* ---- the delivery limit ---- */

TEST_F(CheckDeath, S13OneFailureTooMuch)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    tell(GMQ_EVENT_DROPPED, "q", "", 1, 0, 0, "delivery_limit");
    because(die(1, "delivery_limit", "d", "dead"));
    enqueue(1, 1, "r");
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13GivenUpTooEarly)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_DROPPED, "q", "", 1, 0, 0, "delivery_limit");
    EXPECT_EQ(
        "S13 broken: queue q gave message p-1 up at event 8 after 1 failed deliveries, and its "
        "limit is 1.",
        sentence());
}

TEST_F(CheckDeath, S13NotGivenUp)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    EXPECT_EQ("S13 broken: message p-1 came back to queue q at event 10 although 2 deliveries have "
              "failed, and the limit is 1.",
              sentence());
}

TEST_F(CheckDeath, S2TheCountOfDeliveriesStandsInAHeader)
{
    enter(1, 1);
    deliver(1, 1);
    receive(1, 1, {});
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    receive(1, 2, {}, {}, 1);
    expect_held();
    receive(1, 2, {}, {}, 2);
    EXPECT_EQ(
        "S2 broken: message p-1 came to c with x-delivery-count 2, and 1 deliveries had failed.",
        sentence());
}

/* ---- what the letter says ---- */

TEST_F(CheckDeath, S13NoXDeathAtAll)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {});
    EXPECT_EQ(
        "S13 broken: message p-1 came to c with \"nothing\" in its header x-death, which should "
        "say \"q rejected 1\".",
        sentence());
}

TEST_F(CheckDeath, S13TheOldestDeathInFront)
{
    bury(1);
    now_ms = 100;
    tell(GMQ_EVENT_EXPIRED, "r", "", 1);
    because(die(1, "expired", "", "q", 1, "r"));
    enqueue(1, 1);
    because(number);
    deliver(1, 2);
    const Record expired = {"r", "expired", "d", "dead", 1, nullptr, 0};
    receive(1, 2, {expired, rejected});
    end_turn();
    expect_held();
    receive(1, 2, {rejected, expired});
    EXPECT_EQ("S13 broken: message p-1 came to c with \"q rejected 1, r expired 1\" in its header "
              "x-death, which should say \"r expired 1, q rejected 1\".",
              sentence());
}

TEST_F(CheckDeath, S13ARepeatedDeathCountsOnAndMovesToTheFront)
{
    bury(1);
    now_ms = 100;
    tell(GMQ_EVENT_EXPIRED, "r", "", 1);
    because(die(1, "expired", "", "q", 1, "r"));
    enqueue(1, 1);
    deliver(1, 2);
    reject(1, 2);
    because(die(1, "rejected", "d", "dead", 2));
    enqueue(1, 1, "r");
    because(number);
    tell(GMQ_EVENT_DELIVERED, "r", "c", 1, 3, 0, "t");
    const Record again = {"q", "rejected", "", "q", 2, nullptr, 0};
    receive(1, 3, {again, {"r", "expired", "d", "dead", 1, nullptr, 0}});
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13WrongWordsInARecord)
{
    deliver_dead(1, bury(1));
    Record record   = rejected;
    record.exchange = "d";
    receive(1, 2, {record});
    EXPECT_EQ(
        "S13 broken: message p-1 came to c with a wrong exchange of \"q rejected\" in its header "
        "x-death.",
        sentence());
    record     = rejected;
    record.key = "dead";
    receive(1, 2, {record});
    EXPECT_EQ(
        "S13 broken: message p-1 came to c with a wrong routing-keys of \"q rejected\" in its "
        "header x-death.",
        sentences.back());
    record        = rejected;
    record.time_s = 1;
    receive(1, 2, {record});
    EXPECT_EQ("S13 broken: message p-1 came to c with a wrong time of \"q rejected\" in its header "
              "x-death.",
              sentences.back());
}

TEST_F(CheckDeath, S13TheFirstDeathNeverChanges)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected}, {"r", "expired", "d"});
    EXPECT_EQ("S13 broken: message p-1 came to c with the first death \"r expired\" from exchange "
              "\"d\" in its headers, and it was \"q rejected\" from \"\".",
              sentence());
}

TEST_F(CheckDeath, S13TheExpirationGoesAndIsKeptInTheRecord)
{
    enter(2, 1);
    now_ms = 50;
    tell(GMQ_EVENT_EXPIRED, "q", "", 2);
    because(die(2, "expired", "d", "dead"));
    enqueue(2, 1, "r");
    because(number);
    tell(GMQ_EVENT_DELIVERED, "r", "c", 2, 1, 0, "t");
    const Record expired = {"q", "expired", "", "q", 1, "50", 0};
    receive(2, 1, {expired}, {"q", "expired", ""});
    end_turn();
    expect_held();
    receive(2, 1, {expired}, {"q", "expired", ""}, 0, "x", "50");
    EXPECT_EQ("S13 broken: message p-2 came to c with an expiration, which goes when a message is "
              "dead-lettered.",
              sentence());
}

TEST_F(CheckDeath, S2ALetterWithAnotherBody)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected}, {"q", "rejected", ""}, 0, "y");
    EXPECT_EQ("S2 broken: c received message p-1 with another body or other properties than it was "
              "sent with.",
              sentence());
}

TEST_F(CheckDeath, S2ADeathThatNeverWas)
{
    enter(1, 1);
    deliver(1, 1);
    receive(1, 1, {rejected});
    EXPECT_EQ("S2 broken: c received message p-1 with another body or other properties than it was "
              "sent with.",
              sentence());
}
