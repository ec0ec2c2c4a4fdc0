#include "viz/html-data.h"

#include "viz/event-line.h"
#include "viz/html-part.h"
#include "viz/sentence.h"

/* What a reader wants to know of the kind of an event. */
enum {
    FLAG_STORY   = 1 << 0,
    FLAG_HOP     = 1 << 1,
    FLAG_FAULT   = 1 << 2,
    FLAG_CAPTION = 1 << 3, /* a caption, a pause or a question */
    FLAG_PAUSE   = 1 << 4,
    FLAG_ASK     = 1 << 5,
    FLAG_BROKEN  = 1 << 6,
    FLAG_SAY     = 1 << 7,
};

static int64_t
flags_of(GmqEventKind kind)
{
    return (gmq_stage_is_story(kind) ? FLAG_STORY : 0) | (gmq_stage_is_hop(kind) ? FLAG_HOP : 0) |
           (gmq_stage_is_fault(kind) ? FLAG_FAULT : 0) |
           (gmq_stage_is_caption(kind) ? FLAG_CAPTION : 0) |
           (kind == GMQ_EVENT_PAUSED ? FLAG_PAUSE : 0) | (kind == GMQ_EVENT_ASKED ? FLAG_ASK : 0) |
           (kind == GMQ_EVENT_CHECK_BROKEN ? FLAG_BROKEN : 0) |
           (kind == GMQ_EVENT_CAPTION ? FLAG_SAY : 0);
}

/* ---- the events, column by column ---- */

enum {
    COLUMN_TIME, /* ns since the event before */
    COLUMN_FLAGS,
    COLUMN_KIND,
    COLUMN_WHO,
    COLUMN_MESSAGE, /* -1: none */
    COLUMN_CAUSE,
    COLUMN_HOP,   /* index of the line + 1, negative against its arrow; 0: none */
    COLUMN_PLACE, /* index of the box, -1: none */
    COLUMN_WORDS,
    COLUMN_TELL,
    COLUMN_CHANGES,
    N_COLUMNS,
};

static const char *const column_names[N_COLUMNS] = {
    "time", "flags", "kind", "who", "message", "cause", "hop", "place", "words", "tell", "changes",
};

typedef struct {
    GmqHtmlPart *part;
    GString *columns[N_COLUMNS];
    GmqMoment before, now;
    int64_t time_ns; /* of the event before */
} Events;

static void
begin_value(Events *events, int column)
{
    if (events->columns[column]->len > 0)
        g_string_append_c(events->columns[column], ',');
}

static void
add_number(Events *events, int column, int64_t number)
{
    begin_value(events, column);
    gmq_html_add_number(events->columns[column], number);
}

static void
add_text(Events *events, int column, const char *text)
{
    begin_value(events, column);
    gmq_html_add_text(events->columns[column], text);
}

/* Slot, value, slot, value ...: what is not as it was before. */
static void
add_changes(Events *events, const GmqPicture *now)
{
    GString *out   = events->columns[COLUMN_CHANGES];
    bool is_first  = true;
    GmqMoment swap = events->before;

    events->before = events->now;
    events->now    = swap;
    gmq_slots_read(events->part->slots, now, &events->now);

    begin_value(events, COLUMN_CHANGES);
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < gmq_slots_length(events->part->slots); i++) {
        if (gmq_moment_slot_equal(&events->before, &events->now, i))
            continue;
        if (!is_first)
            g_string_append_c(out, ',');
        is_first = false;
        gmq_html_add_number(out, i);
        g_string_append_c(out, ',');
        gmq_html_add_slot(events->part, &events->now, i, out);
    }
    g_string_append_c(out, ']');
}

static void
add_event(Events *events, const GmqPicture *now)
{
    GmqHtmlPart *part          = events->part;
    const GmqTraceEvent *event = gmq_trace_event(part->stage->trace, now->event);
    g_autofree char *words     = gmq_event_words(part->stage, event);
    g_autofree char *tell      = gmq_sentence(part->stage, now->event);
    int64_t hop                = now->hop.edge < 0 ? 0 : gmq_html_line(part, now->hop.edge) + 1;

    add_number(events, COLUMN_TIME, event->time_ns - events->time_ns);
    add_number(events, COLUMN_FLAGS, flags_of(event->kind));
    add_number(events, COLUMN_KIND, gmq_html_name(part, gmq_event_info(event->kind)->kind));
    add_number(events, COLUMN_WHO, gmq_html_name(part, gmq_event_actor(event)));
    add_number(events, COLUMN_MESSAGE, gmq_slots_message(part->slots, now->hop.message));
    add_number(events, COLUMN_CAUSE, (int64_t)event->cause);
    add_number(events, COLUMN_HOP, now->hop.is_back ? -hop : hop);
    add_number(events, COLUMN_PLACE, gmq_html_box(part, now->hop.place));
    add_text(events, COLUMN_WORDS, words);
    add_text(events, COLUMN_TELL, tell);
    add_changes(events, now);
    events->time_ns = event->time_ns;
}

static void
add_base(Events *events, const GmqPicture *base, GString *out)
{
    gmq_slots_read(events->part->slots, base, &events->now);
    g_string_append(out, ",\n\"start\":");
    gmq_html_add_number(out, base->time_ns);
    g_string_append(out, ",\n\"base\":[");
    for (unsigned i = 0; i < gmq_slots_length(events->part->slots); i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        gmq_html_add_slot(events->part, &events->now, i, out);
    }
    g_string_append_c(out, ']');
    events->time_ns = base->time_ns;
}

static void
add_events(GmqHtmlPart *part, GmqHtmlRange range, GString *out)
{
    Events events                 = {.part = part};
    g_autoptr(GmqPicture) picture = gmq_picture_at(part->stage->trace, range.from - 1);

    gmq_moment_init(&events.before);
    gmq_moment_init(&events.now);
    for (int i = 0; i < N_COLUMNS; i++)
        events.columns[i] = g_string_new(NULL);
    add_base(&events, picture, out);
    while (picture->event < range.to && gmq_picture_step(picture))
        add_event(&events, picture);

    g_string_append(out, ",\n\"events\":{");
    for (int i = 0; i < N_COLUMNS; i++) {
        g_string_append_printf(out, "%s\n\"%s\":[", i > 0 ? "," : "", column_names[i]);
        g_string_append_len(out, events.columns[i]->str, (gssize)events.columns[i]->len);
        g_string_append_c(out, ']');
        g_string_free(events.columns[i], TRUE);
    }
    g_string_append_c(out, '}');
    gmq_moment_clear(&events.before);
    gmq_moment_clear(&events.now);
}

/* ---- the rest ---- */

static void
add_member(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, ",\n\"%s\":", name);
    gmq_html_add_text(out, text != NULL ? text : "");
}

static void
add_head(const GmqStage *stage, GmqHtmlRange range, GString *out)
{
    const GmqTraceInfo *info    = gmq_trace_info(stage->trace);
    g_autofree char *seed       = g_strdup_printf("%" G_GUINT64_FORMAT, info->seed);
    const GmqScenario *scenario = stage->scenario;

    g_string_append(out, "{\"glassmq\":1");
    add_member(out, "scenario", info->scenario);
    add_member(out, "title", info->title);
    add_member(out, "about", scenario != NULL ? scenario->about : NULL);
    add_member(out, "seed", seed);
    add_member(out, "verdict", info->verdict);
    g_string_append_printf(out,
                           ",\n\"length\":%zu,\"from\":%" G_GUINT64_FORMAT
                           ",\"to\":%" G_GUINT64_FORMAT ",\"opening\":%" G_GUINT64_FORMAT
                           ",\"end\":%" G_GINT64_FORMAT,
                           gmq_trace_length(stage->trace), range.from, range.to,
                           gmq_stage_opening(stage), stage->end_ns);
}

/* Where a reader stops: captions and faults, those that belong together as one. */
static void
add_stops(const GmqStage *stage, GString *out)
{
    g_string_append(out, ",\n\"stops\":[");
    for (uint64_t stop = gmq_stage_next_mark(stage, 0), first = stop; stop > 0;
         stop = gmq_stage_next_mark(stage, stop))
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, stop == first ? "" : ",", stop);
    g_string_append(out, "],\n\"gaps\":[");
    for (unsigned i = 0; i < stage->gaps->len; i++) {
        const GmqGap *gap = &g_array_index(stage->gaps, GmqGap, i);
        g_string_append_printf(out, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]",
                               i == 0 ? "" : ",", gap->from_ns, gap->to_ns);
    }
    g_string_append_c(out, ']');
}

/* The language of filters is this program's own, so the page gets the numbers that it keeps. */
static void
add_filter(const GmqStage *stage, GmqHtmlRange range, const GmqFilter *filter, GString *out)
{
    const char *comma = "";

    if (filter == NULL || *gmq_filter_text(filter) == '\0')
        return;
    g_string_append(out, ",\n\"filter\":{\"text\":");
    gmq_html_add_text(out, gmq_filter_text(filter));
    g_string_append(out, ",\"kept\":[");
    for (uint64_t n = range.from; n <= range.to; n++) {
        if (!gmq_filter_matches(filter, gmq_trace_event(stage->trace, n)))
            continue;
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, comma, n);
        comma = ",";
    }
    g_string_append(out, "]}");
}

static void
add_question(const GmqQuestion *question, uint64_t event, GString *out)
{
    g_string_append_printf(out, "{\"event\":%" G_GUINT64_FORMAT ",\"question\":", event);
    gmq_html_add_text(out, question->question);
    g_string_append(out, ",\"choices\":[");
    for (size_t i = 0; question->choices[i] != NULL; i++) {
        g_string_append(out, i > 0 ? "," : "");
        gmq_html_add_text(out, question->choices[i]);
    }
    g_string_append(out, "],\"answer\":");
    gmq_html_add_text(out, question->answer);
    g_string_append(out, ",\"because\":");
    gmq_html_add_text(out, question->because != NULL ? question->because : "");
    g_string_append_c(out, '}');
}

static void
add_questions(const GmqStage *stage, GmqHtmlRange range, GString *out)
{
    bool is_first = true;

    g_string_append(out, ",\n\"questions\":[");
    for (unsigned i = 0; i < stage->marks->len; i++) {
        uint64_t mark = g_array_index(stage->marks, uint64_t, i);
        const GmqQuestion *question =
            gmq_stage_question(stage, gmq_trace_event(stage->trace, mark));
        if (question == NULL || mark < range.from || mark > range.to)
            continue;
        if (!is_first)
            g_string_append_c(out, ',');
        is_first = false;
        add_question(question, mark, out);
    }
    g_string_append_c(out, ']');
}

char *
gmq_html_data(const GmqStage *stage, GmqHtmlRange range, const GmqFilter *filter)
{
    uint64_t length             = gmq_trace_length(stage->trace);
    g_autoptr(GmqHtmlPart) part = gmq_html_part_new(stage);
    GString *out                = g_string_new(NULL);

    range.from = MAX(range.from, 1);
    range.to   = range.to == 0 ? length : MIN(range.to, length);
    add_head(stage, range, out);
    gmq_html_add_boxes(part, out);
    gmq_html_add_lines(part, out);
    gmq_html_add_plans(part, out);
    add_stops(stage, out);
    add_filter(stage, range, filter, out);
    add_questions(stage, range, out);
    add_events(part, range, out);
    gmq_html_add_names(part, out); /* the last: by now all are known */
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
