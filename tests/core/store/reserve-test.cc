/* A disk that was full comes back when all messages are taken, however full it was: each of these
 * goes through all fill levels, byte by byte or over all places of a block. */
#include <gtest/gtest.h>

#include "tests/core/store/keeper.h"

namespace {

constexpr size_t BODY    = 300;
constexpr uint64_t BLOCK = 4096;
constexpr int N_WAITING  = 4;

/* Where the definitions stand among the messages. */
enum class Place {
    FIRST,
    AMONG,
    LAST
};

/* What makes one fill level. */
struct Disk {
    Place place;
    unsigned n_definitions;
    uint64_t capacity;
    uint64_t block;
    uint64_t segment_size; /* 0: as usual */
    size_t first;          /* bytes of the first message */
};

class Full {
  public:
    explicit Full(const Disk &disk) : disk_(disk)
    {
        keeper.disk.block    = disk.block;
        keeper.disk.capacity = disk.capacity;
        keeper.open();
        resize();
        if (disk.place == Place::FIRST)
            define(disk.n_definitions);
        publish(disk.first);
        for (int i = 0; i < 20; i++)
            publish(BODY);
        if (disk.place == Place::AMONG)
            define(disk.n_definitions);
        if (disk.place == Place::LAST)
            fill_for(disk.n_definitions);
        else
            fill();
    }

    void
    take_all()
    {
        for (uint64_t id : ids) {
            if (gmq_journal_has(keeper.journal, id) && gmq_journal_is_written(keeper.journal, id))
                gmq_journal_drop_copy(keeper.journal, id, 1);
        }
    }

    /* What its host does meanwhile: each turn, and each answer of the disk. */
    void
    wait(int seconds)
    {
        keeper.fake.advance_ms(GMQ_SETTLE_WAIT_MS);
        for (int i = 0; i < seconds && !is_fine(); i++) {
            for (int j = 0; j < 100 && (keeper.disk.n_pending() > 0 || is_due()); j++)
                step();
            ASSERT_FALSE(is_due()) << "it is busy without end";
            keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
        }
    }

    void
    step()
    {
        gmq_journal_commit(keeper.journal);
        if (keeper.disk.n_pending() > 0)
            keeper.complete();
    }

    bool
    restart(size_t kept)
    {
        bool is_good = keeper.restart(kept);

        resize();
        ids.clear();
        for (const auto &[place, copy] : keeper.copies) {
            if (gmq_journal_has(keeper.journal, place.second))
                ids.push_back(place.second);
        }
        return is_good;
    }

    bool
    is_fine() const
    {
        return gmq_journal_state(keeper.journal) == GMQ_JOURNAL_FINE &&
               keeper.disk.n_pending() == 0 && !is_due();
    }

    std::string
    defined() const
    {
        std::string all;

        for (unsigned i = 0; i < n_defined_; i++)
            all += (i == 0 ? "" : " ") + text_of(i);
        return all;
    }

    Keeper keeper;
    std::vector<uint64_t> ids;

  private:
    static std::string
    text_of(unsigned i)
    {
        return "definition " + std::to_string(100 + i);
    }

    bool
    is_due() const
    {
        return gmq_journal_deadline(keeper.journal) <= keeper.fake.now_ns;
    }

    void
    resize()
    {
        if (disk_.segment_size != 0)
            gmq_journal_set_segment_size(keeper.journal, disk_.segment_size);
    }

    void
    define(unsigned n)
    {
        for (unsigned i = 0; i < n; i++)
            keeper.define(text_of(n_defined_++));
        keeper.flush();
    }

    void
    publish(size_t size)
    {
        ids.push_back(keeper.add(std::string(size, 'x'), {1}));
        keeper.turn();
    }

    /* Publishes until several messages wait. */
    void
    fill()
    {
        for (int n = 0; n < N_WAITING; n += is_full() ? 1 : 0) {
            publish(BODY);
            keeper.fake.advance_ms(GMQ_DISK_RETRY_MS);
        }
        keeper.turn();
        ASSERT_TRUE(is_full());
    }

    /* ... with the definitions as the last thing that finds space: what waits does no more. */
    void
    fill_for(unsigned n)
    {
        uint64_t size = n * 60;

        while (keeper.disk.capacity - keeper.disk.used_bytes() > size + 2 * (BODY + 100))
            publish(BODY);
        define(n);
        fill();
    }

    bool
    is_full() const
    {
        return gmq_journal_state(keeper.journal) == GMQ_JOURNAL_FULL;
    }

    Disk disk_;
    unsigned n_defined_ = 0;
};

void
expect_back(const Disk &disk)
{
    Full full(disk);

    full.take_all();
    full.wait(8);
    ASSERT_TRUE(full.is_fine());
    EXPECT_EQ(static_cast<unsigned>(N_WAITING), full.keeper.stats().messages);
    EXPECT_EQ(0u, full.keeper.stats().staged);
    EXPECT_GT(disk.capacity / 2, full.keeper.disk.used_bytes());
    ASSERT_TRUE(full.restart(0));
    EXPECT_EQ(static_cast<unsigned>(N_WAITING), full.keeper.stats().messages);
    EXPECT_EQ(full.defined(), full.keeper.defined());
}

} // namespace

class Reserve : public testing::TestWithParam<Place> {};

TEST_P(Reserve, BringsADiskBackFromEachByte)
{
    for (uint64_t i = 0; i < 1000 && !testing::Test::HasFailure(); i++) {
        SCOPED_TRACE("byte " + std::to_string(i));
        expect_back({GetParam(), 5, 30000 + i, 1, 0, 1});
    }
}

TEST_P(Reserve, BringsADiskBackFromEachPlaceOfABlock)
{
    for (size_t i = 0; i < BLOCK && !testing::Test::HasFailure(); i += 3) {
        SCOPED_TRACE("byte " + std::to_string(i));
        expect_back({GetParam(), 5, 10 * BLOCK, BLOCK, 0, 1 + i});
    }
}

TEST_P(Reserve, BringsBackSmallSegments)
{
    for (uint64_t i = 0; i < 1000 && !testing::Test::HasFailure(); i += 3) {
        SCOPED_TRACE("byte " + std::to_string(i));
        expect_back({GetParam(), 5, 30000 + i, 1, 2000, 1});
    }
}

TEST_P(Reserve, IsAsLargeAsManyDefinitions)
{
    for (uint64_t i = 0; i < 1000 && !testing::Test::HasFailure(); i += 7) {
        SCOPED_TRACE("byte " + std::to_string(i));
        expect_back({GetParam(), 400, 100000 + i, 1, 0, 1});
    }
}

/* At each moment of getting out of it the power fails. */
TEST_P(Reserve, GoesOnWhenThePowerFailsMeanwhile)
{
    unsigned n_lent = 0;

    for (int i = 0; i < 12 && !testing::Test::HasFailure(); i++) {
        for (size_t kept : {0, 10, 100, 3000, 1000000}) {
            SCOPED_TRACE("step " + std::to_string(i) + " kept " + std::to_string(kept));
            Full full({GetParam(), 5, 30000 + kept % 7, 1, 0, 1});

            full.take_all();
            for (int j = 0; j < i; j++) {
                full.keeper.complete();
                full.keeper.fake.advance_ms(500);
                gmq_journal_commit(full.keeper.journal);
            }
            n_lent += full.keeper.reserved() == 0;
            ASSERT_TRUE(full.restart(kept)) << full.keeper.trouble;
            EXPECT_EQ(full.defined(), full.keeper.defined());
            full.take_all();
            full.wait(8); /* the notes alone are to be written */
            for (int j = 0; j < N_WAITING; j++)
                full.keeper.add(std::string(5000, 'z'), {1});
            full.wait(8);
            EXPECT_TRUE(full.is_fine());
            EXPECT_EQ(static_cast<unsigned>(N_WAITING), full.keeper.stats().messages);
            ASSERT_TRUE(full.restart(0));
            EXPECT_EQ(full.defined(), full.keeper.defined());
            EXPECT_EQ(static_cast<unsigned>(N_WAITING), full.keeper.stats().messages);
        }
    }
    EXPECT_LT(5u, n_lent);
}

INSTANTIATE_TEST_SUITE_P(Places, Reserve, testing::Values(Place::FIRST, Place::AMONG, Place::LAST));

/* Nothing is kept as long as there is much space and little in the journal. */
TEST(Reserve, IsNotThereOnALargeDisk)
{
    Keeper keeper;

    ASSERT_TRUE(keeper.open());
    keeper.add(std::string(900000, 'x'), {1});
    keeper.flush();
    EXPECT_FALSE(keeper.disk.has("reserve"));
    keeper.add(std::string(200000, 'x'), {1});
    keeper.flush();
    keeper.add("one", {1});
    keeper.flush();
    EXPECT_EQ(4096u, keeper.reserved());
}
