#include <set>

#include "sim/sites.h"
#include "tests/sim/played.h"
#include "tests/sim/shipped.h"

/* Whatever the sites of the broker do is legal: every check holds, and nobody crashes. */
namespace {

class Sites : public testing::TestWithParam<std::string> {
  protected:
    void
    TearDown() override
    {
        gmq_sites_plan(GMQ_SITES_NONE, NULL);
    }
};

GmqScenario *
load(const std::string &file)
{
    g_autoptr(GError) error = NULL;
    GmqScenario *scenario   = gmq_scenario_load(source_path("scenarios/" + file).c_str(), &error);

    EXPECT_NE(nullptr, scenario) << error->message;
    return scenario;
}

/* The checks that a scenario breaks as it stands, or with these sites. */
std::set<std::string>
broken(const GmqScenario *scenario, GmqSitesArmed armed, uint64_t seed)
{
    std::set<std::string> found;

    gmq_sites_plan(armed, NULL);
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, seed);
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);

        if (event->kind == GMQ_EVENT_CHECK_BROKEN && strstr(event->text, "as is allowed") == NULL)
            found.insert(event->text);
    }
    return found;
}

} // namespace

TEST_P(Sites, BreakNoCheck)
{
    g_autoptr(GmqScenario) scenario = load(GetParam());

    for (uint64_t seed = 1; seed <= 5; seed++) {
        EXPECT_EQ(std::set<std::string>{}, broken(scenario, GMQ_SITES_ALL, seed)) << seed;
        EXPECT_EQ(std::set<std::string>{}, broken(scenario, GMQ_SITES_SOME, seed)) << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Sites, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &test) {
                             return test_name(test.param);
                         });

static const char *const talk =
    "topology: {queues: {q: {durable: yes}}}\n"
    "clients:\n"
    "  p:\n"
    "    role: producer\n"
    "    confirms: {window: 9}\n"
    "    publish: {to: default, key: q, count: 20, body: hello, persistent: yes, every: 1ms}\n"
    "  c: {role: consumer, from: q, copies: 2, prefetch: 3, work: 2ms}\n";

TEST(SiteRuns, RepeatThemselves)
{
    gmq_sites_plan(GMQ_SITES_ALL, NULL);
    Played one(talk), same(talk);
    gmq_sites_plan(GMQ_SITES_NONE, NULL);
    Played plain(talk);

    EXPECT_EQ(gmq_trace_info(one.trace())->fingerprint, gmq_trace_info(same.trace())->fingerprint);
    EXPECT_NE(gmq_trace_info(one.trace())->fingerprint, gmq_trace_info(plain.trace())->fingerprint);
}

TEST(SiteRuns, ArmSitesInAQuarterOfThem)
{
    std::set<uint64_t> stories;
    Played plain(talk);

    gmq_sites_plan(GMQ_SITES_SOME, NULL);
    for (uint64_t seed = 1; seed <= 20; seed++)
        stories.insert(gmq_trace_info(Played(talk, seed).trace())->fingerprint);
    gmq_sites_plan(GMQ_SITES_NONE, NULL);
    EXPECT_LT(10u, stories.size());
}

TEST(SiteRuns, KnowTheirBugs)
{
    EXPECT_TRUE(gmq_sites_plan(GMQ_SITES_NONE, "requeue.tail"));
    EXPECT_FALSE(gmq_sites_plan(GMQ_SITES_NONE, "flush.late")) << "is a site and no bug";
    EXPECT_FALSE(gmq_sites_plan(GMQ_SITES_NONE, "requeue"));
    EXPECT_TRUE(gmq_sites_plan(GMQ_SITES_NONE, NULL));
}
