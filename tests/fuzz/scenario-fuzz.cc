/* scenario-fuzz - any bytes at all as a scenario file.
 *
 * libFuzzer looks for files that crash the reader, or get neither a run nor an error with a line.
 * What can be read is laid out, printed, and run for a while; build it as it stands in the head of
 * wire-fuzz.cc, and begin with the scenarios that there are:
 *     ninja -C build/fuzz tests/fuzz/scenario_fuzz
 *     build/fuzz/tests/fuzz/scenario_fuzz -entropic=0 corpus scenarios
 * A run reaches so many places that libFuzzer, while it weighs inputs by how rare their places are
 * (-entropic=1), needs ten times as long as the runs themselves. */
#include <string>

#include "sim/fmt.h"
#include "sim/lint.h"
#include "sim/world.h"
#include "sim/yaml-edit.h"
#include "sim/yaml-print.h"

/* So long a run shows what a reader let through. */
static const uint64_t steps_max = 20000;
static const uint64_t lines_max = 20000;
static const uint64_t bytes_max = 8 << 20;

/* A scenario of a thousand clients is right, and only slow. */
static const unsigned clients_max = 50;

static void
run(const GmqScenario *scenario)
{
    GmqRunOptions options = {};

    options.steps_max         = steps_max;
    options.lines_max         = lines_max;
    options.bytes_max         = bytes_max;
    g_autoptr(GmqWorld) world = gmq_world_new_with(scenario, 1, &options);
    while (gmq_world_step(world))
        continue;
}

/* What is printed reads as the same tree, and so does what is laid out. */
static void
print_again(const std::string &text)
{
    g_autoptr(GmqProblems) problems     = gmq_problems_new("f.yaml", text.c_str());
    g_autoptr(GmqYamlDocument) document = gmq_yaml_parse(text.c_str(), text.size(), problems);

    if (document == nullptr || gmq_problems_count(problems) > 0 ||
        gmq_yaml_root(document) == nullptr)
        return;
    g_autofree char *printed         = gmq_yaml_print(document);
    g_autoptr(GmqProblems) none      = gmq_problems_new("p.yaml", printed);
    g_autoptr(GmqYamlDocument) again = gmq_yaml_parse(printed, strlen(printed), none);
    g_assert_nonnull(again);
    g_assert_true(gmq_yaml_equal(gmq_yaml_root(document), gmq_yaml_root(again)));
    g_autofree char *laid_out = gmq_fmt_text(text.c_str(), text.size(), problems);
    g_assert_true(laid_out != nullptr || gmq_problems_count(problems) > 0);
}

/* libFuzzer calls this one and has no header for it. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::string text(reinterpret_cast<const char *>(data), size);
    g_autoptr(GError) error = nullptr;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("f.yaml", text.c_str(), text.size(), &error);

    if (scenario == nullptr) {
        g_assert_nonnull(strstr(error->message, "line "));
        g_assert_true(g_utf8_validate(error->message, -1, nullptr));
    } else if (scenario->clients->len <= clients_max) {
        g_autoptr(GString) odd = g_string_new(nullptr);
        gmq_lint_add(scenario, odd);
        run(scenario);
    }
    print_again(text);
    return 0;
}
