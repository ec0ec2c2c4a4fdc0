#include "lessons/progress.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace {

class Progress : public testing::Test {
  protected:
    void
    SetUp() override
    {
        g_autofree char *made = g_dir_make_tmp("glassmq-progress-XXXXXX", nullptr);
        folder                = made;
        path                  = folder + "/data/glassmq/progress";
    }

    void
    TearDown() override
    {
        g_chmod(path.c_str(), 0600);
        g_autofree char *command =
            g_strdup_printf("chmod -R u+rwx %s; rm -r %s", folder.c_str(), folder.c_str());
        EXPECT_EQ(system(command), 0);
    }

    std::string folder;
    std::string path;
};

std::string
message_of(GError *error)
{
    std::string message = error != nullptr ? error->message : "no error";

    g_clear_error(&error);
    return message;
}

std::string
fault_in(const std::string &text)
{
    GError *error                   = nullptr;
    g_autoptr(GmqProgress) progress = gmq_progress_parse(text.data(), text.size(), &error);

    EXPECT_EQ(progress, nullptr);
    return message_of(error);
}

std::string
again(const std::string &text)
{
    GError *error                   = nullptr;
    g_autoptr(GmqProgress) progress = gmq_progress_parse(text.data(), text.size(), &error);

    if (progress == nullptr)
        return message_of(error);
    g_autofree char *out = gmq_progress_to_text(progress);
    return out;
}

GmqProgressLine
line(const char *lesson, const char *step, const char *predictions = "", const char *hints = "")
{
    return {const_cast<char *>(lesson), const_cast<char *>(step), const_cast<char *>("2026-11-23"),
            const_cast<char *>(predictions), const_cast<char *>(hints)};
}

bool
set_line(GmqProgress *progress, void *data)
{
    return gmq_progress_set(progress, static_cast<const GmqProgressLine *>(data));
}

bool
change(const std::string &path, GmqProgressLine what, GError **error)
{
    return gmq_progress_change(path.c_str(), set_line, &what, error);
}

std::string
contents(const std::string &path)
{
    g_autofree char *text = nullptr;

    return g_file_get_contents(path.c_str(), &text, nullptr, nullptr) ? text : "";
}

TEST_F(Progress, IsReadAndWrittenAsItStands)
{
    const std::string text = "format 1\n"
                             "05-ack modify 2026-11-23 right,wrong modify:2,make:1\n"
                             "01-why-messages passed 2026-11-22 - -\n";

    EXPECT_EQ(again(text), text);
    EXPECT_EQ(again("format 1"), "format 1\n");
    EXPECT_EQ(again("format 1\r\n05-ack modify 2026-11-23 - -\r\n"),
              "format 1\n05-ack modify 2026-11-23 - -\n");
}

TEST_F(Progress, KeepsNamesOfAnyKind)
{
    g_autoptr(GmqProgress) progress = gmq_progress_new();
    GmqProgressLine odd             = line("07 my \n lesson", "read-1");
    GmqProgressLine korean          = line("08-수업", "read-1");

    gmq_progress_set(progress, &odd);
    gmq_progress_set(progress, &korean);
    g_autofree char *text = gmq_progress_to_text(progress);
    EXPECT_EQ(again(text), text);
    EXPECT_NE(std::string(text).find("08-수업 "), std::string::npos);
}

TEST_F(Progress, SaysWhatIsDamagedAndWhere)
{
    EXPECT_EQ(fault_in(""), "it is empty");
    EXPECT_EQ(fault_in("\n"), "line 1 is damaged: it is not \"format 1\"");
    EXPECT_EQ(fault_in("format 0\n"), "line 1 is damaged: it is not \"format 1\"");
    EXPECT_EQ(fault_in("format 1\n05-ack\n"), "line 2 is damaged: it has not five words");
    EXPECT_EQ(fault_in("format 1\n05-ack Modify! 2026-11-23 - -\n"),
              "line 2 is damaged: its second word is no step of a lesson");
    EXPECT_EQ(fault_in("format 1\n\n05-ack modify 2026-13-23 - -\n"),
              "line 3 is damaged: its third word is no date such as 2026-11-23");
    EXPECT_EQ(fault_in("format 1\n05-ack modify 2026-11-23 maybe -\n"),
              "line 2 is damaged: its fourth word tells of predictions neither right nor wrong");
    EXPECT_EQ(fault_in("format 1\n05-ack modify 2026-11-23 - many\n"),
              "line 2 is damaged: its fifth word does not count hints");
    EXPECT_EQ(fault_in("format 1\na modify 2026-11-23 - -\na modify 2026-11-23 - -\n"),
              "line 3 is damaged: the same lesson has a line above it");
    EXPECT_EQ(fault_in("format 1\n%zz modify 2026-11-23 - -\n"),
              "line 2 is damaged: its first word is no name of a lesson");
    EXPECT_EQ(fault_in(std::string("format 1\n\xff\xfe", 11)), "it is no text in UTF-8");
    EXPECT_EQ(fault_in(std::string("format 1\n\0", 10)), "it is no text in UTF-8");
}

TEST_F(Progress, NamesALaterFormat)
{
    EXPECT_EQ(fault_in("format 2\nwhatever comes then\n"),
              "it was written by a later glassmq, in format 2; this one knows format 1");
}

TEST_F(Progress, PassedStaysPassed)
{
    g_autoptr(GmqProgress) progress = gmq_progress_new();
    GmqProgressLine begun           = line("05-ack", "read-2");
    GmqProgressLine passed          = line("05-ack", "passed");

    EXPECT_TRUE(gmq_progress_set(progress, &begun));
    EXPECT_FALSE(gmq_progress_is_passed(progress, "05-ack"));
    EXPECT_TRUE(gmq_progress_set(progress, &passed));
    EXPECT_FALSE(gmq_progress_set(progress, &begun));
    EXPECT_TRUE(gmq_progress_is_passed(progress, "05-ack"));
    EXPECT_TRUE(gmq_progress_forget(progress, "05-ack"));
    EXPECT_FALSE(gmq_progress_forget(progress, "05-ack"));
    EXPECT_TRUE(gmq_progress_set(progress, &begun));
}

TEST_F(Progress, TheLineThatChangedLastIsTheLastOne)
{
    g_autoptr(GmqProgress) progress = gmq_progress_new();
    GmqProgressLine first           = line("01-a", "read-1");
    GmqProgressLine second          = line("02-b", "read-1");

    gmq_progress_set(progress, &first);
    gmq_progress_set(progress, &second);
    gmq_progress_set(progress, &first);
    ASSERT_EQ(gmq_progress_length(progress), 2u);
    EXPECT_STREQ(gmq_progress_line(progress, 1)->lesson, "01-a");
    EXPECT_TRUE(gmq_progress_set(progress, gmq_progress_find(progress, "02-b")));
    EXPECT_STREQ(gmq_progress_line(progress, 1)->lesson, "02-b");
}

TEST_F(Progress, CountsPredictionsAndHints)
{
    unsigned n_right = 0;
    auto some        = line("a", "read-1", "right,wrong,right", "modify:2,make:1");
    auto none        = line("a", "read-1");

    EXPECT_EQ(gmq_progress_predictions(&some, &n_right), 3u);
    EXPECT_EQ(n_right, 2u);
    EXPECT_EQ(gmq_progress_hints(&some), 3u);
    EXPECT_EQ(gmq_progress_predictions(&none, &n_right), 0u);
    EXPECT_EQ(gmq_progress_hints(&none), 0u);
}

TEST_F(Progress, AFileThatIsNotThereIsSomebodyWhoHasNotBegun)
{
    GError *error                   = nullptr;
    g_autoptr(GmqProgress) progress = gmq_progress_load(path.c_str(), &error);

    ASSERT_NE(progress, nullptr) << message_of(error);
    EXPECT_EQ(gmq_progress_length(progress), 0u);
    EXPECT_EQ(gmq_progress_load_file(path.c_str(), &error), nullptr);
    EXPECT_EQ(message_of(error), "No such file or directory");
}

TEST_F(Progress, IsChangedInAFolderThatIsMade)
{
    GError *error = nullptr;

    ASSERT_TRUE(change(path, line("05-ack", "read-2"), &error)) << message_of(error);
    ASSERT_TRUE(change(path, line("06-prefetch", "read-1"), &error)) << message_of(error);
    EXPECT_EQ(contents(path),
              "format 1\n05-ack read-2 2026-11-23 - -\n06-prefetch read-1 2026-11-23 - -\n");
}

TEST_F(Progress, ADamagedOrNewerFileIsNeverWrittenOver)
{
    for (const char *text : {"format 1\nbroken\n", "format 7\nx\n", ""}) {
        GError *error            = nullptr;
        g_autofree char *parents = g_path_get_dirname(path.c_str());

        ASSERT_EQ(g_mkdir_with_parents(parents, 0700), 0);
        ASSERT_TRUE(g_file_set_contents(path.c_str(), text, -1, nullptr));
        EXPECT_FALSE(change(path, line("05-ack", "read-2"), &error));
        g_clear_error(&error);
        EXPECT_EQ(contents(path), text);
    }
}

TEST_F(Progress, WhatIsNoFileIsRefused)
{
    GError *error = nullptr;

    EXPECT_EQ(gmq_progress_load(folder.c_str(), &error), nullptr);
    EXPECT_EQ(message_of(error), "it is a folder");
    error = nullptr;
    EXPECT_EQ(gmq_progress_load("/dev/zero", &error), nullptr);
    EXPECT_EQ(message_of(error), "it is no file of text");
}

TEST_F(Progress, AFileThatIsTooLargeIsRefused)
{
    GError *error    = nullptr;
    std::string name = folder + "/large";

    ASSERT_TRUE(g_file_set_contents(name.c_str(), "format 1\n", -1, nullptr));
    ASSERT_EQ(truncate(name.c_str(), 64 << 20), 0);
    EXPECT_EQ(gmq_progress_load(name.c_str(), &error), nullptr);
    EXPECT_EQ(message_of(error), "it is too large for a progress file");
}

TEST_F(Progress, AFullDiskLeavesTheOldFile)
{
    ASSERT_TRUE(change(path, line("05-ack", "read-2"), nullptr));
    g_autoptr(GmqProgress) progress = gmq_progress_load(path.c_str(), nullptr);
    EXPECT_FALSE(gmq_progress_save(progress, "/proc/no/progress", nullptr));
    EXPECT_EQ(contents(path), "format 1\n05-ack read-2 2026-11-23 - -\n");
}

TEST_F(Progress, ALinkStaysALink)
{
    GError *error      = nullptr;
    std::string target = folder + "/elsewhere";
    std::string name   = folder + "/link";

    ASSERT_TRUE(g_file_set_contents(target.c_str(), "format 1\n", -1, nullptr));
    ASSERT_EQ(symlink(target.c_str(), name.c_str()), 0);
    ASSERT_TRUE(change(name, line("05-ack", "read-2"), &error)) << message_of(error);
    EXPECT_TRUE(g_file_test(name.c_str(), G_FILE_TEST_IS_SYMLINK));
    EXPECT_EQ(contents(target), "format 1\n05-ack read-2 2026-11-23 - -\n");
}

TEST_F(Progress, WhileAnotherProgramHoldsItNothingIsWritten)
{
    GError *error = nullptr;

    ASSERT_TRUE(change(path, line("05-ack", "read-2"), &error)) << message_of(error);
    int fd = open((path + ".lock").c_str(), O_RDWR);
    ASSERT_EQ(flock(fd, LOCK_EX), 0);
    EXPECT_FALSE(change(path, line("05-ack", "read-3"), &error));
    EXPECT_EQ(message_of(error), "another glassmq holds it");
    close(fd);
    EXPECT_EQ(contents(path), "format 1\n05-ack read-2 2026-11-23 - -\n");
}

} // namespace
