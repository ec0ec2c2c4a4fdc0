#include "tests/sim/pipe-rig.h"

/* ---- what holds a pipe ---- */

TEST_F(Pipe, ACutHoldsEverything)
{
    open();
    write("a");
    gmq_pipe_set_held(pipe, GMQ_HELD_BY_CUT, true);
    run_until(1000);
    write("b");
    EXPECT_EQ("", all());
    EXPECT_EQ(2u, gmq_pipe_in_flight(pipe));
}

/* Sent at 0, 200, 600 and 1400 ms. */
TEST_F(Pipe, WhatACutHeldArrivesWhenItIsSentAgain)
{
    open();
    write("ab");
    gmq_pipe_end(pipe, 0);
    hold_until(GMQ_HELD_BY_CUT, 700);
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(std::vector<int64_t>{1410}, turns);
    EXPECT_EQ(1410, end_ms);
}

TEST_F(Pipe, WhatArrivesAfterTheCutWasNotHeld)
{
    link.latency_ns = 500 * ms;
    open();
    write("ab");
    hold_until(GMQ_HELD_BY_CUT, 400);
    run();
    EXPECT_EQ(std::vector<int64_t>{500}, turns);
}

TEST_F(Pipe, WhatIsWrittenAfterTheCutWaitsForWhatItHeld)
{
    open();
    write("a");
    hold_until(GMQ_HELD_BY_CUT, 700);
    run_until(800);
    EXPECT_EQ("", all());
    write("b");
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(std::vector<int64_t>{1410}, turns);
}

TEST_F(Pipe, WhatIsCloggedArrivesAtOnceInTheEnd)
{
    open();
    write("a");
    hold_until(GMQ_HELD_BY_CLOG, 700);
    run_until(300);
    write("b");
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(std::vector<int64_t>{700}, turns);
}

TEST_F(Pipe, NothingArrivesWhileAnythingHoldsIt)
{
    open();
    write("a");
    gmq_pipe_set_held(pipe, GMQ_HELD_BY_FREEZE, true);
    hold_until(GMQ_HELD_BY_CLOG, 100);
    run_until(1000);
    EXPECT_EQ("", all());
    EXPECT_TRUE(gmq_pipe_is_held(pipe, GMQ_HELD_BY_FREEZE | GMQ_HELD_BY_CUT));
    gmq_pipe_set_held(pipe, GMQ_HELD_BY_FREEZE, false);
    run();
    EXPECT_EQ("a", all());
}

/* ---- loss ---- */

TEST_F(Pipe, WhatIsLostIsSentAgainAndHoldsAllThatComesLater)
{
    link.loss = 500000;
    open();
    std::string expected;
    for (int i = 0; i < 40; i++) {
        expected += static_cast<char>('a' + i % 26);
        write(expected.substr(expected.size() - 1));
        run_until(i * 100);
    }
    run();
    EXPECT_EQ(expected, all());
    EXPECT_GT(losses.size(), 10u);
    EXPECT_LT(losses.size(), 30u);

    size_t held = 0;
    for (const Piece &piece : pieces)
        held += piece.bytes.size() > 1;
    EXPECT_GT(held, 0u) << "some wait for one before them";
}

TEST_F(Pipe, ALossCostsARetransmissionTimeOut)
{
    static const int64_t waits[] = {0, 200, 600, 1400, 3000, 6200};

    link.loss = 500000;
    open();
    for (int i = 0; i < 20 && death_ms < 0; i++) {
        int64_t start = gmq_schedule_now(schedule) / ms;
        size_t before = losses.size();
        write("x");
        run();
        unsigned times = losses.size() > before ? losses.back() : 0;
        ASSERT_LT(times, 6u);
        EXPECT_EQ(start + waits[times] + 10, pieces.back().at_ms);
    }
    EXPECT_GT(losses.size(), 3u);
}

TEST_F(Pipe, SixLossesInARowAreTheEnd)
{
    link.loss = 1000000;
    open();
    write("never");
    run_until(9399);
    write("either");
    EXPECT_EQ(-1, death_ms);
    run_until(20000);
    EXPECT_EQ(9400, death_ms);
    EXPECT_EQ((std::vector<unsigned>{6, 6}), losses);
    EXPECT_EQ("", all());
    EXPECT_EQ(9400, end_ms);
    EXPECT_TRUE(was_reset);
}

TEST_F(Pipe, ALineThatLosesLessRevivesWhatWouldHaveDied)
{
    link.loss = 1000000;
    open();
    write("a");
    gmq_schedule_add(
        schedule, 1000 * ms, GMQ_PHASE_TIMELINE, "change",
        [](void *data) {
            auto *self      = static_cast<Pipe *>(data);
            self->link.loss = 0;
            gmq_pipe_link_changed(self->pipe);
            self->write("b");
        },
        static_cast<Pipe *>(this));
    run();
    EXPECT_EQ("ab", all());
    EXPECT_EQ(std::vector<int64_t>{1410}, turns);
    EXPECT_EQ(-1, death_ms);
}

TEST_F(Pipe, ALossMovesNoJitter)
{
    link.jitter_ns = 50 * ms;
    open();
    std::vector<int64_t> without;
    for (int round = 0; round < 2; round++) {
        write("x");
        run();
        without.push_back(pieces.back().at_ms);
    }
    EXPECT_EQ(0u, losses.size());

    GmqRandom again;
    gmq_random_init(&again, 1, "link");
    for (int round = 0; round < 2; round++)
        gmq_random_below(&again, 50 * ms + 1);
    EXPECT_EQ(gmq_random_next(&again), gmq_random_next(&jitter));
}

TEST_F(Pipe, JitterMayBeExponential)
{
    link.jitter_ns    = 50 * ms;
    link.jitter_shape = GMQ_JITTER_EXPONENTIAL;
    open();
    int64_t longest = 0;
    int64_t sum     = 0;
    for (int i = 0; i < 200; i++) {
        int64_t start = gmq_schedule_now(schedule) / ms;
        write("x");
        run();
        int64_t delay = pieces.back().at_ms - start - 10;
        longest       = std::max(longest, delay);
        sum += delay;
    }
    EXPECT_GT(longest, 100) << "uniform jitter is never that long";
    EXPECT_GT(sum / 200, 30);
    EXPECT_LT(sum / 200, 70);
}

/* ---- what the line does to it ---- */

TEST_F(Pipe, ALineThatClosesItDeliversWhatIsOnItsWay)
{
    open();
    write("last");
    gmq_pipe_close(pipe, 0, 0);
    EXPECT_EQ(4u, write("gone"));
    run();
    EXPECT_EQ("last", all());
    EXPECT_EQ(10, end_ms);
    EXPECT_FALSE(was_reset);
}

TEST_F(Pipe, ALineThatClosesItSlowlyTellsLater)
{
    open();
    write("last");
    gmq_pipe_close(pipe, 70 * ms, 0);
    EXPECT_EQ(4u, write("gone"));
    run_until(69);
    EXPECT_EQ("last", all());
    EXPECT_EQ(-1, end_ms);
    run();
    EXPECT_EQ("last", all());
    EXPECT_EQ(70, end_ms);
    EXPECT_FALSE(was_reset);
}

TEST_F(Pipe, ASlowCloseWaitsForWhatIsOnItsWay)
{
    open();
    write("last");
    gmq_pipe_close(pipe, 5 * ms, 0);
    run();
    EXPECT_EQ("last", all());
    EXPECT_EQ(10, end_ms);
}

TEST_F(Pipe, ASlowCloseCanBeToldAtOnce)
{
    open();
    write("last");
    gmq_pipe_close(pipe, 70 * ms, 0);
    run_until(30);
    gmq_pipe_close_now(pipe);
    run();
    EXPECT_EQ("last", all());
    EXPECT_EQ(10, end_ms);
    gmq_pipe_close_now(pipe);
    run();
    EXPECT_EQ(10, end_ms);
}

TEST_F(Pipe, ALineThatBreaksItLosesEverythingAndTellsAtOnce)
{
    open();
    write("lost");
    gmq_pipe_break(pipe, true, 0);
    EXPECT_EQ(4u, write("gone"));
    run();
    EXPECT_EQ("", all());
    EXPECT_EQ(0, end_ms);
    EXPECT_TRUE(was_reset);
}

TEST_F(Pipe, ABreakMayBeToldLaterOrNever)
{
    open();
    write("lost");
    gmq_pipe_break(pipe, false, 0);
    write("gone");
    gmq_pipe_end(pipe, 0);
    run_until(1000);
    EXPECT_EQ(-1, end_ms);
    gmq_pipe_break(pipe, true, 0);
    run();
    EXPECT_EQ("", all());
    EXPECT_TRUE(was_reset);
    EXPECT_GE(end_ms, 0);
}
