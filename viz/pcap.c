#include "viz/pcap.h"

#include <string.h>

#include "sim/language.h"
#include "sim/rerun.h"
#include "viz/pcapng.h"
#include "viz/sentence.h"

typedef struct {
    const GmqCapture *capture;
    const GmqStage *stage;
    const GmqPcapWish *wish;
    uint64_t epoch_ns;
    GByteArray *file;
    GArray *counts;      /* of uint16_t: packets of each address; the broker's is 0 */
    uint64_t next_event; /* those before it have befallen all lines */
    GPtrArray *troubles; /* for each address, an array of uint64_t: what befell its line, and no
                            packet has told yet */
} Writer;

/* ---- what befalls a line ---- */

/* Whether a fault is about the line of a client, or of all: "w1", "w1 to broker", "all". */
static bool
is_named(const char *name, const char *client)
{
    static const char *const all[] = {"all", "default", "broker", NULL};
    size_t size                    = strlen(client);
    const char *rest               = g_str_has_prefix(name, "broker to ") ? name + 10 : name;

    if (g_strv_contains(all, name))
        return true;
    return strncmp(rest, client, size) == 0 && (rest[size] == '\0' || rest[size] == ' ');
}

/* What has two ends is about the client at one of them. */
static bool
is_about(const GmqTraceEvent *event, const char *client)
{
    if (*event->to != '\0')
        return strcmp(event->who, client) == 0 || strcmp(event->to, client) == 0;
    return is_named(event->who, client);
}

static bool
is_trouble(const GmqTraceEvent *event)
{
    return (event->kind >= GMQ_EVENT_FAULT_CRASH && event->kind <= GMQ_EVENT_FAULT_THAW) ||
           event->kind == GMQ_EVENT_LINE_DIED || event->kind == GMQ_EVENT_SEGMENT_LOST;
}

/* Silence leaves no packet: the next one tells of it. */
static void
note_troubles(Writer *writer, int64_t time_ns)
{
    const GmqTrace *trace    = writer->stage->trace;
    const GPtrArray *clients = writer->stage->scenario->clients;

    for (; writer->next_event <= gmq_trace_length(trace); writer->next_event++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, writer->next_event);

        if (event->time_ns > time_ns)
            return;
        for (unsigned i = 0; is_trouble(event) && i < clients->len; i++) {
            const GmqClientSpec *client = clients->pdata[i];

            if (is_about(event, client->name))
                g_array_append_val((GArray *)writer->troubles->pdata[i + 1], event->number);
        }
    }
}

/* ---- comments ---- */

static void
add_comment(const Writer *writer, GPtrArray *comments, uint64_t event)
{
    g_autofree char *sentence = gmq_sentence(writer->stage, event);

    g_ptr_array_add(comments, g_strdup_printf("#%" G_GUINT64_FORMAT " %s", event, sentence));
}

static GPtrArray *
make_comments(const Writer *writer, const GmqPacket *packet)
{
    GPtrArray *comments = g_ptr_array_new_with_free_func(g_free);
    GArray *troubles    = writer->troubles->pdata[packet->address];
    size_t n;
    const size_t *frames = gmq_capture_frames_in(writer->capture, packet, &n);

    for (unsigned i = 0; i < troubles->len; i++)
        add_comment(writer, comments, g_array_index(troubles, uint64_t, i));
    g_array_set_size(troubles, 0);
    for (size_t i = 0; i < n; i++) {
        uint64_t event = gmq_capture_frame(writer->capture, frames[i])->event;

        if (event != 0)
            add_comment(writer, comments, event);
    }
    return comments;
}

/* ---- the file ---- */

static void
add_packet(Writer *writer, const GmqPacket *packet)
{
    unsigned sender     = packet->side == GMQ_TO_BROKER ? packet->address : 0;
    uint16_t *count     = &g_array_index(writer->counts, uint16_t, sender);
    GmqWireSide inbound = writer->wish->client == NULL ? GMQ_TO_BROKER : GMQ_FROM_BROKER;

    note_troubles(writer, packet->time_ns);
    g_autoptr(GPtrArray) comments = make_comments(writer, packet);
    ++*count;
    if (packet->time_ns < writer->wish->from_ns || packet->time_ns > writer->wish->to_ns)
        return;
    gmq_pcapng_add_packet(writer->file, packet, *count,
                          writer->epoch_ns + (uint64_t)packet->time_ns, packet->side == inbound,
                          comments);
}

static void
free_numbers(void *data)
{
    g_array_unref(data);
}

static GByteArray *
make_file(const GmqSource *source, const GmqCapture *capture, const GmqStage *stage,
          const GmqPcapWish *wish)
{
    const GmqScenario *scenario   = source->scenario;
    unsigned n_addresses          = scenario->clients->len + 1;
    g_autoptr(GArray) counts      = g_array_sized_new(FALSE, TRUE, sizeof(uint16_t), n_addresses);
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(free_numbers);
    g_autoptr(GArray) packets     = gmq_capture_packets(capture, wish->client);
    Writer writer                 = {.capture    = capture,
                                     .stage      = stage,
                                     .wish       = wish,
                                     .epoch_ns   = (uint64_t)scenario->epoch_ms * 1000000,
                                     .file       = g_byte_array_new(),
                                     .counts     = g_array_set_size(counts, n_addresses),
                                     .next_event = 1,
                                     .troubles   = troubles};

    for (unsigned i = 0; i < n_addresses; i++)
        g_ptr_array_add(troubles, g_array_new(FALSE, FALSE, sizeof(uint64_t)));
    gmq_pcapng_begin(writer.file, wish->client == NULL ? "broker" : wish->client);
    gmq_pcapng_add_names(writer.file, scenario->clients);
    for (unsigned i = 0; i < packets->len; i++)
        add_packet(&writer, &g_array_index(packets, GmqPacket, i));
    return writer.file;
}

static bool
has_client(const GmqScenario *scenario, const char *name)
{
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        if (strcmp(((const GmqClientSpec *)scenario->clients->pdata[i])->name, name) == 0)
            return true;
    }
    return false;
}

GByteArray *
gmq_pcap_new(const GmqSource *source, const GmqPcapWish *wish, GError **error)
{
    g_auto(GmqEnglish) english = gmq_english_begin();
    if (wish->client != NULL && !has_client(source->scenario, wish->client)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the scenario has no client %s",
                    wish->client);
        return NULL;
    }

    g_autoptr(GmqRerun) rerun = gmq_rerun_new(source, error);
    if (rerun == NULL)
        return NULL;

    g_autoptr(GmqStage) stage = gmq_stage_new(gmq_world_trace(rerun->world));
    return make_file(source, rerun->capture, stage, wish);
}

/* GLib writes a file of another name first, and would tell of that one. */
bool
gmq_pcap_save(const GByteArray *file, const char *path, GError **error)
{
    g_autoptr(GError) failed = NULL;

    if (g_file_set_contents(path, (const char *)file->data, (gssize)file->len, &failed))
        return true;
    const char *reason = strrchr(failed->message, ':');
    g_set_error(error, failed->domain, failed->code, "cannot write %s%s", path,
                reason != NULL ? reason : "");
    return false;
}

bool
gmq_pcap_write(const GmqTrace *trace, const char *path, int64_t from_ns, int64_t to_ns,
               GError **error)
{
    g_auto(GmqEnglish) english  = gmq_english_begin();
    g_autoptr(GmqSource) source = gmq_source_of(trace, error);
    g_autoptr(GByteArray) file  = NULL;

    if (source != NULL)
        file = gmq_pcap_new(source, &(GmqPcapWish){NULL, from_ns, to_ns}, error);
    return file != NULL && gmq_pcap_save(file, path, error);
}
