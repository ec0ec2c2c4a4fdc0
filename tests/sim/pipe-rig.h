/* pipe-rig.h - a pipe with a reader that writes everything down, for tests. */
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/pipe.h"

constexpr int64_t ms = 1000000;

class Pipe : public testing::Test {
  public:
    struct Piece {
        int64_t at_ms;
        std::string bytes;
        uint64_t cause;
    };

    void
    SetUp() override
    {
        gmq_random_init(&jitter, 1, "link");
        gmq_random_init(&loss, 1, "loss");
        gmq_random_init(&chunks, 1, "chunks");
        link.latency_ns = 10 * ms;
        link.buffer     = 1000000;
        schedule        = gmq_schedule_new();
    }

    void
    TearDown() override
    {
        gmq_pipe_free(pipe);
        gmq_schedule_free(schedule);
    }

    /* Opens the pipe with the link as it was set. */
    void
    open()
    {
        static const GmqPipeEvents events = {arrived, turn_ended, ended, writable, lost, died};
        pipe = gmq_pipe_new(schedule, &link, {&jitter, &loss, &chunks}, &events, this);
    }

    size_t
    write(const std::string &bytes, uint64_t cause = 0)
    {
        return gmq_pipe_write(pipe, {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()},
                              cause);
    }

    void
    run_until(int64_t time_ms)
    {
        while (gmq_schedule_next_time(schedule) <= time_ms * ms)
            gmq_schedule_step(schedule);
    }

    void
    run()
    {
        while (gmq_schedule_step(schedule)) {
        }
    }

    std::string
    all() const
    {
        std::string text;
        for (const Piece &piece : pieces)
            text += piece.bytes;
        return text;
    }

    GmqLinkSpec link      = {};
    GmqRandom jitter      = {};
    GmqRandom loss        = {};
    GmqRandom chunks      = {};
    GmqSchedule *schedule = nullptr;
    GmqPipe *pipe         = nullptr;
    std::vector<Piece> pieces;
    std::vector<int64_t> turns;
    int64_t end_ms          = -1;
    bool was_reset          = false;
    unsigned writable_count = 0;
    std::vector<unsigned> losses;
    int64_t death_ms = -1;

    /* Lets the line be held until then. */
    void
    hold_until(GmqPipeHold why, int64_t time_ms)
    {
        held_by = why;
        gmq_pipe_set_held(pipe, why, true);
        gmq_schedule_add(
            schedule, time_ms * ms, GMQ_PHASE_TIMELINE, "heal",
            [](void *data) {
                auto *self = static_cast<Pipe *>(data);
                gmq_pipe_set_held(self->pipe, self->held_by, false);
            },
            this);
    }

  private:
    GmqPipeHold held_by = GMQ_HELD_BY_CUT;

    int64_t
    now_ms() const
    {
        return gmq_schedule_now(schedule) / ms;
    }

    static void
    arrived(void *user, GmqSlice bytes, uint64_t cause)
    {
        auto *self = static_cast<Pipe *>(user);
        self->pieces.push_back({self->now_ms(),
                                std::string(reinterpret_cast<const char *>(bytes.data), bytes.size),
                                cause});
    }
    static void
    turn_ended(void *user)
    {
        auto *self = static_cast<Pipe *>(user);
        self->turns.push_back(self->now_ms());
    }
    static void
    ended(void *user, bool is_reset, uint64_t)
    {
        auto *self      = static_cast<Pipe *>(user);
        self->end_ms    = self->now_ms();
        self->was_reset = is_reset;
    }
    static void
    writable(void *user)
    {
        static_cast<Pipe *>(user)->writable_count++;
    }
    static void
    lost(void *user, unsigned times)
    {
        static_cast<Pipe *>(user)->losses.push_back(times);
    }
    static void
    died(void *user)
    {
        auto *self     = static_cast<Pipe *>(user);
        self->death_ms = self->now_ms();
        gmq_pipe_break(self->pipe, true, 0);
    }
};
