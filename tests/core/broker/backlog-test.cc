#include "core/broker/backlog.h"

#include <map>
#include <random>

#include "tests/core/broker/world.h"

static GmqMessage *
make_message(unsigned priority, size_t body_size)
{
    GmqProperties properties = {};
    GmqBuffer header         = {};
    std::string body(body_size, 'x');

    properties.present  = GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY);
    properties.priority = static_cast<uint8_t>(priority);
    gmq_properties_encode(&properties, body_size, &header);

    GmqMessage *message =
        gmq_message_new(GMQ_SLICE(""), GMQ_SLICE("q"), gmq_buffer_slice(&header), body_size);
    gmq_message_add_body(&message, slice(body));
    gmq_buffer_clear(&header);
    return message;
}

static GmqEntry
make_entry(uint64_t place, unsigned priority = 0, size_t body_size = 0)
{
    GmqEntry entry = {};

    entry.message    = make_message(priority, body_size);
    entry.place      = place;
    entry.expires_ns = INT64_MAX;
    return entry;
}

/* The place of the next entry, which goes; 0 when there is none. */
static uint64_t
take(GmqBacklog *backlog)
{
    GmqEntry entry;

    if (!gmq_backlog_take(backlog, &entry))
        return 0;
    gmq_message_unref(entry.message);
    return entry.place;
}

static void
push(GmqBacklog *backlog, uint64_t place, unsigned priority = 0, size_t body_size = 0)
{
    GmqEntry entry = make_entry(place, priority, body_size);

    gmq_backlog_push(backlog, &entry);
}

TEST(Backlog, CountsMessagesAndBytes)
{
    GmqBacklog backlog;

    gmq_backlog_init(&backlog, 3);
    push(&backlog, 1, 0, 10);
    push(&backlog, 2, 3, 5);
    EXPECT_EQ(2u, backlog.length);
    EXPECT_EQ(15u, backlog.bytes);
    EXPECT_EQ(2u, take(&backlog));
    EXPECT_EQ(10u, backlog.bytes);
    gmq_backlog_clear(&backlog);
    EXPECT_EQ(0u, backlog.length + backlog.bytes);
    EXPECT_EQ(nullptr, gmq_backlog_peek(&backlog));
    EXPECT_EQ(0u, take(&backlog));
    gmq_backlog_clear(&backlog);
}

TEST(Backlog, KnowsWhatWouldBeTheFirst)
{
    GmqBacklog backlog;

    gmq_backlog_init(&backlog, 2);
    for (unsigned priority = 0; priority <= 3; priority++) {
        GmqEntry entry = make_entry(10, priority);
        EXPECT_TRUE(gmq_backlog_is_first(&backlog, &entry));
        gmq_message_unref(entry.message);
    }
    push(&backlog, 5, 1);
    for (const auto &[place, priority, is_first] :
         {std::tuple(4, 0, false), std::tuple(4, 1, true), std::tuple(6, 1, false),
          std::tuple(6, 2, true), std::tuple(6, 9, true)}) {
        GmqEntry entry = make_entry(static_cast<uint64_t>(place), static_cast<unsigned>(priority));
        EXPECT_EQ(is_first, gmq_backlog_is_first(&backlog, &entry)) << place << " " << priority;
        gmq_message_unref(entry.message);
    }
    gmq_backlog_clear(&backlog);
}

/* Against a map from (priority, highest first; place) to bytes. */
class BacklogModel : public testing::TestWithParam<unsigned> {};

TEST_P(BacklogModel, DoesWhatASortedMapDoes)
{
    using Key = std::pair<int, uint64_t>;
    std::mt19937 random(GetParam() + 1);
    std::map<Key, size_t> model;
    std::vector<GmqEntry> out;
    uint64_t place = 1;
    uint64_t bytes = 0;
    GmqBacklog backlog;

    auto key_of = [&](const GmqEntry &entry) {
        return Key(-static_cast<int>(MIN(entry.message->priority, GetParam())), entry.place);
    };
    auto enter = [&](const GmqEntry &entry) {
        model[key_of(entry)] = entry.message->body_size;
        bytes += entry.message->body_size;
    };
    gmq_backlog_init(&backlog, GetParam());
    for (int step = 0; step < 30000; step++) {
        /* Long stretches of more in than out and the other way round. */
        unsigned chance = random() % 10;
        bool is_growing = (step / 3000) % 2 == 0;

        if (chance < (is_growing ? 5u : 2u)) {
            GmqEntry entry = make_entry(place++, random() % 256, random() % 20);
            enter(entry);
            gmq_backlog_push(&backlog, &entry);
        } else if (chance < 8) {
            GmqEntry entry;
            const GmqEntry *next = gmq_backlog_peek(&backlog);
            ASSERT_EQ(model.empty(), next == nullptr);
            if (next == nullptr)
                continue;
            ASSERT_EQ(model.begin()->first, key_of(*next));
            ASSERT_TRUE(gmq_backlog_take(&backlog, &entry));
            ASSERT_EQ(model.begin()->first, key_of(entry));
            bytes -= entry.message->body_size;
            model.erase(model.begin());
            out.push_back(entry);
        } else if (!out.empty()) {
            std::swap(out[random() % out.size()], out.back());
            GmqEntry entry = out.back();
            out.pop_back();
            bool is_first = model.empty() || key_of(entry) < model.begin()->first;
            ASSERT_EQ(is_first, gmq_backlog_is_first(&backlog, &entry));
            enter(entry);
            gmq_backlog_return(&backlog, &entry);
        }
        ASSERT_EQ(model.size(), backlog.length);
        ASSERT_EQ(bytes, backlog.bytes);
    }
    for (const auto &[key, size] : model)
        ASSERT_EQ(key.second, take(&backlog));
    EXPECT_EQ(0u, backlog.length + backlog.bytes);
    for (const GmqEntry &entry : out)
        gmq_message_unref(entry.message);
    gmq_backlog_clear(&backlog);
}

INSTANTIATE_TEST_SUITE_P(Priorities, BacklogModel, testing::Values(0u, 1u, 9u, 255u));
