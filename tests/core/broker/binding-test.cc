#include "core/broker/binding.h"

#include <algorithm>

#include "tests/core/broker/world.h"

namespace {

/* A binding lends its key and arguments, so these outlive it. */
const std::string key       = "key";
const std::string other_key = "yek";
const std::string none;

GmqBinding
make(const std::string &with_key, const std::string &arguments, uintptr_t source = 1)
{
    GmqBinding binding = {};

    binding.source    = reinterpret_cast<GmqExchange *>(source);
    binding.queue     = reinterpret_cast<GmqQueue *>(2);
    binding.key       = slice(with_key);
    binding.arguments = slice(arguments);
    return binding;
}

struct Pair {
    const char *what;
    std::string one;
    std::string other;
    bool same;
};

class BindingArguments : public testing::TestWithParam<Pair> {};

TEST_P(BindingArguments, AreTheSameOrNot)
{
    GmqBinding one   = make(key, GetParam().one);
    GmqBinding other = make(key, GetParam().other);

    EXPECT_EQ(GetParam().same, gmq_binding_same(&one, &other) != 0);
    EXPECT_EQ(GetParam().same, gmq_binding_hash(&one) == gmq_binding_hash(&other));
}

const Pair pairs[] = {
    {"both empty", "", "", true},
    {"order of names", Table().add("a", 1).add("b", "x"), Table().add("b", "x").add("a", 1), true},
    {"width of integers", Table().add("a", GMQ_VALUE_U8, 1), Table().add("a", GMQ_VALUE_I64, 1),
     true},
    {"first of a name", Table().add("a", 1).add("a", 2), Table().add("a", 1), true},
    {"other value", Table().add("a", 1), Table().add("a", 2), false},
    {"other text", Table().add("a", "x"), Table().add("a", "y"), false},
    {"other name", Table().add("a", 1), Table().add("b", 1), false},
    {"one more", Table().add("a", 1), Table().add("a", 1).add("b", 1), false},
    {"other time", Table().add("a", GMQ_VALUE_TIMESTAMP, 1),
     Table().add("a", GMQ_VALUE_TIMESTAMP, 2), false},
    {"other truth", Table().add("a", GMQ_VALUE_BOOL, 1), Table().add("a", GMQ_VALUE_BOOL, 0),
     false},
    {"text and number", Table().add("a", 1), Table().add("a", "1"), false},
};

std::string
name_of(const testing::TestParamInfo<Pair> &test)
{
    std::string name = test.param.what;

    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Tables, BindingArguments, testing::ValuesIn(pairs), name_of);

TEST(Binding, TablesOfVeryManyNamesStillCompare)
{
    Table up;
    Table down;
    for (int i = 0; i < 100; i++) {
        up.add("n" + std::to_string(i), i);
        down.add("n" + std::to_string(99 - i), 99 - i);
    }
    std::string one_table   = up;
    std::string other_table = down;
    GmqBinding one          = make(key, one_table);
    GmqBinding other        = make(key, other_table);

    EXPECT_TRUE(gmq_binding_same(&one, &other));
    EXPECT_EQ(gmq_binding_hash(&one), gmq_binding_hash(&other));

    std::string longer_table = up.add("one more", 1);
    GmqBinding longer        = make(key, longer_table);
    EXPECT_NE(gmq_binding_hash(&one), gmq_binding_hash(&longer)) << "or they are slow to find";
}

TEST(Binding, KeyAndEndsCount)
{
    GmqBinding one   = make(key, none);
    GmqBinding other = make(other_key, none);
    GmqBinding third = make(key, none, 7);

    EXPECT_FALSE(gmq_binding_same(&one, &other));
    EXPECT_FALSE(gmq_binding_same(&one, &third));
}

TEST(Binding, CopiesItsKeyAndArguments)
{
    std::string arguments = Table().add("a", 1);
    GmqBinding like       = make(key, arguments);
    GmqBinding *binding   = gmq_binding_new(&like);

    EXPECT_TRUE(gmq_binding_same(&like, binding));
    EXPECT_NE(like.key.data, binding->key.data);
    EXPECT_NE(like.arguments.data, binding->arguments.data);
    EXPECT_EQ(binding, binding->source_link.data);
    gmq_binding_free(binding);
}

class BindingEnds : public World {};

TEST_F(BindingEnds, NameTheDestination)
{
    exchange("x");
    queue("q");
    bind("amq.fanout", "k", "q");
    bind_exchange("amq.fanout", "k", "x");

    GmqExchange *source = gmq_vhost_find_exchange(vhost, GMQ_SLICE("amq.fanout"));
    auto *first         = static_cast<GmqBinding *>(source->bindings.head->data);
    auto *second        = static_cast<GmqBinding *>(source->bindings.tail->data);
    EXPECT_EQ("q", FakeHost::to_string(gmq_binding_target(first)));
    EXPECT_STREQ("queue", gmq_binding_target_type(first));
    EXPECT_EQ("x", FakeHost::to_string(gmq_binding_target(second)));
    EXPECT_STREQ("exchange", gmq_binding_target_type(second));
    EXPECT_LT(first->number, second->number);
}

} // namespace
