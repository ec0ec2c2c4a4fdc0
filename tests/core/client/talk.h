/* talk.h - a client that talks with a server whose every byte the test writes itself. What the
 * client tells and what it sends is kept as text. */
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "core/base/limits.h"
#include "core/client/send.h"
#include "core/wire/table.h"
#include "tests/core/wire/samples.h"

using Lines = std::vector<std::string>;

/* What servers say. */

inline std::string
framed(uint16_t channel, const GmqMethod &method)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_method_add_frame(&method, channel, &buffer);
    return string_of(buffer);
}

inline std::string
framed(GmqFrameType type, uint16_t channel, const std::string &payload)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_frame_add(&buffer, type, channel, slice_of(payload));
    return string_of(buffer);
}

/* A method without fields, or with zeros in them. */
inline std::string
plain(uint16_t channel, GmqMethodId id)
{
    GmqMethod method = {};

    method.id = id;
    return framed(channel, method);
}

inline std::string
start(const char *mechanisms = "PLAIN AMQPLAIN", uint8_t minor = 9)
{
    GmqMethod method = {};

    method.id                             = GMQ_CONNECTION_START;
    method.connection_start.version_minor = minor;
    method.connection_start.mechanisms    = gmq_slice_of(mechanisms);
    method.connection_start.locales       = GMQ_SLICE("en_US");
    return framed(0, method);
}

inline std::string
tune(uint16_t channel_max = 2047, uint32_t frame_max = 131072, uint16_t heartbeat = 60)
{
    GmqMethod method = {};

    method.id              = GMQ_CONNECTION_TUNE;
    method.connection_tune = {channel_max, frame_max, heartbeat};
    return framed(0, method);
}

inline std::string
closing(uint16_t channel, uint16_t code, const char *text, uint16_t class_id, uint16_t method_id)
{
    GmqMethod method = {};

    if (channel == 0) {
        method.id               = GMQ_CONNECTION_CLOSE;
        method.connection_close = {code, gmq_slice_of(text), class_id, method_id};
    } else {
        method.id            = GMQ_CHANNEL_CLOSE;
        method.channel_close = {code, gmq_slice_of(text), class_id, method_id};
    }
    return framed(channel, method);
}

inline std::string
consume_ok(uint16_t channel, const char *tag)
{
    GmqMethod method = {};

    method.id                            = GMQ_BASIC_CONSUME_OK;
    method.basic_consume_ok.consumer_tag = gmq_slice_of(tag);
    return framed(channel, method);
}

inline std::string
deliver(uint16_t channel, const char *tag, uint64_t number, const char *key)
{
    GmqMethod method = {};

    method.id            = GMQ_BASIC_DELIVER;
    method.basic_deliver = {gmq_slice_of(tag), number, false, GMQ_SLICE("x"), gmq_slice_of(key)};
    return framed(channel, method);
}

inline std::string
get_ok(uint16_t channel, uint64_t number)
{
    GmqMethod method = {};

    method.id                        = GMQ_BASIC_GET_OK;
    method.basic_get_ok.delivery_tag = number;
    return framed(channel, method);
}

inline std::string
ack(uint16_t channel, uint64_t number, bool multiple)
{
    GmqMethod method = {};

    method.id        = GMQ_BASIC_ACK;
    method.basic_ack = {number, multiple};
    return framed(channel, method);
}

inline std::string
header(uint16_t channel, uint64_t body_size)
{
    g_auto(GmqBuffer) payload = {};
    GmqProperties properties  = {};

    properties.present  = GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY);
    properties.priority = 5;
    gmq_properties_encode(&properties, body_size, &payload);
    return framed(GMQ_FRAME_HEADER, channel, string_of(payload));
}

inline std::string
body(uint16_t channel, const std::string &bytes)
{
    return framed(GMQ_FRAME_BODY, channel, bytes);
}

/* The other side. */
class Talk {
  public:
    explicit Talk(GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT, size_t piece = SIZE_MAX)
        : client(gmq_client_new(&config, &events, this)), chunk(piece)
    {
    }

    ~Talk()
    {
        gmq_client_free(client);
    }

    Talk(const Talk &)            = delete;
    Talk &operator=(const Talk &) = delete;

    /* Hands over bytes in pieces that end where their allocation ends, and are gone afterwards. */
    void
    hear(const std::string &bytes)
    {
        for (size_t at = 0; at < bytes.size(); at += std::min(chunk, bytes.size() - at)) {
            size_t size = std::min(chunk, bytes.size() - at);
            std::vector<uint8_t> piece(bytes.begin() + at, bytes.begin() + at + size);

            gmq_client_received(client, GmqSlice{piece.data(), piece.size()});
            std::fill(piece.begin(), piece.end(), 0xEE);
        }
    }

    /* What the client has to send, taken from it. */
    std::string
    take_output()
    {
        std::string output = string_of(gmq_client_output(client));

        gmq_client_wrote(client, output.size());
        return output;
    }

    /* Likewise, a line for each frame. */
    Lines
    take_said()
    {
        std::string output = take_output();
        GmqSlice rest      = slice_of(output);
        GmqFrame frame;
        GmqFault fault;
        Lines said;

        while (gmq_frame_read(&rest, SIZE_MAX, &frame, &fault) == GMQ_FRAME_READY)
            said.push_back(std::to_string(frame.channel) + " " + text_of(frame));
        EXPECT_EQ(0u, rest.size);
        return said;
    }

    Lines
    take_told()
    {
        return std::move(told);
    }

    /* Goes through the handshake and forgets it. */
    void
    open()
    {
        hear(start() + tune() + plain(0, GMQ_CONNECTION_OPEN_OK));
        take_output();
        told.clear();
        ASSERT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(client));
    }

    void
    open_channel(uint16_t number)
    {
        ASSERT_TRUE(gmq_client_open_channel(client, number));
        hear(plain(number, GMQ_CHANNEL_OPEN_OK));
        take_output();
        told.clear();
    }

    bool
    consume(uint16_t channel, const char *tag, bool nowait = false)
    {
        GmqMethod method = {};

        method.id                         = GMQ_BASIC_CONSUME;
        method.basic_consume.queue        = GMQ_SLICE("q");
        method.basic_consume.consumer_tag = gmq_slice_of(tag);
        method.basic_consume.nowait       = nowait;
        return gmq_client_send(client, channel, &method);
    }

    bool
    send(uint16_t channel, GmqMethodId id)
    {
        GmqMethod method = {};

        method.id = id;
        return gmq_client_send(client, channel, &method);
    }

    bool
    publish(uint16_t channel, const std::string &message, bool mandatory = false)
    {
        GmqBasicPublish publish  = {};
        GmqProperties properties = {};

        publish.routing_key = GMQ_SLICE("k");
        publish.mandatory   = mandatory;
        return gmq_client_publish(client, channel, &publish, &properties, slice_of(message));
    }

    GmqClient *client;
    Lines told;

    /* Called at each event, to act from within it. */
    void (*react)(Talk *talk, const std::string &line) = nullptr;

  private:
    static std::string
    text_of(const GmqFrame &frame)
    {
        GmqMethod method;
        GmqFault fault = {};
        uint64_t size  = 0;

        switch (frame.type) {
        case GMQ_FRAME_METHOD: {
            if (!gmq_method_decode(frame.payload, &method, &fault))
                return fault.text;
            g_autofree char *text = gmq_method_format(&method);
            return text;
        }
        case GMQ_FRAME_HEADER:
            EXPECT_TRUE(gmq_content_header_check(frame.payload, &size, &fault));
            return "header " + std::to_string(size);
        case GMQ_FRAME_BODY:
            return "body " + short_text(frame.payload);
        default:
            return "heartbeat";
        }
    }

    static std::string
    short_text(GmqSlice slice)
    {
        return slice.size > 20 ? std::to_string(slice.size) + " octets" : string_of(slice);
    }

    static void
    tell(void *user, const std::string &line)
    {
        auto *talk = static_cast<Talk *>(user);

        talk->told.push_back(line);
        if (talk->react != nullptr)
            talk->react(talk, line);
    }

    static std::string
    text_of(const GmqClientEnd *end)
    {
        static const char *const causes[] = {"ours", "server's", "fault", "silent", "lost"};

        return std::string(causes[end->cause]) + " " + std::to_string(end->code) + " (" +
               std::to_string(end->class_id) + ", " + std::to_string(end->method_id) + ") " +
               string_of(end->text);
    }

    static std::string
    text_of(const GmqClientContent *content)
    {
        GmqProperties properties;
        GmqFault fault;

        EXPECT_TRUE(gmq_properties_decode(content->header, &properties, &fault));
        g_autofree char *text = gmq_properties_format(&properties);
        return std::string(" [") + text + "] " + short_text(content->body);
    }

    static const GmqClientEvents events;
    size_t chunk;
};

inline const GmqClientEvents Talk::events = {
    [](void *user, const GmqConnectionStart *start) {
        tell(user, "greeted " + string_of(start->mechanisms));
    },
    [](void *user) { tell(user, "opened"); },
    [](void *user, const GmqClientEnd *end) { tell(user, "closed: " + text_of(end)); },
    [](void *user, uint16_t channel) { tell(user, std::to_string(channel) + " opened"); },
    [](void *user, uint16_t channel, const GmqClientEnd *end) {
        tell(user, std::to_string(channel) + " closed: " + text_of(end));
    },
    [](void *user, uint16_t channel, const GmqMethod *method) {
        g_autofree char *text = gmq_method_format(method);
        tell(user, std::to_string(channel) + " " + text);
    },
    [](void *user, uint16_t channel, const GmqMethod *method, const GmqClientContent *content) {
        g_autofree char *text = gmq_method_format(method);
        tell(user, std::to_string(channel) + " " + text + text_of(content));
    },
    [](void *user, uint16_t channel) { tell(user, std::to_string(channel) + " get-empty"); },
    [](void *user, uint16_t channel, const GmqBasicReturn *method,
       const GmqClientContent *content) {
        tell(user, std::to_string(channel) + " returned " + string_of(method->reply_text) +
                       text_of(content));
    },
    [](void *user, uint16_t channel, uint64_t number, bool multiple, bool ack) {
        tell(user, std::to_string(channel) + (ack ? " ack " : " nack ") + std::to_string(number) +
                       (multiple ? " and before" : ""));
    },
    [](void *user, uint16_t channel, GmqSlice tag) {
        tell(user, std::to_string(channel) + " cancelled " + string_of(tag));
    },
    [](void *user, GmqSlice reason) { tell(user, "blocked " + string_of(reason)); },
    [](void *user) { tell(user, "unblocked"); },
};
