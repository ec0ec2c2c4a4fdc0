/* Korean particles fit the word before them. */
#include "sim/particle.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/columns.h"
#include "sim/event-words.h"
#include "sim/language.h"

namespace {

std::string
told(const char *word, const char *particle)
{
    g_autofree char *text = gmq_told("%s%s", word, particle);
    return text;
}

class Particle : public testing::Test {
  protected:
    void
    SetUp() override
    {
        gmq_language_choose("ko", NULL);
    }

    void
    TearDown() override
    {
        gmq_language_choose("en", NULL);
    }
};

} // namespace

TEST_F(Particle, FollowsAKoreanWord)
{
    EXPECT_EQ("브로커가", told("브로커", "{이}"));
    EXPECT_EQ("채널이", told("채널", "{가}"));
    EXPECT_EQ("큐를", told("큐", "{을}"));
    EXPECT_EQ("연결을", told("연결", "{를}"));
    EXPECT_EQ("바인딩은", told("바인딩", "{는}"));
    EXPECT_EQ("메시지와", told("메시지", "{과}"));
}

TEST_F(Particle, TakesAnLForAVowelWhereKoreanDoes)
{
    EXPECT_EQ("채널로", told("채널", "{로}"));
    EXPECT_EQ("큐로", told("큐", "{로}"));
    EXPECT_EQ("바인딩으로", told("바인딩", "{로}"));
    EXPECT_EQ("채널과", told("채널", "{와}"));
}

TEST_F(Particle, FollowsNumbersAndNamesAsTheyAreSpoken)
{
    EXPECT_EQ("w1이", told("w1", "{이}"));
    EXPECT_EQ("w2가", told("w2", "{이}"));
    EXPECT_EQ("p1-10은", told("p1-10", "{은}"));
    EXPECT_EQ("p1-5를", told("p1-5", "{을}"));
    EXPECT_EQ("w1로", told("w1", "{로}"));
    EXPECT_EQ("mail로", told("mail", "{로}"));
    EXPECT_EQ("main을", told("main", "{을}"));
    EXPECT_EQ("tasks가", told("tasks", "{이}"));
    EXPECT_EQ("machine이", told("machine", "{이}"));
    EXPECT_EQ("billing은", told("billing", "{은}"));
    EXPECT_EQ("table로", told("table", "{로}"));
    EXPECT_EQ("shop을", told("shop", "{을}"));
    EXPECT_EQ("topic이", told("topic", "{이}"));
    EXPECT_EQ("client가", told("client", "{이}"));
    EXPECT_EQ("store를", told("store", "{을}"));
    EXPECT_EQ("p가", told("p", "{이}"));
}

TEST_F(Particle, LooksThroughWhatClosesAWord)
{
    EXPECT_EQ("\"task 3\"을", told("\"task 3\"", "{을}"));
    EXPECT_EQ("[tasks]를", told("[tasks]", "{을}"));
    EXPECT_EQ("는", told("", "{은}"));
}

TEST_F(Particle, LeavesAllElseAsItIs)
{
    EXPECT_EQ("{w} {x} {말}", told("{w} {x} ", "{말}"));
    gmq_language_choose("en", NULL);
    EXPECT_EQ("w1{이}", told("w1", "{이}"));
}

TEST_F(Particle, IsAppendedToo)
{
    g_autoptr(GString) out = g_string_new("a ");

    gmq_told_append(out, "%s{이} %s{을}", "w2", "m1");
    EXPECT_STREQ("a w2가 m1을", out->str);
}

TEST(Columns, CountKoreanTwice)
{
    g_autoptr(GString) out = g_string_new(NULL);

    EXPECT_EQ(0, gmq_columns(""));
    EXPECT_EQ(5, gmq_columns("queue"));
    EXPECT_EQ(4, gmq_columns("대기"));
    gmq_append_right(out, "대기", 6);
    gmq_append_left(out, "큐", 4);
    gmq_append_left(out, "too long", 2);
    EXPECT_STREQ("  대기큐  too long", out->str);
}

TEST(EventWords, AreToldWithTheirValues)
{
    gmq_language_choose("ko", NULL);
    g_autofree char *broken =
        gmq_event_told("S12 broken, as is allowed here: message shop-3 was confirmed at event 36, "
                       "and is not on the disk.");
    g_autofree char *other = gmq_event_told("S12 was here");
    g_autofree char *word  = gmq_event_told("connection lost");
    gmq_language_choose("en", NULL);
    g_autofree char *english = gmq_event_told("deletes queue a");

    EXPECT_STREQ("S12 깨짐(여기서는 허락됨): 메시지 shop-3은 이벤트 36에서 발행 확인되었는데, "
                 "디스크에 없습니다.",
                 broken);
    EXPECT_STREQ("S12 was here", other);
    EXPECT_STREQ("연결을 잃음", word);
    EXPECT_STREQ("deletes queue a", english);
}
