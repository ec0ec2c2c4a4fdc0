/* The moment as a file. */
#include <string.h>

#include "sim/language.h"
#include "viz/dot.h"
#include "viz/export.h"
#include "viz/pcap.h"
#include "viz/viewer-private.h"

/* ---- one writer for each format ---- */

/* The screen without the line that is being typed. */
static bool
write_text(const GmqViewer *viewer, const char *path, GError **error)
{
    GmqView view                = gmq_viewer_view(viewer);
    view.notice                 = NULL;
    g_autoptr(GmqScreen) screen = gmq_view_draw(&view);
    g_autofree char *text       = gmq_screen_to_text(screen);

    return g_file_set_contents(path, text, -1, error);
}

static bool
write_graph(const GmqViewer *viewer, const char *path, GError **error)
{
    g_autofree char *dot = gmq_dot_draw(viewer->now);

    return gmq_export_write(dot, path, GMQ_EXPORT_SECONDS, error);
}

/* The whole run: it is the run that can be done again, not the moment. */
static bool
write_trace(const GmqViewer *viewer, const char *path, GError **error)
{
    if (gmq_trace_info(viewer->stage->trace)->verdict == NULL)
        return gmq_viewer_refuse(error, _("a run has a trace once it is over"));
    return gmq_trace_save(viewer->stage->trace, path, error);
}

/* Likewise, as the broker's machine would have recorded it. */
static bool
write_packets(const GmqViewer *viewer, const char *path, GError **error)
{
    return gmq_pcap_write(viewer->stage->trace, path, 0, INT64_MAX, error);
}

static const struct {
    const char *ending;
    bool (*write)(const GmqViewer *viewer, const char *path, GError **error);
} formats[] = {
    {".txt", write_text},    {".dot", write_graph},      {".svg", write_graph},
    {".png", write_graph},   {".pdf", write_graph},      {".trace", write_trace},
    {".jsonl", write_trace}, {".pcapng", write_packets},
};

#define FORMATS ".txt .dot .svg .png .pdf .trace .pcapng"

const char *
gmq_viewer_export_formats(void)
{
    return FORMATS;
}

static size_t
find_format(const char *path)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(formats) && !g_str_has_suffix(path, formats[i].ending))
        i++;
    return i;
}

bool
gmq_viewer_check_export(const char *path, GError **error)
{
    return find_format(path) < G_N_ELEMENTS(formats) ||
           gmq_viewer_refuse(error, _("the name must end with one of %s"), FORMATS);
}

bool
gmq_viewer_export(GmqViewer *viewer, const char *path, GError **error)
{
    if (!gmq_viewer_check_export(path, error) ||
        !formats[find_format(path)].write(viewer, path, error))
        return false;
    gmq_viewer_tell(viewer, _("%s is written."), path);
    return true;
}
