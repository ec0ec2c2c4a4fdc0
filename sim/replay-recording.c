#include "sim/replay-recording.h"

#include <stdio.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/limit.h"
#include "sim/load.h"
#include "sim/player.h"
#include "sim/story.h"
#include "sim/units.h"

#define EXIT_ANOTHER_RUN 1

/* ---- the story ---- */

static void
tell_new(GmqStory *story, const GmqTrace *trace, uint64_t *next, GString *out)
{
    for (; *next <= gmq_trace_length(trace); ++*next) {
        gmq_story_add_of_broker(story, gmq_trace_event(trace, *next), out);
        if (out->len > 4096)
            gmq_command_flush(out);
    }
}

static void
play(GmqPlayer *player, const GmqTrace *trace, bool is_quiet)
{
    g_autoptr(GmqStory) story = gmq_story_new(gmq_command_is_ascii());
    g_autoptr(GString) out    = g_string_new(NULL);
    uint64_t next             = 1;
    bool is_on                = true;

    while (is_on) {
        is_on = gmq_player_step(player);
        if (!is_quiet)
            tell_new(story, trace, &next, out);
    }
    if (!is_quiet) {
        gmq_story_close(story, out);
        g_string_append_c(out, '\n');
    }
    gmq_command_flush(out);
}

/* ---- the outcome ---- */

static bool
is_same(const GmqPlayed *played)
{
    return played->is_whole && played->recorded_story == played->story &&
           played->recorded_events == played->n_events;
}

static void
tell_end(const GmqPlayed *played, const GmqRecordingFile *file, GString *out)
{
    uint64_t cut = gmq_recording_file_cut(file);

    if (is_same(played))
        g_string_append(out, _("The same story as then.\n"));
    else if (played->is_whole)
        g_string_append_printf(out,
                               _("Another story: then it had %ju events, fingerprint %016jx.\n"),
                               played->recorded_events, played->recorded_story);
    else if (cut > 0)
        g_string_append_printf(out,
                               _("The recording was cut: its last %ju bytes are not whole and were "
                                 "left out, and there is no fingerprint to compare with.\n"),
                               cut);
    else
        g_string_append(out, _("The broker was not stopped in order, so the recording ends "
                               "without a fingerprint to compare with.\n"));
}

static void
tell_parted(const GmqPlayed *played, const GmqRecordingFile *file, GString *out)
{
    g_autofree char *time = gmq_time_text(MAX(played->end_ns, 0));

    g_string_append_printf(out,
                           _("Another run: at %s, input %ju, record %ju, %s.\nEither another "
                             "version of glassmq made the recording, or the broker does not do "
                             "the same twice, which is a bug of it.\n"),
                           time, played->n_inputs, gmq_recording_file_count(file), played->parted);
}

static int
tell_outcome(const GmqPlayed *played, const GmqRecordingFile *file)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *time  = gmq_time_text(MAX(played->end_ns, 0));
    bool is_other          = played->parted != NULL || (played->is_whole && !is_same(played));

    g_string_append_printf(out, _("Replayed: %ju inputs in %s, %ju events, story %016jx.\n"),
                           played->n_inputs, time, played->n_events, played->story);
    if (played->n_left_out > 0)
        g_string_append_printf(out, _("Only the first %ju events are told.\n"),
                               played->n_events - played->n_left_out);
    if (played->parted != NULL)
        tell_parted(played, file, out);
    else if (gmq_recording_file_error(file) == NULL)
        tell_end(played, file, out);
    gmq_command_flush(out);
    return is_other ? EXIT_ANOTHER_RUN : 0;
}

/* ---- the whole ---- */

static int
refuse(const GError *error)
{
    fprintf(stderr, "glassmq replay: %s.\n", error->message);
    return GMQ_EXIT_FILE;
}

static int
save(GmqTrace *trace, const char *path, int status)
{
    g_autoptr(GError) error = NULL;

    gmq_trace_finish(trace, "undecided");
    if (path == NULL || gmq_trace_save(trace, path, &error))
        return status;
    fprintf(stderr, _("glassmq replay: cannot write %s: %s.\n"), path, error->message);
    return GMQ_EXIT_USAGE;
}

int
gmq_replay_recording(const char *path, const char *trace_path, bool is_quiet)
{
    g_autoptr(GError) error          = NULL;
    g_autoptr(GmqRecordingFile) file = gmq_recording_file_open(path, &error);
    g_autofree char *name            = g_path_get_basename(path);
    GmqPlayed played;

    if (file == NULL)
        return refuse(error);
    g_autoptr(GmqTrace) trace   = gmq_trace_new(&(GmqTraceInfo){.scenario = name});
    g_autoptr(GmqPlayer) player = gmq_player_new(file, trace);

    play(player, trace, is_quiet);
    gmq_player_result(player, &played);
    int status = tell_outcome(&played, file);
    if (gmq_recording_file_error(file) != NULL)
        status = refuse(gmq_recording_file_error(file));
    return save(trace, trace_path, status);
}
