#include "lessons/presenter.h"

#include <gtest/gtest.h>

#include "tests/sim/shipped.h"

namespace {

/* A presentation of the shipped lesson, or of a scenario. */
class Show {
  public:
    explicit Show(const std::string &path, int width = 80, int height = 24)
    {
        g_autoptr(GError) error     = NULL;
        g_autoptr(GmqLesson) lesson = NULL;

        if (g_file_test(path.c_str(), G_FILE_TEST_IS_DIR)) {
            lesson = gmq_lesson_load(path.c_str(), "en", &error);
            deck_  = gmq_deck_of_lesson(lesson, &error);
        } else {
            deck_ = gmq_deck_of_run(path.c_str(), &error);
        }
        EXPECT_NE(nullptr, deck_) << error->message;
        presenter_ = gmq_presenter_new(deck_, GMQ_GLYPHS_UTF8, GMQ_THEME_DARK);
        gmq_presenter_resize(presenter_, width, height);
    }
    ~Show()
    {
        gmq_presenter_free(presenter_);
        gmq_deck_free(deck_);
    }
    bool
    key(int key)
    {
        return gmq_presenter_key(presenter_, key, now_);
    }
    /* Lets time go until nothing is due. */
    void
    wait()
    {
        for (int64_t due = 0; (due = gmq_presenter_play(presenter_, now_)) >= 0;)
            now_ += due > 0 ? due : 1;
    }
    std::string
    screen() const
    {
        g_autoptr(GmqScreen) screen = gmq_presenter_draw(presenter_);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }
    bool
    shows(const std::string &text) const
    {
        return screen().find(text) != std::string::npos;
    }
    unsigned
    slide() const
    {
        return gmq_presenter_slide(presenter_);
    }
    unsigned
    length() const
    {
        return deck_->slides->len;
    }
    const GmqDeck *
    deck() const
    {
        return deck_;
    }
    GmqPresenter *
    presenter()
    {
        return presenter_;
    }
    /* Goes on to the first slide that shows the text; false when there is none. */
    bool
    find(const std::string &text)
    {
        while (!shows(text)) {
            unsigned before = slide();
            key(GMQ_KEY_RIGHT);
            if (slide() == before)
                return false;
        }
        return true;
    }

  private:
    GmqDeck *deck_           = NULL;
    GmqPresenter *presenter_ = NULL;
    int64_t now_             = 1000;
};

const std::string lesson   = source_path("lessons/01-why-messages");
const std::string scenario = source_path("scenarios/06-worker-dies.yaml");

TEST(Presenter, BeginsWithACoverAndGoesOnWithSpace)
{
    Show show(lesson);

    EXPECT_TRUE(show.shows("Lesson 1, 12 minutes")) << show.screen();
    show.key(' ');
    EXPECT_EQ(1u, show.slide());
    EXPECT_TRUE(show.shows("2/")) << show.screen();
    show.key(GMQ_KEY_LEFT);
    EXPECT_EQ(0u, show.slide());
    show.key(GMQ_KEY_LEFT);
    EXPECT_EQ(0u, show.slide()) << "nothing lies before the first one";
}

TEST(Presenter, AQuestionAndItsAnswerAreTwoSlides)
{
    Show show(lesson);

    ASSERT_TRUE(show.find("When will the last of Ben's"));
    EXPECT_TRUE(show.shows("2. After about three seconds")) << show.screen();
    EXPECT_FALSE(show.shows("A message makes no work faster"));
    ASSERT_TRUE(show.find("A message makes no work faster"));
    EXPECT_TRUE(show.shows("When will the last of Ben's")) << show.screen();
}

TEST(Presenter, SpaceRunsARunAndThenGoesOn)
{
    Show show(scenario);

    show.key(' ');
    unsigned run          = show.slide();
    const GmqSlide *slide = gmq_deck_slide(show.deck(), run);
    ASSERT_EQ(GMQ_SLIDE_RUN, slide->kind);
    ASSERT_LT(slide->from, slide->to);
    std::string before = show.screen();
    show.key(' ');
    show.wait();
    EXPECT_EQ(run, show.slide());
    EXPECT_NE(before, show.screen());
    EXPECT_TRUE(show.shows("event " + std::to_string(slide->to))) << show.screen();
    show.key(' ');
    EXPECT_EQ(run + 1, show.slide());
}

TEST(Presenter, TheSlidesOfARunFollowEachOtherToItsEnd)
{
    Show show(scenario);
    uint64_t at = 0;

    for (unsigned i = 0; i < show.length(); i++) {
        const GmqSlide *slide = gmq_deck_slide(show.deck(), i);
        if (slide->kind != GMQ_SLIDE_RUN)
            continue;
        EXPECT_LE(at, slide->from) << i;
        EXPECT_LE(slide->from, slide->to) << i;
        at = slide->to;
    }
    EXPECT_EQ(gmq_trace_length(gmq_figure_stage(gmq_deck_slide(show.deck(), 1)->figure)->trace),
              at);
}

TEST(Presenter, StepsBlackensHelpsAndLeaves)
{
    Show show(scenario);

    show.key(' ');
    std::string before = show.screen();
    show.key('.');
    EXPECT_NE(before, show.screen());
    show.key(',');
    EXPECT_EQ(before, show.screen());
    show.key('b');
    EXPECT_EQ(std::string::npos, show.screen().find_first_not_of(" \n"));
    show.key('x');
    EXPECT_EQ(before, show.screen());
    show.key('?');
    EXPECT_TRUE(show.shows("Keys of a presentation"));
    EXPECT_TRUE(show.key(GMQ_KEY_ESC));
    EXPECT_EQ(before, show.screen());
    EXPECT_FALSE(show.key('q'));
}

TEST(Presenter, LooksCloserWithAllKeysOfTheView)
{
    Show show(scenario);

    show.key(' ');
    show.key('v');
    EXPECT_FALSE(show.shows("Left Back")) << "the view has the whole screen";
    std::string before = show.screen();
    show.key('z');
    EXPECT_NE(before, show.screen()) << "the view fills its screen with one pane";
    show.key('z');
    EXPECT_EQ(before, show.screen());
    EXPECT_TRUE(show.key('q')) << "leaves the view alone";
    EXPECT_TRUE(show.shows("Left Back"));
}

TEST(Presenter, GoesToTheEndsAndNoFurther)
{
    Show show(lesson);

    show.key(GMQ_KEY_END);
    EXPECT_EQ(show.length() - 1, show.slide());
    show.key(' ');
    show.key(' ');
    EXPECT_EQ(show.length() - 1, show.slide());
    show.key(GMQ_KEY_HOME);
    EXPECT_EQ(0u, show.slide());
}

TEST(Presenter, DrawsAtAnySize)
{
    for (int width : {1, 5, 20, 79, 200}) {
        for (int height : {1, 2, 5, 24, 60}) {
            Show show(lesson, width, height);
            for (unsigned i = 0; i < show.length(); i++) {
                gmq_presenter_go(show.presenter(), i);
                g_autoptr(GmqScreen) screen = gmq_presenter_draw(show.presenter());
                EXPECT_EQ(width, screen->width);
                EXPECT_EQ(height, screen->height);
            }
        }
    }
}

TEST(Presenter, MarksInTheWordsOfAScenarioStayWords)
{
    Show show(source_path("scenarios/05-topics.yaml"));

    EXPECT_EQ(GMQ_SLIDE_COVER, gmq_deck_slide(show.deck(), 0)->kind);
    EXPECT_TRUE(show.shows("*") || show.shows("#")) << show.screen();
}

TEST(Deck, OfWhatIsNotThereSaysSo)
{
    g_autoptr(GError) error = NULL;

    EXPECT_EQ(nullptr, gmq_deck_of_run("/nowhere/a.yaml", &error));
    EXPECT_NE(nullptr, strstr(error->message, "a.yaml"));
}

} // namespace
