#include <gtest/gtest.h>

#include <map>

#include "sim/conditions.h"
#include "sim/keys.h"
#include "sim/sometimes.h"
#include "tests/sim/shipped.h"

/* scenarios/README.md says what the reader does: row by row, and nothing else. */
namespace {

using Rows = std::vector<std::string>;

/* The rows of all tables below each heading, without their heads. */
std::map<std::string, Rows>
read_tables()
{
    std::map<std::string, Rows> tables;
    std::istringstream lines(read_text(source_path("scenarios/README.md")));
    std::string line, heading;
    unsigned head = 0;

    while (std::getline(lines, line)) {
        if (line.rfind("## ", 0) == 0)
            heading = line.substr(3);
        head = line.rfind("| ", 0) == 0 || line.rfind("|-", 0) == 0 ? head + 1 : 0;
        if (head > 2)
            tables[heading].push_back(line);
    }
    return tables;
}

/* Each part of the file, and where it is described. */
const std::map<GmqKeyOwner, std::string> headings = {
    {GMQ_IN_SCENARIO, "A scenario"},
    {GMQ_IN_BROKER, "broker"},
    {GMQ_IN_TOPOLOGY, "topology"},
    {GMQ_IN_EXCHANGE, "topology: exchanges"},
    {GMQ_IN_QUEUE, "topology: queues"},
    {GMQ_IN_DEAD_LETTER, "topology: dead letters"},
    {GMQ_IN_BINDING, "topology: bindings"},
    {GMQ_IN_CLIENT, "clients: all"},
    {GMQ_IN_PRODUCER, "clients: a producer"},
    {GMQ_IN_RPC_CLIENT, "clients: an rpc-client"},
    {GMQ_IN_RECEIVER, "clients: who receives"},
    {GMQ_IN_RULE, "clients: rules"},
    {GMQ_IN_CONSUMER, "clients: a consumer"},
    {GMQ_IN_GETTER, "clients: a getter"},
    {GMQ_IN_RAW, "clients: a raw client"},
    {GMQ_IN_RECONNECT, "clients: reconnect"},
    {GMQ_IN_PUBLISH, "clients: publish"},
    {GMQ_IN_MESSAGE, "clients: messages"},
    {GMQ_IN_CONFIRMS, "clients: confirms"},
    {GMQ_IN_TX, "clients: tx"},
    {GMQ_IN_LINK, "links"},
    {GMQ_IN_ENTRY, "timeline"},
    {GMQ_IN_DECLARE, "timeline: declare"},
    {GMQ_IN_BIND, "timeline: bind and unbind"},
    {GMQ_IN_DELETE, "timeline: delete"},
    {GMQ_IN_PURGE, "timeline: purge"},
    {GMQ_IN_ENTRY_PUBLISH, "timeline: publish"},
    {GMQ_IN_DISK, "timeline: disk"},
    {GMQ_IN_WHEN, "timeline: when"},
    {GMQ_IN_ASK, "timeline: ask"},
    {GMQ_IN_RUN, "expect"},
    {GMQ_IN_EXPECT_QUEUE, "expect: queues"},
    {GMQ_IN_EXPECT_DEAD, "expect: dead letters"},
    {GMQ_IN_EXPECT_MESSAGE, "expect: messages"},
    {GMQ_IN_EXPECT_CLIENT, "expect: clients"},
    {GMQ_IN_LATENCY, "expect: latency"},
};

/* "a|b" of a choice, as people read it. */
std::string
values_of(const GmqKey *key)
{
    std::string values = key->values;

    if (key->type != GMQ_KEY_CHOICE)
        return values;
    for (size_t at = values.find('|'); at != std::string::npos; at = values.find('|', at))
        values.replace(at, 1, ", ");
    return values;
}

std::map<std::string, Rows>
expected_tables()
{
    static const std::map<GmqTrigger, std::string> subjects = {
        {GMQ_TRIGGER_MESSAGE, "a message is"},
        {GMQ_TRIGGER_QUEUE, "a queue has"},
        {GMQ_TRIGGER_CLIENT, "a client is"},
    };
    std::map<std::string, Rows> tables;
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        if (keys[i].type != GMQ_KEY_LATER)
            tables[headings.at(keys[i].owner)].push_back("| `" + std::string(keys[i].key) + "` | " +
                                                         values_of(&keys[i]) + " | " + keys[i].doc +
                                                         " |");
    }
    for (unsigned i = 0; i < GMQ_N_CONDITIONS; i++) {
        const GmqConditionInfo *info = gmq_condition_info(static_cast<GmqCondition>(i));
        std::string number           = info->form == GMQ_CONDITION_NUMBER ? "N " : "";

        tables["timeline: when"].push_back("| " + subjects.at(info->trigger) + " | `" + number +
                                           info->word + "` | " + info->meaning + " |");
    }
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        auto what = static_cast<GmqSometimes>(i);
        tables["expect"].push_back("| `" + std::string(gmq_sometimes_name(what)) + "` | " +
                                   gmq_sometimes_meaning(what) + " |");
    }
    return tables;
}

} // namespace

TEST(Readme, HasTheTablesOfTheReader)
{
    std::map<std::string, Rows> expected = expected_tables();
    std::map<std::string, Rows> found    = read_tables();

    EXPECT_EQ(GMQ_N_OWNERS, headings.size());
    EXPECT_EQ(expected.size(), found.size());
    for (const auto &table : expected)
        EXPECT_EQ(table.second, found[table.first]) << table.first;
}

/* A word in code marks that is a key, is one that works. */
TEST(Readme, SpeaksOfNothingThatIsYetToCome)
{
    std::string text = read_text(source_path("scenarios/README.md"));
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        bool works = false;

        for (size_t j = 0; j < n; j++)
            works |= strcmp(keys[i].key, keys[j].key) == 0 && keys[j].type != GMQ_KEY_LATER;
        if (!works) {
            EXPECT_EQ(std::string::npos, text.find("`" + std::string(keys[i].key) + "`"))
                << keys[i].key;
        }
    }
}
