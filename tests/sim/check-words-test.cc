/* What the checks say when something is broken is told in Korean too. */
#include "sim/check-words.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "sim/event-words.h"
#include "sim/language.h"
#include "tests/sim/shipped.h"

namespace {

class CheckWords : public testing::Test {
  protected:
    void
    SetUp() override
    {
        gmq_language_choose("ko", nullptr);
    }

    void
    TearDown() override
    {
        gmq_language_choose("en", nullptr);
    }
};

std::string
told(const std::string &sentence)
{
    g_autofree char *korean = gmq_event_told(sentence.c_str());
    return korean;
}

std::string
read(const std::string &path)
{
    g_autofree char *text   = nullptr;
    g_autoptr(GError) error = nullptr;

    EXPECT_TRUE(g_file_get_contents(path.c_str(), &text, nullptr, &error)) << path;
    return text == nullptr ? "" : text;
}

/* The string that begins there, with those behind it, as the compiler joins them: what stands
 * between them is the rest of a conversion. */
std::string
joined(const std::string &code, size_t at)
{
    std::string text;
    bool is_inside = true;

    for (size_t i = at + 1; i < code.size(); i++) {
        if (is_inside && code[i] == '\\')
            text += code[++i];
        else if (code[i] == '"')
            is_inside = !is_inside;
        else if (is_inside)
            text += code[i];
        else if (code[i] == ',')
            break;
        else if (code.compare(i, 14, "DELIVERY_COUNT") == 0)
            text += "x-delivery-count";
    }
    return text;
}

/* The sentence with other values: v1, v2 and so on. */
std::string
with_values(const std::string &format, size_t *n)
{
    static const std::regex conversion("%[sudm]?");
    std::string text = format;
    std::smatch found;

    for (*n = 0; std::regex_search(text, found, conversion); ++*n)
        text.replace(static_cast<size_t>(found.position()), static_cast<size_t>(found.length()),
                     "v" + std::to_string(*n + 1));
    return text;
}

/* All that the checks can say, from their code. */
std::vector<std::string>
formats()
{
    std::vector<std::string> found;
    static const std::regex begin("\"[SL][0-9]+ broken: [^.\"]");
    g_autoptr(GDir) folder =
        g_dir_open((std::string(GMQ_SOURCE_ROOT) + "/sim").c_str(), 0, nullptr);

    while (const char *name = g_dir_read_name(folder)) {
        if (!g_str_has_prefix(name, "check") || !g_str_has_suffix(name, ".c"))
            continue;
        std::string code = read(std::string(GMQ_SOURCE_ROOT) + "/sim/" + name);
        for (std::sregex_iterator at(code.begin(), code.end(), begin), end; at != end; ++at)
            found.push_back(joined(code, static_cast<size_t>(at->position())));
    }
    return found;
}

bool
has_hangul(const std::string &text)
{
    return std::regex_search(text, std::regex("[\xea-\xed][\x80-\xbf][\x80-\xbf]"));
}

} // namespace

TEST_F(CheckWords, KnowEverySentenceOfEveryCheck)
{
    std::set<std::string> checks;

    for (const std::string &format : formats()) {
        size_t n;
        std::string sentence = with_values(format, &n);
        std::string korean   = told(sentence);
        size_t rest          = korean.find(": ");

        checks.insert(format.substr(0, format.find(' ')));
        if (format == "S18 broken: %s: %s") /* in the words of the client's codec */
            continue;
        ASSERT_NE(rest, std::string::npos) << korean;
        EXPECT_TRUE(has_hangul(korean.substr(rest))) << korean;
        for (size_t i = 1; i <= n; i++)
            EXPECT_NE(korean.find("v" + std::to_string(i), rest), std::string::npos)
                << i << " of " << sentence << " is not in " << korean;
    }
    EXPECT_EQ(checks.size(), 26u) << "21 of safety and 5 of liveness";
}

TEST_F(CheckWords, TellWhatStandsInThePlacesToo)
{
    EXPECT_EQ("S21 깨짐: x에서 q.1로 가는 바인딩은 내구성이 있었는데, 다시 시작한 뒤 없습니다.",
              told("S21 broken: the binding from x to q.1 was durable, and is not there after the "
                   "start."));
    EXPECT_EQ("S15 깨짐: 큐 q가 이벤트 8 뒤에 한도를 넘었습니다: 대기 3개, 많아야 2개.",
              told("S15 broken: queue q is above its limit after event 8: ready 3, at most 2."));
    EXPECT_EQ("S17 깨짐: 메시지 p-1은 이벤트 8에서 큐 q에 들어왔는데, 거기서 대기하지도, "
              "미확인이지도, 떠나지도 않았습니다.",
              told("S17 broken: message p-1 was taken by queue q at event 8, and is neither ready "
                   "there, nor unacked, nor gone."));
    EXPECT_EQ(
        "S5 깨짐(여기서는 허락됨): 메시지 p-1이 redelivered=0으로 c에게 갔는데, 그 메시지는 "
        "이미 큐에 되돌려졌습니다.",
        told("S5 broken, as is allowed here: message p-1 went to c with redelivered=0, but it "
             "was already requeued."));
}

TEST_F(CheckWords, LeaveNamesAsTheyAre)
{
    EXPECT_EQ("S4 깨짐: 큐 gone에는 메시지 ready{} was가 있던 적이 없습니다.",
              told("S4 broken: queue gone never had message ready{} was."));
    EXPECT_EQ("S4 깨짐: queue q", told("S4 broken: queue q"));
    EXPECT_EQ("queue q", told("queue q"));
}

TEST_F(CheckWords, TellNothingElseInEnglish)
{
    gmq_language_choose("en", nullptr);
    EXPECT_EQ("S4 broken: queue q never had message m.",
              told("S4 broken: queue q never had message m."));
}
