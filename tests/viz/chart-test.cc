#include "viz/chart.h"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/viz/drawn.h"
#include "tests/viz/golden.h"

namespace {

class Shipped : public testing::TestWithParam<const char *> {};

TEST_P(Shipped, IsDrawnAsItWas)
{
    std::string name          = GetParam();
    g_autoptr(GmqTrace) trace = run_shipped(name + ".yaml");
    Drawn drawn(trace);

    expect_golden(name + "-chart.svg", drawn.svg());
    expect_golden(name + "-chart.mmd", drawn.text(gmq_chart_mermaid));
    expect_golden(name + "-chart.puml", drawn.text(gmq_chart_plantuml));
    expect_golden(name + "-chart.shiviz", drawn.text(gmq_chart_shiviz));
}

INSTANTIATE_TEST_SUITE_P(Chart, Shipped,
                         testing::Values("01-hello-queue", "15-lost-ack", "18-retry-backoff"));

TEST(Chart, BySteps)
{
    g_autoptr(GmqTrace) trace = run_shipped("15-lost-ack.yaml");

    expect_golden("15-lost-ack-steps.svg", Drawn(trace).svg(true));
}

/* README.md shows this one. */
TEST(Chart, OfAMessageWhoseWorkerDies)
{
    g_autoptr(GmqTrace) trace = run_shipped("06-worker-dies.yaml");

    expect_golden("06-worker-dies-message.svg",
                  Drawn(trace, {0, UINT64_MAX, "p1-5", nullptr}).svg());
}

/* ---- what belongs into it ---- */

TEST(Chart, HasAnArrowThatWasSentBeforeItsBeginning)
{
    Made made;
    made.client("p1", "producer");
    made.start("p1");
    made.send("p1", "", "tasks", "p1-1");
    uint64_t sent = made.length();
    made.arrive("p1", "", "tasks", "p1-1");
    Drawn drawn(made.trace(), {sent + 1, UINT64_MAX, nullptr, nullptr});

    ASSERT_EQ(1u, drawn.chart()->ladder->rungs->len);
    EXPECT_EQ(sent, gmq_ladder_rung(drawn.chart()->ladder, 0)->event);
    Drawn later(made.trace(), {sent + 2, UINT64_MAX, nullptr, nullptr});
    EXPECT_EQ(0u, later.chart()->ladder->rungs->len);
}

TEST(Chart, HasOnlyWhatTheFilterWantsAndWhoTakesPart)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqFilter) filter = gmq_filter_new("kind:deliver to:w2", nullptr, nullptr);
    ASSERT_NE(nullptr, filter);
    Drawn drawn(made.trace(), {0, UINT64_MAX, nullptr, filter});
    std::string text = drawn.text(gmq_chart_mermaid);

    EXPECT_EQ(2u, drawn.chart()->n_arrows);
    EXPECT_EQ(0u, drawn.chart()->n_notes);
    EXPECT_FALSE(has(text, "as p1"));
    EXPECT_FALSE(has(text, "as w1"));
    EXPECT_TRUE(has(text, "as w2"));
}

TEST(Chart, OfOneMessage)
{
    Made made;
    tell_work_queue(made);
    Drawn drawn(made.trace(), {0, UINT64_MAX, "p1-5", nullptr});
    std::string text = drawn.text(gmq_chart_mermaid);

    EXPECT_TRUE(has(text, "    c0->>c1: publish 5\n"));
    EXPECT_TRUE(has(text, "    Note over c2: works 160 ms\n"));
    EXPECT_FALSE(has(text, "publish 4"));
    EXPECT_TRUE(has(drawn.svg(), ">works 160 ms<"));
}

TEST(Chart, CountsArrowsUpToTheMostAndBeyond)
{
    for (unsigned n : {199u, 200u, 201u}) {
        Made made;
        made.client("p1", "producer");
        for (unsigned i = 0; i < n; i++)
            made.arrive("p1", "", "q", "p1-" + std::to_string(i + 1));
        EXPECT_EQ(n, Drawn(made.trace()).chart()->n_arrows);
    }
}

TEST(Chart, OfNothingIsEmptyAndWhole)
{
    Made made;
    Drawn drawn(made.trace());

    EXPECT_EQ(0u, drawn.chart()->n_arrows + drawn.chart()->n_notes);
    EXPECT_TRUE(has(drawn.svg(), "in which nothing happens"));
    EXPECT_TRUE(has(drawn.text(gmq_chart_mermaid), "participant c0 as broker\n"));
    EXPECT_TRUE(has(drawn.text(gmq_chart_plantuml), "@enduml\n"));
    EXPECT_TRUE(has(drawn.text(gmq_chart_shiviz), "(?<host>"));
}

/* ---- kinds of arrows ---- */

TEST(Chart, TellsKindsOfArrowsApart)
{
    Made made;
    made.client("p1", "producer");
    made.client("w1", "consumer");
    made.start("p1");
    made.start("w1");
    made.send("p1", "", "tasks", "p1-1");
    made.arrive("p1", "", "tasks", "p1-1", 1);
    made.deliver("tasks", "w1", "p1-1", 1);
    made.receive("w1", "tasks", "p1-1", 1);
    made.finish("w1", "tasks", "p1-1", 1);
    made.deliver("tasks", "w1", "p1-1", 2, true);
    made.receive("w1", "tasks", "p1-1", 2, true);
    made.deliver("tasks", "w1", "p1-2", 3);
    made.note(GMQ_EVENT_CONNECTION_CLOSED, "w1", "", "", "", "reset");
    made.note(GMQ_EVENT_DEAD_LETTERED, "tasks", "dlx", "p1-1", "", "rejected");
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    made.send("p1", "", "tasks", "p1-3");
    Drawn drawn(made.trace());
    std::string mermaid  = drawn.text(gmq_chart_mermaid);
    std::string plantuml = drawn.text(gmq_chart_plantuml);
    std::string svg      = drawn.svg();

    const std::vector<std::vector<std::string>> lines = {
        {"c0->>c1: publish 1\n", "c0 -> c1 : publish 1\n"},
        {"c1-)c2: deliver 1\n", "c1 ->> c2 : deliver 1\n"},
        {"c1-)c2: deliver 1 again\n", "c1 ->> c2 : deliver 1 again\n"},
        {"c1-xc2: deliver 2\n", "c1 ->x c2 : deliver 2\n"},
        {"c2--xc1: ack 1\n", "c2 -->x c1 : ack 1\n"},
        {"c1-->>c1: dead-letter 1\n", "c1 --> c1 : dead-letter 1\n"},
        {"Note over c2: CRASHED\n", "note over c2 #FFD9D6 : CRASHED\n"},
        {"c0-)c1: publish 3 (on its way)\n", "c0 ->o c1 : publish 3 (on its way)\n"},
    };
    for (const auto &line : lines) {
        EXPECT_TRUE(has(mermaid, "    " + line[0])) << line[0] << mermaid;
        EXPECT_TRUE(has(plantuml, "\n" + line[1])) << line[1] << plantuml;
    }
    EXPECT_TRUE(has(svg, "broker to w1: deliver 2, lost</title>"));
    EXPECT_TRUE(has(svg, "<title>A run made by hand (made, seed 7)</title>"));
    EXPECT_TRUE(has(svg, "2 of them lost.</desc>"));
}

/* ---- names ---- */

size_t
count_lines(const std::string &text)
{
    size_t n = 0;

    for (char c : text)
        n += c == '\n';
    return n;
}

/* A run with the same steps, whose names mean nothing. */
void
tell_plain(Made &made)
{
    for (size_t i = 0; i < wicked_names().size(); i++)
        made.client("c" + std::to_string(i), "producer");
    for (size_t i = 0; i < wicked_names().size(); i++) {
        std::string name = "c" + std::to_string(i);
        made.start(name);
        made.queue(name);
        made.send(name, "", name, name + "-1");
        made.arrive(name, "", name, name + "-1", 1);
        made.enqueue("", name, name, name + "-1", 1);
        made.note(GMQ_EVENT_CAPTION, "view", "", "", "", name);
    }
}

TEST(ChartNames, AddNoLinesAndNoMarks)
{
    Made wicked, plain;
    tell_wicked(wicked);
    tell_plain(plain);
    Drawn one(wicked.trace());
    Drawn other(plain.trace());

    for (auto draw : {gmq_chart_mermaid, gmq_chart_plantuml, gmq_chart_shiviz}) {
        std::string text = one.text(draw);
        EXPECT_EQ(count_lines(other.text(draw)), count_lines(text));
        EXPECT_TRUE(g_utf8_validate(text.c_str(), -1, nullptr));
        EXPECT_FALSE(has(text, "\r"));
        EXPECT_FALSE(has(text, "\xE2\x80\xAE"));
    }
    expect_golden("wicked-chart.mmd", one.text(gmq_chart_mermaid));
    expect_golden("wicked-chart.puml", one.text(gmq_chart_plantuml));
}

/* What stands behind the arrow or the note of each line, by the rules of both languages, holds
 * none of the marks that mean something to them. */
TEST(ChartNames, AreQuoted)
{
    Made made;
    tell_wicked(made);
    Drawn drawn(made.trace());
    std::string mermaid = drawn.text(gmq_chart_mermaid);
    std::regex entity("#[0-9]+;"), line_end("<br/>");
    std::stringstream lines(mermaid);
    std::string line;

    std::getline(lines, line);
    while (std::getline(lines, line)) {
        size_t colon     = line.find(": ");
        std::string text = colon == std::string::npos ? line : line.substr(colon + 2);
        text             = std::regex_replace(text, entity, "");
        text             = std::regex_replace(text, line_end, "");
        for (const char *mark : {"#", ";", ":", "<", ">", "%%", "\"", "`", "{", "$"})
            EXPECT_FALSE(has(text, mark)) << line;
    }
    std::string plantuml =
        std::regex_replace(drawn.text(gmq_chart_plantuml), std::regex("<U[+][0-9A-F]{4}>"), "");
    for (const char *mark :
         {"**", "//", "__", "<U", "<b", "$", ";", "&", "'", "[[", "%date", "$var", "\"\"", "~"})
        EXPECT_FALSE(has(plantuml, mark)) << mark;
    EXPECT_FALSE(has(drawn.svg(), "<b>"));
    EXPECT_TRUE(has(drawn.svg(), "&lt;b&gt;&amp;amp;&lt;/b&gt;"));
}

} // namespace
