#include <gtest/gtest.h>

#include <bitset>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/viz/drawn.h"

namespace {

using Clock = std::map<std::string, unsigned>;

struct Entry {
    std::string host;
    Clock clock;
    uint64_t event = 0;
};

std::vector<Entry>
read_shiviz(const std::string &text)
{
    std::stringstream lines(text);
    std::string pattern, empty, line;
    std::vector<Entry> entries;

    std::getline(lines, pattern);
    std::getline(lines, empty);
    EXPECT_EQ("", empty);
    /* std::regex has no names for groups. */
    pattern = std::regex_replace(pattern, std::regex("\\?<[a-z]+>"), "");
    std::regex parts(pattern), ticks("\"([^\"]+)\":([0-9]+)");
    while (std::getline(lines, line)) {
        std::smatch match;
        EXPECT_TRUE(std::regex_match(line, match, parts)) << line;
        if (match.size() != 4)
            continue;
        Entry entry;
        std::string clock = match[2], event = match[3];
        entry.host  = match[1];
        entry.event = std::stoull(event.substr(1));
        for (std::sregex_iterator at(clock.begin(), clock.end(), ticks), end; at != end; ++at)
            entry.clock[(*at)[1]] = (unsigned)std::stoul((*at)[2]);
        entries.push_back(entry);
    }
    return entries;
}

/* Lines of a run, one bit each. */
using Lines = std::bitset<2048>;

bool
is_before(const Clock &one, const Clock &other)
{
    for (const auto &tick : one) {
        auto found = other.find(tick.first);
        if (found == other.end() || found->second < tick.second)
            return false;
    }
    return one != other;
}

/* Whether the tick of that other line is in the clock; where clocks are whole, it was before. */
bool
knows(const Entry &entry, const Entry &other)
{
    auto found = entry.clock.find(other.host);

    return found != entry.clock.end() && found->second >= other.clock.at(other.host);
}

/* Each host counts its own lines, one by one. */
void
expect_own_ticks(const std::vector<Entry> &entries)
{
    std::map<std::string, unsigned> counts;

    for (const Entry &entry : entries) {
        auto own = entry.clock.find(entry.host);
        ASSERT_NE(entry.clock.end(), own) << entry.event;
        ASSERT_EQ(++counts[entry.host], own->second) << entry.event;
    }
}

/* A clock knows nothing that it cannot know: each tick in it is that of a line that is before it
 * or itself, and all that this line knew is known as well. */
void
expect_whole(const std::vector<Entry> &entries)
{
    std::map<std::pair<std::string, unsigned>, const Entry *> lines;

    for (const Entry &entry : entries) {
        lines[{entry.host, entry.clock.at(entry.host)}] = &entry;
        for (const auto &tick : entry.clock) {
            auto found = lines.find({tick.first, tick.second});
            ASSERT_NE(lines.end(), found) << entry.event << " knows what has not been";
            ASSERT_TRUE(found->second == &entry || is_before(found->second->clock, entry.clock));
        }
    }
}

/* What each line must know of the others, found without clocks: all that its causes, their causes,
 * and the lines of the same host before it lead to. */
void
expect_all_that_causes_tell(const GmqTrace *trace, const std::vector<Entry> &entries)
{
    std::map<uint64_t, size_t> line_of;
    std::map<std::string, size_t> last_of;
    std::vector<Lines> before(entries.size());

    ASSERT_GE(Lines().size(), entries.size());
    for (size_t i = 0; i < entries.size(); i++) {
        line_of[entries[i].event] = i;
        auto reach                = [&](size_t k) { before[i] |= before[k] | Lines().set(k); };
        for (uint64_t n = entries[i].event; n > 0; n = gmq_trace_event(trace, n)->cause) {
            auto found = line_of.find(n);
            if (found != line_of.end() && found->second != i)
                reach(found->second);
        }
        if (last_of.count(entries[i].host) > 0)
            reach(last_of[entries[i].host]);
        last_of[entries[i].host] = i;
        for (size_t k = 0; k < i; k++)
            ASSERT_TRUE(!before[i][k] || knows(entries[i], entries[k]))
                << entries[k].event << " is before " << entries[i].event;
    }
}

/* Nobody's event is before another one that did not follow from it: a path of causes and of steps
 * of one host leads there, through events that may not be shown. Who a step is of is told by its
 * kind's name alone: "client." and "fault." are of who they name, the rest is of the broker. */
std::string
host_of(const GmqTraceEvent *event, const std::set<std::string> &hosts)
{
    std::string kind = gmq_event_info(event->kind)->kind;
    bool is_of_who   = kind.rfind("client.", 0) == 0 || kind.rfind("fault.", 0) == 0 ||
                     kind.rfind("net.", 0) == 0 || hosts.count(event->who) == 0;

    return is_of_who && hosts.count(event->who) > 0 ? event->who : "broker";
}

void
expect_nothing_but(const GmqChart *chart, const GmqTrace *trace, const std::vector<Entry> &entries)
{
    std::map<uint64_t, uint64_t> sent;
    std::set<std::string> hosts;
    std::map<std::string, uint64_t> last_of;
    std::map<uint64_t, size_t> line_of;
    std::vector<Lines> before(gmq_trace_length(trace) + 1);

    for (size_t i = 0; i < entries.size(); i++) {
        hosts.insert(entries[i].host);
        line_of[entries[i].event] = i;
    }
    for (unsigned i = 0; i < chart->ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(chart->ladder, i);
        if (rung->kind == GMQ_RUNG_ARROW && rung->end == GMQ_ARROW_ARRIVED)
            sent[rung->last_event] = rung->event < rung->last_event ? rung->event : 0;
    }
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        uint64_t &last             = last_of[host_of(event, hosts)];
        for (uint64_t k : {event->cause, last, sent[n]}) {
            before[n] |= before[k];
            if (line_of.count(k) > 0)
                before[n].set(line_of[k]);
        }
        last = n;
    }
    for (const Entry &entry : entries) {
        for (size_t k = 0; k < entries.size() && entries[k].event < entry.event; k++)
            EXPECT_TRUE(!knows(entry, entries[k]) || before[entry.event][k])
                << entries[k].event << " is not before " << entry.event;
    }
}

/* What arrives was sent before. */
void
expect_arrows(const GmqChart *chart, const std::vector<Entry> &entries)
{
    std::map<uint64_t, const Entry *> line_of;

    for (const Entry &entry : entries)
        line_of[entry.event] = &entry;
    for (unsigned i = 0; i < chart->ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(chart->ladder, i);
        if (rung->kind != GMQ_RUNG_ARROW || rung->end != GMQ_ARROW_ARRIVED ||
            rung->event == rung->last_event)
            continue;
        ASSERT_EQ(1u, line_of.count(rung->event));
        ASSERT_EQ(1u, line_of.count(rung->last_event));
        EXPECT_TRUE(is_before(line_of[rung->event]->clock, line_of[rung->last_event]->clock))
            << rung->event << " to " << rung->last_event;
    }
}

class Clocks : public testing::TestWithParam<std::string> {};

TEST_P(Clocks, SayWhatHappenedBefore)
{
    g_autoptr(GmqTrace) trace = run_shipped(GetParam());
    Drawn drawn(trace);
    std::vector<Entry> entries = read_shiviz(drawn.text(gmq_chart_shiviz));

    ASSERT_LT(0u, entries.size());
    expect_own_ticks(entries);
    expect_whole(entries);
    expect_all_that_causes_tell(trace, entries);
    expect_nothing_but(drawn.chart(), trace, entries);
    expect_arrows(drawn.chart(), entries);
}

TEST_P(Clocks, SayTheSameOfAPart)
{
    g_autoptr(GmqTrace) trace   = run_shipped(GetParam());
    g_autoptr(GmqFilter) filter = gmq_filter_new("kind:deliver,publish", nullptr, nullptr);
    ASSERT_NE(nullptr, filter);
    Drawn drawn(trace, {0, UINT64_MAX, nullptr, filter});
    std::vector<Entry> entries = read_shiviz(drawn.text(gmq_chart_shiviz));

    expect_own_ticks(entries);
    expect_whole(entries);
    expect_all_that_causes_tell(trace, entries);
}

INSTANTIATE_TEST_SUITE_P(Chart, Clocks, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &scenario) {
                             return test_name(scenario.param);
                         });

TEST(Chart, WickedHostsHaveClocksToo)
{
    Made made;
    tell_wicked(made);
    std::vector<Entry> entries = read_shiviz(Drawn(made.trace()).text(gmq_chart_shiviz));
    std::set<std::string> hosts;

    for (const Entry &entry : entries)
        hosts.insert(entry.host);
    EXPECT_EQ(wicked_names().size() + 1, hosts.size());
    expect_own_ticks(entries);
    expect_whole(entries);
}

} // namespace
