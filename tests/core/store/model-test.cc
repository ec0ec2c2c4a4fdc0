/* The journal against a plain model of what it was told, with crashes at random points: nothing
 * that was promised is lost, nothing that is gone comes back, nothing is invented. A failure names
 * its seed. */
#include <gtest/gtest.h>

#include "tests/core/chance.h"
#include "tests/core/store/model.h"

namespace {

constexpr uint32_t QUEUES = 14;

/* Does what comes by chance, with the journal and the model alike. */
class Player : Model {
  public:
    explicit Player(uint64_t seed) : chance_(seed * 0x9E3779B97F4A7C15u + 1)
    {
        segment_size_ = 200 + chance_.below(4000);
    }

    void
    run()
    {
        open();
        for (unsigned i = 0; i < 150 && !testing::Test::HasFailure(); i++)
            step();
        if (!testing::Test::HasFailure())
            finish();
    }

  private:
    void
    open()
    {
        ASSERT_TRUE(keeper_.open()) << keeper_.trouble;
        gmq_journal_set_segment_size(keeper_.journal, segment_size_);
    }

    /* ---- what is done ---- */

    void
    step()
    {
        now_++;
        switch (chance_.below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
            add(++token_);
            break;
        case 4:
        case 5:
        case 6:
            drop();
            break;
        case 7:
            mark_copy();
            break;
        case 8:
            define();
            break;
        case 9:
            replace();
            break;
        case 10:
            end_turn();
            break;
        case 11:
        case 12:
            end_turn();
            complete();
            break;
        case 13:
            want_mark();
            end_turn();
            break;
        case 14:
            keeper_.fake.advance_ms(static_cast<int64_t>(chance_.below(30)));
            end_turn();
            break;
        case 15:
            if (chance_.one_in(3))
                crash();
            else if (chance_.one_in(4))
                trouble();
            else
                keeper_.turn();
            break;
        }
        look();
    }

    void
    add(uint64_t token)
    {
        size_t n         = chance_.one_in(10) ? 1 + chance_.below(QUEUES) : 1 + chance_.below(3);
        std::string text = "m" + std::to_string(token) + "-" + std::to_string(now_);

        if (chance_.one_in(20))
            text += std::string(chance_.below(9000), 'x');
        bool is_urgent = chance_.one_in(2);
        uint64_t id    = keeper_.add(text, {});
        ModelMessage message;
        message.text  = text;
        message.token = token;
        while (message.copies.size() < n) {
            uint32_t queue = static_cast<uint32_t>(1 + chance_.below(QUEUES));

            if (message.copies.count(queue) > 0)
                continue;
            gmq_journal_add_copy(keeper_.journal, id, queue, 1000 + queue, is_urgent);
            message.copies[queue] = ModelCopy{now_, NEVER, false, {{now_, 0}}};
        }
        if (is_urgent && chance_.one_in(2))
            gmq_journal_relax(keeper_.journal, id);
        ASSERT_EQ(messages_.end(), messages_.find(id));
        messages_[id] = message;
        if (chance_.one_in(2)) {
            ASSERT_TRUE(keeper_.await(id, id));
        }
    }

    /* A live message by chance; 0 when there is none. */
    uint64_t
    choose()
    {
        std::vector<uint64_t> live;

        for (const auto &[id, message] : messages_) {
            if (message.is_live())
                live.push_back(id);
        }
        return live.empty() ? 0 : live[chance_.below(live.size())];
    }

    uint32_t
    choose_copy(const ModelMessage &message)
    {
        std::vector<uint32_t> live;

        for (const auto &[queue, copy] : message.copies) {
            if (copy.dropped == NEVER)
                live.push_back(queue);
        }
        return live[chance_.below(live.size())];
    }

    void
    drop_copy(uint64_t id)
    {
        ModelMessage &message = messages_[id];
        uint32_t queue        = choose_copy(message);

        message.copies[queue].dropped = now_;
        gmq_journal_drop_copy(keeper_.journal, id, queue);
        EXPECT_EQ(message.is_live(), gmq_journal_has(keeper_.journal, id));
    }

    void
    drop()
    {
        uint64_t id  = choose();
        size_t times = 1 + chance_.below(3);

        while (id != 0 && times-- > 0 && messages_[id].is_live())
            drop_copy(id);
    }

    void
    mark_copy()
    {
        uint64_t id = choose();

        if (id == 0)
            return;
        ModelMessage &message = messages_[id];
        uint32_t queue        = choose_copy(message);
        uint32_t flags        = static_cast<uint32_t>(chance_.below(1000));

        message.copies[queue].flags.push_back({now_, flags});
        gmq_journal_mark_copy(keeper_.journal, id, queue, flags);
    }

    void
    define()
    {
        std::string text = "d" + std::to_string(now_);

        definitions_[keeper_.define(text)] = ModelDefinition{text, now_};
        if (chance_.one_in(2))
            return;
        for (auto &[id, definition] : definitions_) {
            if (definition.dropped == NEVER && chance_.one_in(3)) {
                definition.dropped = now_;
                gmq_journal_drop_definition(keeper_.journal, id);
                return;
            }
        }
    }

    /* The message goes on under another id, as when it is dead-lettered, in either order. */
    void
    replace()
    {
        uint64_t id = choose();

        if (id == 0)
            return;
        bool is_before = chance_.one_in(2);
        if (is_before)
            add(messages_[id].token);
        while (messages_[id].is_live())
            drop_copy(id);
        if (!is_before)
            add(messages_[id].token);
    }

    void
    want_mark()
    {
        marks_[gmq_journal_mark(keeper_.journal)] = now_;
    }

    void
    end_turn()
    {
        gmq_journal_commit(keeper_.journal);
    }

    void
    complete()
    {
        keeper_.complete();
    }

    /* A disk that is full for a while, or fails. */
    void
    trouble()
    {
        if (chance_.one_in(6)) {
            keeper_.disk.is_failing = true;
            keeper_.turn();
            keeper_.disk.is_failing = false;
            return;
        }
        keeper_.disk.capacity =
            keeper_.disk.used_bytes() + chance_.below(chance_.one_in(2) ? 500 : 20000);
        for (size_t i = chance_.below(40); i > 0; i--) {
            now_++;
            if (chance_.one_in(2))
                drop();
            if (chance_.one_in(4))
                replace();
            if (chance_.one_in(4))
                define();
            if (chance_.one_in(4)) {
                end_turn();
                drop(); /* while a batch is under way */
            }
            keeper_.turn();
            look();
            keeper_.fake.advance_ms(static_cast<int64_t>(chance_.below(2000)));
        }
        if (chance_.one_in(4))
            crash();
        keeper_.disk.capacity = UINT64_MAX;
    }

    void
    crash()
    {
        size_t kept = chance_.one_in(3) ? 0 : chance_.below(2000);

        keeper_.disk.crash(kept);
        keeper_.close();
        keeper_.take_told(); /* that nobody knows */
        open();
        if (testing::Test::HasFailure())
            return;
        check();
        rebase();
    }

    /* All is written, and what is found then is exactly what there was; and when all is gone, so is
     * nearly all of the space. */
    void
    finish()
    {
        now_++;
        if (gmq_journal_state(keeper_.journal) == GMQ_JOURNAL_FAILED) {
            crash();
            return;
        }
        keeper_.fake.advance_ms(2000);
        want_mark();
        keeper_.flush();
        look();
        EXPECT_EQ(now_, durable_);
        std::string before = model_text();
        ASSERT_TRUE(keeper_.restart());
        EXPECT_EQ(before, found_text());
        gmq_journal_set_segment_size(keeper_.journal, segment_size_);
        check();
        drop_everything();
    }

    void
    drop_everything()
    {
        for (auto &[id, message] : messages_) {
            while (message.is_live())
                drop_copy(id);
        }
        for (auto &[id, definition] : definitions_) {
            if (definition.dropped == NEVER)
                gmq_journal_drop_definition(keeper_.journal, id);
        }
        keeper_.flush();
        for (int i = 0; i < 20; i++) {
            keeper_.define(std::string(segment_size_, 'd'));
            keeper_.flush();
        }
        GmqJournalStats stats = keeper_.stats();
        EXPECT_EQ(0u, stats.messages);
        EXPECT_LE(stats.bytes, 2 * stats.live_bytes + 3 * segment_size_ + 1000);
        EXPECT_EQ(stats.bytes, keeper_.disk.used_bytes() - keeper_.reserved());
    }

    Chance chance_;
    uint64_t segment_size_;
    uint64_t token_ = 0;
};

} // namespace

class JournalModel : public testing::TestWithParam<uint64_t> {};

TEST_P(JournalModel, KeepsItsPromisesThroughCrashes)
{
    for (uint64_t seed = GetParam(); seed < GetParam() + 125; seed++) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Player(seed).run();
        if (HasFailure())
            return;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, JournalModel, testing::Range<uint64_t>(0, 1000, 125));
