#include "tests/sim/dying.h"

/* What letters say of deaths: each is broken, and each just holds. */
class CheckDeaths : public Dying {};

/* ---- what the letter says ---- */

TEST_F(CheckDeaths, S13NoXDeathAtAll)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {});
    EXPECT_EQ(
        "S13 broken: message p-1 came to c with \"nothing\" in its header x-death, which should "
        "say \"q rejected 1\".",
        sentence());
}

TEST_F(CheckDeaths, S13TheOldestDeathInFront)
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

TEST_F(CheckDeaths, S13ARepeatedDeathCountsOnAndMovesToTheFront)
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

TEST_F(CheckDeaths, S13WrongWordsInARecord)
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

TEST_F(CheckDeaths, S13TheFirstDeathNeverChanges)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected}, {"r", "expired", "d"});
    EXPECT_EQ("S13 broken: message p-1 came to c with the first death \"r expired\" from exchange "
              "\"d\" in its headers, and it was \"q rejected\" from \"\".",
              sentence());
}

TEST_F(CheckDeaths, S13TheExpirationGoesAndIsKeptInTheRecord)
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

TEST_F(CheckDeaths, S2ALetterWithAnotherBody)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected}, {"q", "rejected", ""}, 0, "y");
    EXPECT_EQ("S2 broken: c received message p-1 with another body or other properties than it was "
              "sent with.",
              sentence());
}

TEST_F(CheckDeaths, S2ADeathThatNeverWas)
{
    enter(1, 1);
    deliver(1, 1);
    receive(1, 1, {rejected});
    EXPECT_EQ("S2 broken: c received message p-1 with another body or other properties than it was "
              "sent with.",
              sentence());
}

/* ---- the habits of RabbitMQ 3.13 and 4 ---- */

namespace {

class LastDeath : public Dying {
  protected:
    explicit LastDeath(const char *profile)
        : scenario(std::string("glassmq: 1\n"
                               "title: T\n"
                               "stop: 5s\n"
                               "epoch: 1970-01-01T00:00:00Z\n"
                               "broker: {profile: ") +
                   profile +
                   "}\n"
                   "topology: {queues: {q: {}, r: {}}}\n"
                   "clients:\n"
                   "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
                   "      headers: {kind: red}}, confirms: {window: 9}}\n"
                   "  c: {role: consumer, from: q}\n")
    {
    }

    const char *
    text() const override
    {
        return scenario.c_str();
    }

    /* A letter that tells of all deaths, and not of the last one in headers of its own. */
    void
    expect_asked_for_the_last()
    {
        deliver_dead(1, bury(1));
        receive(1, 2, {rejected});
        EXPECT_EQ("S13 broken: message p-1 came to c with the last death \" \" from exchange "
                  "\"\" in its headers, and it was \"q rejected\" from \"\".",
                  sentence());
    }

  private:
    std::string scenario;
};

class CheckDeaths313 : public LastDeath {
  protected:
    CheckDeaths313() : LastDeath("rabbitmq-3.13")
    {
    }
};

class CheckDeaths4 : public LastDeath {
  protected:
    CheckDeaths4() : LastDeath("rabbitmq-4")
    {
    }
};

} // namespace

TEST_F(CheckDeaths313, S13TheLastDeathHasItsOwnHeaders)
{
    expect_asked_for_the_last();
}

TEST_F(CheckDeaths4, S13TheLastDeathHasItsOwnHeaders)
{
    expect_asked_for_the_last();
}
