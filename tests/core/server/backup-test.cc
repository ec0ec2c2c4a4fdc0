#include "core/server/backup-copy.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "tests/core/temp-folder.h"

namespace {

class Backup : public testing::Test {
  protected:
    void
    SetUp() override
    {
        mkdir(from.c_str(), 0700);
        copy.reset(new GmqBackupCopy());
        copy->names = g_ptr_array_new_with_free_func(g_free);
        copy->sizes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    }

    void
    TearDown() override
    {
        g_ptr_array_unref(copy->names);
        g_array_unref(copy->sizes);
    }

    void
    add(const char *name, const std::string &text, uint64_t size)
    {
        write(from + "/" + name, text);
        g_ptr_array_add(copy->names, g_strdup(name));
        g_array_append_val(copy->sizes, size);
    }

    static void
    write(const std::string &path, const std::string &text)
    {
        ASSERT_TRUE(g_file_set_contents(path.c_str(), text.data(), text.size(), nullptr));
    }

    std::string
    read(const std::string &name)
    {
        g_autofree char *text = nullptr;
        gsize size            = 0;

        g_file_get_contents((to + "/" + name).c_str(), &text, &size, nullptr);
        return std::string(text == nullptr ? "-" : text, text == nullptr ? 1 : size);
    }

    static std::vector<std::string>
    names(const std::string &path)
    {
        g_autoptr(GDir) dir = g_dir_open(path.c_str(), 0, nullptr);
        std::vector<std::string> found;

        for (const char *name; dir != nullptr && (name = g_dir_read_name(dir)) != nullptr;)
            found.push_back(name);
        std::sort(found.begin(), found.end());
        return found;
    }

    bool
    run()
    {
        copy->from = from.c_str();
        copy->to   = to.c_str();
        return gmq_backup_copy(copy.get());
    }

    TempFolder folder;
    std::string from = folder.path("from");
    std::string to   = folder.path("to");
    std::unique_ptr<GmqBackupCopy> copy;
};

TEST_F(Backup, CopiesFilesUpToTheirSizes)
{
    std::string large(3 * 1024 * 1024 + 5, 'x');
    struct stat found;

    add("journal-00000001", large + "behind", large.size());
    add("journal-00000003", "seven b", 5);
    add("journal-00000004", "nothing", 0);
    ASSERT_TRUE(run()) << copy->error;
    EXPECT_EQ(large, read("journal-00000001"));
    EXPECT_EQ("seven", read("journal-00000003"));
    EXPECT_EQ("", read("journal-00000004"));
    EXPECT_EQ(3u, names(to).size());
    EXPECT_EQ(large.size() + 5, copy->bytes);
    ASSERT_EQ(0, stat(to.c_str(), &found));
    EXPECT_EQ(0700u, found.st_mode & 07777u);
    ASSERT_EQ(0, stat((to + "/journal-00000003").c_str(), &found));
    EXPECT_EQ(0600u, found.st_mode & 07777u);
}

TEST_F(Backup, TakesAnEmptyDirectory)
{
    mkdir(to.c_str(), 0755);
    add("a", "one", 3);
    ASSERT_TRUE(run()) << copy->error;
    EXPECT_EQ("one", read("a"));
}

TEST_F(Backup, TouchesNoDirectoryThatHoldsSomething)
{
    mkdir(to.c_str(), 0700);
    write(to + "/mine", "precious");
    add("mine", "other", 5);
    EXPECT_FALSE(run());
    EXPECT_EQ(to + " is not empty: name a directory that is not there yet, or an empty one",
              std::string(copy->error));
    EXPECT_EQ("precious", read("mine"));
}

TEST_F(Backup, LeavesNothingWhenItFails)
{
    add("a", "one", 3);
    add("b", "short", 9);
    EXPECT_FALSE(run());
    EXPECT_EQ("cannot read " + from + "/b: No data available", std::string(copy->error));
    EXPECT_NE(0, access(to.c_str(), F_OK)) << "it was made here";

    mkdir(to.c_str(), 0700);
    EXPECT_FALSE(run());
    EXPECT_TRUE(names(to).empty());
    EXPECT_EQ(0, access(to.c_str(), F_OK)) << "it was there before";
}

TEST_F(Backup, NamesWhatIsMissing)
{
    add("a", "one", 3);
    unlink((from + "/a").c_str());
    EXPECT_FALSE(run());
    EXPECT_EQ("cannot open " + from + "/a: No such file or directory", std::string(copy->error));
}

TEST_F(Backup, NeedsAPlace)
{
    add("a", "one", 3);
    to = folder.path("nowhere/to");
    EXPECT_FALSE(run());
    EXPECT_EQ("cannot make " + to + ": No such file or directory", std::string(copy->error));
}

TEST_F(Backup, CanBeGivenUp)
{
    add("a", "one", 3);
    copy->is_cancelled = 1;
    EXPECT_FALSE(run());
    EXPECT_EQ(to + " is given up", std::string(copy->error));
    EXPECT_NE(0, access(to.c_str(), F_OK));
}

} // namespace
