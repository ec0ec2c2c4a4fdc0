#include "sim/recording-file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "core/store/crc32c.h"
#include "tests/core/temp-folder.h"

namespace {

std::string
be32(uint32_t number)
{
    std::string bytes;

    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift);
    return bytes;
}

std::string
block(const std::string &records)
{
    return be32(static_cast<uint32_t>(records.size())) +
           be32(gmq_crc32c(0, records.data(), records.size())) + records;
}

std::string
record(GmqRecordedKind kind, uint64_t first = 0, GmqSlice bytes = {})
{
    g_autoptr(GString) out = g_string_new(nullptr);
    GmqRecorded recorded   = {kind, {first, 0}, bytes};

    gmq_recorded_write(&recorded, out);
    return {out->str, out->len};
}

class RecordingFile : public testing::Test {
  protected:
    void
    write(const std::string &bytes)
    {
        ASSERT_TRUE(g_file_set_contents(path.c_str(), bytes.data(),
                                        static_cast<gssize>(bytes.size()), nullptr));
    }

    /* Reads all of it; the error, or "cut N", or "". */
    std::string
    read()
    {
        g_autoptr(GError) error          = nullptr;
        g_autoptr(GmqRecordingFile) file = gmq_recording_file_open(path.c_str(), &error);

        count = 0;
        if (file == nullptr)
            return plain(error);
        while (gmq_recording_file_peek(file) != nullptr)
            gmq_recording_file_take(file);
        count = gmq_recording_file_count(file);
        if (gmq_recording_file_error(file) != nullptr)
            return plain(gmq_recording_file_error(file));
        uint64_t cut = gmq_recording_file_cut(file);
        return cut == 0 ? "" : "cut " + std::to_string(cut);
    }

    std::string
    plain(const GError *error)
    {
        std::string text = error->message;
        size_t at        = text.find(path);

        return at == std::string::npos ? text : text.replace(at, path.size(), "R");
    }

    TempFolder folder;
    std::string path = folder.path("r.rec");
    uint64_t count   = 0;
};

const std::string magic = GMQ_RECORDING_MAGIC;

TEST_F(RecordingFile, IsReadAcrossItsBlocks)
{
    write(magic + block(record(GMQ_RECORDED_WOKEN) + record(GMQ_RECORDED_CLOSED, 300)) +
          block(record(GMQ_RECORDED_STOP, 0, GMQ_SLICE("bye"))));
    EXPECT_TRUE(gmq_recording_file_is_one(path.c_str()));
    EXPECT_EQ("", read());
    EXPECT_EQ(3u, count);
}

TEST_F(RecordingFile, ThatWasCutIsReadUpToItsLastWholeBlock)
{
    std::string first  = magic + block(record(GMQ_RECORDED_WOKEN));
    std::string second = block(record(GMQ_RECORDED_STOP, 0, GMQ_SLICE("bye")));

    for (size_t size = 1; size < second.size(); size++) {
        write(first + second.substr(0, size));
        EXPECT_EQ("cut " + std::to_string(size), read());
        EXPECT_EQ(1u, count);
    }
}

TEST_F(RecordingFile, ThatIsDamagedSaysWhere)
{
    std::string first = magic + block(record(GMQ_RECORDED_WOKEN));
    std::string whole = first + block(record(GMQ_RECORDED_STOP, 0, GMQ_SLICE("bye")));
    std::string place = "R is damaged at byte " + std::to_string(first.size()) + ": ";
    std::string what  = "; only what comes before it can be used, so take another copy of the file "
                        "for the rest";

    whole.back() ^= 1;
    write(whole);
    EXPECT_EQ(place + "the checksum of a block is wrong" + what, read());
    EXPECT_EQ(1u, count);
    write(first + be32(0) + be32(0));
    EXPECT_EQ(place + "no block has that size" + what, read());
    write(first + be32(UINT32_MAX) + be32(0));
    EXPECT_EQ(place + "no block has that size" + what, read());
    write(first + block("\xff"));
    EXPECT_EQ(place + "this version does not know one of its records" + what, read());
}

TEST_F(RecordingFile, OfAnotherVersionOrKindIsRefused)
{
    write("GlassMQ recording 9\n....");
    EXPECT_TRUE(gmq_recording_file_is_one(path.c_str()));
    EXPECT_EQ("R is a recording of another form than version " GMQ_VERSION " of glassmq reads; "
              "replay it with the version that made it",
              read());
    for (const char *text : {"", "GlassMQ", "glassmq: 1\ntitle: x\nstop: 1s\n"}) {
        write(text);
        EXPECT_FALSE(gmq_recording_file_is_one(path.c_str()));
        EXPECT_EQ("R is no recording; glassmq serve --record FILE makes one", read());
    }
    unlink(path.c_str());
    EXPECT_FALSE(gmq_recording_file_is_one(path.c_str()));
    EXPECT_EQ("cannot read R: No such file or directory", read());
}

TEST_F(RecordingFile, ThatPromisesMuchTakesNoRoomForIt)
{
    write(magic + be32(GMQ_RECORDING_BLOCK_MAX) + be32(0) + "few");
    EXPECT_EQ("cut 11", read());
}

} // namespace
