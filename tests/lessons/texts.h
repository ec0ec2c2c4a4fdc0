/* texts.h - lesson files that are right, for tests to spoil. */
#pragma once

#include <string>

namespace {

const std::string head = "---\n"
                         "title: A queue waits\n"
                         "minutes: 10\n"
                         "terms: [queue]\n"
                         "---\n"
                         "# A queue waits\n";

const std::string page = "## First\n"
                         "\n"
                         "A queue keeps **messages**.\n"
                         "\n";

const std::string predict = "```predict\n"
                            "scenario: s.yaml\n"
                            "stop: start\n"
                            "question: What comes?\n"
                            "choices: [Nothing., A message.]\n"
                            "right: 2\n"
                            "end: end\n"
                            "why: The producer sent it.\n"
                            "see: {}\n"
                            "```\n";

const std::string investigate =
    "```investigate\n"
    "scenario: s.yaml\n"
    "tasks:\n"
    "  - {question: A?, answer: \"#1\", find: t<1ms, take: event, hint: h}\n"
    "  - {question: B?, answer: p1-2, find: kind:publish m:p1-2,\n"
    "     take: message, hint: h}\n"
    "  - {question: C?, answer: 3, find: kind:publish, take: count,\n"
    "     hint: h}\n"
    "```\n";

const std::string modify = "```modify\n"
                           "file: exercise.yaml\n"
                           "solution: solution.yaml\n"
                           "task: Mend it.\n"
                           "may: [clients.w1.ack]\n"
                           "fails: lost\n"
                           "hints: [a, b, c]\n"
                           "```\n";

const std::string make = "```make\n"
                         "scenario: make.yaml\n"
                         "task: Write a worker.\n"
                         "limit: 5s\n"
                         "hints: [a, b, c]\n"
                         "```\n";

/* The text with another word in it: instead of the first, or of all that are there. */
[[maybe_unused]] std::string
spoiled(std::string text, const std::string &what, const std::string &with, bool is_all = false)
{
    for (size_t at = text.find(what); at != std::string::npos;) {
        text.replace(at, what.size(), with);
        at = is_all ? text.find(what, at + with.size()) : std::string::npos;
    }
    return text;
}

const std::string world = "glassmq: 1\n"
                          "title: T\n"
                          "seed: 7\n"
                          "stop: 5s\n"
                          "topology:\n"
                          "  queues:\n"
                          "    q: {}\n"
                          "clients:\n"
                          "  p1:\n"
                          "    role: producer\n"
                          "    publish: {to: default, key: q, every: 100ms, count: 4}\n"
                          "  w1:\n"
                          "    role: consumer\n"
                          "    from: q\n"
                          "    ack: auto\n"
                          "    work: 300ms\n"
                          "    reconnect: {after: 200ms}\n"
                          "timeline:\n"
                          "  - {when: {message: p1-2, is: delivered}, wait: 50ms, crash: w1}\n"
                          "  - {at: 2s, start: w1}\n"
                          "expect:\n"
                          "  processed: 4\n";

} // namespace
