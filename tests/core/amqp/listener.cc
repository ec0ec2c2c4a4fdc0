#include <gtest/gtest.h>

#include "core/wire/properties.h"
#include "tests/core/amqp/say.h"

#define REFUSAL_SIZE 8

static std::string
string_of(GmqSlice slice)
{
    return slice.size == 0 ? ""
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

static std::string
take_text(char *text)
{
    std::string copy = text;

    g_free(text);
    return copy;
}

/* ---- sentences ---- */

template <typename T>
static std::string
describe_close(const char *name, const T &close)
{
    return std::string(name) + " " + std::to_string(close.reply_code) + " " +
           std::to_string(close.class_id) + "," + std::to_string(close.method_id) + " " +
           string_of(close.reply_text);
}

/* " logs [key]", without the name of the default exchange. */
template <typename T>
static std::string
address(const T &fields)
{
    return (fields.exchange.size == 0 ? "" : " " + string_of(fields.exchange)) + " [" +
           string_of(fields.routing_key) + "]";
}

static std::string
without_reserved(const std::string &text)
{
    size_t at = text.find(" reserved-1=\"\"");

    return text.substr(0, at);
}

template <typename T>
static std::string
tag_and_address(const T &fields)
{
    return " " + std::to_string(fields.delivery_tag) + (fields.redelivered ? " redelivered" : "") +
           address(fields);
}

std::string
describe(const GmqMethod &method)
{
    switch (method.id) {
    case GMQ_CHANNEL_CLOSE:
        return describe_close("channel.close", method.channel_close);
    case GMQ_CONNECTION_CLOSE:
        return describe_close("connection.close", method.connection_close);
    case GMQ_BASIC_DELIVER:
        return "deliver " + string_of(method.basic_deliver.consumer_tag) +
               tag_and_address(method.basic_deliver);
    case GMQ_BASIC_GET_OK:
        return "get-ok" + tag_and_address(method.basic_get_ok);
    case GMQ_BASIC_RETURN:
        return "return " + std::to_string(method.basic_return.reply_code) + " " +
               string_of(method.basic_return.reply_text) + address(method.basic_return);
    case GMQ_QUEUE_DECLARE_OK:
        return "queue.declare-ok " + string_of(method.queue_declare_ok.queue) +
               " messages=" + std::to_string(method.queue_declare_ok.message_count) +
               " consumers=" + std::to_string(method.queue_declare_ok.consumer_count);
    default:
        return without_reserved(take_text(gmq_method_format(&method)));
    }
}

std::string
brief(const std::string &lines, int words)
{
    std::string line = lines.substr(0, lines.find('\n'));
    size_t end       = 0;

    if (line[0] == '#')
        words++;
    for (; words > 0 && end != std::string::npos; words--)
        end = line.find(' ', end == 0 ? 0 : end + 1);
    return line.substr(0, end);
}

/* ---- frames ---- */

std::string
Listener::hear(const std::string &bytes)
{
    pending_ += bytes;
    lines_.clear();
    if (!has_refused && pending_.compare(0, 4, "AMQP") == 0 && pending_.size() >= REFUSAL_SIZE) {
        has_refused = true;
        for (int i = 4; i < REFUSAL_SIZE; i++)
            lines_ += (i == 4 ? "header " : " ") + std::to_string(pending_[i]);
        pending_.erase(0, REFUSAL_SIZE);
        return lines_;
    }

    GmqSlice rest  = {reinterpret_cast<const uint8_t *>(pending_.data()), pending_.size()};
    GmqFault fault = {};
    GmqFrame frame;
    GmqFrameStatus status;
    while ((status = gmq_frame_read(&rest, UINT32_MAX, &frame, &fault)) == GMQ_FRAME_READY)
        on_frame(frame);
    EXPECT_NE(GMQ_FRAME_BAD, status) << fault.text;
    pending_.erase(0, pending_.size() - rest.size);
    return lines_;
}

void
Listener::add_line(int channel, const std::string &text)
{
    bool is_control = text.compare(0, 11, "connection.") == 0 || text == "heartbeat";

    if (!lines_.empty())
        lines_ += "\n";
    if (channel != (is_control ? 0 : 1))
        lines_ += "#" + std::to_string(channel) + " ";
    lines_ += text;
}

void
Listener::on_frame(const GmqFrame &frame)
{
    if (frame.type == GMQ_FRAME_HEARTBEAT) {
        EXPECT_EQ(0, frame.channel);
        EXPECT_EQ(0u, frame.payload.size);
        add_line(0, "heartbeat");
    } else if (frame.type == GMQ_FRAME_METHOD) {
        on_method(frame.channel, frame.payload);
    } else {
        on_content(frame);
    }
}

/* ---- methods ---- */

void
Listener::on_method(int channel, GmqSlice payload)
{
    GmqMethod method;
    GmqFault fault = {};

    EXPECT_FALSE(has_content_) << "a method within content";
    if (!gmq_method_decode(payload, &method, &fault)) {
        ADD_FAILURE() << "a method that does not decode: " << fault.text;
        return;
    }
    check_method(channel, method);
    sentence_ = describe(method);
    if (!gmq_method_info(method.id)->has_content) {
        add_line(channel, sentence_);
        return;
    }
    has_content_     = true;
    has_header_      = false;
    content_channel_ = channel;
    body_            = "";
    tail_            = method.id == GMQ_BASIC_GET_OK
                           ? " left=" + std::to_string(method.basic_get_ok.message_count)
                           : "";
}

void
Listener::check_tag(int channel, uint64_t tag)
{
    EXPECT_EQ(channels_[channel].next_tag, tag) << "delivery tags count up";
    channels_[channel].next_tag = tag + 1;
}

void
Listener::check_method(int channel, const GmqMethod &method)
{
    const GmqMethodInfo *info = gmq_method_info(method.id);

    EXPECT_TRUE(info->from & GMQ_FROM_SERVER) << info->name << " is for clients";
    EXPECT_EQ(info->class_id == 10, channel == 0) << info->name << " on channel " << channel;
    if (is_closing_ || is_closed_) { /* several closes have several answers */
        EXPECT_EQ(GMQ_CONNECTION_CLOSE_OK, method.id) << info->name << " after connection.close";
    }
    if (method.id == GMQ_CHANNEL_OPEN_OK)
        channels_[channel] = Channel();
    if (channels_[channel].is_closed) {
        EXPECT_EQ(GMQ_CHANNEL_CLOSE_OK, method.id) << info->name << " after channel.close";
    }

    if (method.id == GMQ_BASIC_DELIVER)
        check_tag(channel, method.basic_deliver.delivery_tag);
    if (method.id == GMQ_BASIC_GET_OK)
        check_tag(channel, method.basic_get_ok.delivery_tag);
    if (method.id == GMQ_CHANNEL_CLOSE || method.id == GMQ_CHANNEL_CLOSE_OK)
        channels_[channel].is_closed = true;
    is_closing_ |= method.id == GMQ_CONNECTION_CLOSE;
    is_closed_ |=
        method.id == GMQ_CONNECTION_CLOSE_OK && !is_closing_; /* else it goes on waiting */
}

/* ---- content ---- */

static std::string
describe_properties(GmqSlice payload)
{
    GmqProperties properties;
    GmqFault fault = {};

    if (!gmq_properties_decode(payload, &properties, &fault)) {
        ADD_FAILURE() << "a content header that does not decode: " << fault.text;
        return "";
    }
    if (properties.present == 0)
        return "";
    return " {" + take_text(gmq_properties_format(&properties)) + "}";
}

void
Listener::on_content(const GmqFrame &frame)
{
    bool is_header = frame.type == GMQ_FRAME_HEADER;

    EXPECT_TRUE(has_content_) << "content without a method";
    EXPECT_EQ(content_channel_, frame.channel) << "content of one channel in that of another";
    EXPECT_EQ(is_header, !has_header_) << "one content header, then bodies";
    if (is_header) {
        GmqFault fault = {};

        EXPECT_TRUE(gmq_content_header_check(frame.payload, &left_, &fault)) << fault.text;
        sentence_ += describe_properties(frame.payload);
        last_header = string_of(frame.payload);
        last_parts  = 0;
        has_header_ = true;
    } else {
        EXPECT_LE(frame.payload.size, left_) << "more body than was announced";
        EXPECT_GT(frame.payload.size, 0u) << "an empty body frame";
        EXPECT_LE(frame.payload.size, payload_max == 0 ? SIZE_MAX : payload_max);
        left_ -= MIN(left_, frame.payload.size);
        body_ += string_of(frame.payload);
        last_parts++;
    }
    if (left_ == 0)
        finish_content();
}

void
Listener::finish_content()
{
    std::string shown =
        body_.size() <= body_shown ? body_ : "(" + std::to_string(body_.size()) + " bytes)";

    has_content_ = false;
    add_line(content_channel_, sentence_ + (shown.empty() ? "" : " " + shown) + tail_);
}
