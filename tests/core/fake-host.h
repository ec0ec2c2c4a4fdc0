/* fake-host.h - a host for tests: what the core asks for is written down, time stands still.
 *
 *     FakeHost fake;
 *     GmqBroker *broker = gmq_broker_new(fake.host());
 *     fake.advance_ms(500);
 *     EXPECT_EQ("bound logs -> errors [error] to_type=queue", fake.take_events().back());
 *
 * Random numbers count up, the same in each run. fake.listen(false) takes the glass away. */
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/host.h"

/* A connection as the fake host knows it: what was written to it, and what was asked for. */
struct GmqPeer {
    std::string written;
    size_t room   = SIZE_MAX; /* bytes that it still takes */
    bool can_read = true;     /* the gate is open */
    bool closed   = false;
    bool aborted  = false;
};

class FakeHost {
  public:
    FakeHost()
    {
        base_.table.now       = now;
        base_.table.wall_ms   = wall_ms;
        base_.table.wake_at   = wake_at;
        base_.table.write     = write;
        base_.table.read_gate = read_gate;
        base_.table.close     = close;
        base_.table.abort     = abort;
        base_.table.random    = random;
        base_.table.note      = note;
        base_.table.unheard   = GMQ_HEARD;
        base_.self            = this;
    }

    FakeHost(const FakeHost &)            = delete;
    FakeHost &operator=(const FakeHost &) = delete;

    GmqHost *
    host()
    {
        return &base_.table;
    }

    /* A new peer, alive as long as the host. */
    GmqPeer *
    add_peer()
    {
        peers_.push_back(std::make_unique<GmqPeer>());
        return peers_.back().get();
    }

    /* What was written to the peer since the last call. */
    static std::string
    take_written(GmqPeer *peer)
    {
        return std::exchange(peer->written, "");
    }

    /* ---- time ---- */

    void
    advance_ms(int64_t ms)
    {
        now_ns += ms * 1000000;
    }

    int64_t now_ns   = 0;
    int64_t wake_ns  = INT64_MAX;     /* what the core asked for last */
    int64_t epoch_ms = 1600000000000; /* the wall clock at 0 ns */

    /* ---- the glass ---- */

    /* With false the core sees that nobody looks. */
    void
    listen(bool on)
    {
        base_.table.unheard = on ? GMQ_HEARD : 0;
    }

    /* The events since the last call, see describe(). */
    std::vector<std::string>
    take_events()
    {
        return std::exchange(events_, {});
    }

    /* Likewise, those of one kind alone. */
    std::vector<std::string>
    take_events(const std::string &kind)
    {
        std::vector<std::string> kept;

        for (const std::string &event : take_events()) {
            if (event.compare(0, kind.size() + 1, kind + " ") == 0)
                kept.push_back(event);
        }
        return kept;
    }

    /* The causes of all events ever, by number; that of event 1 is causes()[1]. */
    const std::vector<uint64_t> &
    causes() const
    {
        return causes_;
    }

    /* "kind who -> to [key] #message ch1 tag=2 redelivered label=count label=text", with the
     * members that the kind carries. */
    static std::string
    describe(const GmqEvent &event)
    {
        const GmqEventInfo *info = gmq_event_info(event.kind);
        std::string text         = info->kind;

        if (info->fields & GMQ_FIELD_WHO)
            text += " " + to_string(event.who);
        if (info->fields & GMQ_FIELD_TO)
            text += " -> " + to_string(event.to);
        if (info->fields & GMQ_FIELD_KEY)
            text += " [" + to_string(event.key) + "]";
        if (info->fields & GMQ_FIELD_MESSAGE)
            text += " #" + std::to_string(event.message);
        if (info->fields & GMQ_FIELD_CHANNEL)
            text += " ch" + std::to_string(event.channel);
        if (info->fields & GMQ_FIELD_TAG)
            text += " tag=" + std::to_string(event.tag);
        if ((info->fields & GMQ_FIELD_REDELIVERED) && event.redelivered)
            text += " redelivered";
        if (info->fields & GMQ_FIELD_COUNT)
            text += std::string(" ") + info->count_label + "=" + std::to_string(event.count);
        if (info->fields & GMQ_FIELD_TEXT)
            text += std::string(" ") + info->text_label + "=" + to_string(event.text);
        return text;
    }

    static std::string
    to_string(GmqSlice slice)
    {
        return slice.size == 0 ? "" : std::string((const char *)slice.data, slice.size);
    }

  private:
    /* The table stands first, so that the core's pointer leads back here. */
    struct Base {
        GmqHost table  = {};
        FakeHost *self = nullptr;
    };

    static FakeHost *
    of(GmqHost *host)
    {
        return reinterpret_cast<Base *>(host)->self;
    }

    static int64_t
    now(GmqHost *host)
    {
        return of(host)->now_ns;
    }

    static int64_t
    wall_ms(GmqHost *host)
    {
        return of(host)->epoch_ms + of(host)->now_ns / 1000000;
    }

    static void
    wake_at(GmqHost *host, int64_t time_ns)
    {
        of(host)->wake_ns = time_ns;
    }

    static size_t
    write(GmqHost *, GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
    {
        size_t before = peer->written.size();

        for (size_t i = 0; i < n_slices; i++) {
            GmqSlice part = {slices[i].data, std::min(slices[i].size, peer->room)};

            peer->written += to_string(part);
            peer->room -= part.size;
        }
        return peer->written.size() - before;
    }

    static void
    read_gate(GmqHost *, GmqPeer *peer, bool open)
    {
        peer->can_read = open;
    }

    static void
    close(GmqHost *, GmqPeer *peer)
    {
        peer->closed = true;
    }

    static void
    abort(GmqHost *, GmqPeer *peer)
    {
        peer->aborted = true;
    }

    /* Different bits in each place, so that names made of them differ. */
    static uint64_t
    random(GmqHost *host, GmqStream)
    {
        return ++of(host)->randoms_ * 0x9E3779B97F4A7C15u;
    }

    static uint64_t
    note(GmqHost *host, const GmqEvent *event)
    {
        FakeHost *self = of(host);

        self->events_.push_back(describe(*event));
        self->causes_.push_back(event->cause);
        return self->causes_.size() - 1;
    }

    Base base_;
    std::vector<std::unique_ptr<GmqPeer>> peers_;
    std::vector<std::string> events_;
    std::vector<uint64_t> causes_{0};
    uint64_t randoms_ = 0;
};
