/* Ready messages that are out of memory: against a plain list, whatever is put out in between. */
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/broker/backlog.h"
#include "core/wire/properties.h"
#include "tests/core/chance.h"

/* A message with a body of that size. */
static GmqMessage *
make_message(size_t body_size)
{
    GmqProperties properties = {};
    g_auto(GmqBuffer) header = {};
    std::string body(body_size, 'x');

    gmq_properties_encode(&properties, body_size, &header);
    return gmq_message_new_whole(GMQ_SLICE(""), GMQ_SLICE("q"), gmq_buffer_slice(&header),
                                 {reinterpret_cast<const uint8_t *>(body.data()), body.size()});
}

/* Where messages go that are put out: numbers count up in the order of leaving. */
struct Store {
    GmqOutKind kind    = GMQ_OUT_JOURNAL;
    uint64_t next      = 1;
    uint64_t step      = 1;
    size_t asked       = 0;
    size_t refused_one = 0;                 /* one in so many must stay; 0: none */
    std::map<uint64_t, uint64_t> places_of; /* by reference */

    static bool
    put_out(GmqEntry *entry, void *user)
    {
        auto *self          = static_cast<Store *>(user);
        GmqMessage *message = entry->message;

        self->asked++;
        if (self->refused_one > 0 && self->asked % self->refused_one == 0)
            return false;
        gmq_entry_set_out(entry, self->kind, self->next, message->body_size);
        self->places_of[entry->out] = entry->place;
        self->next += self->step;
        gmq_message_unref(message);
        return true;
    }
};

class ReadyOut : public testing::Test {
  protected:
    ReadyOut()
    {
        gmq_ready_init(&ready);
    }

    ~ReadyOut() override
    {
        gmq_ready_clear(&ready);
    }

    ReadyOut(const ReadyOut &)            = delete;
    ReadyOut &operator=(const ReadyOut &) = delete;

    static GmqEntry
    make_entry(uint64_t place, size_t body_size)
    {
        GmqEntry entry = {};

        entry.message    = make_message(body_size);
        entry.place      = place;
        entry.expires_ns = INT64_MAX;
        return entry;
    }

    void
    push(uint64_t place, size_t body_size = 10)
    {
        GmqEntry entry = make_entry(place, body_size);

        gmq_ready_push(&ready, &entry);
    }

    void
    push_out(uint64_t place, uint64_t number, uint32_t body_size = 10)
    {
        GmqEntry entry = {};

        entry.place      = place;
        entry.expires_ns = INT64_MAX;
        gmq_entry_set_out(&entry, GMQ_OUT_JOURNAL, number, body_size);
        gmq_ready_push_out(&ready, &entry);
    }

    /* Everything behind the first kept leaves. */
    void
    put_all_out(uint64_t kept)
    {
        while (gmq_ready_put_out(&ready, kept, Store::put_out, &store))
            ;
    }

    unsigned
    shrunk_blocks() const
    {
        unsigned n = 0;

        for (const GmqReadyBlock *block = ready.first; block != nullptr; block = block->links.next)
            n += block->links.is_shrunk ? 1 : 0;
        return n;
    }

    GmqReady ready = {};
    Store store;
};

TEST_F(ReadyOut, KeepsTheFirstInMemory)
{
    GmqEntry entry;

    for (uint64_t place = 0; place < 1000; place++)
        push(place);
    put_all_out(300);
    EXPECT_EQ(700u, store.places_of.size());
    for (uint64_t place = 0; place < 1000; place++) {
        ASSERT_TRUE(gmq_ready_take(&ready, &entry));
        ASSERT_EQ(place, entry.place);
        ASSERT_EQ(place >= 300, gmq_entry_is_out(&entry));
        if (!gmq_entry_is_out(&entry))
            gmq_message_unref(entry.message);
        else
            ASSERT_EQ(place, store.places_of[entry.out]);
    }
    EXPECT_FALSE(gmq_ready_take(&ready, &entry));
}

TEST_F(ReadyOut, BeginsWithTheLast)
{
    static const uint64_t run = GMQ_READY_RUN * GMQ_READY_BLOCK;

    for (uint64_t place = 0; place < 3 * run; place++)
        push(place);
    EXPECT_TRUE(gmq_ready_put_out(&ready, 0, Store::put_out, &store));
    EXPECT_EQ(run, store.places_of.size());
    uint64_t expected = 2 * run;
    for (const auto &[reference, place] : store.places_of)
        EXPECT_EQ(expected++, place); /* they leave in their order */
    EXPECT_TRUE(gmq_ready_put_out(&ready, 0, Store::put_out, &store));
    EXPECT_EQ(2 * run, store.places_of.size());
    EXPECT_FALSE(gmq_ready_put_out(&ready, 0, Store::put_out, &store));
    EXPECT_EQ(3 * run, store.places_of.size());
}

TEST_F(ReadyOut, GoesOnWhereItWasAndEndsAtTheFirst)
{
    for (uint64_t place = 0; place < 10 * GMQ_READY_BLOCK; place++)
        push(place);
    unsigned calls = 1;
    while (gmq_ready_put_out(&ready, 2 * GMQ_READY_BLOCK, Store::put_out, &store))
        calls++;
    EXPECT_LE(calls, 10u);
    EXPECT_EQ(8u * GMQ_READY_BLOCK, store.asked);
    put_all_out(2 * GMQ_READY_BLOCK);
    EXPECT_EQ(8u * GMQ_READY_BLOCK, store.asked); /* nothing is asked twice that is out */
}

TEST_F(ReadyOut, ShrinksBlocksOfNothingElse)
{
    for (uint64_t place = 0; place < 10 * GMQ_READY_BLOCK; place++)
        push(place, place % 5);
    put_all_out(0);
    EXPECT_EQ(8u, shrunk_blocks()); /* all but the first and the last */
    for (uint64_t place = 0; place < 10 * GMQ_READY_BLOCK; place++) {
        GmqEntry entry;
        ASSERT_TRUE(gmq_ready_take(&ready, &entry));
        ASSERT_EQ(place, store.places_of[entry.out]);
        ASSERT_EQ(place, entry.place);
        ASSERT_EQ(place % 5, entry.body_size);
        ASSERT_EQ(INT64_MAX, entry.expires_ns);
    }
}

TEST_F(ReadyOut, ShrinksWhatComesInOut)
{
    for (uint64_t place = 0; place < 1000 * GMQ_READY_BLOCK; place++)
        push_out(place, 7 + place, 1024);
    EXPECT_EQ(998u, shrunk_blocks());
    for (uint64_t place = 0; place < 1000 * GMQ_READY_BLOCK; place++) {
        GmqEntry entry;
        ASSERT_TRUE(gmq_ready_take(&ready, &entry));
        ASSERT_EQ(place, entry.place);
        ASSERT_EQ(7 + place, gmq_entry_out_number(&entry));
        ASSERT_EQ(1024u, entry.body_size);
    }
}

/* What differs inside of a block. */
struct Difference {
    const char *name;
    uint64_t far; /* the number of the last is so far away */
    bool has_flag, has_gap, has_expiry, is_in_scratch;
    bool is_shrunk;
};

class ReadyShrink : public ReadyOut, public testing::WithParamInterface<Difference> {};

TEST_P(ReadyShrink, BringsAllOfItBack)
{
    const Difference &it = GetParam();
    std::vector<GmqEntry> pushed;

    for (uint64_t i = 0; i < 3 * GMQ_READY_BLOCK; i++) {
        bool is_it       = i == 2 * GMQ_READY_BLOCK - 1;
        GmqEntry entry   = {};
        entry.place      = i + (it.has_gap && i >= 2 * GMQ_READY_BLOCK - 1 ? 1 : 0);
        entry.flags      = it.has_flag && is_it ? GMQ_ENTRY_REDELIVERED : 0;
        entry.expires_ns = it.has_expiry && is_it ? 1000 : INT64_MAX;
        gmq_entry_set_out(&entry, it.is_in_scratch && is_it ? GMQ_OUT_SCRATCH : GMQ_OUT_JOURNAL,
                          5 + i * 3 + (is_it ? it.far : 0), static_cast<uint32_t>(i));
        gmq_ready_push_out(&ready, &entry);
        pushed.push_back(entry);
    }
    EXPECT_EQ(it.is_shrunk ? 1u : 0u, shrunk_blocks());
    for (const GmqEntry &expected : pushed) {
        GmqEntry entry;
        ASSERT_TRUE(gmq_ready_take(&ready, &entry));
        ASSERT_EQ(expected.out, entry.out);
        ASSERT_EQ(expected.place, entry.place);
        ASSERT_EQ(expected.flags, entry.flags);
        ASSERT_EQ(expected.expires_ns, entry.expires_ns);
        ASSERT_EQ(expected.body_size, entry.body_size);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Differences, ReadyShrink,
    testing::Values(Difference{"none", 0, false, false, false, false, true},
                    Difference{"far", 1000000000, false, false, false, false, true},
                    Difference{"too_far", 3000000000, false, false, false, false, false},
                    Difference{"flag", 0, true, false, false, false, false},
                    Difference{"gap", 0, false, true, false, false, false},
                    Difference{"expiry", 0, false, false, true, false, false},
                    Difference{"scratch", 0, false, false, false, true, true},
                    Difference{"scratch_far", 9000000000, false, false, false, true, true}),
    [](const auto &param) { return std::string(param.param.name); });

TEST_F(ReadyOut, LeavesWhatMustStayAndComesBackToIt)
{
    GmqEntry entry;

    for (uint64_t place = 0; place < 5 * GMQ_READY_BLOCK; place++)
        push(place);
    store.refused_one = 2;
    put_all_out(0);
    EXPECT_EQ(0u, shrunk_blocks());
    store.refused_one = 0;
    put_all_out(0);
    EXPECT_EQ(3u, shrunk_blocks());
    EXPECT_EQ(5u * GMQ_READY_BLOCK, store.places_of.size());
    for (uint64_t place = 0; gmq_ready_take(&ready, &entry); place++)
        ASSERT_EQ(place, entry.place);
}

TEST_F(ReadyOut, PutsReturnedOnesOutToo)
{
    for (uint64_t place = 1000; place > 0; place--) {
        GmqEntry entry = make_entry(place, place % 7);
        gmq_ready_return(&ready, &entry);
    }
    put_all_out(100);
    EXPECT_EQ(900u, store.places_of.size());
    for (uint64_t place = 1; place <= 1000; place++) {
        GmqEntry entry;
        ASSERT_TRUE(gmq_ready_take(&ready, &entry));
        ASSERT_EQ(place, entry.place);
        ASSERT_EQ(place % 7, gmq_entry_body_size(&entry));
        if (!gmq_entry_is_out(&entry))
            gmq_message_unref(entry.message);
    }
}

/* Against a map of what waits: a long backlog that grows and shrinks by turns, with some given back
 * and some put out at any time. */
class BacklogOut : public testing::TestWithParam<unsigned> {};

TEST_P(BacklogOut, DoesWhatASortedMapDoes)
{
    using Key             = std::pair<int, uint64_t>;
    unsigned priority_max = GetParam();
    Chance chance(priority_max + 1);
    std::map<Key, uint32_t> model;
    std::map<uint64_t, int> priority_of; /* by place */
    std::vector<GmqEntry> taken;
    Store stores[2];
    uint64_t place = 1;
    uint64_t bytes = 0;
    GmqBacklog backlog;

    stores[0].step = 3;
    stores[1].kind = GMQ_OUT_SCRATCH;
    gmq_backlog_init(&backlog, priority_max);
    for (int step = 0; step < 120000; step++) {
        bool is_growing = (step / 10000) % 2 == 0;
        size_t what     = chance.below(100);

        if (what < (is_growing ? 60u : 15u)) {
            int priority  = chance.one_in(4) ? static_cast<int>(chance.below(priority_max + 1)) : 0;
            uint32_t size = chance.one_in(3) ? static_cast<uint32_t>(chance.below(30)) : 9;
            GmqEntry entry   = {};
            entry.place      = place;
            entry.expires_ns = chance.one_in(1000) ? 77 : INT64_MAX;
            if (chance.one_in(3)) {
                gmq_entry_set_out(&entry, stores[0].kind, stores[0].next++, size);
                stores[0].places_of[entry.out] = place;
                gmq_backlog_push_out(&backlog, &entry, static_cast<unsigned>(priority));
            } else {
                entry.message           = make_message(size);
                entry.message->priority = static_cast<uint8_t>(priority);
                gmq_backlog_push(&backlog, &entry);
            }
            model[Key(-priority, place)] = size;
            priority_of[place++]         = -priority;
            bytes += size;
        } else if (what < 80) {
            GmqEntry entry;
            const GmqEntry *next = gmq_backlog_peek(&backlog);
            ASSERT_EQ(model.empty(), next == nullptr);
            if (next == nullptr)
                continue;
            ASSERT_EQ(model.begin()->first.second, next->place);
            ASSERT_TRUE(gmq_backlog_take(&backlog, &entry));
            ASSERT_EQ(model.begin()->first.second, entry.place);
            ASSERT_EQ(model.begin()->second, gmq_entry_body_size(&entry));
            if (gmq_entry_is_out(&entry)) {
                const Store &store = stores[gmq_entry_out_kind(&entry) == GMQ_OUT_SCRATCH ? 1 : 0];
                ASSERT_EQ(entry.place, store.places_of.at(entry.out));
                gmq_entry_set_message(&entry, make_message(entry.body_size));
                entry.message->priority = static_cast<uint8_t>(-model.begin()->first.first);
            }
            bytes -= model.begin()->second;
            model.erase(model.begin());
            if (chance.one_in(2))
                taken.push_back(entry);
            else
                gmq_message_unref(entry.message);
        } else if (what < 97) {
            if (taken.empty())
                continue;
            std::swap(taken[chance.below(taken.size())], taken.back());
            GmqEntry entry = taken.back();
            Key key(priority_of[entry.place], entry.place);
            taken.pop_back();
            ASSERT_EQ(model.empty() || key < model.begin()->first,
                      gmq_backlog_is_first(&backlog, &entry));
            model[key] = entry.message->body_size;
            bytes += entry.message->body_size;
            gmq_backlog_return(&backlog, &entry);
        } else {
            Store &store      = stores[chance.below(2)];
            store.refused_one = chance.one_in(2) ? 0 : 1 + chance.below(9);
            gmq_backlog_put_out(&backlog, chance.one_in(2) ? 0 : chance.below(2000), Store::put_out,
                                &store);
        }
        ASSERT_EQ(model.size(), backlog.length);
        ASSERT_EQ(bytes, backlog.bytes);
    }
    EXPECT_GT(stores[0].next + stores[1].next, 20000u);
    for (const GmqEntry &entry : taken)
        gmq_message_unref(entry.message);
    gmq_backlog_clear(&backlog);
    EXPECT_EQ(0u, backlog.length + backlog.bytes);
}

INSTANTIATE_TEST_SUITE_P(Priorities, BacklogOut, testing::Values(0u, 3u, 255u));
