#include <glib/gstdio.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/trace.h"

namespace {

const GmqTraceInfo info = [] {
    GmqTraceInfo made = {};
    made.scenario     = const_cast<char *>("hello");
    made.title        = const_cast<char *>("A \"title\"");
    made.text         = const_cast<char *>("glassmq: 1\n\ttitle: x\n");
    made.seed         = 7;
    made.ties         = GMQ_TIES_RANDOM;
    made.stop_ns      = INT64_C(2000000000);
    return made;
}();

GmqEvent
deliver(const char *queue, const char *consumer, uint64_t tag)
{
    GmqEvent event    = {};
    event.kind        = GMQ_EVENT_DELIVERED;
    event.time_ns     = INT64_C(1330000000);
    event.who         = gmq_slice_of(queue);
    event.to          = gmq_slice_of(consumer);
    event.channel     = 1;
    event.tag         = tag;
    event.text        = gmq_slice_of("ctag");
    event.redelivered = true;
    return event;
}

GmqTrace *
example()
{
    GmqTrace *trace  = gmq_trace_new(&info);
    GmqEvent caption = {};

    caption.kind = GMQ_EVENT_CAPTION;
    caption.text = gmq_slice_of("Grüße: \"a\" \\ b\n\x01");
    gmq_trace_add(trace, &caption, NULL);
    for (uint64_t tag = 1; tag <= 3000; tag++) {
        GmqEvent event = deliver("tasks", "w1", tag);
        event.cause    = 1;
        gmq_trace_add(trace, &event, "p1-5@tasks");
    }
    gmq_trace_finish(trace, "held");
    return trace;
}

/* A file in a folder of its own that goes with it. */
struct TempFile {
    std::string folder;
    std::string path;

    TempFile()
    {
        char name[] = "/tmp/gmq-trace-XXXXXX";
        folder      = g_mkdtemp(name);
        path        = folder + "/run.jsonl";
    }
    ~TempFile()
    {
        g_unlink(path.c_str());
        g_rmdir(folder.c_str());
    }
};

std::string
text_of(const GmqTrace *trace)
{
    TempFile file;
    g_autofree char *text = NULL;

    EXPECT_TRUE(gmq_trace_save(trace, file.path.c_str(), NULL));
    EXPECT_TRUE(g_file_get_contents(file.path.c_str(), &text, NULL, NULL));
    return text;
}

/* The message of the error that loading such a text gives; "" when it loads. */
std::string
error_of(const std::string &text)
{
    TempFile file;
    g_autoptr(GError) error = NULL;

    g_file_set_contents(file.path.c_str(), text.data(), static_cast<gssize>(text.size()), NULL);
    g_autoptr(GmqTrace) trace = gmq_trace_load(file.path.c_str(), &error);
    return trace == NULL ? error->message : "";
}

std::string
changed(const std::string &text, const std::string &from, const std::string &to)
{
    std::string copy = text;
    size_t at        = copy.find(from);

    EXPECT_NE(std::string::npos, at) << from;
    return copy.replace(at, from.size(), to);
}

} // namespace

TEST(Trace, WritesKeysInOneOrder)
{
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);
    g_autoptr(GString) line   = g_string_new(NULL);
    GmqEvent event            = deliver("tasks", "w1", 3);

    gmq_trace_add(trace, &event, "p1-5");
    gmq_trace_event_to_json(gmq_trace_event(trace, 1), line);
    EXPECT_STREQ("{\"n\":1,\"t\":1330000000,\"k\":\"deliver\",\"who\":\"tasks\",\"to\":\"w1\","
                 "\"m\":\"p1-5\",\"ch\":1,\"tag\":3,\"consumer_tag\":\"ctag\",\"redelivered\":1,"
                 "\"c\":0}\n",
                 line->str);
}

TEST(Trace, LeavesOutWhatAKindDoesNotCarry)
{
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);
    GmqEvent event            = deliver("tasks", "w1", 3);

    event.kind = GMQ_EVENT_FAULT_CRASH;
    gmq_trace_add(trace, &event, "p1-5");
    EXPECT_STREQ("tasks", gmq_trace_event(trace, 1)->who);
    EXPECT_STREQ("", gmq_trace_event(trace, 1)->to);
    EXPECT_STREQ("", gmq_trace_event(trace, 1)->message);
    EXPECT_EQ(0u, gmq_trace_event(trace, 1)->tag);
}

TEST(Trace, EventsStayWhereTheyAreWhileMoreCome)
{
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);
    GmqEvent event            = deliver("tasks", "w1", 3);

    gmq_trace_add(trace, &event, "p1-1");
    const GmqTraceEvent *first = gmq_trace_event(trace, 1);
    for (int i = 0; i < 5000; i++)
        gmq_trace_add(trace, &event, "p1-2");
    EXPECT_EQ(first, gmq_trace_event(trace, 1));
    EXPECT_STREQ("p1-1", first->message);
}

TEST(Trace, ComesBackEqualFromAFile)
{
    g_autoptr(GmqTrace) trace = example();
    TempFile file;
    g_autoptr(GError) error = NULL;

    ASSERT_TRUE(gmq_trace_save(trace, file.path.c_str(), &error));
    g_autoptr(GmqTrace) again = gmq_trace_load(file.path.c_str(), &error);
    ASSERT_NE(nullptr, again) << error->message;

    EXPECT_STREQ(info.text, gmq_trace_info(again)->text);
    EXPECT_STREQ("held", gmq_trace_info(again)->verdict);
    EXPECT_EQ(gmq_trace_info(trace)->fingerprint, gmq_trace_info(again)->fingerprint);
    EXPECT_EQ(gmq_trace_info(trace)->story, gmq_trace_info(again)->story);
    ASSERT_EQ(gmq_trace_length(trace), gmq_trace_length(again));
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++)
        EXPECT_TRUE(gmq_trace_event_equal(gmq_trace_event(trace, n), gmq_trace_event(again, n)));
    EXPECT_EQ(text_of(trace), text_of(again));
}

TEST(Trace, LargeNumbersComeBack)
{
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);
    GmqEvent event            = deliver("tasks", "w1", UINT64_MAX);

    gmq_trace_add(trace, &event, "p1-1");
    gmq_trace_finish(trace, "broken");
    EXPECT_EQ("", error_of(text_of(trace)));
}

TEST(Trace, TextsThatAreNotUtf8AreMended)
{
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);
    GmqEvent event            = deliver("a\xff", "w1", 1);

    event.to = {reinterpret_cast<const uint8_t *>("x\0y"), 3};
    gmq_trace_add(trace, &event, NULL);
    gmq_trace_finish(trace, "held");
    EXPECT_STREQ("a\xef\xbf\xbd", gmq_trace_event(trace, 1)->who);
    EXPECT_STREQ("x\xef\xbf\xbdy", gmq_trace_event(trace, 1)->to);
    EXPECT_EQ("", error_of(text_of(trace)));
}

TEST(Trace, RefusesALineThatIsMissing)
{
    g_autoptr(GmqTrace) trace = example();
    std::string text          = text_of(trace);

    EXPECT_NE("", error_of(""));
    EXPECT_NE("", error_of(text.substr(0, text.find('\n') + 1)));
    EXPECT_NE(std::string::npos, error_of(text.substr(0, text.size() - 1)).find("ends before"));
}

TEST(Trace, RefusesEveryOtherSpelling)
{
    g_autoptr(GmqTrace) trace = example();
    std::string text          = text_of(trace);
    const char *line          = "line 3: this line was not written by glassmq";

    EXPECT_EQ("", error_of(text));
    EXPECT_NE(std::string::npos, error_of(changed(text, "\"n\":2,", "\"n\": 2,")).find(line));
    EXPECT_NE(std::string::npos, error_of(changed(text, "\"n\":2,", "\"n\":3,")).find(line));
    EXPECT_NE(std::string::npos,
              error_of(changed(text, "\"tag\":1,\"con", "\"tag\":01,\"con")).find(line));
    EXPECT_NE("", error_of(changed(text, "\"seed\":7", "\"seed\":8.0")));
    EXPECT_NE("", error_of(changed(text, "\"k\":\"deliver\"", "\"k\":\"fly\"")));
    EXPECT_NE("", error_of(changed(text, "\"c\":1", "\"c\":9")));
    EXPECT_NE("", error_of(changed(text, "title: x", "title: y"))) << "the checksum tells";
    EXPECT_NE("", error_of(text + "\n"));
}

TEST(Trace, RefusesEventsThatTheFingerprintsDoNotFit)
{
    g_autoptr(GmqTrace) trace = example();
    std::string text          = text_of(trace);

    EXPECT_NE(std::string::npos,
              error_of(changed(text, "\"to\":\"w1\"", "\"to\":\"w2\"")).find("fingerprints"));
}

TEST(Trace, ADeepLineIsRefusedBeforeItIsParsed)
{
    g_autoptr(GmqTrace) trace = example();
    std::string text          = text_of(trace);
    std::string deep          = "{\"n\":" + std::string(1000000, '[') + "}\n";

    EXPECT_NE("", error_of(text.substr(0, text.find('\n') + 1) + deep));
}

TEST(Trace, StoryFingerprintIgnoresTimesAndTheSimulator)
{
    g_autoptr(GmqTrace) one   = gmq_trace_new(&info);
    g_autoptr(GmqTrace) other = gmq_trace_new(&info);
    GmqEvent event            = deliver("tasks", "w1", 1);
    GmqEvent caption          = {};

    caption.kind = GMQ_EVENT_CAPTION;
    gmq_trace_add(one, &event, "p1-1");
    gmq_trace_add(other, &caption, NULL);
    event.time_ns += 5;
    event.cause = 1;
    gmq_trace_add(other, &event, "p1-1");
    gmq_trace_finish(one, "held");
    gmq_trace_finish(other, "held");
    EXPECT_EQ(gmq_trace_info(one)->story, gmq_trace_info(other)->story);
    EXPECT_NE(gmq_trace_info(one)->fingerprint, gmq_trace_info(other)->fingerprint);
}

TEST(Trace, EachMemberOfADeliveryCounts)
{
    GmqEvent base    = deliver("tasks", "w1", 1);
    GmqEvent other[] = {base, base, base, base, base, base};
    const char *name = "p1-1";

    other[0].who         = gmq_slice_of("task");
    other[1].to          = gmq_slice_of("w2");
    other[2].tag         = 2;
    other[3].channel     = 2;
    other[4].redelivered = false;
    other[5].text        = gmq_slice_of("x");
    for (const GmqEvent &event : other) {
        g_autoptr(GmqTrace) one = gmq_trace_new(&info);
        g_autoptr(GmqTrace) two = gmq_trace_new(&info);

        gmq_trace_add(one, &base, name);
        gmq_trace_add(two, &event, name);
        gmq_trace_finish(one, "held");
        gmq_trace_finish(two, "held");
        EXPECT_NE(gmq_trace_info(one)->story, gmq_trace_info(two)->story);
    }
}
