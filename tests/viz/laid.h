/* laid.h - a run made by hand, laid out as boxes and lines. */
#pragma once

#include <string>

#include "tests/viz/town.h"
#include "viz/layout.h"
#include "viz/view.h"

/* What the flow has at 80x24, 100x30 and 160x48. */
static const GmqRect small_area = {1, 2, 79, 10}, medium_area = {1, 2, 99, 13},
                     large_area = {2, 2, 102, 23};

class Laid {
  public:
    explicit Laid(const Made &made, GmqRect area = small_area, GmqLayoutLook look = {})
        : stage_(gmq_stage_new(made.trace())),
          layout_(gmq_layout_new(stage_, area, GMQ_GLYPHS_UTF8, &look))
    {
    }

    ~Laid()
    {
        gmq_layout_free(layout_);
        gmq_stage_free(stage_);
    }

    Laid(const Laid &)            = delete;
    Laid &operator=(const Laid &) = delete;

    const GmqLayout *
    operator->() const
    {
        return layout_;
    }

    const GmqLayout *
    layout() const
    {
        return layout_;
    }

    const GmqStage *
    stage() const
    {
        return stage_;
    }

    const GmqBox &
    box(unsigned i) const
    {
        return g_array_index(layout_->boxes, GmqBox, i);
    }

    const GmqBox *
    find(const std::string &name) const
    {
        for (int kind = GMQ_PLACE_CLIENT; kind < GMQ_N_PLACE_KINDS; kind++) {
            GmqPlace place = gmq_picture_find(stage_->whole, (GmqPlaceKind)kind, name.c_str());
            if (place.kind != GMQ_PLACE_NONE)
                return gmq_layout_find(layout_, stage_, place);
        }
        return NULL;
    }

    /* The screen of the whole view at the last event. */
    std::string
    screen(int width, int height, GmqGlyphs glyphs = GMQ_GLYPHS_UTF8,
           const char *filter = NULL) const
    {
        GmqView view = {};

        view.stage                  = stage_;
        view.now                    = stage_->whole;
        view.width                  = width;
        view.height                 = height;
        view.glyphs                 = glyphs;
        view.speed                  = "x1";
        view.hop_permille           = -1;
        view.choice                 = -1;
        view.flow_filter            = filter;
        g_autoptr(GmqScreen) screen = gmq_view_draw(&view);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

  private:
    GmqStage *stage_;
    GmqLayout *layout_;
};
