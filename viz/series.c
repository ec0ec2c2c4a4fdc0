#include "viz/series.h"

#include <string.h>

#define NS_PER_MS G_GINT64_CONSTANT(1000000)

typedef struct {
    GmqSeries *series;
    GmqPicture *now;
    GHashTable *sent;   /* message without "@queue" to when it was sent; for look-up only */
    bool knows_clients; /* clients tell what they send and get */
    unsigned bin;       /* of the time that was looked at last */
} Walk;

/* ---- bins ---- */

static unsigned
bin_of(const GmqSeries *series, int64_t time_ns)
{
    double part = (double)(time_ns - series->from_ns) / (double)(series->to_ns - series->from_ns);

    return (unsigned)CLAMP(part * GMQ_SERIES_BINS, 0, GMQ_SERIES_BINS - 1);
}

static GmqSeriesStep *
step_at(GmqSeries *series, int64_t time_ns)
{
    int64_t step = (time_ns - series->from_ns) / series->step_ns;

    return &series->steps[CLAMP(step, 0, (int64_t)series->n_steps - 1)];
}

uint64_t
gmq_series_round_up(uint64_t value)
{
    static const unsigned factors[] = {1, 2, 5};

    for (uint64_t power = 1; power <= UINT64_MAX / 100; power *= 10) {
        for (size_t i = 0; i < G_N_ELEMENTS(factors); i++) {
            if (factors[i] * power >= value)
                return factors[i] * power;
        }
    }
    return value;
}

/* ---- queues ---- */

/* A level holds until it changes, so bins without an event have it too. */
static void
hold(GmqQueueSeries *queue, unsigned from, unsigned to)
{
    for (unsigned bin = from; bin <= to; bin++) {
        queue->ready[bin]   = queue->ready_last;
        queue->unacked[bin] = queue->unacked_last;
    }
    queue->ready_most   = MAX(queue->ready_most, queue->ready_last);
    queue->unacked_most = MAX(queue->unacked_most, queue->unacked_last);
}

static void
advance(Walk *walk, int64_t time_ns)
{
    unsigned bin = bin_of(walk->series, time_ns);

    for (unsigned i = 0; bin > walk->bin && i < walk->series->queues->len; i++)
        hold(walk->series->queues->pdata[i], walk->bin + 1, bin);
    walk->bin = MAX(walk->bin, bin);
}

static void
take_level(Walk *walk, unsigned index)
{
    GmqQueueSeries *queue      = walk->series->queues->pdata[index];
    const GmqPictureQueue *now = gmq_picture_queue(walk->now, index);
    bool is_before             = walk->now->time_ns < walk->series->from_ns;

    queue->ready_last   = gmq_picture_ready(now);
    queue->unacked_last = gmq_picture_unacked(now);
    if (is_before) {
        hold(queue, 0, 0);
        queue->ready_most = queue->unacked_most = 0;
        return;
    }
    if (queue->ready_last > queue->ready_most)
        queue->ready_most_ns = walk->now->time_ns;
    queue->ready[walk->bin]   = MAX(queue->ready[walk->bin], queue->ready_last);
    queue->unacked[walk->bin] = MAX(queue->unacked[walk->bin], queue->unacked_last);
    queue->ready_most         = MAX(queue->ready_most, queue->ready_last);
    queue->unacked_most       = MAX(queue->unacked_most, queue->unacked_last);
}

static void
take_named(Walk *walk, const char *name)
{
    GmqPlace place = gmq_picture_find(walk->now, GMQ_PLACE_QUEUE, name);

    if (place.kind != GMQ_PLACE_NONE)
        take_level(walk, place.index);
}

/* A queue changes when an event names it; what befalls the broker may change all. */
static void
take_levels(Walk *walk, const GmqTraceEvent *event)
{
    if (gmq_stage_is_fault(event->kind) || event->kind == GMQ_EVENT_STARTED) {
        for (unsigned i = 0; i < walk->now->queues->len; i++)
            take_level(walk, i);
        return;
    }
    take_named(walk, event->who);
    take_named(walk, event->to);
}

/* ---- what happens ---- */

/* Copies of a message were sent as one. */
static char *
stem_of(const Walk *walk, const char *message)
{
    return g_strndup(message, gmq_picture_stem(walk->now, message));
}

static void
note_sent(Walk *walk, const GmqTraceEvent *event)
{
    g_hash_table_replace(walk->sent, stem_of(walk, event->message), (void *)event);
}

static void
note_received(Walk *walk, const GmqTraceEvent *event)
{
    g_autofree char *stem     = stem_of(walk, event->message);
    const GmqTraceEvent *sent = g_hash_table_lookup(walk->sent, stem);

    if (sent == NULL || event->time_ns < walk->series->from_ns)
        return;
    int64_t latency = event->time_ns - sent->time_ns;
    g_array_append_val(step_at(walk->series, event->time_ns)->latencies, latency);
}

static void
count(Walk *walk, const GmqTraceEvent *event)
{
    GmqSeriesStep *step = step_at(walk->series, event->time_ns);

    if (event->time_ns < walk->series->from_ns)
        return;
    step->published += event->kind == GMQ_EVENT_PUBLISHED;
    step->delivered += event->kind == GMQ_EVENT_DELIVERED || event->kind == GMQ_EVENT_GOT;
    step->acked += event->kind == GMQ_EVENT_ACKED || event->kind == GMQ_EVENT_SETTLED_UNSEEN;
}

static void
take_event(Walk *walk, const GmqTraceEvent *event)
{
    bool is_sent =
        event->kind == (walk->knows_clients ? GMQ_EVENT_CLIENT_SENT : GMQ_EVENT_PUBLISHED);
    bool is_received =
        event->kind == (walk->knows_clients ? GMQ_EVENT_CLIENT_RECEIVED : GMQ_EVENT_DELIVERED);

    if (event->time_ns >= walk->series->from_ns)
        advance(walk, event->time_ns);
    take_levels(walk, event);
    count(walk, event);
    if (is_sent)
        note_sent(walk, event);
    else if (is_received)
        note_received(walk, event);
}

/* ---- the whole ---- */

static int
compare_times(const void *a, const void *b)
{
    int64_t one   = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* How many events of that kind there are in the span. */
static uint64_t
count_events(const GmqStage *stage, GmqEventKind kind, int64_t from_ns, int64_t to_ns)
{
    uint64_t count = 0;

    for (uint64_t n = 1; n <= gmq_trace_length(stage->trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(stage->trace, n);
        count += event->kind == kind && event->time_ns >= from_ns && event->time_ns <= to_ns;
    }
    return count;
}

static int64_t
choose_step(const GmqStage *stage, int64_t from_ns, int64_t to_ns)
{
    uint64_t count = count_events(stage, GMQ_EVENT_DELIVERED, from_ns, to_ns);
    uint64_t steps =
        CLAMP(count / GMQ_SERIES_STEP_MESSAGES, GMQ_SERIES_STEPS_LEAST, GMQ_SERIES_STEPS_MAX);
    uint64_t span_ms = (uint64_t)((to_ns - from_ns + NS_PER_MS - 1) / NS_PER_MS);

    return (int64_t)gmq_series_round_up((span_ms + steps - 1) / steps) * NS_PER_MS;
}

static GmqSeries *
series_new(const GmqStage *stage, int64_t from_ns, int64_t to_ns)
{
    GmqSeries *series = g_new0(GmqSeries, 1);

    series->from_ns = from_ns;
    series->to_ns   = to_ns;
    series->step_ns = choose_step(stage, from_ns, to_ns);
    series->n_steps = (unsigned)((to_ns - from_ns + series->step_ns - 1) / series->step_ns);
    series->queues  = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < series->n_steps; i++)
        series->steps[i].latencies = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i < stage->whole->queues->len; i++) {
        GmqQueueSeries *queue = g_new0(GmqQueueSeries, 1);
        queue->name           = gmq_picture_queue(stage->whole, i)->name;
        g_ptr_array_add(series->queues, queue);
    }
    return series;
}

GmqSeries *
gmq_series_new(const GmqStage *stage, int64_t from_ns, int64_t to_ns)
{
    g_assert(from_ns < to_ns);
    g_autoptr(GmqPicture) now   = gmq_picture_new(stage->trace);
    g_autoptr(GHashTable) sent  = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GmqSeries) series = series_new(stage, from_ns, to_ns);
    bool knows_clients          = count_events(stage, GMQ_EVENT_CLIENT_SENT, 0, INT64_MAX) > 0;
    Walk walk = {.series = series, .now = now, .sent = sent, .knows_clients = knows_clients};

    for (uint64_t n = 1; n <= gmq_trace_length(stage->trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(stage->trace, n);
        if (event->time_ns > to_ns)
            break;
        gmq_picture_step(now);
        take_event(&walk, event);
    }
    advance(&walk, to_ns);
    for (unsigned i = 0; i < series->n_steps; i++)
        g_array_sort(series->steps[i].latencies, compare_times);
    return g_steal_pointer(&series);
}

void
gmq_series_free(GmqSeries *series)
{
    for (unsigned i = 0; i < series->n_steps; i++)
        g_array_free(series->steps[i].latencies, TRUE);
    g_ptr_array_free(series->queues, TRUE);
    g_free(series);
}

int64_t
gmq_series_latency(const GmqSeriesStep *step, unsigned part)
{
    unsigned n = step->latencies->len;

    if (n == 0)
        return -1;
    return g_array_index(step->latencies, int64_t, MIN(n * part / 100, n - 1));
}

/* ---- CSV ---- */

/* A name as a field: in quotes, those inside doubled. */
static void
append_name(GString *out, const char *name)
{
    g_string_append_c(out, '"');
    for (const char *at = name; *at != '\0'; at++)
        g_string_append_printf(out, *at == '"' ? "\"\"" : "%c", *at);
    g_string_append_c(out, '"');
}

static void
append_time(GString *out, int64_t ns)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT ".%06d", ns / (1000 * NS_PER_MS),
                           (int)(ns / 1000 % 1000000));
}

static void
append_latency(GString *out, const GmqSeriesStep *step, unsigned part)
{
    int64_t latency = gmq_series_latency(step, part);

    g_string_append_c(out, ',');
    if (latency >= 0)
        append_time(out, latency);
}

void
gmq_series_to_csv(const GmqSeries *series, GString *out)
{
    int64_t bin_ns = (series->to_ns - series->from_ns) / GMQ_SERIES_BINS;

    g_string_append(out, "what,queue,from_s,ready,unacked,published,delivered,acked,"
                         "latency_median_s,latency_most_s\n");
    for (unsigned i = 0; i < series->queues->len; i++) {
        const GmqQueueSeries *queue = series->queues->pdata[i];
        for (unsigned bin = 0; bin < GMQ_SERIES_BINS; bin++) {
            g_string_append(out, "level,");
            append_name(out, queue->name);
            g_string_append_c(out, ',');
            append_time(out, series->from_ns + (int64_t)bin * bin_ns);
            g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",,,,,\n",
                                   queue->ready[bin], queue->unacked[bin]);
        }
    }
    for (unsigned i = 0; i < series->n_steps; i++) {
        const GmqSeriesStep *step = &series->steps[i];
        g_string_append(out, "step,,");
        append_time(out, series->from_ns + (int64_t)i * series->step_ns);
        g_string_append_printf(out,
                               ",,,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT,
                               step->published, step->delivered, step->acked);
        append_latency(out, step, 50);
        append_latency(out, step, 100);
        g_string_append_c(out, '\n');
    }
}
