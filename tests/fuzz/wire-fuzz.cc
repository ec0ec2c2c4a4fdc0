/* wire-fuzz - any bytes at all for everything that reads a peer's bytes.
 *
 * libFuzzer looks for inputs that crash, read outside, or break a promise:
 *     CC=clang CXX=clang++ meson setup build/fuzz -Dfuzz=true -Db_sanitize=address,undefined \
 *         -Db_lundef=false
 *     ninja -C build/fuzz tests/fuzz/wire_fuzz && build/fuzz/tests/fuzz/wire_fuzz -max_len=4096 */
#include <string>

#include "core/client/send.h"
#include "core/wire/properties.h"
#include "core/wire/table.h"

/* What is accepted is written again, read again, and must still be the same. */

static void
try_method(GmqSlice input)
{
    g_auto(GmqBuffer) first  = {};
    g_auto(GmqBuffer) second = {};
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(input, &method, &fault))
        return;
    g_autofree char *text = gmq_method_format(&method);
    g_assert_true(g_utf8_validate(text, -1, nullptr));

    gmq_method_encode(&method, &first);
    g_assert_true(gmq_method_decode(gmq_buffer_slice(&first), &method, &fault));
    gmq_method_encode(&method, &second);
    g_assert_true(gmq_slice_equal(gmq_buffer_slice(&first), gmq_buffer_slice(&second)));
}

static void
try_table(GmqSlice input)
{
    g_auto(GmqBuffer) copy = {};
    GmqSlice rest          = input;
    GmqSlice name;
    GmqValue value;

    if (!gmq_table_check(input))
        return;
    while (gmq_table_next(&rest, &name, &value))
        gmq_table_add(&copy, name, &value);
    g_autofree char *text = gmq_table_format(input);
    g_assert_true(g_utf8_validate(text, -1, nullptr));
    g_assert_cmpuint(rest.size, ==, 0);
    g_assert_true(gmq_table_equal(input, gmq_buffer_slice(&copy)));
}

static void
try_header(GmqSlice input)
{
    g_auto(GmqBuffer) copy = {};
    GmqProperties properties;
    uint64_t body_size;
    GmqFault fault;

    if (!gmq_content_header_check(input, &body_size, &fault) ||
        !gmq_properties_decode(input, &properties, &fault))
        return;
    g_autofree char *text = gmq_properties_format(&properties);
    g_assert_true(g_utf8_validate(text, -1, nullptr));
    gmq_properties_encode(&properties, body_size, &copy);
    g_assert_true(gmq_slice_equal(input, gmq_buffer_slice(&copy)));
}

/* A client that consumes, confirms and waits for answers hears the bytes in two pieces. */

static void
open_channel(void *user)
{
    auto *client       = *static_cast<GmqClient **>(user);
    GmqMethod consume  = {};
    GmqMethod confirms = {};

    consume.id                         = GMQ_BASIC_CONSUME;
    consume.basic_consume.consumer_tag = GMQ_SLICE("c");
    confirms.id                        = GMQ_CONFIRM_SELECT;
    gmq_client_open_channel(client, 1);
    gmq_client_send(client, 1, &consume);
    gmq_client_send(client, 1, &confirms);
}

static void
ack(void *user, uint16_t channel, const GmqMethod *method, const GmqClientContent *content)
{
    GmqProperties properties;
    GmqFault fault;

    g_assert_true(gmq_properties_decode(content->header, &properties, &fault));
    if (method->id == GMQ_BASIC_DELIVER)
        gmq_client_ack(*static_cast<GmqClient **>(user), channel,
                       method->basic_deliver.delivery_tag, false);
}

static std::string
opening_words()
{
    g_auto(GmqBuffer) buffer = {};
    GmqMethod method         = {};

    method.id               = GMQ_CONNECTION_START;
    method.connection_start = {0, 9, {nullptr, 0}, GMQ_SLICE("PLAIN"), GMQ_SLICE("en_US")};
    gmq_method_add_frame(&method, 0, &buffer);
    method.id              = GMQ_CONNECTION_TUNE;
    method.connection_tune = {10, 4096, 10};
    gmq_method_add_frame(&method, 0, &buffer);
    method.id                 = GMQ_CONNECTION_OPEN_OK;
    method.connection_open_ok = {};
    gmq_method_add_frame(&method, 0, &buffer);
    method.id              = GMQ_CHANNEL_OPEN_OK;
    method.channel_open_ok = {};
    gmq_method_add_frame(&method, 1, &buffer);
    method.id                            = GMQ_BASIC_CONSUME_OK;
    method.basic_consume_ok.consumer_tag = GMQ_SLICE("c");
    gmq_method_add_frame(&method, 1, &buffer);
    return std::string(reinterpret_cast<char *>(buffer.data), buffer.size);
}

static void
try_client(GmqSlice input, bool is_open)
{
    static const std::string opening = opening_words();
    GmqClientConfig config           = GMQ_CLIENT_CONFIG_DEFAULT;
    GmqClientEvents events           = {};
    GmqClient *client                = nullptr;

    events.opened    = open_channel;
    events.delivered = ack;
    client           = gmq_client_new(&config, &events, &client);
    if (is_open)
        gmq_client_received(
            client, GmqSlice{reinterpret_cast<const uint8_t *>(opening.data()), opening.size()});

    size_t cut = input.size == 0 ? 0 : input.data[0] % (input.size + 1);
    gmq_client_received(client, GmqSlice{input.data, cut});
    gmq_client_received(client, GmqSlice{input.data + cut, input.size - cut});
    gmq_client_tick(client, 1);
    gmq_client_lost(client);
    gmq_client_free(client);
}

/* libFuzzer calls this one and has no header for it. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;

    GmqSlice input = {data + 1, size - 1};
    switch (data[0] % 5) {
    case 0:
        try_method(input);
        break;
    case 1:
        try_table(input);
        break;
    case 2:
        try_header(input);
        break;
    case 3:
        try_client(input, false);
        break;
    default:
        try_client(input, true);
        break;
    }
    return 0;
}
