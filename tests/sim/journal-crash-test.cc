/* One short run of everything that a journal does, and a crash at every point of it: before each
 * record, inside each, and between any two events. What is left is held against a model that only
 * knows what the clients said and heard, and then the broker goes on.
 *
 *     GLASSMQ_CRASH=41:17 tests/sim_journal_crash_test      tells the power cut at moment 41 that
 *                                                          leaves 17 steps of the disk
 *     GLASSMQ_CRASH=41 ...                                 tells the two crashes from there
 *     GLASSMQ_TEST_LONG=1 ...                              cuts at every byte */
#include <set>

#include "core/store/record.h"
#include "core/wire/reader.h"
#include "tests/sim/talker.h"

namespace {

/* Segments of 512 bytes: several of these messages fill one. */
constexpr uint64_t seed    = 8;
constexpr size_t body_size = 60;

/* What a client does, with which queue, and how long it waits then. */
struct Deed {
    const char *what;
    const char *where;
    int64_t ms;
};

const Deed deeds[] = {
    {"publish", "e", 0},   {"publish", "b", 6},       {"publish", "a", 0},  {"publish", "x", 6},
    {"ack", "a", 1},       {"requeue", "a", 3},       {"bind", "", 0},      {"publish", "b", 6},
    {"publish", "x", 6},   {"publish", "t", 1},       {"get", "t", 4},      {"reject", "t", 6},
    {"get", "b", 1},       {"ack", "b", 12},          {"publish", "t", 30}, {"commit", "", 8},
    {"transient", "b", 3}, {"publish", "e", 6},       {"change e", "", 8},  {"change e", "", 3},
    {"publish", "b", 6},   {"publish large", "b", 6}, {"publish", "e", 6},  {"ack all", "", 12},
    {"publish", "x", 0},   {"publish", "x", 0},       {"publish", "b", 6},  {"get", "b", 1},
    {"requeue", "b", 6},   {"get", "d", 1},           {"ack", "d", 12},     {"purge", "b", 12},
    {"publish", "b", 6},   {"publish", "x", 6},       {"bind", "", 8},      {"ack all", "", 12},
    {"publish", "a", 6},   {"publish", "e", 6},
};

/* What there is to lose at a moment, which is behind a deed or an event. */
struct Moment {
    uint64_t steps;
    uint64_t syncs;
    std::vector<uint8_t> last; /* the bytes that were written last */
    std::string deed;
};

class Story : private Talker {
  public:
    explicit Story(bool is_loud = false) : Talker(seed, is_loud)
    {
        gmq_sim_disk_watch(rig.disk, on_wrote, this);
    }

    /* Plays up to and with that moment. */
    void
    play(size_t n_moments)
    {
        for (const Deed &deed : deeds) {
            act(deed);
            if (!note(deed, n_moments) || !wait(deed, n_moments))
                return;
        }
        if (rig.describe_disk().find("journal-00000001 ") == std::string::npos)
            seen.insert("removed");
    }

    /* The power fails at once and leaves so many steps. "" or what is wrong then. */
    std::string
    cut(uint64_t n)
    {
        log(rig.describe_disk());
        log("the power fails and leaves " + std::to_string(n) + " steps");
        rig.cut(n);
        if (restart())
            go_on();
        return end();
    }

    /* The process dies, and soon after it is started anew the power fails too; how soon, and
     * whether a record is torn first, depends on the moment. */
    std::string
    crash_twice(size_t moment)
    {
        log("the process dies");
        rig.crash(GMQ_LOSE_NOTHING, moment % 2 != 0);
        if (restart()) {
            for (size_t i = 0; i < moment % 5; i++)
                rig.step();
            log("the power fails, and all that is not synced is lost");
            rig.crash(GMQ_LOSE_UNSYNCED, false);
            if (restart())
                go_on();
        }
        return end();
    }

    std::vector<Moment> moments;
    std::set<std::string> seen; /* what has happened to segments */

  private:
    /* ---- playing ---- */

    static void
    on_wrote(void *user, GmqSlice bytes)
    {
        Story *run = static_cast<Story *>(user);

        run->last_.assign(bytes.data, bytes.data + bytes.size);
        for (size_t at = 0; at < bytes.size; at += gmq_load_u32(bytes.data + at + 4)) {
            if (bytes.data[at + 8] == GMQ_RECORD_HEADER)
                run->seen.insert("begun");
            if (bytes.data[at + 8] == GMQ_RECORD_MESSAGE &&
                (bytes.data[at + 9] & GMQ_RECORD_MOVED) != 0)
                run->seen.insert("moved");
        }
    }

    bool
    note(const Deed &deed, size_t n_moments)
    {
        hear();
        moments.push_back({gmq_sim_disk_steps(rig.disk), gmq_sim_disk_syncs(rig.disk), last_,
                           std::string(deed.what) + " " + deed.where});
        return moments.size() < n_moments;
    }

    bool
    wait(const Deed &deed, size_t n_moments)
    {
        int64_t end_ns = gmq_schedule_now(rig.schedule) + deed.ms * 1000000;

        while (gmq_schedule_next_time(rig.schedule) <= end_ns) {
            gmq_schedule_step(rig.schedule);
            if (!note(deed, n_moments))
                return false;
        }
        rig.pass_ms((end_ns - gmq_schedule_now(rig.schedule)) / 1000000);
        return true;
    }

    void
    act(const Deed &deed)
    {
        std::string what = deed.what;

        if (what == "publish")
            publish(deed.where, true, body_size);
        else if (what == "publish large")
            publish(deed.where, true, 3000);
        else if (what == "transient")
            publish(deed.where, false, body_size);
        else if (what == "get")
            get(deed.where, true);
        else if (what == "commit")
            commit();
        else if (what == "change e")
            change_queue();
        else if (what == "bind")
            change_binding();
        else if (what == "purge")
            purge(*model.find(deed.where));
        else if (what == "ack all")
            settle_all();
        else
            settle_first(deed.where, what);
    }

    void
    settle_first(const std::string &queue, const std::string &how)
    {
        for (size_t i = 0; i < held.size(); i++) {
            if (held[i].queue == queue) {
                settle(i, how);
                return;
            }
        }
        model.wrongs.push_back("nothing of " + queue + " is held to " + how);
    }

    /* One message to each of two queues. */
    void
    commit()
    {
        for (const char *queue : {"a", "b"}) {
            int message = model.make(true, body_size);

            t->send(::publish(1, "", queue, model.sent[message].body, "delivery-mode=2"));
            enter(message, queue);
            committed.push_back(message);
        }
        log("commit");
        t->say("tx.commit");
    }

    /* ---- afterwards ---- */

    bool
    start()
    {
        log(rig.describe_disk());
        if (rig.start())
            return true;
        model.wrongs.push_back("the broker refuses to start: " + rig.refusal);
        return false;
    }

    bool
    restart()
    {
        model.lose_broker(false);
        return start();
    }

    /* What is there is right, and all works, and after a stop all is still there. */
    void
    go_on()
    {
        if (!meet())
            return;
        for (const char *to : {"a", "b", "x", "t", "e"}) {
            if (model.find(to) == nullptr || model.find(to)->state == Place::PRESENT)
                publish(to, true, body_size);
        }
        for (unsigned i = 0; i < 4; i++) {
            rig.pass_ms(5);
            hear();
        }
        if (!unconfirmed.empty())
            model.wrongs.push_back("a message after the start is never confirmed");
        log("stop");
        rig.stop();
        model.lose_broker(true);
        if (model.wrongs.empty() && start() && meet())
            drain();
    }

    bool
    meet()
    {
        model.check_start();
        if (!model.wrongs.empty())
            return false;
        connect();
        renew();
        return true;
    }

    std::string
    end()
    {
        disconnect();
        return model.wrongs.empty() ? "" : model.wrongs[0];
    }

    std::vector<uint8_t> last_;
};

/* ---- where to crash ---- */

const std::vector<Moment> &
all_moments()
{
    static const std::vector<Moment> all = [] {
        Story story;
        story.play(SIZE_MAX);
        return story.moments;
    }();
    return all;
}

/* Before each record and around that place, one inside, and some more bytes or all; a file that was
 * made is a step too. */
std::set<uint64_t>
choose_cuts(const Moment &moment)
{
    unsigned stride          = g_getenv("GLASSMQ_TEST_LONG") != nullptr ? 1 : 16;
    std::set<uint64_t> steps = {0, 1, moment.steps};

    for (uint64_t n = 0; n <= moment.steps; n += stride)
        steps.insert(n);
    for (size_t at = 0; at < moment.last.size();) {
        uint32_t size = gmq_load_u32(moment.last.data() + at + 4);

        steps.insert(at + size / 2);
        at += size;
        for (size_t n : {at - 1, at, at + 1})
            steps.insert(n);
    }
    steps.erase(steps.upper_bound(moment.steps), steps.end());
    return steps;
}

/* The same is under way a moment later. */
bool
is_passing(const std::vector<Moment> &all, size_t i)
{
    return i + 1 < all.size() && all[i + 1].steps == all[i].steps &&
           all[i + 1].syncs == all[i].syncs;
}

/* Tells what GLASSMQ_CRASH asks for; false when it is not set. */
bool
tell_one()
{
    const char *one = g_getenv("GLASSMQ_CRASH");

    if (one == nullptr)
        return false;
    char *end     = nullptr;
    size_t moment = g_ascii_strtoull(one, &end, 10);
    Story story(true);
    story.play(moment);
    EXPECT_EQ("", *end == ':' ? story.cut(g_ascii_strtoull(end + 1, nullptr, 10))
                              : story.crash_twice(moment));
    return true;
}

} // namespace

TEST(JournalCrash, TheRunDoesWhatAJournalCanDo)
{
    Story story;

    story.play(SIZE_MAX);
    EXPECT_EQ((std::set<std::string>{"begun", "moved", "removed"}), story.seen);
    EXPECT_EQ("", story.cut(0));
}

TEST(JournalCrash, NothingConfirmedIsLostWhereverThePowerFails)
{
    const std::vector<Moment> &all = all_moments();
    unsigned n_broken              = 0;

    if (tell_one())
        return;
    for (size_t i = 0; i < all.size() && n_broken < 5; i++) {
        if (is_passing(all, i))
            continue;
        for (uint64_t n : choose_cuts(all[i])) {
            Story story;
            story.play(i + 1);
            std::string wrong = story.cut(n);
            n_broken += !wrong.empty();
            EXPECT_EQ("", wrong) << n << " of " << all[i].steps << " steps are left behind '"
                                 << all[i].deed << "'; GLASSMQ_CRASH=" << i + 1 << ":" << n
                                 << " tells it step by step";
        }
    }
}

TEST(JournalCrash, NothingConfirmedIsLostWhenThePowerFailsSoonAfterTheProcess)
{
    const std::vector<Moment> &all = all_moments();
    unsigned n_broken              = 0;

    if (g_getenv("GLASSMQ_CRASH") != nullptr)
        return; /* the test above has told it */
    for (size_t i = 0; i < all.size() && n_broken < 5; i++) {
        Story story;
        story.play(i + 1);
        std::string wrong = story.crash_twice(i + 1);
        n_broken += !wrong.empty();
        EXPECT_EQ("", wrong) << "behind '" << all[i].deed << "'; GLASSMQ_CRASH=" << i + 1
                             << " tells it step by step";
    }
}
