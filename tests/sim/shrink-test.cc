/* A failing scenario gets smaller, and still fails in the same. */
#include "sim/shrink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

const char *const scenario =
    "glassmq: 1\n"
    "title: T\n"
    "stop: 8s\n"
    "topology: {queues: {q: {durable: yes}, other: {}}}\n"
    "clients:\n"
    "  p: {role: producer, publish: {to: default, key: q, body: x, count: 3}}\n"
    "  w: {role: consumer, from: q, work: 500ms}\n"
    "timeline:\n"
    "  - {at: 3s, crash: w, for: 100ms}\n"
    "  - {at: 4s, say: This changes nothing.}\n"
    "expect: {queues: {q: {redelivered: 0}}}\n";

/* A world in which a scenario fails when it has all of these words in it. */
struct Trials {
    std::vector<std::string> needed;
    std::string decoy;        /* without it the run fails in something else */
    uint64_t n_most  = 10000; /* tries until the caller has had enough */
    uint64_t n_tried = 0;
    std::string last_failing;
};

void
fail(GmqTrial *trial, const char *what)
{
    gmq_trial_fail(trial, what, (std::string(what) + " broken: w.").c_str());
    g_free(trial->kind);
    trial->kind = g_strdup("client");
}

void
try_text(void *user, const char *text, GmqTrial *trial)
{
    Trials *trials = static_cast<Trials *>(user);
    std::string here(text);

    trials->n_tried++;
    g_autoptr(GmqScenario) read = gmq_scenario_parse("t.yaml", text, strlen(text), nullptr);
    if (read == nullptr)
        return gmq_trial_fail(trial, GMQ_TRIAL_UNREADABLE, "It cannot be read.");
    for (const std::string &word : trials->needed) {
        if (here.find(word) == std::string::npos)
            return;
    }
    if (!trials->decoy.empty() && here.find(trials->decoy) == std::string::npos)
        return fail(trial, "S3");
    trials->last_failing = here;
    fail(trial, "S4");
}

bool
go_on(void *user, const GmqShrinkProgress *progress)
{
    return progress->n_candidates < static_cast<Trials *>(user)->n_most;
}

class Shrink : public testing::Test {
  protected:
    void
    TearDown() override
    {
        gmq_shrink_result_clear(&result);
    }

    void
    shrink(uint64_t candidates_most = 10000)
    {
        GmqShrinkPlan plan   = {};
        plan.text            = scenario;
        plan.origin          = "t.yaml, seed 7";
        plan.seed            = 7;
        plan.candidates_most = candidates_most;
        plan.try_text        = try_text;
        plan.go_on           = go_on;
        plan.user            = &trials;
        gmq_shrink(&plan, &result);
    }

    bool
    has(const char *word) const
    {
        return strstr(result.text, word) != nullptr;
    }

    Trials trials;
    GmqShrinkResult result = {};
};

} // namespace

TEST_F(Shrink, TakesAwayWhatIsNotNeeded)
{
    trials.needed = {"crash: w"};
    shrink();

    ASSERT_NE(nullptr, result.text);
    EXPECT_TRUE(has("crash: w"));
    EXPECT_TRUE(has("Shrunk from t.yaml, seed 7:"));
    for (const char *word : {"This changes nothing", "role: producer", "other", "redelivered: 0"})
        EXPECT_FALSE(has(word)) << word << " is still in\n" << result.text;
    EXPECT_LT(result.progress.n_parts, result.n_parts_before);
    EXPECT_FALSE(result.is_stopped);
}

TEST_F(Shrink, KeepsWhatFailsInTheSame)
{
    trials.needed = {"crash: w"};
    trials.decoy  = "role: producer";
    shrink();

    ASSERT_NE(nullptr, result.text);
    EXPECT_TRUE(has("role: producer")) << result.text;
    EXPECT_STREQ("S4", result.failure.what);
    EXPECT_STREQ("client", result.failure.kind);
    ASSERT_EQ(1u, result.others->len) << "another failure is told, and not followed";
    EXPECT_STREQ("S3", static_cast<const char *>(result.others->pdata[0]));
}

TEST_F(Shrink, GivesAScenarioThatStillFails)
{
    trials.needed = {"crash: w", "role: producer"};
    shrink();

    g_auto(GmqTrial) again = {};
    try_text(&trials, result.text, &again);
    EXPECT_TRUE(gmq_trial_is_same_failure(&result.failure, &again)) << result.text;
}

TEST_F(Shrink, StopsWhenItHasTriedEnough)
{
    trials.needed = {"crash: w"};
    shrink(2);

    EXPECT_TRUE(result.is_stopped);
    EXPECT_EQ(2u, result.progress.n_candidates);
    ASSERT_NE(nullptr, result.text) << "what there is by then is given";
    EXPECT_TRUE(has("crash: w"));
}

TEST_F(Shrink, StopsWhenItsCallerHasHadEnough)
{
    trials.needed = {"crash: w"};
    trials.n_most = 3;
    shrink();

    EXPECT_TRUE(result.is_stopped);
    EXPECT_EQ(3u, result.progress.n_candidates);
    ASSERT_NE(nullptr, result.text);
    EXPECT_TRUE(has("crash: w"));
}

TEST_F(Shrink, HasNothingToDoWithWhatHolds)
{
    trials.needed = {"no such word"};
    shrink();

    EXPECT_EQ(nullptr, result.text);
    EXPECT_EQ(nullptr, result.failure.what);
}

TEST(ShrinkCan, NotLookForRunsThatDiffer)
{
    for (const char *what : {GMQ_TRIAL_UNSTABLE, GMQ_TRIAL_UNREADABLE, GMQ_TRIAL_TIMELINE}) {
        g_auto(GmqTrial) trial = {};
        gmq_trial_fail(&trial, what, "That.");
        EXPECT_FALSE(gmq_shrink_can(&trial)) << what;
    }
    g_auto(GmqTrial) broken = {};
    gmq_trial_fail(&broken, "S4", "S4 broken: that.");
    EXPECT_TRUE(gmq_shrink_can(&broken));
    g_auto(GmqTrial) held = {};
    EXPECT_FALSE(gmq_shrink_can(&held));
}
