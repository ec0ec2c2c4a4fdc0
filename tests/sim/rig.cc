#include "tests/sim/rig.h"

#include <algorithm>

#include "core/store/record.h"

namespace {

constexpr int64_t ms = 1000000;

void
do_nothing(void *)
{
}

} // namespace

/* ---- the host ---- */

Rig *
Rig::of(GmqHost *host)
{
    return reinterpret_cast<Host *>(host)->rig;
}

int64_t
Rig::now(GmqHost *host)
{
    return gmq_schedule_now(of(host)->schedule);
}

int64_t
Rig::wall_ms(GmqHost *host)
{
    return 1600000000000 + now(host) / ms;
}

void
Rig::on_wake(void *data)
{
    Rig *rig = static_cast<Rig *>(data);

    rig->wake_ticket_ = 0;
    gmq_amqp_woken(rig->amqp);
    rig->turn();
}

void
Rig::wake_at(GmqHost *host, int64_t time_ns)
{
    Rig *rig = of(host);

    gmq_schedule_forget(rig->schedule, &rig->wake_ticket_);
    if (time_ns != INT64_MAX)
        rig->wake_ticket_ = gmq_schedule_add(rig->schedule, time_ns, GMQ_PHASE_BROKER,
                                             "the broker wakes up", on_wake, rig);
}

void
Rig::on_stored(void *data, uint64_t ticket, GmqDiskResult result)
{
    Rig *rig = static_cast<Rig *>(data);

    gmq_broker_stored(rig->broker, ticket, result);
    rig->turn();
}

Rig::Rig(uint64_t seed, uint64_t segment_bytes) : segment_size(segment_bytes)
{
    static const char *const names[GMQ_N_STREAMS] = {"names", "routing", "secrets", "journal"};

    for (unsigned i = 0; i < GMQ_N_STREAMS; i++)
        gmq_random_init(&random_[i], seed, names[i]);
    schedule            = gmq_schedule_new();
    disk                = gmq_sim_disk_new(schedule, seed, on_stored, this);
    host_.rig           = this;
    host_.table         = {};
    host_.table.now     = now;
    host_.table.wall_ms = wall_ms;
    host_.table.wake_at = wake_at;
    host_.table.disk    = gmq_sim_disk_host(disk);
    host_.table.write   = [](GmqHost *, GmqPeer *peer, const GmqSlice *slices, size_t n) {
        size_t sum = 0;
        for (size_t i = 0; i < n; i++) {
            peer->written += FakeHost::to_string(slices[i]);
            sum += slices[i].size;
        }
        return sum;
    };
    host_.table.read_gate = [](GmqHost *, GmqPeer *peer, bool open) { peer->can_read = open; };
    host_.table.close     = [](GmqHost *, GmqPeer *peer) { peer->closed = true; };
    host_.table.abort     = [](GmqHost *, GmqPeer *peer) { peer->aborted = true; };
    host_.table.random    = [](GmqHost *host, GmqStream stream) {
        return gmq_random_next(&of(host)->random_[stream]);
    };
    gmq_sim_disk_set_times(disk, GMQ_SIM_APPEND_NS, 2 * ms);
    start();
}

Rig::~Rig()
{
    crash(GMQ_LOSE_NOTHING, false);
    gmq_sim_disk_free(disk);
    gmq_schedule_free(schedule);
}

/* ---- life ---- */

bool
Rig::is_up() const
{
    return amqp != nullptr;
}

bool
Rig::start()
{
    GmqAmqpConfig config    = GMQ_AMQP_CONFIG_DEFAULT;
    g_autoptr(GError) error = nullptr;

    generation++;
    broker = gmq_broker_new(&host_.table);
    report = {};
    if (!gmq_broker_open_storage(broker, &report, &error)) {
        refusal = error->message;
        gmq_broker_free(broker);
        broker = nullptr;
        return false;
    }
    gmq_journal_set_segment_size(gmq_broker_journal(broker), segment_size);
    amqp = gmq_amqp_new(broker, &config);
    turn();
    return true;
}

void
Rig::remove()
{
    for (Client *client : clients_) {
        if (client->connection != nullptr)
            gmq_connection_closed(client->connection);
        client->connection = nullptr;
    }
    g_clear_pointer(&amqp, gmq_amqp_free);
    g_clear_pointer(&broker, gmq_broker_free);
    gmq_schedule_forget(schedule, &wake_ticket_);
}

void
Rig::crash(GmqDiskLoss loss, bool is_torn)
{
    gmq_sim_disk_crash(disk, loss, is_torn);
    remove();
}

void
Rig::cut(uint64_t n)
{
    gmq_sim_disk_cut(disk, n);
    remove();
}

/* Its clients lose their connections, as those that do not answer do; then the rest is written. */
void
Rig::stop()
{
    for (Client *client : clients_) {
        if (client->connection != nullptr)
            gmq_connection_closed(client->connection);
        client->connection = nullptr;
        turn();
    }
    gmq_broker_stop_storage(broker);
    turn();
    for (unsigned n = 0; !gmq_broker_is_storage_idle(broker); n++) {
        ASSERT_TRUE(step()) << "the storage never comes to its end";
        ASSERT_LT(n, 10000u);
    }
    gmq_sim_disk_crash(disk, GMQ_LOSE_NOTHING, false);
    remove();
}

void
Rig::turn()
{
    gmq_amqp_flush(amqp);
    for (Client *client : clients_) {
        if (client->connection == nullptr || !(client->peer->closed || client->peer->aborted))
            continue;
        gmq_connection_closed(client->connection);
        client->connection = nullptr;
        gmq_amqp_flush(amqp);
    }
}

bool
Rig::step()
{
    if (gmq_schedule_next_time(schedule) - gmq_schedule_now(schedule) > 50 * ms)
        return false;
    return gmq_schedule_step(schedule);
}

void
Rig::pass_ms(int64_t time_ms)
{
    int64_t end_ns = gmq_schedule_now(schedule) + time_ms * ms;

    gmq_schedule_add(schedule, end_ns, GMQ_PHASE_OBSERVER, "time has passed", do_nothing, nullptr);
    while (gmq_schedule_next_time(schedule) <= end_ns && gmq_schedule_step(schedule)) {
    }
}

/* ---- clients ---- */

Client::Client(Rig &rig) : rig_(rig)
{
    GmqPeerInfo info = {};

    rig.peers_.push_back(std::make_unique<GmqPeer>());
    peer                 = rig.peers_.back().get();
    info.name            = "c";
    info.is_loopback     = true;
    listener_.body_shown = SIZE_MAX;
    connection           = gmq_amqp_opened(rig.amqp, peer, &info);
    rig.clients_.push_back(this);
    rig.turn();
    send(std::string("AMQP\0\0\x09\x01", 8));
    send(::say(0, std::string("connection.start-ok mechanism=PLAIN locale=en_US response=") +
                      std::string("\0guest\0guest", 12)));
    send(::say(0, "connection.tune-ok channel-max=10 frame-max=131072 heartbeat=0"));
    send(::say(0, "connection.open virtual-host=/"));
    send(::say(1, "channel.open"));
    std::string answer = read();
    EXPECT_NE(std::string::npos, answer.find("channel.open-ok")) << answer;
}

Client::~Client()
{
    rig_.clients_.erase(std::find(rig_.clients_.begin(), rig_.clients_.end(), this));
    if (connection == nullptr)
        return;
    gmq_connection_closed(connection);
    rig_.turn();
}

bool
Client::is_dead() const
{
    return connection == nullptr;
}

void
Client::send(const std::string &bytes)
{
    if (connection == nullptr)
        return;
    gmq_connection_received(connection,
                            {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
    rig_.turn();
}

void
Client::say(const std::string &text, const std::string &table)
{
    send(::say(1, text, table));
}

std::string
Client::read()
{
    return listener_.hear(FakeHost::take_written(peer));
}

std::string
Client::ask(const std::string &text, const std::string &table)
{
    say(text, table);
    return read();
}

/* ---- the disk ---- */

static uint64_t
number_at(const uint8_t *at, unsigned size)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < size; i++)
        number = number << 8 | at[i];
    return number;
}

/* "message#17", "dropped 12+1 14+2" */
static std::string
describe_record(const uint8_t *record, bool is_whole)
{
    static const char *const types[] = {"?",       "header",  "batch",        "definition",
                                        "message", "dropped", "copy-dropped", "copy-marked",
                                        "end"};
    unsigned type                    = record[8] < G_N_ELEMENTS(types) ? record[8] : 0;
    unsigned n_items                 = (unsigned)number_at(record + 10, 2);
    std::string text                 = types[type];

    if (!is_whole)
        return text + " (torn)";
    if (type == GMQ_RECORD_DEFINITION || type == GMQ_RECORD_MESSAGE)
        text += "#" + std::to_string(number_at(record + GMQ_RECORD_HEAD, 8));
    for (unsigned i = 0; type == GMQ_RECORD_DROPPED && i < n_items; i++) {
        const uint8_t *range = record + GMQ_RECORD_HEAD + (size_t)i * GMQ_RECORD_RANGE_SIZE;
        text += " " + std::to_string(number_at(range, 8)) + "+" +
                std::to_string(number_at(range + 8, 4));
    }
    return text;
}

static std::string
describe_file(const std::string &bytes)
{
    std::string text;

    for (size_t at = 0; at + GMQ_RECORD_HEAD <= bytes.size();) {
        const uint8_t *record = (const uint8_t *)bytes.data() + at;
        uint64_t size         = number_at(record + 4, 4);
        bool is_whole         = size >= GMQ_RECORD_HEAD && size <= bytes.size() - at;

        text += " " + describe_record(record, is_whole);
        at += is_whole ? size : bytes.size();
    }
    return text;
}

std::string
Rig::describe_disk()
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GmqDisk *table             = gmq_sim_disk_host(disk);
    std::string text;

    table->list(table, names, nullptr);
    for (unsigned i = 0; i < names->len; i++) {
        const char *name = static_cast<const char *>(names->pdata[i]);
        GmqFile *file    = table->open(table, name, false, nullptr);
        std::string bytes(table->size(table, file), '\0');

        table->read(table, file, 0, (uint8_t *)bytes.data(), bytes.size(), nullptr);
        text += std::string("\n    ") + name + describe_file(bytes);
        table->close(table, file);
    }
    return text;
}
