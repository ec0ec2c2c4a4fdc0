#include <gtest/gtest.h>

#include "sim/world.h"
#include "tests/sim/shipped.h"

/* What failed once is run for ever: tests/seeds/README.md. */
namespace {

std::vector<std::string>
seed_files()
{
    std::vector<std::string> names;
    g_autoptr(GDir) folder = g_dir_open(source_path("tests/seeds").c_str(), 0, NULL);

    while (const char *name = folder == NULL ? NULL : g_dir_read_name(folder)) {
        if (g_str_has_suffix(name, ".txt"))
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

class Seeds : public testing::TestWithParam<std::string> {};

TEST_P(Seeds, DoNotFailAgain)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path("tests/seeds/" + GetParam());
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

    ASSERT_NE(nullptr, scenario) << error->message;
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, scenario->seed);
    std::string verdict       = gmq_trace_info(trace)->verdict;
    for (uint64_t n = 1; n <= gmq_trace_length(trace) && verdict == "broken"; n++) {
        if (gmq_trace_event(trace, n)->kind == GMQ_EVENT_CHECK_BROKEN)
            ADD_FAILURE() << gmq_trace_event(trace, n)->text;
    }
    EXPECT_EQ("held", verdict) << "a bug that is mended no longer breaks: take \"broken\" away";
}

INSTANTIATE_TEST_SUITE_P(All, Seeds, testing::ValuesIn(seed_files()),
                         [](const auto &file) { return test_name(file.param); });

} // namespace
