/* story-private.h - the inside of a story, for the files story*.c alone. */
#pragma once

#include "sim/story.h"

G_BEGIN_DECLS

struct GmqStory {
    bool is_ascii;
    bool is_apart; /* a blank line stands above */

    /* Hops of one message through one exchange, told as one sentence. */
    int64_t hop_ns;
    const char *hop_from; /* NULL: none */
    const char *hop_message;
    GPtrArray *hop_to; /* of names of queues and exchanges */

    const GmqScenario *scenario; /* lent; NULL: it was not opened */
    GPtrArray *questions;        /* of GmqQuestion: those that were asked; lent */
};

/* Appends a line with the time in front. */
void gmq_story_tell(GmqStory *story, GString *out, int64_t time_ns, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The same for a sentence with fields of the event: {w} who, {t} to, {m} message, {k} key, {x}
 * text. The sentence is marked with N_(), and told in the chosen language. */
void gmq_story_tell_of(GmqStory *story, const GmqTraceEvent *event, GString *out,
                       const char *format);

/* Appends text that belongs to no time, with a bar in front of it. */
void gmq_story_set_apart(GmqStory *story, GString *out, const char *text);

/* ---- story-ask.c ---- */

void gmq_story_ask(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* Tells the answers to all that was asked. */
void gmq_story_answer(GmqStory *story, GString *out);

/* ---- story-death.c: how messages end, and what they end in; one kind of event each ---- */

void gmq_story_expired(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_dropped(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_dead_lettered(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_held(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_queue_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_queue_purged(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_exchange_deleted(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_asked(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_alarm_set(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_alarm_cleared(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* ---- story-disk.c: one kind of event each ---- */

void gmq_story_stored(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_recovered(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_started(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_refused(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_stopped(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_tail_cut(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_unreadable(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_disk(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_blocked(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_unblocked(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* ---- story-sender.c: what senders learn, likewise ---- */

void gmq_story_confirmed(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_nacked(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_returned(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_committed(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_rolled_back(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_cannot(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_gave_up(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_commits(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_rolls_back(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_taken_back(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_replied(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_wrote(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_read(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* ---- story-receive.c ---- */

void gmq_story_received(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_finished(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_forwarded(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_empty(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_cancelled(GmqStory *story, const GmqTraceEvent *event, GString *out);

/* ---- story-fault.c: likewise ---- */

void gmq_story_crash(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_stop(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_start(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_cut(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_healed(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_clog(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_unclog(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_reset(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_close_line(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_link(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_freeze(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_thaw(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_calm(GmqStory *story, const GmqTraceEvent *event, GString *out);
void gmq_story_line_died(GmqStory *story, const GmqTraceEvent *event, GString *out);

G_END_DECLS
