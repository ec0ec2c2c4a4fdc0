#include "sim/rerun.h"

static void
index_events(GmqRerun *rerun)
{
    size_t n_events = gmq_trace_length(gmq_world_trace(rerun->world));

    rerun->by_event = g_array_sized_new(FALSE, TRUE, sizeof(size_t), (unsigned)n_events + 1);
    g_array_set_size(rerun->by_event, (unsigned)n_events + 1);
    for (size_t i = 0; i < gmq_capture_frame_count(rerun->capture); i++) {
        uint64_t event = gmq_capture_frame(rerun->capture, i)->event;

        g_array_index(rerun->by_event, size_t, event) = event == 0 ? 0 : i + 1;
    }
}

GmqRerun *
gmq_rerun_new(const GmqSource *source, GError **error)
{
    g_autoptr(GmqRerun) rerun = g_new0(GmqRerun, 1);

    rerun->world   = gmq_source_world(source);
    rerun->capture = gmq_capture_new(rerun->world);
    while (gmq_world_step(rerun->world))
        continue;
    gmq_capture_finish(rerun->capture);
    if (!gmq_source_is_same(source, gmq_world_trace(rerun->world), error))
        return NULL;
    index_events(rerun);
    return g_steal_pointer(&rerun);
}

GmqRerun *
gmq_rerun_of(const GmqTrace *trace, GError **error)
{
    g_autoptr(GmqSource) source = gmq_source_of(trace, error);
    GmqRerun *rerun             = source == NULL ? NULL : gmq_rerun_new(source, error);

    if (rerun != NULL)
        rerun->own = g_steal_pointer(&source);
    return rerun;
}

void
gmq_rerun_free(GmqRerun *rerun)
{
    if (rerun == NULL)
        return;
    gmq_capture_free(rerun->capture);
    gmq_world_free(rerun->world);
    gmq_source_free(rerun->own);
    if (rerun->by_event != NULL)
        g_array_unref(rerun->by_event);
    g_free(rerun);
}

size_t
gmq_rerun_frame_of(const GmqRerun *rerun, uint64_t event)
{
    return event < rerun->by_event->len ? g_array_index(rerun->by_event, size_t, event) : 0;
}

size_t
gmq_rerun_frames_before(const GmqRerun *rerun, uint64_t event)
{
    size_t low  = 0;
    size_t high = gmq_capture_frame_count(rerun->capture);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (gmq_capture_frame(rerun->capture, middle)->after < event)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
