#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/keys.h"
#include "sim/report.h"
#include "sim/story.h"
#include "sim/world.h"
#include "tests/sim/shipped.h"

/* Every key of a scenario changes something. tests/sim/keys/PART.KEY.yaml is a scenario that is
 * read twice: as it stands; and with the key, where a line "#+ text" is that text, and a line that
 * ends with " #-" is nothing. What `glassmq run` tells of the two is not the same. PART is a row of
 * OWNER in sim/keys.def, in small letters. */
namespace {

const char *const parts[] = {
#define OWNER(IN, Struct, what) #IN,
#include "sim/keys.def"
};

std::string
file_of(const GmqKey &key)
{
    g_autofree char *part = g_ascii_strdown(parts[key.owner], -1);

    return std::string(part) + "." + key.key + ".yaml";
}

std::string
key_path(const std::string &file)
{
    return source_path("tests/sim/keys/" + file);
}

/* The names of all files of this kind that there are. */
std::vector<std::string>
key_files()
{
    std::vector<std::string> names;
    g_autoptr(GDir) folder = g_dir_open(key_path("").c_str(), 0, NULL);

    while (const char *name = folder == NULL ? NULL : g_dir_read_name(folder))
        names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

/* Lines keep their numbers, since what is told names some. */
std::string
with_key(const std::string &text)
{
    std::istringstream lines(text);
    std::string line, whole;

    while (std::getline(lines, line)) {
        if (line.rfind("#+ ", 0) == 0)
            line = line.substr(3);
        else if (line.size() > 3 && line.compare(line.size() - 3, 3, " #-") == 0)
            line = "";
        whole += line + "\n";
    }
    return whole;
}

/* The clock on the wall shows only in the headers of dead letters. */
GmqEventLevel
level_of(const std::string &file)
{
    return file == "scenario.epoch.yaml" ? GMQ_LEVEL_FRAMES : GMQ_LEVEL_STORY;
}

/* All that is told of a run of that text. */
std::string
told(const std::string &text, GmqEventLevel level)
{
    GmqRunOptions options = {};

    options.level           = level;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("t.yaml", text.data(), text.size(), &error);

    if (scenario == NULL) {
        ADD_FAILURE() << error->message << "\n" << text;
        return "";
    }
    g_autoptr(GmqWorld) world = gmq_world_new_with(scenario, scenario->seed, &options);
    g_autoptr(GmqStory) story = gmq_story_new(true);
    const GmqTrace *trace     = gmq_world_trace(world);
    while (gmq_world_step(world))
        continue;
    gmq_story_open(story, scenario, out);
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++)
        gmq_story_add(story, gmq_trace_event(trace, n), out);
    for (size_t i = 0; i < gmq_trace_wire_length(trace); i++)
        gmq_story_add_wire(story, gmq_trace_wire(trace, i), out);
    gmq_story_close(story, out);
    gmq_report_add(world, scenario, true, out);
    return out->str;
}

class Key : public testing::TestWithParam<std::string> {};

} // namespace

TEST_P(Key, ChangesWhatIsTold)
{
    std::string text = read_text(key_path(GetParam()));

    EXPECT_NE(text, with_key(text));
    GmqEventLevel level = level_of(GetParam());
    EXPECT_NE(told(text, level), told(with_key(text), level));
}

/* There is one version of the format, so nothing else can stand there. */
static bool
has_one_value(const GmqKey &key)
{
    return key.owner == GMQ_IN_SCENARIO && strcmp(key.key, "glassmq") == 0;
}

TEST(Keys, HaveAFileEach)
{
    std::vector<std::string> files = key_files();
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        if (keys[i].type == GMQ_KEY_LATER || has_one_value(keys[i]))
            continue;
        EXPECT_EQ(1, std::count(files.begin(), files.end(), file_of(keys[i])))
            << "tests/sim/keys/" << file_of(keys[i]) << " is missing";
    }
}

TEST_P(Key, IsOneThatExists)
{
    std::set<std::string> known;
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++)
        known.insert(file_of(keys[i]));
    EXPECT_EQ(1u, known.count(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(EachFile, Key, testing::ValuesIn(key_files()), [](const auto &each) {
    std::string name = each.param.substr(0, each.param.rfind('.'));
    for (char &c : name)
        c = g_ascii_isalnum(c) ? c : '_';
    return name;
});
