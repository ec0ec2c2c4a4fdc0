#include "sim/trial.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/scenario.h"

namespace {

/* A broker whose disk lies: it breaks S12, which is allowed, and then what is expected. */
const char *const lie = R"(glassmq: 1
title: a disk that lies
stop: 1s
topology:
  queues:
    q: {durable: yes}
clients:
  p:
    role: producer
    publish: {to: default, key: q, persistent: yes}
    confirms: {}
timeline:
  - at: 0s
    disk: {lie: yes}
expect:
  lost: 1
  allowed: [S12]
)";

TEST(Trial, DoesNotFailInWhatMayBreak)
{
    g_autoptr(GError) error = NULL;
    std::string text        = lie;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("t.yaml", text.data(), text.size(), &error);
    g_auto(GmqTrial) trial = {};
    GmqRunOptions options  = {};

    ASSERT_NE(nullptr, scenario) << error->message;
    gmq_trial_run(&trial, scenario, 1, &options);
    EXPECT_EQ(GMQ_VERDICT_BROKEN, trial.verdict);
    EXPECT_STREQ("expect lost", trial.what);
    EXPECT_STREQ("lost: 1, but found 0", trial.sentence);
}

} // namespace
