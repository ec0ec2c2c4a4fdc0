/* model.h - what a journal has promised, as plain as can be: which copies and definitions there
 * are, which of them are on the disk for certain, and what may be found behind a crash. */
#pragma once

#include <gtest/gtest.h>

#include "tests/core/store/keeper.h"

constexpr uint64_t NEVER = UINT64_MAX;

/* A copy as the model knows it. Times count what was done. */
struct ModelCopy {
    uint64_t added;
    uint64_t dropped = NEVER;
    bool is_told     = false; /* to be on the disk */
    std::vector<std::pair<uint64_t, uint32_t>> flags;
};

struct ModelMessage {
    std::string text;
    uint64_t token; /* messages that replace one another share it */
    std::map<uint32_t, ModelCopy> copies;

    bool
    is_live() const
    {
        for (const auto &[queue, copy] : copies) {
            if (copy.dropped == NEVER)
                return true;
        }
        return false;
    }
};

struct ModelDefinition {
    std::string text;
    uint64_t added;
    uint64_t dropped = NEVER;
};

class Model {
  protected:
    /* ---- what is promised ---- */

    void
    look()
    {
        uint64_t committed = gmq_journal_committed(keeper_.journal);

        while (!marks_.empty() && marks_.begin()->first <= committed) {
            durable_ = std::max(durable_, marks_.begin()->second);
            marks_.erase(marks_.begin());
        }
        for (const Keeper::Told &one : keeper_.take_told()) {
            bool is_written = gmq_journal_is_written(keeper_.journal, one.tag);

            for (auto &[queue, copy] : messages_[one.tag].copies)
                copy.is_told |= is_written; /* otherwise it is in no queue any more */
            if (!one.is_kept) {
                EXPECT_EQ(GMQ_JOURNAL_FAILED, gmq_journal_state(keeper_.journal));
            }
        }
        EXPECT_LE(keeper_.disk.n_pending(), 1u);
    }

    bool
    must_be(const ModelCopy &copy) const
    {
        return (copy.is_told || copy.added <= durable_) && copy.dropped == NEVER;
    }

    bool
    may_be(const ModelCopy &copy) const
    {
        return copy.dropped == NEVER || copy.dropped > durable_;
    }

    static bool
    may_have_flags(const ModelCopy &copy, uint32_t flags, uint64_t durable)
    {
        bool may = false;

        for (const auto &[time, value] : copy.flags) {
            may = (time > durable && may) || value == flags;
        }
        return may;
    }

    /* The copies that hold, out of those found. */
    std::map<std::pair<uint32_t, uint64_t>, uint32_t>
    found()
    {
        std::map<std::pair<uint32_t, uint64_t>, uint32_t> all;

        for (const auto &[place, copy] : keeper_.copies) {
            if (gmq_journal_has(keeper_.journal, place.second))
                all[place] = copy.flags;
        }
        return all;
    }

    void
    check()
    {
        auto all = found();
        std::set<uint64_t> tokens;

        for (const auto &[place, flags] : all) {
            auto [queue, id] = place;

            ASSERT_EQ(1u, messages_.count(id)) << "invented " << id;
            const ModelMessage &message = messages_[id];
            ASSERT_EQ(1u, message.copies.count(queue)) << "invented " << id << " in " << queue;
            const ModelCopy &copy = message.copies.at(queue);
            EXPECT_TRUE(may_be(copy)) << id << " is back in " << queue;
            EXPECT_TRUE(may_have_flags(copy, flags, durable_)) << id << " has flags " << flags;
            EXPECT_EQ(message.text, keeper_.read(id));
            EXPECT_EQ(1000 + queue, (keeper_.copies[place].expires_ms));
            tokens.insert(message.token);
        }
        check_lost(all, tokens);
        check_definitions();
    }

    void
    check_lost(const std::map<std::pair<uint32_t, uint64_t>, uint32_t> &all,
               const std::set<uint64_t> &tokens)
    {
        std::set<uint64_t> safe;
        std::set<uint64_t> live;

        for (const auto &[id, message] : messages_) {
            for (const auto &[queue, copy] : message.copies) {
                if (must_be(copy)) {
                    EXPECT_EQ(1u, all.count({queue, id})) << id << " is lost from " << queue;
                }
                if (copy.is_told || copy.added <= durable_)
                    safe.insert(message.token);
            }
            if (message.is_live())
                live.insert(message.token);
        }
        for (uint64_t token : live) {
            if (safe.count(token) > 0) {
                EXPECT_EQ(1u, tokens.count(token)) << "token " << token << " is lost";
            }
        }
    }

    void
    check_definitions()
    {
        for (const auto &[id, text] : keeper_.definitions) {
            ASSERT_EQ(1u, definitions_.count(id));
            EXPECT_EQ(definitions_[id].text, text);
            EXPECT_TRUE(definitions_[id].dropped > durable_) << text << " is back";
        }
        for (const auto &[id, definition] : definitions_) {
            if (definition.added <= durable_ && definition.dropped == NEVER) {
                EXPECT_EQ(1u, keeper_.definitions.count(id)) << definition.text << " is lost";
            }
        }
    }

    /* What was found is what there is, and is on the disk. */
    void
    rebase()
    {
        std::map<uint64_t, ModelMessage> messages;
        std::map<uint64_t, ModelDefinition> definitions;

        for (const auto &[place, flags] : found()) {
            auto [queue, id]      = place;
            ModelMessage &message = messages[id];

            message.text          = messages_[id].text;
            message.token         = messages_[id].token;
            message.copies[queue] = ModelCopy{now_, NEVER, true, {{now_, flags}}};
        }
        for (const auto &[id, text] : keeper_.definitions)
            definitions[id] = ModelDefinition{text, now_};
        messages_    = messages;
        definitions_ = definitions;
        marks_.clear();
        durable_ = now_++;
        EXPECT_EQ(messages_.size(), keeper_.stats().messages);
    }

    std::string
    model_text() const
    {
        std::map<std::pair<uint32_t, uint64_t>, uint32_t> all;

        for (const auto &[id, message] : messages_) {
            for (const auto &[queue, copy] : message.copies) {
                if (copy.dropped == NEVER)
                    all[{queue, id}] = copy.flags.back().second;
            }
        }
        return text_of(all);
    }

    std::string
    found_text()
    {
        return text_of(found());
    }

    static std::string
    text_of(const std::map<std::pair<uint32_t, uint64_t>, uint32_t> &all)
    {
        std::string text;

        for (const auto &[place, flags] : all)
            text += std::to_string(place.first) + ":" + std::to_string(place.second) + "*" +
                    std::to_string(flags) + " ";
        return text;
    }

    Keeper keeper_;
    uint64_t now_     = 1;
    uint64_t durable_ = 0; /* all that was done up to then is on the disk */
    std::map<uint64_t, ModelMessage> messages_;
    std::map<uint64_t, ModelDefinition> definitions_;
    std::map<uint64_t, uint64_t> marks_; /* and when they were asked for */
};
