#include "sim/fmt.h"

#include <gtest/gtest.h>

#include "tests/sim/shipped.h"

/* A file that is laid out says the same, with the same comments. */
namespace {

std::string
fmt(const std::string &text)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new("t.yaml", text.c_str());
    g_autofree char *laid_out       = gmq_fmt_text(text.data(), text.size(), problems);
    g_autofree char *told           = gmq_problems_text(problems);

    return laid_out != NULL ? laid_out : told;
}

struct Pair {
    const char *name;
    const char *before;
    const char *after;
};

class Fmt : public testing::TestWithParam<Pair> {};

const Pair pairs[] = {
    {"Indent", "a:\n      b: 1\n      c:\n         - x\n         - y\n",
     "a:\n  b: 1\n  c:\n    - x\n    - y\n"},
    {"ListAtItsKey", "a:\n- x\n-   b: 1\n    c: 2\n", "a:\n  - x\n  - b: 1\n    c: 2\n"},
    {"Braces", "a: { b : 1,c: [ x,y ] , d: {}}\n", "a: {b: 1, c: [x, y], d: {}}\n"},
    {"BracesOverLines", "a: {b: 1,\n\n     c: 2}\n", "a: {b: 1, c: 2}\n"},
    {"BlankLines", "\n\na: 1   \n\n\n\nb: 2\nc: 3\n\n", "a: 1\n\nb: 2\nc: 3\n"},
    {"Quotes", "a:   \"x: \\\"y\\\"\"\nb: 'it''s'\n", "a: \"x: \\\"y\\\"\"\nb: 'it''s'\n"},
    {"Folded", "a: >\n     one\n     two\n\n\nb: |\n   x\n     y\n",
     "a: >\n  one\n  two\n\nb: |\n  x\n    y\n"},
    {"Nothing", "q:\nr:\n  s:\n", "q:\nr:\n  s:\n"},
    {"CommentsAbove", "# top\n\n#   a\na:\n      # b\n      b: 1\n# end\n",
     "# top\n\n#   a\na:\n  # b\n  b: 1\n# end\n"},
    {"CommentsBehind", "a: 1 # one\nbcd: 2      # two\n",
     "a: 1                          # one\nbcd: 2                        # two\n"},
    {"CommentsBehindLongLines", "a: \"0123456789012345678901234567890123456789\" #x\nb: 1 # y\n",
     "a: \"0123456789012345678901234567890123456789\"  #x\n"
     "b: 1                                           # y\n"},
    {"NoComments", "a: x#y\nb: \"# z\"\nc: [\"#\", '#']\n",
     "a: x#y\nb: \"# z\"\nc: [\"#\", '#']\n"},
    {"CommentInBraces", "a: {b: 1,  # one\n    c: 2}\n",
     "a:\n  b: 1                        # one\n  c: 2\n"},
    {"CommentBehindAKey", "a:  # of a\n  b: 1\n", "a:                            # of a\n  b: 1\n"},
    {"LineEndsOfOtherSystems", "a: 1\r\nb:  2 # x\r# y\rc: 'd\r\r\r\r\r\r e'\n",
     "a: 1\nb: 2                          # x\n# y\nc: 'd\n\n\n\n\n\n  e'\n"},
    {"LineEndsOfUnicode", "a:   1\u0085b: 'one\u0085two'\u2028c: {d:  1}\u2029",
     "a: 1\nb: 'one\n  two'\nc: {d: 1}\n"},
    {"OnlyComments", "# nothing\n", "# nothing\n"},
};

} // namespace

TEST_P(Fmt, LaysOut)
{
    EXPECT_EQ(GetParam().after, fmt(GetParam().before));
}

TEST_P(Fmt, ChangesNothingASecondTime)
{
    EXPECT_EQ(GetParam().after, fmt(GetParam().after));
}

INSTANTIATE_TEST_SUITE_P(Each, Fmt, testing::ValuesIn(pairs),
                         [](const auto &each) { return each.param.name; });

TEST(FmtText, BreaksBracesThatAreTooLong)
{
    std::string before = "key: {";
    for (int i = 0; i < 12; i++)
        before += "a_long_name_" + std::to_string(i) + ": value, ";
    before += "z: 1}\n";
    std::string after = fmt(before);

    EXPECT_EQ(after, fmt(after));
    std::istringstream lines(after);
    std::string line;
    while (std::getline(lines, line))
        EXPECT_GE(100u, line.size());
    EXPECT_NE(std::string::npos, after.find(",\n      a_long_name_"));
}

TEST(FmtText, RefusesWhatIsNoYaml)
{
    EXPECT_NE(std::string::npos, fmt("a: [1\n").find("This is not YAML"));
    EXPECT_NE(std::string::npos, fmt("a: &x 1\n").find("Anchors (&x) are not used"));
}

/* YAML keeps such a line end in a value, and that is not what a line of the file ends with. */
TEST(FmtText, RefusesALineEndThatIsPartOfAValue)
{
    EXPECT_NE(std::string::npos, fmt("a: 'one\u2028two'\n").find("without changing what it says"));
}

TEST(FmtText, ShippedScenariosAreLaidOut)
{
    for (const std::string &name : shipped_scenarios()) {
        std::string text = read_text(source_path("scenarios/" + name));
        EXPECT_EQ(text, fmt(text)) << name;
    }
}
