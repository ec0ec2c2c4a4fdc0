#include "core/amqp/state.h"

#include <gtest/gtest.h>

#include "core/amqp/snapshot.h"

namespace {

class Machines : public testing::Test {
  protected:
    Machines() : machines_(gmq_snapshot_machines(&n_))
    {
    }

    size_t n_ = 0;
    const GmqMachineView *machines_;
};

TEST_F(Machines, AreThoseOfConnectionsAndChannels)
{
    ASSERT_EQ(2u, n_);
    EXPECT_STREQ("connection", machines_[0].name);
    EXPECT_EQ((size_t)GMQ_N_STATES, machines_[0].n_states);
    EXPECT_STREQ("channel", machines_[1].name);
    EXPECT_EQ((size_t)GMQ_N_CHANNEL_STATES, machines_[1].n_states);
}

TEST_F(Machines, ReachEveryStateAndLeadOnlyToStates)
{
    for (size_t m = 0; m < n_; m++) {
        unsigned reached = 1;
        for (size_t i = 0; i < machines_[m].n_moves; i++) {
            const GmqMoveView *move = &machines_[m].moves[i];
            EXPECT_NE(0u, move->from) << move->cause;
            EXPECT_EQ(0u, move->from >> machines_[m].n_states) << move->cause;
            ASSERT_LT(move->to, machines_[m].n_states) << move->cause;
            reached |= 1u << move->to;
        }
        EXPECT_EQ((1u << machines_[m].n_states) - 1, reached) << machines_[m].name;
    }
}

TEST_F(Machines, MoveAsTheirTablesSay)
{
    GmqConnectionState state = GMQ_STATE_HEADER;

    for (GmqConnectionMove move :
         {GMQ_MOVE_GREETED, GMQ_MOVE_LOGGED_IN, GMQ_MOVE_TUNED, GMQ_MOVE_OPENED})
        state = gmq_connection_state_after(state, move);
    EXPECT_EQ(GMQ_STATE_RUNNING, state);
    EXPECT_STREQ("running", gmq_connection_state_word(state));
    EXPECT_EQ(GMQ_CHANNEL_STATE_CLOSING,
              gmq_channel_state_after(GMQ_CHANNEL_STATE_OPEN, GMQ_CHANNEL_MOVE_FAILED));
}

TEST(MachinesDeathTest, RefuseAMoveThatMayNotStartThere)
{
    EXPECT_DEATH(gmq_connection_state_after(GMQ_STATE_HEADER, GMQ_MOVE_OPENED), "");
    EXPECT_DEATH(gmq_channel_state_after(GMQ_CHANNEL_STATE_CLOSED, GMQ_CHANNEL_MOVE_FAILED), "");
}

} // namespace
