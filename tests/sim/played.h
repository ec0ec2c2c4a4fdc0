/* played.h - a scenario that was run to its end, for tests. */
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "sim/world.h"

/* The start of a scenario: what every test would write again. */
inline const char *const run_start = "glassmq: 1\n"
                                     "title: T\n"
                                     "stop: 10s\n";

class Played {
  public:
    explicit Played(const std::string &text, uint64_t seed = 1)
    {
        g_autoptr(GError) error = NULL;
        std::string whole       = run_start + text;

        scenario = gmq_scenario_parse("t.yaml", whole.data(), whole.size(), &error);
        if (scenario == NULL) {
            ADD_FAILURE() << error->message;
            return;
        }
        world = gmq_world_new(scenario, seed);
        while (gmq_world_step(world)) {
        }
    }
    ~Played()
    {
        gmq_world_free(world);
        gmq_scenario_free(scenario);
    }
    Played(const Played &)            = delete;
    Played &operator=(const Played &) = delete;

    const GmqTrace *
    trace() const
    {
        return gmq_world_trace(world);
    }

    std::string
    verdict() const
    {
        return gmq_trace_info(trace())->verdict;
    }

    uint64_t
    story() const
    {
        return gmq_trace_info(trace())->story;
    }

    GmqTotals
    totals() const
    {
        return gmq_tally_totals(gmq_world_tally(world));
    }

    /* All events of a kind, and of somebody when that is said. */
    std::vector<const GmqTraceEvent *>
    events(GmqEventKind kind, const std::string &who = "") const
    {
        std::vector<const GmqTraceEvent *> found;

        for (uint64_t n = 1; n <= gmq_trace_length(trace()); n++) {
            const GmqTraceEvent *event = gmq_trace_event(trace(), n);
            if (event->kind == kind && (who.empty() || who == event->who))
                found.push_back(event);
        }
        return found;
    }

    size_t
    count(GmqEventKind kind, const std::string &who = "") const
    {
        return events(kind, who).size();
    }

    /* The only event of its kind. */
    const GmqTraceEvent *
    one(GmqEventKind kind, const std::string &who = "") const
    {
        auto found = events(kind, who);
        EXPECT_EQ(1u, found.size());
        return found.empty() ? NULL : found[0];
    }

    /* The times of all such events, in ms. */
    std::vector<int64_t>
    times(GmqEventKind kind, const std::string &who = "") const
    {
        std::vector<int64_t> found;
        for (const GmqTraceEvent *event : events(kind, who))
            found.push_back(event->time_ns / 1000000);
        return found;
    }

    /* The messages of all such events. */
    std::vector<std::string>
    messages(GmqEventKind kind, const std::string &who = "") const
    {
        std::vector<std::string> found;
        for (const GmqTraceEvent *event : events(kind, who))
            found.push_back(event->message);
        return found;
    }

    /* "held", "broken" or "open" for each expectation, by its label. */
    std::map<std::string, std::string>
    outcomes() const
    {
        static const char *const words[] = {"held", "broken", "open"};
        std::map<std::string, std::string> found;
        size_t n;
        const GmqOutcome *all = gmq_world_outcomes(world, &n);

        for (size_t i = 0; i < n; i++)
            found[all[i].expectation->label] = words[all[i].kind];
        return found;
    }

    /* The sentences of all checks that broke. */
    std::vector<std::string>
    broken() const
    {
        std::vector<std::string> found;
        for (const GmqTraceEvent *event : events(GMQ_EVENT_CHECK_BROKEN))
            found.push_back(event->text);
        return found;
    }

    GmqScenario *scenario = NULL;
    GmqWorld *world       = NULL;
};
