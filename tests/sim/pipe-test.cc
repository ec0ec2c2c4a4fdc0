#include "tests/sim/pipe-rig.h"

TEST_F(Pipe, BytesArriveAfterTheLatency)
{
    open();
    EXPECT_EQ(5u, write("hello"));
    EXPECT_EQ(5u, gmq_pipe_in_flight(pipe));
    run();
    ASSERT_EQ(1u, pieces.size());
    EXPECT_EQ("hello", pieces[0].bytes);
    EXPECT_EQ(10, pieces[0].at_ms);
    EXPECT_EQ(0u, gmq_pipe_in_flight(pipe));
}

TEST_F(Pipe, WhatIsWrittenInOneInstantIsOneTurn)
{
    open();
    write("a");
    write("b");
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(std::vector<int64_t>{10}, turns);
}

TEST_F(Pipe, PiecesAreCutWhereTheCauseChanges)
{
    open();
    write("aa", 7);
    write("bb", 7);
    write("cc", 8);
    run();
    ASSERT_EQ(2u, pieces.size());
    EXPECT_EQ("aabb", pieces[0].bytes);
    EXPECT_EQ(7u, pieces[0].cause);
    EXPECT_EQ("cc", pieces[1].bytes);
    EXPECT_EQ(8u, pieces[1].cause);
}

TEST_F(Pipe, ARateTakesTimeForEachByte)
{
    link.rate = 8000; /* one byte a millisecond */
    open();
    write(std::string(5, 'x'));
    write("y");
    run();
    EXPECT_EQ((std::vector<int64_t>{15, 16}), turns);
}

TEST_F(Pipe, ARateHandsOverSegmentBySegment)
{
    link.rate = 8 * 1460 * 1000; /* one segment a millisecond */
    open();
    write(std::string(4000, 'x'));
    run();
    ASSERT_EQ(3u, pieces.size());
    EXPECT_EQ(1460u, pieces[0].bytes.size());
    EXPECT_EQ(1080u, pieces[2].bytes.size());
    EXPECT_EQ((std::vector<int64_t>{11, 12, 12}), turns);
}

TEST_F(Pipe, JitterDelaysAndNeverReorders)
{
    link.jitter_ns = 50 * ms;
    open();
    std::string expected;
    for (int i = 0; i < 100; i++) {
        expected += static_cast<char>('a' + i % 26);
        write(expected.substr(expected.size() - 1));
        run_until(i);
    }
    run();
    EXPECT_EQ(expected, all());
    EXPECT_GT(turns.front(), 9);
    EXPECT_LT(turns.back(), 99 + 10 + 51);
    EXPECT_LT(turns.size(), 100u) << "some arrive together with the one before";
}

TEST_F(Pipe, ChunksOfBytes)
{
    link.chunks = GMQ_CHUNKS_BYTES;
    open();
    write("abc");
    run();
    EXPECT_EQ(3u, pieces.size());
    EXPECT_EQ(1u, turns.size());
}

TEST_F(Pipe, ChunksOfSegments)
{
    link.chunks = GMQ_CHUNKS_SEGMENTS;
    open();
    write(std::string(3000, 'x'));
    run();
    ASSERT_EQ(3u, pieces.size());
    EXPECT_EQ(80u, pieces[2].bytes.size());
    EXPECT_EQ(1u, turns.size());
}

TEST_F(Pipe, ChunksOfAnySize)
{
    link.chunks = GMQ_CHUNKS_RANDOM;
    open();
    write(std::string(10000, 'x'));
    run();
    EXPECT_GT(pieces.size(), 1u);
    EXPECT_EQ(10000u, all().size());
}

TEST_F(Pipe, TakesOnlyWhatItsBufferHolds)
{
    link.buffer = 4;
    open();
    EXPECT_EQ(4u, write("abcdef"));
    EXPECT_EQ(0u, write("ef"));
    run();
    EXPECT_EQ("abcd", all());
    EXPECT_EQ(1u, writable_count);
    EXPECT_EQ(2u, write("ef"));
    run();
    EXPECT_EQ("abcdef", all());
    EXPECT_EQ(1u, writable_count) << "nobody waits for room now";
}

TEST_F(Pipe, TheEndComesAfterTheLastByte)
{
    open();
    write("last");
    gmq_pipe_end(pipe, 0);
    run();
    EXPECT_EQ("last", all());
    EXPECT_EQ(10, end_ms);
    EXPECT_FALSE(was_reset);
}

TEST_F(Pipe, AResetLosesWhatIsOnItsWay)
{
    open();
    write("lost");
    gmq_pipe_reset(pipe, 0);
    run();
    EXPECT_EQ("", all());
    EXPECT_EQ(10, end_ms);
    EXPECT_TRUE(was_reset);
}

TEST_F(Pipe, AReaderThatHasGoneIsToldNothing)
{
    open();
    write("a");
    gmq_pipe_abandon(pipe);
    EXPECT_EQ(1u, write("b"));
    gmq_pipe_end(pipe, 0);
    run();
    EXPECT_EQ("", all());
    EXPECT_EQ(-1, end_ms);
}

TEST_F(Pipe, AReaderThatDoesNotReadHoldsTheWriter)
{
    link.buffer = 2;
    open();
    gmq_pipe_set_held(pipe, GMQ_HELD_BY_READER, true);
    EXPECT_EQ(2u, write("abc"));
    run_until(1000);
    EXPECT_EQ("", all());
    EXPECT_EQ(0u, writable_count);
    gmq_pipe_set_held(pipe, GMQ_HELD_BY_READER, false);
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(1u, writable_count);
}

TEST_F(Pipe, ALatencyOfAgesNeverArrives)
{
    link.latency_ns = INT64_MAX;
    open();
    gmq_schedule_add(
        schedule, ms, GMQ_PHASE_CLIENT, "write",
        [](void *data) { gmq_pipe_write(static_cast<GmqPipe *>(data), GMQ_SLICE("x"), 0); }, pipe);
    gmq_schedule_step(schedule);
    EXPECT_EQ(INT64_MAX, gmq_schedule_next_time(schedule));
}
