/* drawn.h - charts of runs, for tests, and names that nobody should give. */
#pragma once

#include <string>
#include <vector>

#include "sim/run.h"
#include "tests/sim/shipped.h"
#include "tests/viz/made.h"
#include "viz/chart.h"

/* A chart of a run, and what it lends from. */
class Drawn {
  public:
    explicit Drawn(const GmqTrace *trace, GmqChartWish wish = {0, UINT64_MAX, nullptr, nullptr})
        : stage_(gmq_stage_new(trace)), chart_(gmq_chart_new(stage_, &wish))
    {
    }

    ~Drawn()
    {
        gmq_chart_free(chart_);
        gmq_stage_free(stage_);
    }

    Drawn(const Drawn &)            = delete;
    Drawn &operator=(const Drawn &) = delete;

    const GmqChart *
    chart() const
    {
        return chart_;
    }

    std::string
    text(char *(*draw)(const GmqChart *)) const
    {
        g_autofree char *text = draw(chart_);
        return text;
    }

    std::string
    svg(bool by_steps = false) const
    {
        g_autofree char *text = gmq_chart_svg(chart_, by_steps);
        return text;
    }

  private:
    GmqStage *stage_;
    GmqChart *chart_;
};

inline GmqTrace *
run_shipped(const std::string &name)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path("scenarios/" + name);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);
    g_assert_no_error(error);
    return gmq_run_record(scenario, scenario->seed);
}

inline bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

inline const std::vector<std::string> &
wicked_names()
{
    static const std::vector<std::string> names = {
        "end",
        "loop",
        "participant",
        "a\"b'c`d",
        "<b>&amp;</b>",
        "a;b#c:d,e",
        "two\nlines\r\ttab",
        "\xF0\x9F\x90\xB0 rabbit",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
        "\xE2\x80\xAE"
        "desrever",
        "no \xFF utf8",
        " spaces  in  it ",
        "**bold** //it// __u__ --s-- ~~w~~ \"\"m\"\"",
        "%date() $var !include [[x]] {y}",
        "a ->> b: c",
        "%% comment",
        "wrap: x",
        "'@enduml",
        "<U+0041>&#65;#65;",
        "\\n\\",
        std::string(255, 'x'),
        "\xEF\xAC\x82\xC2\xB0\xC2\xB0"
        "65\xC2\xB6\xC3\x9F",
    };
    return names;
}

inline void
tell_wicked(Made &made)
{
    for (const std::string &name : wicked_names())
        made.client(name, "producer");
    for (const std::string &name : wicked_names()) {
        made.start(name);
        made.queue(name);
        made.send(name, "", name, name + "-1");
        made.arrive(name, "", name, name + "-1", 1);
        made.enqueue("", name, name, name + "-1", 1);
        made.note(GMQ_EVENT_CAPTION, "view", "", "", "", name);
    }
}
