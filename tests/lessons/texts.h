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

} // namespace
