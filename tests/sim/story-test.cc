#include "sim/story.h"

#include "sim/report.h"
#include "tests/sim/played.h"

namespace {

/* The story of a run, without what comes before the first event. */
std::string
story_of(const Played &played, bool is_ascii = true)
{
    g_autoptr(GmqStory) story = gmq_story_new(is_ascii);
    g_autoptr(GString) out    = g_string_new(NULL);

    for (uint64_t n = 1; n <= gmq_trace_length(played.trace()); n++)
        gmq_story_add(story, gmq_trace_event(played.trace(), n), out);
    gmq_story_close(story, out);
    return out->str;
}

std::string
report_of(const Played &played, bool is_ascii = true)
{
    g_autoptr(GString) out = g_string_new(NULL);

    gmq_report_add(played.world, played.scenario, is_ascii, out);
    return out->str;
}

std::string
wrapped(const char *text, unsigned width)
{
    g_autoptr(GString) out = g_string_new(NULL);

    gmq_story_wrap(out, text, width, "> ");
    return out->str;
}

/* A little of everything. */
const char *const eventful =
    "topology:\n"
    "  exchanges: {x: {type: fanout}}\n"
    "  queues: {a: {}, b: {}}\n"
    "  bindings: [{from: x, to: a}, {from: x, to: b}]\n"
    "clients:\n"
    "  p:\n"
    "    role: producer\n"
    "    confirms: {}\n"
    "    publish: {to: x, key: k, body: \"say \\\"hi\\\"\", mandatory: yes, count: 3,\n"
    "              messages: [{n: 2, to: default, key: nowhere, body: \"\"}, {n: 3, body: "
    "\"gr\xc3\xb6\xc3\x9f"
    "er\", key: \"\"}]}\n"
    "  c: {role: consumer, from: b, work: 50ms}\n"
    "timeline:\n"
    "  - {when: {message: p-1@b, is: delivered}, wait: 20ms, crash: c}\n"
    "  - {after: 10ms, start: c, say: c is back.}\n"
    "  - {at: 2s, cut: all, only: to broker, for: 1s}\n"
    "  - {at: 4s, crash: broker, for: 1s}\n"
    "links: {default: {latency: 5ms}}\n"
    "expect: {confirmed: 3, returned: 0, lost: 0, processed: 4, queues: {a: {ready: 2}}}\n";

} // namespace

TEST(Story, IsToldInWholeSentences)
{
    EXPECT_EQ("   0.032s  p is connected.\n"
              "   0.032s  c is connected.\n"
              "   0.047s  p sends \"say \"hi\"\" to exchange x with key k (p-1).\n"
              "   0.052s  Exchange x puts p-1 into a and b.\n"
              "   0.052s  p-1@a waits in queue a, which has 1 now.\n"
              "   0.052s  p-1@b waits in queue b, which has 1 now.\n"
              "   0.052s  c listens to queue b.\n"
              "   0.057s  p gets the confirm for p-1.\n"
              "   0.057s  c gets p-1@b from queue b.\n"
              "   0.057s  p sends a message to queue nowhere (p-2).\n"
              "   0.062s  There is no queue nowhere for p-2.\n"
              "   0.067s  p gets p-2 back: NO_ROUTE.\n"
              "   0.067s  p gets the confirm for p-2.\n"
              "   0.067s  p sends \"gr\xc3\xb6\xc3\x9f"
              "er\" to exchange x (p-3).\n"
              "   0.072s  c crashes.\n"
              "   0.072s  Exchange x puts p-3 into a and b.\n"
              "   0.072s  p-3@a waits in queue a, which has 2 now.\n"
              "   0.077s  The broker sees that c is gone.\n"
              "   0.077s  p-1@b goes back to the head of queue b, marked redelivered.\n"
              "   0.077s  p-3@b goes back to its old place in queue b, marked redelivered.\n"
              "   0.077s  p gets the confirm for p-3.\n"
              "   0.082s  c starts again.\n"
              "\n"
              "         | c is back.\n"
              "\n"
              "   0.115s  c is connected.\n"
              "   0.135s  c listens to queue b.\n"
              "   0.140s  c gets p-1@b from queue b, marked redelivered.\n"
              "   0.140s  c gets p-3@b from queue b, marked redelivered.\n"
              "   0.190s  c is done with p-1@b and acks it.\n"
              "   0.240s  c is done with p-3@b and acks it.\n"
              "   2.000s  The line of every client is cut, to the broker.\n"
              "   3.000s  The line of every client is whole again.\n"
              "   4.000s  The broker crashes. What it had in memory is gone.\n"
              "   4.005s  The connection of p ends: connection lost.\n"
              "   4.005s  The connection of c ends: connection lost.\n"
              "   5.000s  The broker starts again.\n"
              "   5.000s  The broker is there again, with 0 messages.\n",
              story_of(Played(eventful)));
}

TEST(Story, DrawsTheBarAsTheTerminalCan)
{
    Played played("timeline: [{at: 1s, say: Hello.}]\n");

    EXPECT_EQ("         | Hello.\n\n", story_of(played));
    EXPECT_EQ("         \xe2\x94\x82 Hello.\n\n", story_of(played, false));
}

TEST(Story, AQuestionIsSetApart)
{
    Played played("timeline: [{at: 1s, ask: {question: Who?, choices: [a, b], answer: a}}]\n");

    EXPECT_EQ("         | Question: Who?\n\n", story_of(played));
}

TEST(Story, TellsTheChoicesOfAQuestionAndItsAnswerAtTheEnd)
{
    Played played("timeline:\n"
                  "  - at: 0s\n"
                  "    ask: {question: Who?, choices: [a, b, c], answer: b, because: It is.}\n"
                  "  - {at: 1s, ask: {question: When?, choices: [now, never], answer: now}}\n");
    g_autoptr(GmqStory) story = gmq_story_new(true);
    g_autoptr(GString) out    = g_string_new(NULL);

    gmq_story_open(story, played.scenario, out);
    for (uint64_t n = 1; n <= gmq_trace_length(played.trace()); n++)
        gmq_story_add(story, gmq_trace_event(played.trace(), n), out);
    gmq_story_close(story, out);
    EXPECT_STREQ("T\n"
                 "\n"
                 "         | Question: Who? (a, b or c)\n"
                 "\n"
                 "         | Question: When? (now or never)\n"
                 "\n"
                 "         | Who? b. It is.\n"
                 "\n"
                 "         | When? now.\n",
                 out->str);
}

TEST(Story, BeginsWithWhatIsBound)
{
    Played played(
        "about: Some text.\n"
        "topology:\n"
        "  queues: {q: {}}\n"
        "  bindings: [{from: amq.topic, to: q, key: \"a.*\"}, {from: amq.fanout, to: q}]\n");
    g_autoptr(GmqStory) story = gmq_story_new(true);
    g_autoptr(GString) out    = g_string_new(NULL);

    gmq_story_open(story, played.scenario, out);
    EXPECT_STREQ("T\n"
                 "Some text.\n"
                 "\n"
                 "  amq.topic -> q  (key a.*)\n"
                 "  amq.fanout -> q\n"
                 "\n",
                 out->str);
}

TEST(Story, LinesAreBrokenBetweenWords)
{
    EXPECT_EQ("> one two\n> three\n", wrapped("one two three", 8));
    EXPECT_EQ("> one\n> overlongword\n> x\n", wrapped("one overlongword x", 8));
    EXPECT_EQ("> a b\n", wrapped("  a \n b ", 8));
    EXPECT_EQ("> \xc3\xa4\xc3\xb6 \xc3\xbc\n", wrapped("\xc3\xa4\xc3\xb6 \xc3\xbc", 4))
        << "characters count, not bytes";
    EXPECT_EQ("", wrapped("", 8));
}

TEST(Report, ShowsNumbersExpectationsAndTheVerdict)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, count: 3}, confirms: {}}\n"
                  "  c: {role: consumer, from: q, prefetch: 1, work: 6s}\n"
                  "timeline: [{when: {queue: q, has: a requeue}, say: Never.}]\n"
                  "expect: {confirmed: 3, lost: 1..2, returned: 1, processed: 3}\n");
    g_autofree char *last =
        g_strdup_printf("Verdict: undecided  (seed 1, %zu events, story %016" G_GINT64_MODIFIER
                        "x, clients' story ",
                        gmq_trace_length(played.trace()), played.story());
    std::string report = report_of(played);

    EXPECT_EQ(
        "attempted  confirmed  returned  delivered  redelivered  processed   twice    lost\n"
        "        3          3         0          2            0          1       0       0\n"
        "\n"
        "queue  ready  unacked  acked  redelivered  most ready\n"
        "q          1        1      1            0           2\n"
        "\n"
        "known to be      sum     once    twice   queued     dead     lost  nowhere  "
        "returned\n"
        "confirmed         3        1        0        2        0        0        0         0\n"
        "\n"
        "ok confirmed: 3\n"
        "?  lost: 1..2, and 0 when the run ended\n"
        "?  returned: 1, and 0 when the run ended\n"
        "?  processed: 3, and 1 when the run ended\n"
        "\n"
        "Warning: the timeline entry in line 8 of t.yaml never happened.\n"
        "\n" +
            std::string(last),
        report.substr(0, report.rfind(' ') + 1));
}

TEST(Report, SaysWhatWasFoundInstead)
{
    Played played("expect: {confirmed: 1}\n");

    EXPECT_NE(std::string::npos, report_of(played).find("NO confirmed: 1, but found 0\n"));
    EXPECT_NE(std::string::npos,
              report_of(played, false).find("\xe2\x9c\x97 confirmed: 1, but found 0\n"));
}

/* The consumer asks for two messages at once; then the scenario says that it may have one. */
TEST(Report, ABrokenCheckComesWithTheCommandThatShowsIt)
{
    std::string text = run_start;

    text += "topology: {queues: {q: {}}}\n"
            "clients:\n"
            "  c: {role: consumer, from: q, prefetch: 2}\n"
            "  p: {role: producer, start: 1s, publish: {to: default, key: q, count: 2}}\n";
    g_autoptr(GmqScenario) scenario = gmq_scenario_parse("t.yaml", text.data(), text.size(), NULL);
    g_autoptr(GmqWorld) world       = gmq_world_new(scenario, 7);
    g_autoptr(GString) out          = g_string_new(NULL);

    while (gmq_trace_length(gmq_world_trace(world)) < 15 && gmq_world_step(world)) {
    }
    static_cast<GmqClientSpec *>(scenario->clients->pdata[0])->prefetch = 1;
    while (gmq_world_step(world)) {
    }
    gmq_report_add(world, scenario, true, out);
    EXPECT_EQ(GMQ_VERDICT_BROKEN, gmq_world_verdict(world));
    EXPECT_NE(nullptr, strstr(out->str, "S8 broken: c has 2 unacked messages at event 28, and its "
                                        "prefetch is 1.\n"
                                        "  See it: glassmq view t.yaml --seed 7 --at 28\n"))
        << out->str;
}
