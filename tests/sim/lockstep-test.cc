#include "sim/lockstep.h"

#include <gtest/gtest.h>

#include <string>

namespace {

const char *const text = "glassmq: 1\n"
                         "title: T\n"
                         "stop: 2s\n"
                         "topology: {queues: {q: {}}}\n"
                         "clients:\n"
                         "  p: {role: producer, publish: {to: default, key: q, body: x}}\n"
                         "  c: {role: consumer, from: q, work: 10ms}\n"
                         "links: {p: {jitter: 10ms}}\n";

/* Two runs of the scenario, and one of another. */
class Lockstep : public testing::Test {
  protected:
    std::string
    compare(uint64_t seed, uint64_t other_seed, const std::string &other_text = text)
    {
        g_autoptr(GmqScenario) one = gmq_scenario_parse("t.yaml", text, strlen(text), NULL);
        g_autoptr(GmqScenario) other =
            gmq_scenario_parse("t.yaml", other_text.data(), other_text.size(), NULL);
        g_autoptr(GmqWorld) a       = gmq_world_new(one, seed);
        g_autoptr(GmqWorld) b       = gmq_world_new(other, other_seed);
        g_autofree char *difference = gmq_lockstep(a, b);

        return difference == NULL ? "" : difference;
    }
};

} // namespace

TEST_F(Lockstep, TheSameRunIsTheSame)
{
    EXPECT_EQ("", compare(3, 3));
}

TEST_F(Lockstep, StopsAtTheFirstDifferenceWithItsCauses)
{
    std::string difference = compare(3, 4);

    EXPECT_EQ(0u, difference.rfind("The runs differ at event 17.\nOne run:\n  {\"n\":17,", 0))
        << difference;
    EXPECT_NE(std::string::npos, difference.find("\nThe other run:\n  {\"n\":17,"));
    EXPECT_NE(std::string::npos, difference.find("  because of {\"n\":12,"));
}

TEST_F(Lockstep, OneRunMayEndBeforeTheOther)
{
    std::string longer     = std::string(text) + "timeline: [{at: 2s, say: More.}]\n";
    std::string difference = compare(3, 3, longer);

    EXPECT_NE(std::string::npos, difference.find("One run:\n  the run is over\n")) << difference;
    EXPECT_NE(std::string::npos, difference.find("More."));
}
