#include "tests/core/broker/world.h"

namespace {

using Events = std::vector<std::string>;

class VhostBinding : public World {
  protected:
    VhostBinding()
    {
        exchange("x");
        exchange("y", "fanout");
        queue("q");
        queue("mine", EXCLUSIVE, &me);
        fake.take_events();
    }

    size_t
    bindings_of(const char *name) const
    {
        return gmq_vhost_find_exchange(vhost, gmq_slice_of(name))->bindings.length;
    }

    int me   = 0;
    int them = 0;
};

/* ---- bind ---- */

TEST_F(VhostBinding, IsMadeAndAnnounced)
{
    EXPECT_EQ("", bind("x", "k", "q"));
    EXPECT_EQ("", bind_exchange("x", "k", "y"));
    EXPECT_EQ((Events{"bound x -> q [k] to_type=queue", "bound x -> y [k] to_type=exchange"}),
              fake.take_events());
}

TEST_F(VhostBinding, IsMadeOnce)
{
    std::string arguments = Table().add("a", 1).add("b", "x");
    std::string turned    = Table().add("b", "x").add("a", GMQ_VALUE_U8, 1);

    bind("x", "k", "q", arguments);
    fake.take_events();
    EXPECT_EQ("", bind("x", "k", "q", arguments));
    EXPECT_EQ("", bind("x", "k", "q", turned));
    EXPECT_EQ(1u, bindings_of("x"));
    EXPECT_EQ(Events{}, fake.take_events());
}

TEST_F(VhostBinding, IsAnotherOneWithAnotherKeyArgumentsOrDestination)
{
    queue("r");
    exchange("q");
    bind("x", "k", "q");
    bind("x", "l", "q");
    bind("x", "", "q");
    bind("x", "k", "q", Table().add("a", 1));
    bind("x", "k", "r");
    bind_exchange("x", "k", "q");
    EXPECT_EQ(6u, bindings_of("x"));
}

TEST_F(VhostBinding, LosesLineEndsFromNamesButNotFromTheKey)
{
    EXPECT_EQ("", bind("x\r\n", "k\n", "q\n"));
    EXPECT_EQ(Events{"bound x -> q [k\n] to_type=queue"}, fake.take_events());
    EXPECT_EQ("", unbind("\nx", "k\n", "\rq"));
    EXPECT_EQ(0u, bindings_of("x"));
}

struct Refusal {
    const char *source;
    const char *target;
    bool to_queue;
    GmqReply code;
    const char *text;
};

class VhostBindingTo : public VhostBinding, public testing::WithParamInterface<Refusal> {};

TEST_P(VhostBindingTo, IsRefused)
{
    const Refusal &refusal = GetParam();

    EXPECT_EQ(refusal.text, refusal.to_queue ? bind(refusal.source, "k", refusal.target)
                                             : bind_exchange(refusal.source, "k", refusal.target));
    EXPECT_EQ(refusal.code, fault.code);
    EXPECT_EQ(Events{}, fake.take_events());
}

const char *const default_text = "ACCESS_REFUSED - operation not permitted on the default exchange";

const Refusal refusals[] = {
    {"", "q", true, GMQ_REPLY_ACCESS_REFUSED, default_text},
    {"", "missing", true, GMQ_REPLY_ACCESS_REFUSED, default_text},
    {"", "y", false, GMQ_REPLY_ACCESS_REFUSED, default_text},
    {"x", "", false, GMQ_REPLY_ACCESS_REFUSED, default_text},
    {"missing", "", false, GMQ_REPLY_ACCESS_REFUSED, default_text},
    {"missing", "q", true, GMQ_REPLY_NOT_FOUND, "NOT_FOUND - no exchange 'missing' in vhost '/'"},
    {"missing", "none", true, GMQ_REPLY_NOT_FOUND,
     "NOT_FOUND - no exchange 'missing' in vhost '/'"},
    {"missing", "mine", true, GMQ_REPLY_NOT_FOUND,
     "NOT_FOUND - no exchange 'missing' in vhost '/'"},
    {"x", "none", true, GMQ_REPLY_NOT_FOUND, "NOT_FOUND - no queue 'none' in vhost '/'"},
    {"x", "", true, GMQ_REPLY_NOT_FOUND, "NOT_FOUND - no queue '' in vhost '/'"},
    {"x", "q", false, GMQ_REPLY_NOT_FOUND, "NOT_FOUND - no exchange 'q' in vhost '/'"},
    {"missing", "y", false, GMQ_REPLY_NOT_FOUND, "NOT_FOUND - no exchange 'missing' in vhost '/'"},
};

INSTANTIATE_TEST_SUITE_P(Reasons, VhostBindingTo, testing::ValuesIn(refusals));

TEST_F(VhostBinding, OfAnExclusiveQueueIsItsOwnersBusiness)
{
    EXPECT_NE("", bind("x", "k", "mine", "", &them));
    EXPECT_EQ(GMQ_REPLY_RESOURCE_LOCKED, fault.code);
    EXPECT_EQ("", bind("x", "k", "mine", "", &me));
    EXPECT_NE("", bind("x", "k", "mine", "", &them));
    EXPECT_NE("", unbind("x", "k", "mine", "", &them));
    EXPECT_EQ(GMQ_REPLY_RESOURCE_LOCKED, fault.code);
    EXPECT_EQ(1u, bindings_of("x"));
    EXPECT_EQ("", unbind("x", "k", "mine", "", &me));
}

TEST_F(VhostBinding, ArgumentsAreLookedAtBeforeTheOwner)
{
    EXPECT_NE("", bind("amq.headers", "", "mine", Table().add("x-match", "none"), &them));
    EXPECT_EQ(GMQ_REPLY_PRECONDITION_FAILED, fault.code);
}

/* ---- unbind ---- */

TEST_F(VhostBinding, IsRemovedAndAnnounced)
{
    bind("x", "k", "q");
    bind_exchange("x", "k", "y");
    fake.take_events();
    EXPECT_EQ("", unbind("x", "k", "q"));
    EXPECT_EQ("", unbind_exchange("x", "k", "y"));
    EXPECT_EQ((Events{"unbound x -> q [k] to_type=queue", "unbound x -> y [k] to_type=exchange"}),
              fake.take_events());
    EXPECT_EQ("", publish("x", "k"));
}

TEST_F(VhostBinding, MayBeMissingWhenRemoved)
{
    EXPECT_EQ("", unbind("x", "k", "q"));
    EXPECT_EQ("", unbind("missing", "k", "q"));
    EXPECT_EQ("", unbind("x", "k", "missing"));
    EXPECT_EQ("", unbind("missing", "k", "missing"));
    EXPECT_EQ("", unbind_exchange("x", "k", "missing"));
    EXPECT_EQ("", unbind("x", "k", "mine", "", &them));
    EXPECT_EQ(Events{}, fake.take_events());
}

TEST_F(VhostBinding, IsRemovedOnlyWithItsKeyAndArguments)
{
    bind("x", "k", "q", Table().add("a", 1));
    unbind("x", "k", "q");
    unbind("x", "j", "q", Table().add("a", 1));
    unbind("x", "k", "q", Table().add("a", 2));
    EXPECT_EQ(1u, bindings_of("x"));
    unbind("x", "k", "q", Table().add("a", GMQ_VALUE_I16, 1));
    EXPECT_EQ(0u, bindings_of("x"));
}

TEST_F(VhostBinding, OfTheDefaultExchangeCannotBeRemoved)
{
    EXPECT_EQ(default_text, unbind("", "q", "q"));
    EXPECT_EQ(default_text, unbind_exchange("x", "q", ""));
    EXPECT_EQ("q ", publish("", "q"));
}

TEST_F(VhostBinding, GoesWithItsQueue)
{
    bind("x", "k", "q");
    bind("y", "", "q");
    fake.take_events();
    delete_queue("q");
    EXPECT_EQ((Events{"unbound x -> q [k] to_type=queue", "unbound y -> q [] to_type=queue"}),
              fake.take_events("unbound"));
    queue("q");
    EXPECT_EQ("", publish("x", "k"));
}

/* One queue, one key, and arguments that tell them apart: a set that compares each with each would
 * not come to an end. */
TEST_F(VhostBinding, AreManyForOneQueueAndKey)
{
    for (int i = 0; i < 50000; i++)
        ASSERT_EQ("", bind("amq.headers", "", "q", Table().add("n", i)));
    EXPECT_EQ("q ", publish("amq.headers", "", Table().add("n", 777)));
    for (int i = 0; i < 50000; i++)
        ASSERT_EQ("", unbind("amq.headers", "", "q", Table().add("n", i)));
    EXPECT_EQ(0u, bindings_of("amq.headers"));
}

} // namespace
