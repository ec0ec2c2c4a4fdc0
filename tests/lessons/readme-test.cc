/* The lesson that lessons/README.md shows is right. */
#include <gtest/gtest.h>

#include "lessons/lint.h"
#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

std::string
readme()
{
    g_autofree char *text = nullptr;

    g_file_get_contents(GMQ_SOURCE_ROOT "/lessons/README.md", &text, nullptr, nullptr);
    return text == nullptr ? "" : text;
}

/* What stands behind the words, up to the fence that closes it. */
std::string
fenced(const std::string &text, const std::string &opening, const std::string &fence)
{
    size_t from = text.find(opening);
    EXPECT_NE(from, std::string::npos) << opening;
    from += opening.size();
    return text.substr(from, text.find("\n" + fence + "\n", from) + 1 - from);
}

} // namespace

TEST(Readme, ShowsALessonThatIsRight)
{
    Folder folder("05-reader");
    std::string text       = readme();
    std::string exercise   = fenced(text, "```yaml\n# exercise.yaml\n", "```");
    g_autoptr(GString) out = g_string_new(nullptr);

    folder.write("lesson.md", fenced(text, "````markdown\n", "````"));
    folder.write("scenario.yaml", fenced(text, "```yaml\n# scenario.yaml\n", "```"));
    folder.write("exercise.yaml", exercise);
    folder.write("solution.yaml", spoiled(exercise, "ack: auto", "ack: manual"));
    EXPECT_TRUE(gmq_lint_lesson(folder.path(), out)) << out->str;
}
