#include "core/net/read-at.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

TEST(ReadAt, SaysHowMuchThereIsAndWhyNoMore)
{
    FILE *file = tmpfile();
    uint8_t to[8];

    ASSERT_NE(nullptr, file);
    ASSERT_EQ(5u, fwrite("hello", 1, 5, file));
    ASSERT_EQ(0, fflush(file));
    EXPECT_EQ(3u, gmq_read_at(fileno(file), 1, to, 3));
    EXPECT_EQ(0, memcmp("ell", to, 3));
    EXPECT_EQ(4u, gmq_read_at(fileno(file), 1, to, sizeof to));
    EXPECT_EQ(0, errno);
    EXPECT_EQ(0u, gmq_read_at(fileno(file), 9, to, 1));
    EXPECT_EQ(0, errno);
    fclose(file);
    EXPECT_EQ(0u, gmq_read_at(-1, 0, to, 1));
    EXPECT_EQ(EBADF, errno);
}

} // namespace
