/* Copies of messages as a journal gives them back, put in order. */
#include <gtest/gtest.h>

#include <string>

#include "core/broker/recovery.h"

static void
add(GmqRecovery *recovery, uint64_t id, uint32_t queue, uint32_t flags = 0)
{
    GmqFoundCopy copy = {};

    copy.id         = id;
    copy.number     = 100 + id;
    copy.queue      = queue;
    copy.flags      = flags;
    copy.expires_ms = INT64_MAX;
    gmq_recovery_add(recovery, &copy);
}

static void
tell(const GmqRecovered *copy, void *user)
{
    std::string *text = (std::string *)user;

    *text += (text->empty() ? "" : " ") + std::to_string(copy->id);
    if (copy->flags != 0)
        *text += "!" + std::to_string(copy->flags);
}

/* "1 2 3!1": the ids, and the flags that are not 0. */
static std::string
take(GmqRecovery *recovery, uint32_t queue)
{
    std::string text;

    for (unsigned i = 0; i < gmq_recovery_queue_count(recovery); i++) {
        if (gmq_recovery_queue_at(recovery, i) == queue)
            gmq_recovery_take(recovery, i, tell, &text);
    }
    return text;
}

TEST(Recovery, GathersCopiesByQueue)
{
    g_autoptr(GmqRecovery) recovery = gmq_recovery_new();

    add(recovery, 1, 7);
    add(recovery, 1, 3);
    add(recovery, 2, 3);
    add(recovery, 3, 7);
    EXPECT_EQ(2u, gmq_recovery_queue_count(recovery));
    EXPECT_EQ(7u, gmq_recovery_queue_at(recovery, 0));
    EXPECT_EQ(103u, gmq_recovery_message_max(recovery));
    EXPECT_EQ("1 3", take(recovery, 7));
    EXPECT_EQ("1 2", take(recovery, 3));
    EXPECT_EQ("", take(recovery, 3));
}

TEST(Recovery, TheOldestIdComesFirst)
{
    g_autoptr(GmqRecovery) recovery = gmq_recovery_new();

    for (uint64_t id : {5, 6, 9, 2, 7, 1, 8})
        add(recovery, id, 1);
    EXPECT_EQ("1 2 5 6 7 8 9", take(recovery, 1));
}

TEST(Recovery, ACopyThatWasDroppedIsGone)
{
    g_autoptr(GmqRecovery) recovery = gmq_recovery_new();

    add(recovery, 1, 1);
    add(recovery, 1, 2);
    add(recovery, 2, 1);
    gmq_recovery_drop(recovery, 1, 1);
    EXPECT_EQ("2", take(recovery, 1));
    EXPECT_EQ("1", take(recovery, 2));
}

TEST(Recovery, TheLastWordOnACopyHolds)
{
    g_autoptr(GmqRecovery) recovery = gmq_recovery_new();

    add(recovery, 1, 1);
    add(recovery, 2, 1);
    gmq_recovery_mark(recovery, 1, 1, 1);
    gmq_recovery_mark(recovery, 1, 1, 3);
    add(recovery, 2, 1, 5); /* moved, with its flags */
    gmq_recovery_mark(recovery, 9, 1, 1);
    EXPECT_EQ("1!3 2!5", take(recovery, 1));
}

TEST(Recovery, ManyAreSortedToo)
{
    g_autoptr(GmqRecovery) recovery = gmq_recovery_new();
    std::string expected;

    for (uint64_t i = 0; i < 30000; i++)
        add(recovery, i * 7919 % 30011 + 1, 1);
    for (unsigned place = 0; place < gmq_recovery_queue_count(recovery); place++) {
        struct {
            uint64_t last  = 0;
            uint64_t count = 0;
            bool is_sorted = true;
        } seen;
        gmq_recovery_take(
            recovery, place,
            [](const GmqRecovered *copy, void *user) {
                auto *all = (decltype(seen) *)user;
                all->is_sorted &= copy->id > all->last;
                all->last = copy->id;
                all->count++;
            },
            &seen);
        EXPECT_TRUE(seen.is_sorted);
        EXPECT_EQ(30000u, seen.count);
    }
}
