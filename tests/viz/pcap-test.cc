#include "viz/pcap.h"

#include <map>

#include "tests/viz/golden.h"

#include "viz/pcapng.h"

/* What Wireshark would read: blocks, packets, and what TCP says in them. It is taken apart here
 * byte by byte, by rules of its own. */
namespace {

constexpr unsigned FIN = 1, SYN = 2, RST = 4, ACK = 16;

const std::string SMALL = "glassmq: 1\n"
                          "title: One message\n"
                          "seed: 1\n"
                          "stop: 2s\n"
                          "topology:\n"
                          "  queues: {letters: {}}\n"
                          "links:\n"
                          "  default: {latency: 10ms}\n"
                          "clients:\n"
                          "  anna: {role: producer, publish: {to: default, key: letters,"
                          " count: 1, every: 1s, body: dear}, confirms: {window: 1}}\n"
                          "  otto: {role: consumer, from: letters, prefetch: 1, work: 5ms}\n";

struct Packet {
    uint64_t time_ns;
    std::string from, to;
    unsigned from_port, to_port;
    uint32_t sequence, acknowledged;
    unsigned flags, identification;
    bool is_inbound;
    std::string data;
    std::vector<std::string> comments;
};

uint32_t
little(const std::string &bytes, size_t at, size_t size)
{
    uint32_t value = 0;

    for (size_t i = size; i > 0; i--)
        value = value << 8 | static_cast<uint8_t>(bytes.at(at + i - 1));
    return value;
}

uint32_t
big(const std::string &bytes, size_t at, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | static_cast<uint8_t>(bytes.at(at + i));
    return value;
}

/* With its own checksum in it, a right header sums up to all ones. */
bool
sums_up(std::string words)
{
    uint64_t sum = 0;

    if (words.size() % 2 != 0)
        words += '\0';
    for (size_t i = 0; i < words.size(); i += 2)
        sum += big(words, i, 2);
    while (sum > 0xFFFF)
        sum = (sum >> 16) + (sum & 0xFFFF);
    return sum == 0xFFFF;
}

std::string
dotted(const std::string &bytes, size_t at)
{
    std::string text;

    for (size_t i = 0; i < 4; i++)
        text += (i == 0 ? "" : ".") + std::to_string(big(bytes, at + i, 1));
    return text;
}

void
read_headers(const std::string &ip, Packet &packet)
{
    ASSERT_EQ(0x45u, big(ip, 0, 1));
    ASSERT_EQ(ip.size(), big(ip, 2, 2));
    ASSERT_EQ(6u, big(ip, 9, 1));
    EXPECT_TRUE(sums_up(ip.substr(0, 20)));

    std::string tcp    = ip.substr(20);
    std::string pseudo = ip.substr(12, 8) + std::string("\0\6", 2);
    pseudo += static_cast<char>(tcp.size() >> 8);
    pseudo += static_cast<char>(tcp.size());
    EXPECT_TRUE(sums_up(pseudo + tcp));

    packet.identification = big(ip, 4, 2);
    packet.from           = dotted(ip, 12);
    packet.to             = dotted(ip, 16);
    packet.from_port      = big(tcp, 0, 2);
    packet.to_port        = big(tcp, 2, 2);
    packet.sequence       = big(tcp, 4, 4);
    packet.acknowledged   = big(tcp, 8, 4);
    packet.flags          = big(tcp, 13, 1);
    packet.data           = tcp.substr(big(tcp, 12, 1) / 16 * 4);
}

void
read_options(const std::string &block, size_t at, Packet &packet)
{
    for (unsigned code; (code = little(block, at, 2)) != 0;) {
        size_t size      = little(block, at + 2, 2);
        std::string data = block.substr(at + 4, size);

        if (code == 1)
            packet.comments.push_back(data);
        if (code == 2)
            packet.is_inbound = little(data, 0, 4) == 1;
        at += 4 + (size + 3) / 4 * 4;
    }
    EXPECT_EQ(block.size() - 8, at);
}

Packet
read_packet(const std::string &block)
{
    Packet packet  = {};
    uint32_t size  = little(block, 20, 4);
    packet.time_ns = static_cast<uint64_t>(little(block, 12, 4)) << 32 | little(block, 16, 4);

    EXPECT_EQ(size, little(block, 24, 4));
    read_headers(block.substr(28, size), packet);
    read_options(block, 28 + (size + 3) / 4 * 4, packet);
    return packet;
}

/* The packets of a file, and how many blocks of each type there are. */
struct File {
    std::vector<Packet> packets;
    std::map<uint32_t, unsigned> blocks;
    std::string names;
};

File
read_file(const std::string &bytes)
{
    File file;

    for (size_t at = 0; at < bytes.size();) {
        uint32_t type = little(bytes, at, 4), size = little(bytes, at + 4, 4);

        EXPECT_EQ(0u, size % 4);
        EXPECT_EQ(size, little(bytes, at + size - 4, 4));
        std::string block = bytes.substr(at, size);
        file.blocks[type]++;
        if (type == 6)
            file.packets.push_back(read_packet(block));
        if (type == 4)
            file.names = block;
        at += size;
    }
    return file;
}

struct Source {
    explicit Source(const std::string &text)
    {
        g_autoptr(GError) error = NULL;
        GmqScenario *scenario   = gmq_scenario_parse("s.yaml", text.c_str(), text.size(), &error);

        EXPECT_NE(nullptr, scenario) << error->message;
        source           = g_new0(GmqSource, 1);
        source->scenario = scenario;
        source->seed     = scenario->seed;
    }
    Source(const Source &)            = delete;
    Source &operator=(const Source &) = delete;
    ~Source()
    {
        gmq_source_free(source);
    }
    GmqSource *source;
};

std::string
capture(const std::string &text, const char *client = NULL, int64_t from_ns = 0,
        int64_t to_ns = INT64_MAX)
{
    Source source(text);
    GmqPcapWish wish           = {client, from_ns, to_ns};
    g_autoptr(GError) error    = NULL;
    g_autoptr(GByteArray) file = gmq_pcap_new(source.source, &wish, &error);

    EXPECT_NE(nullptr, file) << error->message;
    return std::string(reinterpret_cast<const char *>(file->data), file->len);
}

std::vector<Packet>
packets(const std::string &text, const char *client = NULL)
{
    return read_file(capture(text, client)).packets;
}

std::string
dump(const std::string &bytes)
{
    std::string text;

    for (size_t i = 0; i < bytes.size(); i++) {
        char word[4];
        g_snprintf(word, sizeof(word), "%02x", static_cast<uint8_t>(bytes[i]));
        text += word;
        text += i % 16 == 15 ? "\n" : i % 4 == 3 ? "  " : " ";
    }
    return text + "\n";
}

std::string
with(const std::string &line)
{
    return SMALL + line;
}

/* Each end says what it has got, and goes on where it was. */
void
expect_tcp_is_right(const std::vector<Packet> &all)
{
    struct Side {
        bool has_begun;
        uint32_t next;
    };
    std::map<std::pair<unsigned, unsigned>, Side> sides;

    for (const Packet &packet : all) {
        Side &mine   = sides[{packet.from_port, packet.to_port}];
        Side &theirs = sides[{packet.to_port, packet.from_port}];
        unsigned one = (packet.flags & (SYN | FIN)) != 0 ? 1 : 0;

        if (!mine.has_begun)
            mine = {true, 0};
        EXPECT_LE(packet.data.size(), 1460u);
        EXPECT_EQ(mine.next, packet.sequence);
        EXPECT_LE(packet.acknowledged, theirs.next);
        EXPECT_EQ(packet.from_port == 5672, packet.from == "10.0.0.1");
        mine.next = packet.sequence + static_cast<uint32_t>(packet.data.size()) + one;
    }
}

long
count(const std::vector<Packet> &all, unsigned flag)
{
    return std::count_if(all.begin(), all.end(),
                         [flag](const Packet &packet) { return (packet.flags & flag) != 0; });
}

TEST(Pcap, WritesTheseBytesOfASmallRun)
{
    expect_golden("small.pcapng.hex", dump(capture(SMALL)));
}

TEST(Pcap, BeginsWithASectionAnInterfaceAndNames)
{
    File file = read_file(capture(SMALL));

    EXPECT_EQ(1u, file.blocks[0x0A0D0D0A]);
    EXPECT_EQ(1u, file.blocks[1]);
    EXPECT_EQ(1u, file.blocks[4]);
    EXPECT_NE(std::string::npos, file.names.find(std::string("\x0a\0\0\1broker\0", 11)));
    EXPECT_NE(std::string::npos, file.names.find(std::string("\x0a\0\1\1anna\0", 9)));
    EXPECT_NE(std::string::npos, file.names.find(std::string("\x0a\0\1\2otto\0", 9)));
}

TEST(Pcap, BeginsEachConnectionWithThreePackets)
{
    std::vector<Packet> anna;

    for (const Packet &packet : packets(SMALL)) {
        if (packet.from_port == 40001 || packet.to_port == 40001)
            anna.push_back(packet);
    }
    ASSERT_LT(3u, anna.size());
    EXPECT_EQ(SYN, anna[0].flags);
    EXPECT_EQ(SYN | ACK, anna[1].flags);
    EXPECT_EQ(ACK, anna[2].flags);
    EXPECT_EQ("10.0.1.1", anna[0].from);
    EXPECT_EQ(1u, anna[1].acknowledged);
    EXPECT_TRUE(anna[0].is_inbound);
    EXPECT_FALSE(anna[1].is_inbound);
}

TEST(Pcap, TellsTheStoryOnThePacketsOfItsEvents)
{
    std::string all;

    for (const Packet &packet : packets(SMALL)) {
        for (const std::string &comment : packet.comments)
            all += comment + "\n";
    }
    EXPECT_NE(std::string::npos, all.find("anna-1 has reached the broker"));
    EXPECT_NE(std::string::npos, all.find("hands anna-1 to otto"));
    EXPECT_NE(std::string::npos, all.find("this is the confirm"));
    EXPECT_EQ('#', all.at(0));
}

TEST(Pcap, SeesTheSameRunFromAClient)
{
    std::vector<Packet> seen = packets(SMALL, "otto");

    ASSERT_FALSE(seen.empty());
    expect_tcp_is_right(seen);
    for (const Packet &packet : seen) {
        EXPECT_TRUE(packet.from == "10.0.1.2" || packet.to == "10.0.1.2");
        EXPECT_EQ(packet.to == "10.0.1.2", packet.is_inbound);
    }
}

TEST(Pcap, HasOnlyThePacketsOfATime)
{
    std::vector<Packet> some = read_file(capture(SMALL, NULL, 40000000, 70000000)).packets;
    std::vector<Packet> all  = packets(SMALL);

    ASSERT_FALSE(some.empty());
    EXPECT_LT(some.size(), all.size());
    uint64_t epoch_ns = all[0].time_ns - all[0].time_ns % 1000000000;
    for (const Packet &packet : some) {
        EXPECT_GE(packet.time_ns, epoch_ns + 40000000);
        EXPECT_LE(packet.time_ns, epoch_ns + 70000000);
    }
}

TEST(Pcap, IsSilentWhileALineIsCut)
{
    std::vector<Packet> all = packets(
        with("timeline:\n  - {at: 1s, cut: otto, for: 300ms}\n"
             "  - {at: 1100ms, publish: {as: anna, to: default, key: letters, body: x}}\n"));
    uint64_t epoch_ns = all[0].time_ns - all[0].time_ns % 1000000000;
    bool is_told      = false;

    for (const Packet &packet : all) {
        bool is_ottos  = packet.from == "10.0.1.2" || packet.to == "10.0.1.2";
        uint64_t after = packet.time_ns - epoch_ns;

        if (!is_ottos)
            continue;
        EXPECT_FALSE(after > 1000000000 && after < 1300000000) << after;
        for (const std::string &comment : packet.comments)
            is_told = is_told || comment.find("cut") != std::string::npos;
    }
    EXPECT_TRUE(is_told);
}

TEST(Pcap, BringsWhatWasLostLaterWithItsOldPlace)
{
    std::string body(20000, 'x');
    std::string text = SMALL;
    text.replace(text.find("body: dear"), 10, "body: " + body);
    text.replace(text.find("latency: 10ms"), 13, "latency: 10ms, loss: 30%");
    std::map<uint32_t, unsigned> places;
    uint32_t highest = 0;
    bool came_late   = false;
    std::string whole;

    for (const Packet &packet : packets(text)) {
        if (packet.from != "10.0.1.1" || packet.data.empty())
            continue;
        EXPECT_EQ(1u, ++places[packet.sequence]);
        came_late = came_late || packet.sequence < highest;
        highest   = std::max(highest, packet.sequence);
        whole.resize(std::max(whole.size(), packet.sequence - 1 + packet.data.size()));
        whole.replace(packet.sequence - 1, packet.data.size(), packet.data);
    }
    EXPECT_TRUE(came_late);
    EXPECT_NE(std::string::npos, whole.find(body.substr(0, 20000)));
}

TEST(Pcap, EndsConnectionsAsTheyEnded)
{
    std::vector<Packet> broken = packets(with("timeline:\n  - {at: 1s, reset: otto}\n"));
    std::vector<Packet> closed = packets(with("timeline:\n  - {at: 1s, stop: otto}\n"));

    EXPECT_EQ(1, count(broken, RST));
    EXPECT_EQ(0, count(broken, FIN));
    EXPECT_EQ(2, count(closed, FIN));
    EXPECT_EQ(0, count(closed, RST));
    expect_tcp_is_right(closed);
}

TEST(Pcap, RefusesAConnectionWhenNoBrokerIsThere)
{
    std::vector<Packet> all = packets(with("timeline:\n  - {at: 500ms, crash: broker}\n"
                                           "  - {at: 600ms, crash: otto}\n"
                                           "  - {at: 700ms, start: otto}\n"));

    ASSERT_LT(2u, all.size());
    EXPECT_EQ(RST | ACK, all.back().flags);
    EXPECT_EQ(SYN, all[all.size() - 2].flags);
    EXPECT_EQ("10.0.0.1", all.back().from);
}

TEST(Pcap, KeepsNamesOfAnyKind)
{
    std::string text = SMALL;
    std::string name = "\"\xF0\x9F\x90\x87<&>\"";
    for (size_t at; (at = text.find("otto")) != std::string::npos;)
        text.replace(at, 4, name);

    EXPECT_NE(std::string::npos, read_file(capture(text)).names.find("\xF0\x9F\x90\x87<&>"));
}

TEST(Pcap, RefusesAClientThatThereIsNot)
{
    Source source(SMALL);
    GmqPcapWish wish        = {"emil", 0, INT64_MAX};
    g_autoptr(GError) error = NULL;

    EXPECT_EQ(nullptr, gmq_pcap_new(source.source, &wish, &error));
    EXPECT_STREQ("the scenario has no client emil", error->message);
}

TEST(Pcap, RefusesATraceWhoseScenarioRunsInAnotherWayNow)
{
    Source source(SMALL);
    GmqPcapWish wish           = {NULL, 0, INT64_MAX};
    g_autoptr(GError) error    = NULL;
    source.source->told_by     = g_strdup("0.0.9");
    source.source->fingerprint = 1;

    EXPECT_EQ(nullptr, gmq_pcap_new(source.source, &wish, &error));
    EXPECT_NE(nullptr, strstr(error->message, "glassmq 0.0.9 wrote this trace"));
    EXPECT_NE(nullptr, strstr(error->message, "make the trace again"));
}

/* ---- of all that is shipped ---- */

class Shipped : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Pcap, Shipped, testing::ValuesIn(shipped_scenarios()),
                         [](const auto &name) { return test_name(name.param); });

TEST_P(Shipped, IsTheSameRunWithACapture)
{
    std::string path            = source_path("scenarios/" + GetParam());
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqSource) source = gmq_source_load(path.c_str(), NULL, &error);
    ASSERT_NE(nullptr, source) << error->message;

    g_autoptr(GmqTrace) trace   = gmq_run_record(source->scenario, source->seed);
    source->fingerprint         = gmq_trace_info(trace)->fingerprint;
    source->told_by             = g_strdup(GMQ_VERSION);
    GmqPcapWish wish            = {NULL, 0, INT64_MAX};
    g_autoptr(GByteArray) bytes = gmq_pcap_new(source, &wish, &error);
    ASSERT_NE(nullptr, bytes) << error->message;
    EXPECT_FALSE(read_file(std::string(reinterpret_cast<const char *>(bytes->data), bytes->len))
                     .packets.empty());
}

} // namespace
