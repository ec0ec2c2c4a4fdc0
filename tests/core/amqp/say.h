/* say.h - AMQP as text, both ways: what a test sends, and what it reads back.
 *
 *     say(1, "queue.declare queue=q durable")     a method frame; other fields are 0, "" or false
 *     content(1, "hello", "delivery-mode=2")      header and body frames
 *     Listener().hear(bytes)                      "deliver c 1 logs [key] {delivery-mode=2} hello"
 *
 * Values end at a blank; a bit is set by its name alone. A word that the method does not know is an
 * exception, and so a failed test. */
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/wire/frame.h"
#include "core/wire/method.h"

/* The payload of a method frame. The table, if any, is the method's table field: the inside of one,
 * for instance made by Table of tests/core/broker/world.h. */
std::string method_payload(const std::string &text, const std::string &table = "");

/* A whole frame: any, a method, a content header for a body of that size. */
std::string frame(int type, int channel, const std::string &payload);
std::string say(int channel, const std::string &text, const std::string &table = "");
std::string content_header(int channel, uint64_t body_size, const std::string &properties = "",
                           const std::string &headers = "");

/* Header and body; the body in frames of at most that many bytes of payload, none when empty. */
std::string content(int channel, const std::string &body, const std::string &properties = "",
                    const std::string &headers = "", size_t part = 4000);

/* What a client sends to publish. */
std::string publish(int channel, const std::string &exchange, const std::string &key,
                    const std::string &body, const std::string &properties = "",
                    const std::string &headers = "");

/* The payload of a content header alone. */
std::string header_payload(uint64_t body_size, const std::string &properties = "",
                           const std::string &headers = "");

/* Reads what the broker writes to one connection, and complains (a failed test) about whatever no
 * client could understand: broken frames, content in pieces or out of place, delivery tags that do
 * not count up, words after a close.
 *
 * Each method is a line; one with content stands with its content on one line. Lines of channel 1,
 * and of channel 0 where it belongs there, come bare, others begin with "#2 ". A close is
 * "channel.close 404 50,10 NOT_FOUND - ...", a delivery "deliver c 1 redelivered logs [key] {...}
 * body", others are gmq_method_format()'s text. */
class Listener {
  public:
    /* Returns the lines of all that is whole now, each with a line end but the last. */
    std::string hear(const std::string &bytes);

    /* Body frames with more payload than this are complained about; 0: any size is fine. */
    size_t payload_max = 0;

    /* The 8 bytes that refuse a protocol; they come as the line "header 0 0 9 1". */
    bool has_refused = false;

    /* The header frame's payload of the content that came last, and how many body frames it had. */
    std::string last_header;
    unsigned last_parts = 0;

    /* Words are short where a body is long: bodies above this show as their size. */
    size_t body_shown = 64;

  private:
    struct Channel {
        uint64_t next_tag = 1;
        bool is_closed    = false;
    };

    void on_frame(const GmqFrame &frame);
    void on_method(int channel, GmqSlice payload);
    void on_content(const GmqFrame &frame);
    void check_method(int channel, const GmqMethod &method);
    void check_tag(int channel, uint64_t tag);
    void finish_content();
    void add_line(int channel, const std::string &text);

    std::string pending_;
    std::string lines_;
    std::map<int, Channel> channels_;
    bool is_closing_ = false; /* connection.close came */
    bool is_closed_  = false; /* connection.close-ok came */

    /* The method whose content is still to come. */
    bool has_content_     = false;
    bool has_header_      = false;
    int content_channel_  = 0;
    uint64_t left_        = 0;
    std::string sentence_ = "";
    std::string tail_     = "";
    std::string body_     = "";
};

/* The first words of the first line, as "channel.close 404", not counting a channel's number. */
std::string brief(const std::string &lines, int words = 2);

/* The method in the words that a Listener uses; for one with content, without its content. */
std::string describe(const GmqMethod &method);
