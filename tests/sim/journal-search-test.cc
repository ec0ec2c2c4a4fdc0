/* Random conversations with a broker whose disk fails in every way that it promises to survive: a
 * seed stands for one of them, with its crashes. Each is held against a model that only knows what
 * the clients said and heard.
 *
 *     GLASSMQ_SEED=17 tests/sim_journal_search_test      tells seed 17 step by step
 *     GLASSMQ_SEEDS=10000 ...            looks at so many; with GLASSMQ_TEST_LONG=1 too */
#include "tests/sim/talker.h"

namespace {

constexpr unsigned seeds_default = 300;
constexpr unsigned seeds_long    = 10000;

class Search : private Talker {
  public:
    explicit Search(uint64_t seed, bool is_loud = false) : Talker(seed, is_loud)
    {
    }

    /* "" or what went wrong. */
    std::string
    run()
    {
        unsigned n_rounds = 2 + below(4);

        for (unsigned round = 0; round < n_rounds && model.wrongs.empty(); round++) {
            unsigned n_deeds = 5 + below(60);

            for (unsigned i = 0; i < n_deeds && model.wrongs.empty(); i++) {
                act();
                wait();
            }
            restart();
        }
        if (model.wrongs.empty())
            drain();
        disconnect();
        return model.wrongs.empty() ? "" : model.wrongs[0];
    }

  private:
    void
    act()
    {
        uint64_t dice = below(100);

        if (dice < 45)
            publish_some();
        else if (dice < 52)
            transact();
        else if (dice < 65)
            get();
        else if (dice < 85)
            settle();
        else if (dice < 90)
            settle_all();
        else if (dice < 93)
            purge();
        else
            change();
    }

    void
    wait()
    {
        hear();
        if (chance(40))
            return;
        if (chance(50)) {
            for (uint64_t n = below(4); n > 0; n--)
                rig.step();
        } else {
            rig.pass_ms((int64_t)below(6));
        }
        hear();
    }

    /* ---- crashes ---- */

    void
    show_disk()
    {
        if (loud)
            log(rig.describe_disk());
    }

    void
    crash()
    {
        show_disk();
        uint64_t steps = gmq_sim_disk_steps(rig.disk);
        uint64_t left  = below(steps + 1);

        switch (below(8)) {
        case 0:
            log("stop");
            rig.stop();
            model.lose_broker(true);
            return;
        case 1:
            log("the process dies");
            rig.crash(GMQ_LOSE_NOTHING, chance(50));
            break;
        case 2:
            log("the power fails, and all that is not synced is lost");
            rig.crash(GMQ_LOSE_UNSYNCED, chance(50));
            break;
        case 3:
            log("the power fails, and some that is not synced is lost");
            rig.crash(GMQ_LOSE_SOME, chance(50));
            break;
        default:
            log("the power fails and leaves " + std::to_string(left) + " of " +
                std::to_string(steps) + " steps");
            rig.cut(left);
        }
        model.lose_broker(false);
    }

    void
    restart()
    {
        for (bool again = true; again && model.wrongs.empty(); again = chance(15)) {
            crash();
            show_disk();
            if (!rig.start()) {
                model.wrongs.push_back("the broker refuses to start: " + rig.refusal);
                return;
            }
            log("start; " + std::to_string(rig.report.cut) + " bytes were torn");
            if (chance(50))
                for (uint64_t n = below(5); n > 0; n--)
                    rig.step();
        }
        if (!model.wrongs.empty())
            return;
        model.check_start();
        connect();
        renew();
    }
};

} // namespace

/* Each of them has found a defect that is mended. */
TEST(JournalSearch, SeedsThatOnceBrokeAPromise)
{
    for (uint64_t seed : {23, 218, 3645, 3792, 3868})
        EXPECT_EQ("", Search(seed).run()) << "seed " << seed;
}

TEST(JournalSearch, NoSeedBreaksAPromise)
{
    const char *one   = g_getenv("GLASSMQ_SEED");
    const char *many  = g_getenv("GLASSMQ_SEEDS");
    uint64_t last     = g_getenv("GLASSMQ_TEST_LONG") != nullptr ? seeds_long : seeds_default;
    unsigned n_broken = 0;

    if (one != nullptr) {
        EXPECT_EQ("", Search(std::stoull(one), true).run());
        return;
    }
    if (many != nullptr)
        last = std::stoull(many);
    for (uint64_t seed = 1; seed <= last && n_broken < 10; seed++) {
        std::string wrong = Search(seed).run();

        n_broken += !wrong.empty();
        EXPECT_EQ("", wrong) << "seed " << seed << "; GLASSMQ_SEED=" << seed
                             << " tells it step by step";
    }
}
