#include "core/net/disk.h"

#include <algorithm>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <list>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "tests/core/temp-folder.h"

namespace {

struct Answer {
    uint64_t ticket;
    GmqDiskResult result;

    bool
    operator==(const Answer &other) const
    {
        return ticket == other.ticket && result == other.result;
    }
};

std::ostream &
operator<<(std::ostream &out, const Answer &answer)
{
    return out << answer.ticket << ":" << answer.result;
}

class Disk : public testing::Test {
  protected:
    void
    SetUp() override
    {
        loop = gmq_loop_new(nullptr);
        open_disk();
    }

    void
    TearDown() override
    {
        close_disk();
        gmq_loop_free(loop);
    }

    static void
    note(void *user, uint64_t ticket, GmqDiskResult result)
    {
        static_cast<Disk *>(user)->answers.push_back({ticket, result});
    }

    void
    open_disk()
    {
        real = gmq_real_disk_new(loop, path.c_str(), note, this, nullptr);
        ASSERT_NE(nullptr, real);
        disk = gmq_real_disk(real);
    }

    /* As at the end of a program: what is under way is forgotten. */
    void
    close_disk()
    {
        ASSERT_TRUE(gmq_real_disk_stop(real, 5000));
        for (GmqFile *file : files)
            disk->close(disk, file);
        files.clear();
        gmq_real_disk_free(real);
    }

    GmqFile *
    file(const char *name, bool create)
    {
        g_autoptr(GError) error = nullptr;
        GmqFile *opened         = disk->open(disk, name, create, &error);

        message = error == nullptr ? "" : error->message;
        code    = error == nullptr ? -1 : error->code;
        if (opened != nullptr)
            files.push_back(opened);
        return opened;
    }

    void
    close(GmqFile *file)
    {
        files.erase(std::find(files.begin(), files.end(), file));
        disk->close(disk, file);
    }

    void
    append(GmqFile *file, const std::vector<std::string> &texts, uint64_t ticket, bool sync = true)
    {
        std::vector<GmqSlice> slices;

        lent.push_back(texts);
        for (const std::string &text : lent.back())
            slices.push_back({reinterpret_cast<const uint8_t *>(text.data()), text.size()});
        disk->append(disk, file, slices.data(), slices.size(), sync, ticket);
    }

    bool
    renew(GmqFile *file, uint64_t offset, const std::string &text)
    {
        g_autoptr(GError) error = nullptr;
        GmqSlice bytes          = {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
        bool is_done            = disk->renew(disk, file, offset, bytes, &error);

        message = error == nullptr ? "" : error->message;
        return is_done;
    }

    /* Turns until so many answers have come in all. */
    void
    wait_for(size_t n)
    {
        int64_t end = gmq_loop_now(loop) + G_GINT64_CONSTANT(20000000000);

        while (answers.size() < n && gmq_loop_now(loop) < end)
            gmq_loop_wait(loop, gmq_loop_now(loop) + 50000000);
        ASSERT_EQ(n, answers.size());
    }

    std::string
    read(GmqFile *file, uint64_t offset, size_t size)
    {
        g_autoptr(GError) error = nullptr;
        std::string text(size, '?');

        if (disk->read(disk, file, offset, reinterpret_cast<uint8_t *>(&text[0]), size, &error))
            return text;
        message = error->message;
        return "-";
    }

    std::vector<std::string>
    names()
    {
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
        std::vector<std::string> all;

        EXPECT_TRUE(disk->list(disk, found, nullptr));
        for (unsigned i = 0; i < found->len; i++)
            all.push_back(static_cast<const char *>(found->pdata[i]));
        return all;
    }

    /* Puts another file in the place of the one of that name, as if that went wrong. */
    void
    replace(const char *name, const char *other, int flags)
    {
        for (int fd = 3; fd < 1024; fd++) {
            std::string link = "/proc/self/fd/" + std::to_string(fd);
            char target[512];
            ssize_t size = readlink(link.c_str(), target, sizeof target);

            if (size > 0 && std::string(target, size) == path + "/" + name) {
                int with = ::open(other, flags | O_CLOEXEC);
                ASSERT_EQ(fd, dup2(with, fd));
                ::close(with);
                return;
            }
        }
        FAIL() << name << " is not open";
    }

    TempFolder folder;
    const std::string path = folder.path();
    GmqLoop *loop          = nullptr;
    GmqRealDisk *real      = nullptr;
    GmqDisk *disk          = nullptr;
    std::vector<GmqFile *> files;
    std::vector<Answer> answers;
    std::list<std::vector<std::string>> lent;
    std::string message;
    int code = -1;
};

TEST_F(Disk, NamesWhatIsThereInTheOrderOfBytes)
{
    EXPECT_EQ(std::vector<std::string>{}, names());
    for (const char *name : {"b", "a", "journal-2", "B", "journal-10"})
        ASSERT_NE(nullptr, file(name, true));
    EXPECT_EQ((std::vector<std::string>{"B", "a", "b", "journal-10", "journal-2"}), names());
}

TEST_F(Disk, MakesAFileOnceForItsOwnerAlone)
{
    struct stat found;

    ASSERT_NE(nullptr, file("x", true));
    ASSERT_EQ(0, stat((path + "/x").c_str(), &found));
    EXPECT_EQ(0600u, found.st_mode & 07777u);
    EXPECT_EQ(nullptr, file("x", true));
    EXPECT_EQ("cannot make " + path + "/x: File exists", message);
    EXPECT_EQ(nullptr, file("y", false));
    EXPECT_EQ("cannot open " + path + "/y: No such file or directory", message);
}

TEST_F(Disk, FollowsNoLink)
{
    ASSERT_EQ(0, symlink("/dev/null", (path + "/x").c_str()));
    EXPECT_EQ(nullptr, file("x", false));
}

TEST_F(Disk, AppendsInOrderAndAnswersInOrder)
{
    GmqFile *x = file("x", true);
    GmqFile *y = file("y", true);

    append(x, {"one ", "", "two "}, 11);
    append(y, {"other"}, 12, false);
    append(x, {}, 13);
    append(x, {"three"}, 14, false);
    EXPECT_TRUE(answers.empty()) << "never from inside a call";
    EXPECT_EQ(0u, disk->size(disk, x));
    wait_for(4);
    EXPECT_EQ(
        (std::vector<Answer>{
            {11, GMQ_DISK_DONE}, {12, GMQ_DISK_DONE}, {13, GMQ_DISK_DONE}, {14, GMQ_DISK_DONE}}),
        answers);
    EXPECT_EQ(13u, disk->size(disk, x));
    EXPECT_EQ("one two three", read(x, 0, 13));
    EXPECT_EQ("two", read(x, 4, 3));
    EXPECT_EQ("other", read(y, 0, 5));
    EXPECT_EQ(nullptr, gmq_real_disk_trouble(real));
}

TEST_F(Disk, AnswersOnlyBetweenOtherInputs)
{
    append(file("x", true), {"1"}, 1);
    g_usleep(50000);
    EXPECT_TRUE(answers.empty()) << "it is done long ago, but no turn has come";
    wait_for(1);
}

TEST_F(Disk, TakesManyAppendsAndManyPieces)
{
    GmqFile *x = file("x", true);
    std::string all;

    for (int i = 0; i < 3000; i++) {
        append(x, {std::to_string(i), ","}, i, false);
        all += std::to_string(i) + ",";
    }
    append(x, std::vector<std::string>(3000, "ab"), 3000);
    for (int i = 0; i < 3000; i++)
        all += "ab";
    wait_for(3001);
    for (uint64_t i = 0; i < 3001; i++)
        ASSERT_EQ((Answer{i, GMQ_DISK_DONE}), answers[i]);
    EXPECT_EQ(all, read(x, 0, all.size()));
}

TEST_F(Disk, GoesOnAtTheEndOfWhatIsThere)
{
    append(file("x", true), {"old "}, 1);
    wait_for(1);
    close_disk();
    open_disk();

    GmqFile *x = file("x", false);
    EXPECT_EQ(4u, disk->size(disk, x));
    append(x, {"new"}, 2);
    wait_for(2);
    EXPECT_EQ("old new", read(x, 0, 7));
}

TEST_F(Disk, ReadsNothingThatIsNotThere)
{
    GmqFile *x = file("x", true);

    append(x, {"abc"}, 1);
    wait_for(1);
    EXPECT_EQ("-", read(x, 1, 3));
    EXPECT_EQ("cannot read " + path + "/x: it ends at byte 3", message);
    EXPECT_EQ("", read(x, 3, 0));
}

TEST_F(Disk, CutsAFileAndGoesOnThere)
{
    GmqFile *x = file("x", true);

    append(x, {"keep this"}, 1);
    wait_for(1);
    EXPECT_TRUE(disk->truncate(disk, x, 4, nullptr));
    EXPECT_EQ(4u, disk->size(disk, x));
    append(x, {" that"}, 2);
    wait_for(2);
    EXPECT_EQ("keep that", read(x, 0, 9));
    EXPECT_EQ(9u, disk->size(disk, x));
}

/* What another process left there, and perhaps did not get to the disk. */
TEST_F(Disk, RenewsTheEndOfAFileAndGoesOnThere)
{
    append(file("x", true), {"kept, found, torn"}, 1);
    wait_for(1);
    close_disk();
    open_disk();
    GmqFile *x = file("x", false);
    EXPECT_TRUE(renew(x, 4, ", found")) << message;
    EXPECT_EQ(11u, disk->size(disk, x));
    append(x, {", new"}, 2);
    wait_for(2);
    EXPECT_EQ("kept, found, new", read(x, 0, 16));
    EXPECT_EQ("-", read(x, 16, 1));

    GmqFile *empty = file("y", true);
    EXPECT_TRUE(renew(empty, 0, "")) << message;
    EXPECT_EQ(0u, disk->size(disk, empty));
}

TEST_F(Disk, SaysWhenAnEndCannotBeRenewed)
{
    GmqFile *x = file("x", true);

    append(x, {"abc"}, 1);
    wait_for(1);
    replace("x", "/dev/null", O_RDONLY);
    EXPECT_FALSE(renew(x, 0, "abc"));
    EXPECT_EQ("cannot write to " + path + "/x: Bad file descriptor", message);
}

TEST_F(Disk, RemovesAndClosesInOrderWithAppends)
{
    GmqFile *x = file("x", true);

    append(x, {"abc"}, 1);
    close(x);
    disk->remove(disk, "x");
    append(file("y", true), {"def"}, 2);
    wait_for(2);
    EXPECT_EQ(std::vector<std::string>{"y"}, names());
    EXPECT_EQ((std::vector<Answer>{{1, GMQ_DISK_DONE}, {2, GMQ_DISK_DONE}}), answers);
}

TEST_F(Disk, SaysWhenItIsFullAndGoesOnAfterACut)
{
    struct rlimit before;
    GmqFile *x = file("x", true);

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    append(x, {"good"}, 1);
    wait_for(1);
    struct rlimit small = {10, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    append(x, {"a tail that is too long"}, 2);
    append(x, {"."}, 3);
    wait_for(3);
    EXPECT_EQ((Answer{2, GMQ_DISK_FULL}), answers[1]);
    EXPECT_EQ((Answer{3, GMQ_DISK_FULL}), answers[2]) << "not behind half a tail";
    EXPECT_EQ("cannot write to " + path + "/x: File too large",
              std::string(gmq_real_disk_trouble(real)));
    EXPECT_EQ(10u, disk->size(disk, x)) << "what could be written is there";
    EXPECT_EQ("gooda tail", read(x, 0, 10));

    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(disk->truncate(disk, x, 4, nullptr));
    append(x, {" again"}, 4);
    wait_for(4);
    EXPECT_EQ((Answer{4, GMQ_DISK_DONE}), answers[3]);
    EXPECT_EQ("good again", read(x, 0, 10));
    EXPECT_EQ(nullptr, gmq_real_disk_trouble(real));
}

TEST_F(Disk, ADeviceWithoutSpaceIsFull)
{
    GmqFile *x = file("x", true);

    replace("x", "/dev/full", O_RDWR);
    append(x, {"abc"}, 1);
    wait_for(1);
    EXPECT_EQ((Answer{1, GMQ_DISK_FULL}), answers[0]);
    EXPECT_EQ("cannot write to " + path + "/x: No space left on device",
              std::string(gmq_real_disk_trouble(real)));
    EXPECT_EQ(0u, disk->size(disk, x));
}

TEST_F(Disk, AWriteThatFailsIsFinal)
{
    GmqFile *x = file("x", true);

    replace("x", "/dev/null", O_RDONLY);
    append(x, {"abc"}, 1);
    append(x, {"def"}, 2);
    wait_for(2);
    EXPECT_EQ((std::vector<Answer>{{1, GMQ_DISK_FAILED}, {2, GMQ_DISK_FAILED}}), answers);
    EXPECT_EQ("cannot write to " + path + "/x: Bad file descriptor",
              std::string(gmq_real_disk_trouble(real)));
}

TEST_F(Disk, ASyncThatFailsIsFinal)
{
    GmqFile *x = file("x", true);
    GmqFile *y = file("y", true);

    replace("x", "/dev/null", O_RDWR);
    append(x, {"abc"}, 1, false);
    append(x, {"def"}, 2);
    append(x, {"ghi"}, 3, false);
    append(y, {"jkl"}, 4);
    wait_for(4);
    EXPECT_EQ(
        (std::vector<Answer>{
            {1, GMQ_DISK_DONE}, {2, GMQ_DISK_FAILED}, {3, GMQ_DISK_FAILED}, {4, GMQ_DISK_DONE}}),
        answers);
}

TEST_F(Disk, ReportsAFileThatCannotBeRemoved)
{
    disk->remove(disk, "nothing");
    append(file("x", true), {"abc"}, 1);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    wait_for(1);
    std::string said =
        testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    EXPECT_NE(std::string::npos,
              said.find("cannot remove " + path + "/nothing: No such file or directory"))
        << said;
}

TEST_F(Disk, EndsWhileItIsBusy)
{
    GmqFile *x = file("x", true);

    for (int i = 0; i < 500; i++)
        append(x, {std::string(1000, 'x')}, i);
    disk->remove(disk, "x");
    close_disk();
    size_t n = answers.size();
    open_disk();
    gmq_loop_wait(loop, gmq_loop_now(loop) + 20000000);
    EXPECT_EQ(n, answers.size()) << "nothing is answered any more";
    EXPECT_LT(n, 500u);
    EXPECT_EQ(std::vector<std::string>{"x"}, names()) << "the removal was behind the appends";
}

TEST_F(Disk, IsQuietAfterTheStop)
{
    GmqFile *x = file("x", true);

    ASSERT_TRUE(gmq_real_disk_stop(real, 5000));
    append(x, {"abc"}, 1);
    disk->remove(disk, "x");
    gmq_loop_wait(loop, gmq_loop_now(loop) + 20000000);
    EXPECT_TRUE(answers.empty());
    EXPECT_EQ(std::vector<std::string>{"x"}, names());
}

TEST_F(Disk, KnowsWhatIsFree)
{
    uint64_t free_space = disk->free_space(disk);

    EXPECT_GT(free_space, 0u);
    EXPECT_LT(free_space, UINT64_MAX);
    EXPECT_EQ(free_space, disk->free_space(disk)) << "asked again within a second";
}

TEST_F(Disk, ADirectoryThatIsNotThere)
{
    g_autoptr(GError) error = nullptr;

    EXPECT_EQ(nullptr, gmq_real_disk_new(loop, "/nowhere/at-all", note, this, &error));
    EXPECT_STREQ("cannot open /nowhere/at-all: No such file or directory", error->message);
}

} // namespace
