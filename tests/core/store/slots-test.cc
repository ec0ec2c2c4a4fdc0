/* Small pieces of the journal: slots by id, and changes of copies. */
#include <gtest/gtest.h>

#include <map>

#include "core/store/changes.h"
#include "core/store/slots.h"
#include "tests/core/chance.h"

TEST(Slots, AreFoundByTheirIds)
{
    GmqSlots slots = {};

    EXPECT_EQ(nullptr, gmq_slots_find(&slots, 1));
    gmq_slots_add(&slots, 1)->offset    = 11;
    gmq_slots_add(&slots, 5000)->offset = 12;
    EXPECT_EQ(11u, gmq_slots_find(&slots, 1)->offset);
    EXPECT_EQ(12u, gmq_slots_find(&slots, 5000)->offset);
    EXPECT_EQ(nullptr, gmq_slots_find(&slots, 2));
    EXPECT_EQ(nullptr, gmq_slots_find(&slots, UINT64_MAX));
    gmq_slots_remove(&slots, 1);
    EXPECT_EQ(nullptr, gmq_slots_find(&slots, 1));
    EXPECT_EQ(1u, slots.n_live);
    gmq_slots_clear(&slots);
}

TEST(Slots, AreGoneThroughInOrder)
{
    GmqSlots slots = {};

    for (uint64_t id : {UINT64_C(7), UINT64_C(128), UINT64_C(70000), GMQ_JOURNAL_ID_MAX - 1})
        gmq_slots_add(&slots, id);
    EXPECT_EQ(7u, gmq_slots_next(&slots, 1));
    EXPECT_EQ(7u, gmq_slots_next(&slots, 7));
    EXPECT_EQ(128u, gmq_slots_next(&slots, 8));
    EXPECT_EQ(70000u, gmq_slots_next(&slots, 129));
    EXPECT_EQ(GMQ_JOURNAL_ID_MAX - 1, gmq_slots_next(&slots, 70001));
    EXPECT_EQ(0u, gmq_slots_next(&slots, GMQ_JOURNAL_ID_MAX));
    gmq_slots_clear(&slots);
}

TEST(Slots, EqualAMapOfThem)
{
    GmqSlots slots = {};
    std::map<uint64_t, uint32_t> map;
    Chance chance(4);
    uint64_t next = 1;

    for (uint32_t i = 0; i < 100000; i++) {
        if (map.empty() || chance.below(100) < 52) {
            next += chance.one_in(1000) ? chance.below(40000000) : 1;
            gmq_slots_add(&slots, next)->offset = i;
            map[next++]                         = i;
        } else {
            auto one = map.lower_bound(chance.below(next));

            one = one == map.end() ? map.begin() : one;
            gmq_slots_remove(&slots, one->first);
            map.erase(one);
        }
    }
    uint64_t id = 0;
    for (const auto &[key, offset] : map) {
        id = gmq_slots_next(&slots, id + 1);
        ASSERT_EQ(key, id);
        ASSERT_EQ(offset, gmq_slots_find(&slots, id)->offset);
    }
    EXPECT_EQ(map.size(), slots.n_live);
    gmq_slots_clear(&slots);
}

TEST(Changes, EqualAMapOfThem)
{
    GmqChanges changes;
    std::map<uint64_t, std::map<uint32_t, uint32_t>> map; /* flags; 0: dropped */
    Chance chance(5);
    uint32_t flags;

    gmq_changes_init(&changes);
    for (uint32_t i = 0; i < 40000; i++) {
        uint64_t id    = 1 + chance.below(5000);
        uint32_t queue = static_cast<uint32_t>(1 + chance.below(4));

        if (chance.one_in(8)) {
            gmq_changes_forget(&changes, id);
            map.erase(id);
        } else if (chance.one_in(2)) {
            gmq_changes_drop(&changes, id, queue);
            map[id][queue] = 0;
        } else if (map.count(id) == 0 || map[id].count(queue) == 0 || map[id][queue] != 0) {
            gmq_changes_mark(&changes, id, queue, i + 1);
            map[id][queue] = i + 1;
        }
    }
    for (uint64_t id = 1; id <= 5000; id++) {
        for (uint32_t queue = 1; queue <= 4; queue++) {
            bool is_there      = map.count(id) > 0 && map[id].count(queue) > 0;
            GmqChangeKind kind = gmq_changes_find(&changes, id, queue, &flags);

            if (!is_there) {
                ASSERT_EQ(GMQ_CHANGE_NONE, kind);
            } else if (map[id][queue] == 0) {
                ASSERT_EQ(GMQ_CHANGE_DROPPED, kind);
            } else {
                ASSERT_EQ(GMQ_CHANGE_MARKED, kind);
                ASSERT_EQ(map[id][queue], flags);
            }
        }
        gmq_changes_forget(&changes, id);
    }
    EXPECT_EQ(0u, changes.items.n_used);
    EXPECT_EQ(0u, changes.n_chunks);
    gmq_changes_clear(&changes);
}
