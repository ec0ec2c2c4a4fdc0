/* Drawings of definitions files, right ones and wrong ones. */
#include <gtest/gtest.h>

#include "tests/core/temp-folder.h"
#include "tests/viz/golden.h"
#include "viz/definitions-graph.h"

namespace {

class Definitions : public testing::Test {
  protected:
    /* The DOT text, or what is wrong without the path. */
    std::string
    draw(const std::string &json, GmqGraphWish wish = {})
    {
        std::ofstream(path_, std::ios::binary) << json;
        g_autoptr(GError) error   = NULL;
        g_autoptr(GmqGraph) graph = gmq_graph_of_definitions(path_.c_str(), &wish, &error);

        if (graph == NULL)
            return std::string(error->message).substr(path_.size() + 2);
        g_autofree char *dot = gmq_graph_draw(graph, &wish);
        return dot;
    }

    TempFolder folder_;
    std::string path_ = folder_.path("d.json");
};

bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

TEST_F(Definitions, AreDrawnAsAgreed)
{
    expect_golden("definitions.dot", draw(read_text(source_path("tests/viz/definitions.json"))));
}

TEST_F(Definitions, OfOneVirtualHostNeedNotNameIt)
{
    std::string dot = draw("{\"queues\": [{\"name\": \"q\"}], \"vhost_name\": \"blue\"}");

    EXPECT_TRUE(has(dot, "virtual host blue")) << dot;
    EXPECT_TRUE(has(dot, "<B>q</B>")) << dot;
}

TEST_F(Definitions, ShowTheVirtualHostThatIsWanted)
{
    GmqGraphWish wish = {};
    wish.vhost        = "b";
    std::string two   = "{\"queues\": [{\"name\": \"one\", \"vhost\": \"a\"},"
                        "{\"name\": \"two\", \"vhost\": \"b\"}]}";

    EXPECT_TRUE(has(draw(two), "2 virtual hosts"));
    EXPECT_FALSE(has(draw(two, wish), "<B>one</B>"));
    EXPECT_TRUE(has(draw(two, wish), "<B>two</B>"));
    wish.vhost = "c";
    EXPECT_EQ("there is no virtual host \"c\"", draw(two, wish));
}

/* An argument goes before a policy, and of policies the one with the highest priority counts. */
TEST_F(Definitions, ApplyPolicies)
{
    std::string dot = draw(
        "{\"queues\": [{\"name\": \"q\", \"arguments\": {\"x-dead-letter-exchange\": \"own\"}},"
        "{\"name\": \"r\"}],"
        "\"policies\": [{\"name\": \"low\", \"pattern\": \".\", \"apply-to\": \"queues\","
        "\"definition\": {\"dead-letter-exchange\": \"low\"}, \"priority\": 1},"
        "{\"name\": \"high\", \"pattern\": \".\", \"apply-to\": \"queues\","
        "\"definition\": {\"dead-letter-exchange\": \"high\"}, \"priority\": 2},"
        "{\"name\": \"other\", \"pattern\": \".\", \"apply-to\": \"exchanges\","
        "\"definition\": {\"alternate-exchange\": \"x\"}, \"priority\": 9}]}");

    EXPECT_TRUE(has(dot, "dead letters to own")) << dot;
    EXPECT_TRUE(has(dot, "dead letters to high")) << dot;
    EXPECT_FALSE(has(dot, "dead letters to low")) << dot;
    EXPECT_FALSE(has(dot, "policy other")) << dot;
}

TEST_F(Definitions, AreAGraphEvenWhenTheyAreEmpty)
{
    EXPECT_TRUE(has(draw("{\"queues\": []}"), "digraph glassmq {"));
    EXPECT_TRUE(has(draw("{\"vhosts\": [{\"name\": \"/\"}]}"), "virtual host /"));
}

struct Wrong {
    const char *json;
    const char *why;
};

class WrongDefinitions : public Definitions, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongDefinitions, AreToldWithTheirPlace)
{
    EXPECT_EQ(GetParam().why, draw(GetParam().json).substr(0, strlen(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(
    Definitions, WrongDefinitions,
    testing::Values(
        Wrong{"{\"queues\": [", "this is no JSON: "}, Wrong{"", "exported definitions are one"},
        Wrong{"[]", "exported definitions are one object: {\"queues\": [...], ...}"},
        Wrong{"{\"queues\": [\"\xff\"]}", "the file is not UTF-8"},
        Wrong{"{\"users\": []}", "these are no exported definitions: there are neither queues nor"},
        Wrong{"{\"quues\": []}",
              "\"quues\" is not a member of exported definitions; did you mean \"queues\"?"},
        Wrong{"{\"zzz\": []}", "\"zzz\" is not a member of exported definitions"},
        Wrong{"{\"queues\": {}}", "\"queues\" must be a list"},
        Wrong{"{\"queues\": [7]}", "queues[0]: must be an object, such as {\"name\": ...}"},
        Wrong{"{\"queues\": [{\"name\": \"a\"}, {}]}", "queues[1]: \"name\" is missing"},
        Wrong{"{\"queues\": [{\"name\": 7}]}", "queues[0]: \"name\" must be a text"},
        Wrong{"{\"queues\": [{\"name\": null}]}", "queues[0]: \"name\" is missing"},
        Wrong{"{\"queues\": [{\"name\": \"a\", \"durable\": \"yes\"}]}",
              "queues[0]: \"durable\" must be true or false"},
        Wrong{"{\"queues\": [{\"name\": \"a\", \"arguments\": 3}]}",
              "queues[0]: \"arguments\" must be an object"},
        Wrong{"{\"queues\": [{\"name\": \"a\", \"durabel\": true}]}",
              "queues[0]: \"durabel\" is not a member that is known here; did you mean "
              "\"durable\"?"},
        Wrong{"{\"bindings\": [{\"source\": \"x\"}]}", "bindings[0]: \"destination\" is missing"},
        Wrong{"{\"bindings\": [{\"source\": \"x\", \"destination\": \"y\", "
              "\"destination_type\": \"z\"}]}",
              "bindings[0]: \"destination_type\" must be queue or exchange, not \"z\""},
        Wrong{"{\"policies\": [{\"name\": \"p\", \"pattern\": \"(\", \"definition\": {\"a\": 1}}]}",
              "policies[0]: \"pattern\" is no pattern: "},
        Wrong{"{\"policies\": [{\"name\": \"p\", \"pattern\": \"a\", \"priority\": \"1\"}]}",
              "policies[0]: \"priority\" must be a whole number"}));

/* Nothing that is cut out of a right file crashes, and every error has words. */
TEST_F(Definitions, MayBeCutAnywhere)
{
    std::string json = read_text(source_path("tests/viz/definitions.json"));

    for (size_t size = 0; size + 2 < json.size(); size += 97)
        EXPECT_EQ(0u, draw(json.substr(0, size)).find(size == 0 ? "exported" : "this is no JSON"))
            << size;
}

TEST_F(Definitions, AreToldFromTracesAndScenarios)
{
    struct {
        const char *text;
        bool are;
    } files[] = {{"{\"queues\": []}", true},
                 {" \n{ \"x\"", true},
                 {"[", true},
                 {"{\"glassmq\":1,\"tool\"", false},
                 {"{\"glassmq\": 1, \"title\": \"x\"}", false},
                 {"glassmq: 1\n", false},
                 {"", false}};

    for (const auto &file : files) {
        std::ofstream(path_, std::ios::binary) << file.text;
        EXPECT_EQ(file.are, gmq_definitions_are_in(path_.c_str())) << file.text;
    }
    EXPECT_FALSE(gmq_definitions_are_in("/no/such/file"));
}

} // namespace
