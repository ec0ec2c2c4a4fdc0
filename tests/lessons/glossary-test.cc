#include "lessons/glossary.h"

#include <gtest/gtest.h>

#include "tests/core/temp-folder.h"
#include "tests/sim/shipped.h"
#include "viz/figure.h"

namespace {

std::string
problem_of(const std::string &text)
{
    TempFolder folder;
    g_autoptr(GError) error = NULL;

    folder.write(GMQ_GLOSSARY_FILE, text);
    g_autoptr(GmqGlossary) glossary = gmq_glossary_load(folder.path().c_str(), &error);

    return glossary == NULL ? error->message : "";
}

GmqGlossary *
shipped()
{
    g_autoptr(GError) error = NULL;
    GmqGlossary *glossary   = gmq_glossary_load(source_path("lessons").c_str(), &error);

    EXPECT_NE(nullptr, glossary) << error->message;
    return glossary;
}

TEST(Glossary, FindsATermByAnyOfItsForms)
{
    g_autoptr(GmqGlossary) glossary = shipped();
    const GmqTerm *ack              = gmq_glossary_find(glossary, "acknowledgement");

    ASSERT_NE(nullptr, ack);
    EXPECT_EQ(5u, ack->lesson);
    for (const char *form : {"Ack", "ACKS", "확인 응답", "acknowledge"})
        EXPECT_EQ(ack, gmq_glossary_find(glossary, form)) << form;
    EXPECT_EQ(nullptr, gmq_glossary_find(glossary, "gravity"));
    EXPECT_STREQ("prefetch", gmq_glossary_nearest(glossary, "prefech"));
}

TEST(Glossary, SpeaksKoreanAndEnglish)
{
    g_autoptr(GmqGlossary) glossary = shipped();
    const GmqTerm *queue            = gmq_glossary_find(glossary, "queue");

    EXPECT_STREQ("queue", gmq_term_text(queue, "en")->term);
    EXPECT_STREQ("큐", gmq_term_text(queue, "ko")->term);
}

TEST(Glossary, EachShippedTermIsWholeInBothLanguages)
{
    g_autoptr(GmqGlossary) glossary = shipped();
    unsigned lesson                 = 1;

    for (unsigned i = 0; gmq_glossary_at(glossary, i) != NULL; i++) {
        const GmqTerm *term = gmq_glossary_at(glossary, i);
        EXPECT_NE(nullptr, term->ko.term) << term->words.term;
        EXPECT_EQ(term, gmq_glossary_find(glossary, term->words.term)) << term->words.term;
        EXPECT_EQ(term, gmq_glossary_find(glossary, term->ko.term)) << term->ko.term;
        unsigned place = term->lesson > 0 ? term->lesson : 100;
        EXPECT_GE(place, lesson) << term->words.term << ": what no lesson explains comes last";
        lesson = place;
    }
}

TEST(Glossary, EachShippedPictureIsThere)
{
    g_autoptr(GmqGlossary) glossary = shipped();

    for (unsigned i = 0; gmq_glossary_at(glossary, i) != NULL; i++) {
        const GmqTerm *term     = gmq_glossary_at(glossary, i);
        g_autoptr(GError) error = NULL;
        if (term->picture == NULL)
            continue;
        std::string picture         = term->picture;
        size_t hash                 = picture.find('#');
        std::string path            = source_path("lessons/" + picture.substr(0, hash));
        g_autoptr(GmqFigure) figure = gmq_figure_new(path.c_str(), &error);
        ASSERT_NE(nullptr, figure) << error->message;
        g_autoptr(GmqScreen) screen = gmq_figure_draw(figure, picture.substr(hash + 1).c_str(), 72,
                                                      0, GMQ_GLYPHS_UTF8, &error);
        EXPECT_NE(nullptr, screen) << picture << ": " << error->message;
    }
}

TEST(Glossary, SaysWhatIsWrongWithAFile)
{
    EXPECT_NE("", problem_of(""));
    EXPECT_NE("", problem_of("terms: yes\n"));
    EXPECT_NE(std::string::npos,
              problem_of("terms:\n  - term: a\n").find("The key \"meaning\" is missing"));
    EXPECT_NE(std::string::npos, problem_of("terms:\n  - term: a\n    meaning: b\n    lessen: 3\n")
                                     .find("Did you mean lesson?"));
    EXPECT_NE(std::string::npos,
              problem_of("terms:\n  - {term: a, meaning: b, lesson: 100}\n").find("from 1 to 99"));
    EXPECT_NE(
        std::string::npos,
        problem_of("terms:\n  - {term: a, meaning: b, see: [c]}\n").find("nobody explains it"));
    EXPECT_NE(
        std::string::npos,
        problem_of("terms:\n  - {term: a, meaning: [b], everyday: perhaps}\n").find("yes or no"));
    EXPECT_EQ("", problem_of("terms:\n  - {term: a, meaning: b, lesson: 99, ko: {term: c, "
                             "meaning: d}}\n"));
}

TEST(Glossary, ThatIsNotThereIsAnError)
{
    g_autoptr(GError) error = NULL;

    EXPECT_EQ(nullptr, gmq_glossary_load("/nowhere", &error));
    EXPECT_NE(nullptr, strstr(error->message, "/nowhere/glossary.yaml"));
}

} // namespace
