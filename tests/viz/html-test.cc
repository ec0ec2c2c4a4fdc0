#include "viz/html.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <json-glib/json-glib.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/load.h"
#include "tests/viz/made.h"
#include "viz/cmd-html.h"
#include "viz/slots.h"

namespace {

/* The data of a page, as the page reads it. */
class Data {
  public:
    Data(const GmqStage *stage, GmqHtmlRange range)
    {
        g_autofree char *text = gmq_html_data(stage, range, nullptr);
        GError *error         = nullptr;

        parser_ = json_parser_new();
        json_parser_load_from_data(parser_, text, -1, &error);
        EXPECT_EQ(nullptr, error) << error->message;
        g_clear_error(&error);
    }

    ~Data()
    {
        g_object_unref(parser_);
    }

    Data(const Data &)            = delete;
    Data &operator=(const Data &) = delete;

    JsonObject *
    root() const
    {
        return json_node_get_object(json_parser_get_root(parser_));
    }

    JsonArray *
    list(const char *name) const
    {
        return json_object_get_array_member(root(), name);
    }

    JsonArray *
    column(const char *name) const
    {
        return json_object_get_array_member(json_object_get_object_member(root(), "events"), name);
    }

    JsonObject *
    box(const std::string &name) const
    {
        for (unsigned i = 0; i < json_array_get_length(list("boxes")); i++) {
            JsonObject *box = json_array_get_object_element(list("boxes"), i);
            if (name == json_object_get_string_member(box, "name"))
                return box;
        }
        return nullptr;
    }

  private:
    JsonParser *parser_;
};

using Numbers = std::vector<int64_t>;

Numbers
value_of(JsonNode *node)
{
    if (!JSON_NODE_HOLDS_ARRAY(node))
        return {json_node_get_int(node)};

    Numbers numbers;
    JsonArray *list = json_node_get_array(node);
    for (unsigned i = 0; i < json_array_get_length(list); i++)
        numbers.push_back(json_array_get_int_element(list, i));
    return numbers;
}

/* The values of all slots, kept up to date as the page does it. */
class Reader {
  public:
    explicit Reader(const Data &data) : changes_(data.column("changes"))
    {
        for (unsigned i = 0; i < json_array_get_length(data.list("base")); i++)
            slots.push_back(value_of(json_array_get_element(data.list("base"), i)));
    }

    void
    step(unsigned index)
    {
        JsonArray *changes = json_array_get_array_element(changes_, index);

        for (unsigned i = 0; i < json_array_get_length(changes); i += 2)
            slots.at((size_t)json_array_get_int_element(changes, i)) =
                value_of(json_array_get_element(changes, i + 1));
    }

    std::vector<Numbers> slots;

  private:
    JsonArray *changes_;
};

std::vector<Numbers>
slots_of(const GmqStage *stage, uint64_t event)
{
    g_autoptr(GmqSlots) slots     = gmq_slots_new(stage);
    g_autoptr(GmqPicture) picture = gmq_picture_new(stage->trace);
    g_auto(GmqMoment) moment;
    std::vector<Numbers> found;

    /* Messages are numbered as they are met, so all moments before have to be read, too. */
    gmq_moment_init(&moment);
    gmq_slots_read(slots, picture, &moment);
    while (picture->event < event && gmq_picture_step(picture)) {
        gmq_slots_message(slots, picture->hop.message);
        gmq_slots_read(slots, picture, &moment);
    }
    for (unsigned i = 0; i < gmq_slots_length(slots); i++) {
        size_t length          = 0;
        const int64_t *numbers = gmq_moment_slot(&moment, i, &length);
        found.emplace_back(numbers, numbers + length);
    }
    return found;
}

/* The number behind a word in a box: of ["acked",12] the value of slot 12. */
int64_t
count_in(const Data &data, const Reader &reader, const char *box, const char *list,
         const std::string &word)
{
    JsonArray *entries = json_object_get_array_member(data.box(box), list);

    for (unsigned i = 0; i < json_array_get_length(entries); i++) {
        JsonArray *entry = json_array_get_array_element(entries, i);
        if (word == json_array_get_string_element(entry, 0))
            return reader.slots.at((size_t)json_array_get_int_element(entry, 1)).at(0);
    }
    return -1;
}

struct Rect {
    int64_t x, y, width, height;
};

std::vector<Rect>
boxes_of(JsonObject *plan)
{
    JsonArray *list = json_object_get_array_member(plan, "boxes");
    std::vector<Rect> boxes;

    for (unsigned i = 0; i < json_array_get_length(list); i++) {
        Numbers n = value_of(json_array_get_element(list, i));
        boxes.push_back({n.at(0), n.at(1), n.at(2), n.at(3)});
    }
    return boxes;
}

bool
overlap(const Rect &a, const Rect &b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

std::vector<std::string>
shipped()
{
    std::vector<std::string> paths;

    for (const auto &entry : std::filesystem::directory_iterator(GMQ_SOURCE_ROOT "/scenarios")) {
        if (entry.path().extension() == ".yaml")
            paths.push_back(entry.path().stem());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/* A run and the data of its page, made once for all tests: Graphviz takes its time. */
struct Shown {
    explicit Shown(const std::string &path)
        : trace(gmq_load_run(path.c_str(), nullptr, nullptr)), stage(gmq_stage_new(trace)),
          data(stage, {0, 0})
    {
    }

    ~Shown()
    {
        gmq_stage_free(stage);
        gmq_trace_free(trace);
    }

    Shown(const Shown &)            = delete;
    Shown &operator=(const Shown &) = delete;

    GmqTrace *trace;
    GmqStage *stage;
    Data data;
};

class Page : public testing::TestWithParam<std::string> {
  protected:
    static Shown &
    shown()
    {
        static std::map<std::string, std::unique_ptr<Shown>> pages;
        std::unique_ptr<Shown> &page = pages[GetParam()];

        if (!page)
            page = std::make_unique<Shown>(GMQ_SOURCE_ROOT "/scenarios/" + GetParam() + ".yaml");
        return *page;
    }
};

TEST_P(Page, HasTheMomentAfterEachEvent)
{
    const Data &data      = shown().data;
    const GmqStage *stage = shown().stage;
    Reader reader(data);
    uint64_t length = gmq_trace_length(stage->trace);

    ASSERT_EQ(length, json_array_get_length(data.column("changes")));
    ASSERT_EQ(slots_of(stage, 0), reader.slots);
    for (uint64_t n = 1; n <= length; n++) {
        reader.step((unsigned)n - 1);
        if (n % 97 == 0 || n == length) {
            ASSERT_EQ(slots_of(stage, n), reader.slots) << "event " << n;
        }
    }
}

TEST_P(Page, HasBoxesThatNeverOverlap)
{
    const Data &data = shown().data;

    for (unsigned p = 0; p < 2; p++) {
        JsonObject *plan        = json_array_get_object_element(data.list("plans"), p);
        std::vector<Rect> boxes = boxes_of(plan);

        ASSERT_EQ(json_array_get_length(data.list("boxes")), boxes.size());
        for (size_t i = 0; i < boxes.size(); i++) {
            EXPECT_GE(boxes[i].x, 0);
            EXPECT_LE(boxes[i].y + boxes[i].height, json_object_get_int_member(plan, "height"));
            for (size_t k = 0; k < i; k++)
                EXPECT_FALSE(overlap(boxes[i], boxes[k])) << i << " and " << k << " in plan " << p;
        }
    }
}

TEST_P(Page, HasLinesFromBoxToBox)
{
    const Data &data = shown().data;

    for (unsigned p = 0; p < 2; p++) {
        JsonObject *plan        = json_array_get_object_element(data.list("plans"), p);
        std::vector<Rect> boxes = boxes_of(plan);
        JsonArray *lines        = json_object_get_array_member(plan, "lines");

        for (unsigned i = 0; i < json_array_get_length(lines); i++) {
            JsonArray *line = json_array_get_array_element(lines, i);
            Numbers points  = value_of(json_array_get_element(line, 0));
            JsonObject *end = json_array_get_object_element(data.list("lines"), i);
            Rect from       = boxes.at((size_t)json_object_get_int_member(end, "from"));
            Rect to         = boxes.at((size_t)json_object_get_int_member(end, "to"));

            ASSERT_EQ(2u, points.size() % 6) << "a start and three points for each curve";
            Rect begins = {points[0] - 3, points[1] - 3, 6, 6};
            Rect ends   = {points[points.size() - 2] - 3, points.back() - 3, 6, 6};
            EXPECT_TRUE(overlap(begins, from)) << "line " << i << " in plan " << p;
            EXPECT_TRUE(overlap(ends, to)) << "line " << i << " in plan " << p;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Page, testing::ValuesIn(shipped()), [](const auto &one) {
    std::string name = one.param;
    for (char &c : name)
        c = g_ascii_isalnum(c) ? c : '_';
    return name;
});

TEST(Html, CountsWhatThePictureCounts)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    Data data(stage, {0, 0});
    Reader reader(data);

    for (unsigned i = 0; i < made.length(); i++)
        reader.step(i);
    EXPECT_EQ(2, count_in(data, reader, "tasks", "lists", "ready"));
    EXPECT_EQ(1, count_in(data, reader, "tasks", "lists", "unacked"));
    EXPECT_EQ(3, count_in(data, reader, "tasks", "counts", "acked"));
    EXPECT_EQ(7, count_in(data, reader, "p1", "counts", "sent"));
    EXPECT_EQ(1, count_in(data, reader, "w1", "lists", "has"));
}

TEST(Html, BeginsInTheMiddleWithWhatIsThere)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    uint64_t half             = made.length() / 2;
    Data data(stage, {half, half + 9});

    EXPECT_EQ(10u, json_array_get_length(data.column("changes")));
    Reader reader(data);
    g_autoptr(GmqPicture) picture = gmq_picture_at(made.trace(), half - 1);
    EXPECT_EQ((int64_t)gmq_picture_queue(picture, 0)->acked,
              count_in(data, reader, "tasks", "counts", "acked"));
    EXPECT_EQ((int64_t)gmq_picture_client(picture, 0)->sent,
              count_in(data, reader, "p1", "counts", "sent"));
}

TEST(Html, LetsNoNameOutOfItsText)
{
    const std::string wicked = "</script><script>alert(1)//\"'&\\ \n\u202e\xff<!--";
    Made made;

    made.queue(wicked);
    made.client(wicked, "producer");
    made.start(wicked);
    made.send(wicked, "", wicked, wicked);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    g_autofree char *data     = gmq_html_data(stage, {0, 0}, nullptr);
    g_autofree char *page     = gmq_html_page(stage, {0, 0}, nullptr);
    std::string text          = page;

    EXPECT_EQ(nullptr, strchr(data, '<'));
    EXPECT_TRUE(g_utf8_validate(page, -1, nullptr));
    EXPECT_EQ(text.find("<script>alert"), std::string::npos);

    Data read(stage, {0, 0});
    g_autofree char *valid = g_utf8_make_valid(wicked.c_str(), -1);
    EXPECT_NE(nullptr, read.box(valid)) << "and the page shows it as it is";
}

TEST(Html, NeedsNothingBesideThePage)
{
    Made made;
    tell_work_queue(made);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    g_autofree char *page     = gmq_html_page(stage, {0, 0}, nullptr);
    std::string text          = page;

    EXPECT_NE(text.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(text.find("{{"), std::string::npos);
    EXPECT_EQ(text.find("src=\""), std::string::npos);
    EXPECT_EQ(text.find("url(http"), std::string::npos);
    EXPECT_EQ(text.find("unsafe"), std::string::npos);
}

TEST(Html, HasAPageForARunWithoutEvents)
{
    Made made;
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    Data data(stage, {0, 0});

    EXPECT_EQ(0u, json_array_get_length(data.column("changes")));
    EXPECT_EQ(0u, json_array_get_length(data.list("boxes")));
}

TEST(Html, LeavesOutQueuesThatNobodyUsesWhereThereAreMany)
{
    Made made;

    made.exchange("all", "topic");
    for (int i = 0; i < 200; i++) {
        std::string name = "work." + std::to_string(i);
        made.queue(name);
        made.bind("all", name, name);
    }
    made.client("w", "consumer", 1);
    made.start("w");
    made.consume("w", "work.3", 1);
    made.client("p", "producer");
    made.start("p");
    made.send("p", "all", "work.7", "p-1");
    made.arrive("p", "all", "work.7", "p-1");
    made.enqueue("all", "work.7", "work.7", "p-1", 1);
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    Data data(stage, {0, 0});

    EXPECT_NE(nullptr, data.box("work.3"));
    EXPECT_NE(nullptr, data.box("work.7"));
    EXPECT_EQ(nullptr, data.box("work.8"));
    EXPECT_EQ(198, json_object_get_int_member(data.root(), "hidden"));
    EXPECT_EQ(5u, json_array_get_length(data.list("boxes")));
}

/* So many that one box is not like the next; the run is told in time. */
TEST(Html, TakesALongRun)
{
    Made made;

    made.queue("long");
    made.client("p", "producer");
    made.start("p");
    for (int i = 1; made.length() + 4 < GMQ_HTML_EVENTS_MAX; i++) {
        std::string message = "p-" + std::to_string(i);
        made.send("p", "", "long", message);
        made.arrive("p", "", "long", message);
        made.enqueue("", "long", "long", message, (uint64_t)i);
    }
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    g_autofree char *data     = gmq_html_data(stage, {0, 0}, nullptr);

    EXPECT_LT(strlen(data), 6u * 1000 * 1000);
}

/* ---- the command ---- */

struct Said {
    int status;
    std::string errors;
};

Said
run_command(std::vector<std::string> words)
{
    std::vector<char *> argv;

    words.insert(words.begin(), "html");
    for (std::string &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    testing::internal::CaptureStderr();
    int status = gmq_cmd_html((int)words.size(), argv.data());
    return {status, testing::internal::GetCapturedStderr()};
}

const std::string hello = GMQ_SOURCE_ROOT "/scenarios/01-hello-queue.yaml";

TEST(HtmlCommand, WritesThePageOfSomeEvents)
{
    std::string path      = testing::TempDir() + "glassmq-html-test.html";
    Said said             = run_command({hello, "--from", "5", "--to", "9", "-o", path});
    g_autofree char *page = nullptr;

    EXPECT_EQ(0, said.status) << said.errors;
    ASSERT_TRUE(g_file_get_contents(path.c_str(), &page, nullptr, nullptr));
    EXPECT_NE(nullptr, strstr(page, "\"from\":5,\"to\":9"));
    std::filesystem::remove(path);
}

TEST(HtmlCommand, SaysWhatIsWrongWithItsUse)
{
    const struct {
        std::vector<std::string> words;
        int status;
        const char *says;
    } wrongs[] = {
        {{hello, "--from", "900"}, 2, "so --from 900 is behind its end"},
        {{hello, "--from", "20", "--to", "10"}, 2, "--to 10 stands before --from 20"},
        {{hello, "--from", "0"}, 2, "--from"},
        {{hello, "--from", "soon"}, 2, "soon"},
        {{hello, "--filter", "queue:q kind:nope"},
         2,
         "no kind of event \"nope\" (at character 14)"},
        {{hello, "--filter", "m:no", "--to", "9"}, 2, "--filter m:no keeps no event from 1 to 9"},
        {{"no-such-file.yaml"}, 3, "no-such-file.yaml"},
        {{hello, "-o", "/proc/nowhere/page.html"}, 1, "cannot write /proc/nowhere/page.html"},
        {{}, 2, "html"},
    };

    for (const auto &wrong : wrongs) {
        Said said = run_command(wrong.words);
        EXPECT_EQ(wrong.status, said.status) << wrong.says;
        EXPECT_NE(said.errors.find(wrong.says), std::string::npos) << said.errors;
    }
}

} // namespace
