#include "core/net/memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <vector>

namespace {

const int64_t SECOND = 1000000000;

TEST(Memory, WantsATurnOnlyAfterSomethingHappened)
{
    GmqMemory memory;

    gmq_memory_init(&memory);
    EXPECT_EQ(INT64_MAX, gmq_memory_deadline(&memory));
    gmq_memory_settle(&memory, SECOND);
    EXPECT_EQ(2 * SECOND, gmq_memory_deadline(&memory));
    gmq_memory_settle(&memory, 2 * SECOND);
    EXPECT_EQ(INT64_MAX, gmq_memory_deadline(&memory));
}

TEST(Memory, PutsTheLookOffWhileMuchHappens)
{
    GmqMemory memory;

    gmq_memory_init(&memory);
    gmq_memory_settle(&memory, SECOND);
    gmq_memory_settle(&memory, SECOND + SECOND / 2);
    EXPECT_EQ(2 * SECOND + SECOND / 2, gmq_memory_deadline(&memory));
}

TEST(Memory, LooksNowAndThenAllTheSame)
{
    GmqMemory memory;

    gmq_memory_init(&memory);
    for (int64_t now = 0; now < 10 * SECOND; now += SECOND / 2)
        gmq_memory_settle(&memory, now);
    EXPECT_NE(INT64_MAX, gmq_memory_deadline(&memory));
    gmq_memory_settle(&memory, 10 * SECOND);
    EXPECT_EQ(INT64_MAX, gmq_memory_deadline(&memory));
}

/* The sanitizers bring an allocator of their own, which keeps freed blocks to catch late uses. */
#if !defined(__SANITIZE_ADDRESS__)
size_t
resident_kib()
{
    std::ifstream status("/proc/self/status");

    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0)
            return std::stoul(line.substr(6));
    }
    return 0;
}

TEST(Memory, GivesBackWhatABurstLeft)
{
    GmqMemory memory;
    std::vector<void *> blocks;
    size_t before = resident_kib();

    gmq_memory_init(&memory);
    for (int i = 0; i < 4000; i++) {
        void *block = g_malloc(16384);
        memset(block, i, 16384);
        blocks.push_back(block);
    }
    void *last = g_malloc(64); /* keeps the top of the heap */
    for (void *block : blocks)
        g_free(block);
    EXPECT_GT(resident_kib(), before + 50000);

    gmq_memory_settle(&memory, SECOND);
    gmq_memory_settle(&memory, 3 * SECOND);
    EXPECT_LT(resident_kib(), before + 10000);
    g_free(last);
}
#endif

} // namespace
