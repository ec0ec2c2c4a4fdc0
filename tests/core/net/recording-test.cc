#include "core/net/recording.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "core/store/crc32c.h"
#include "tests/core/temp-folder.h"

namespace {

/* A world whose clock is set by hand. */
struct World {
    GmqHost host{};
    int64_t now_ns   = 5;
    int64_t wall_ms  = 1000;
    size_t taken     = 0;
    uint64_t n_notes = 0;
};

World *
world_of(GmqHost *host)
{
    return reinterpret_cast<World *>(host);
}

class Recording : public testing::Test {
  protected:
    void
    SetUp() override
    {
        world.host.now     = [](GmqHost *host) { return world_of(host)->now_ns; };
        world.host.wall_ms = [](GmqHost *host) { return world_of(host)->wall_ms; };
        world.host.write   = [](GmqHost *host, GmqPeer *, const GmqSlice *, size_t) {
            return world_of(host)->taken;
        };
        world.host.random = [](GmqHost *, GmqStream) { return UINT64_C(77); };
        world.host.note = [](GmqHost *host, const GmqEvent *) { return ++world_of(host)->n_notes; };
        recording       = gmq_recording_new(path.c_str(), &world.host, nullptr);
        ASSERT_NE(nullptr, recording);
    }

    void
    TearDown() override
    {
        gmq_recording_free(recording);
    }

    void
    add(GmqRecordedKind kind, uint64_t first = 0, const char *text = "")
    {
        gmq_recording_add(recording, kind, first, 0, gmq_slice_of(text));
    }

    std::string
    file()
    {
        g_autofree char *bytes = nullptr;
        gsize size             = 0;

        if (!g_file_get_contents(path.c_str(), &bytes, &size, nullptr))
            return "(none)";
        return {bytes, size};
    }

    /* The kinds in the file, after a look at each block. */
    std::vector<int>
    kinds()
    {
        std::string bytes = file();
        std::vector<int> found;
        size_t at = sizeof GMQ_RECORDING_MAGIC - 1;

        EXPECT_EQ(GMQ_RECORDING_MAGIC, bytes.substr(0, at));
        while (at < bytes.size()) {
            auto *block   = reinterpret_cast<const uint8_t *>(bytes.data()) + at;
            uint32_t size = be32(block);

            EXPECT_EQ(be32(block + 4), gmq_crc32c(0, block + 8, size));
            GmqSlice records = {block + 8, size};
            GmqRecorded recorded;
            while (gmq_recorded_read(&records, &recorded))
                found.push_back(recorded.kind);
            at += 8 + size;
        }
        return found;
    }

    static uint32_t
    be32(const uint8_t *at)
    {
        return static_cast<uint32_t>(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
    }

    World world;
    TempFolder folder;
    std::string path        = folder.path("r.rec");
    GmqRecording *recording = nullptr;
};

TEST_F(Recording, HoldsTheInputsAndTheAnswersInTheirOrder)
{
    GmqHost *host  = gmq_recording_host(recording);
    GmqSlice slice = GMQ_SLICE("hello");

    add(GMQ_RECORDED_READY);
    add(GMQ_RECORDED_RECEIVED, 1, "bytes");
    world.taken = 2;
    EXPECT_EQ(2u, host->write(host, nullptr, &slice, 1));
    EXPECT_EQ(77u, host->random(host, GMQ_STREAM_NAMES));
    gmq_recording_end(recording);

    EXPECT_EQ((std::vector<int>{GMQ_RECORDED_TIME, GMQ_RECORDED_READY, GMQ_RECORDED_RECEIVED,
                                GMQ_RECORDED_WROTE, GMQ_RECORDED_RANDOM, GMQ_RECORDED_END}),
              kinds());
}

TEST_F(Recording, LetsTheTimeStandStillWithinAnInput)
{
    GmqHost *host = gmq_recording_host(recording);

    add(GMQ_RECORDED_WOKEN);
    world.now_ns  = 50;
    world.wall_ms = 900;
    EXPECT_EQ(5, host->now(host));
    EXPECT_EQ(1000, host->wall_ms(host));
    add(GMQ_RECORDED_WOKEN);
    EXPECT_EQ(50, host->now(host));
    EXPECT_EQ(900, host->wall_ms(host));
}

TEST_F(Recording, IsWrittenEachSecondAndIsQuietWhenNothingComes)
{
    EXPECT_EQ(INT64_MAX, gmq_recording_deadline(recording));
    add(GMQ_RECORDED_READY);
    EXPECT_EQ(5 + 1000000000, gmq_recording_deadline(recording));
    gmq_recording_turned(recording);
    EXPECT_TRUE(kinds().empty());

    world.now_ns += 1000000000;
    add(GMQ_RECORDED_FLUSH);
    add(GMQ_RECORDED_FLUSH);
    gmq_recording_turned(recording);
    EXPECT_EQ((std::vector<int>{GMQ_RECORDED_TIME, GMQ_RECORDED_READY, GMQ_RECORDED_TIME,
                                GMQ_RECORDED_FLUSH}),
              kinds());
    EXPECT_EQ(INT64_MAX, gmq_recording_deadline(recording));
    add(GMQ_RECORDED_FLUSH);
    EXPECT_EQ(INT64_MAX, gmq_recording_deadline(recording));
}

TEST_F(Recording, TellsWhoeverListensAndCountsForThoseWhoDoNot)
{
    GmqHost *host  = gmq_recording_host(recording);
    GmqEvent event = {};

    EXPECT_TRUE(gmq_host_is_heard(host));
    EXPECT_EQ(1u, host->note(host, &event));
    EXPECT_EQ(1, world.host.unheard);
    world.host.unheard = GMQ_HEARD;
    EXPECT_EQ(1u, host->note(host, &event));
    EXPECT_EQ(1u, world.n_notes);
}

TEST_F(Recording, IsItsOwnersAndWritesOverNothing)
{
    g_autoptr(GError) error = nullptr;
    struct stat status;

    ASSERT_EQ(0, stat(path.c_str(), &status));
    EXPECT_EQ(0600u, status.st_mode & 0777);
    EXPECT_EQ(nullptr, gmq_recording_new(path.c_str(), &world.host, &error));
    EXPECT_NE(nullptr, strstr(error->message, "is there already"));
    g_clear_error(&error);
    EXPECT_EQ(nullptr, gmq_recording_new("/nowhere/r.rec", &world.host, &error));
    EXPECT_STREQ("cannot write the recording /nowhere/r.rec: No such file or directory",
                 error->message);
}

TEST_F(Recording, OfABrokerThatNeverWasReadyIsRemoved)
{
    add(GMQ_RECORDED_SETTINGS);
    gmq_recording_free(recording);
    recording = nullptr;
    EXPECT_EQ("(none)", file());
}

GLogWriterOutput
remember_message(GLogLevelFlags, const GLogField *fields, gsize n, void *messages)
{
    for (gsize i = 0; i < n; i++) {
        if (strcmp(fields[i].key, "MESSAGE") == 0)
            static_cast<std::vector<std::string> *>(messages)->push_back(
                static_cast<const char *>(fields[i].value));
    }
    return G_LOG_WRITER_HANDLED;
}

/* A process may write so much to a file, as a disk takes so much. */
TEST_F(Recording, StopsWithOneMessageWhenTheFileTakesNoMore)
{
    static std::vector<std::string> messages;
    struct rlimit before;

    g_log_set_writer_func(remember_message, &messages, nullptr);
    signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(0, getrlimit(RLIMIT_FSIZE, &before));
    struct rlimit small = {100000, before.rlim_max};
    ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &small));

    std::string large(200000, 'x');
    add(GMQ_RECORDED_READY);
    for (int i = 0; i < 5; i++)
        add(GMQ_RECORDED_RECEIVED, 1, large.c_str());
    world.now_ns = 50;
    gmq_recording_end(recording);
    setrlimit(RLIMIT_FSIZE, &before);

    ASSERT_EQ(1u, messages.size());
    EXPECT_EQ("the recording " + path + " ends here: File too large; the broker goes on without it",
              messages[0]);
    GmqHost *host = gmq_recording_host(recording);
    EXPECT_EQ(50, host->now(host));
}

} // namespace
