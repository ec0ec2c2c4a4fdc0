#include "sim/real.h"

#include <signal.h>

#include "sim/declare.h"
#include "sim/deed.h"
#include "sim/errand.h"
#include "sim/remote-can.h"
#include "sim/remote.h"
#include "sim/world-private.h"

/* The topology is declared in this time, or never. */
#define SETUP_NS INT64_C(30000000000)

/* So many events may be done before sockets are looked at again. */
#define EVENTS_MAX 32

struct GmqReal {
    const GmqScenario *scenario;
    const GmqBrokerUrl *url;
    GmqDial *dial;
    GmqRemote *remote;
    GmqWorld *world;
    int64_t made_ns;  /* real time, as is the next */
    int64_t start_ns; /* time 0 of the world; 0: it has not begun */
    unsigned n_events;
    volatile sig_atomic_t is_stopped;
    bool has_declared;
    char *trouble;
};

/* ---- before ---- */

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool
refuse(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, GMQ_REMOTE_ERROR, GMQ_REMOTE_ERROR_OCCUPIED, text);
    return false;
}

static bool
make_room_for_exchange(GmqErrand *errand, const GmqExchangeLine *line, bool is_taking_over,
                       GError **error)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqMethod declare           = gmq_declare_exchange(line, &arguments);
    bool exists;

    if (!gmq_errand_has_exchange(errand, line->name, &exists, error))
        return false;
    if (!exists)
        return true;
    if (!is_taking_over && !gmq_errand_declare(errand, "exchange", line->name, &declare, error))
        return false;
    return gmq_errand_delete_exchange(errand, line->name, error);
}

static bool
make_room_for_queue(GmqErrand *errand, const GmqQueueLine *line, bool is_taking_over,
                    GError **error)
{
    g_auto(GmqBuffer) arguments = {0};
    GmqMethod declare           = gmq_declare_queue(line, &arguments);
    GmqErrandQueue found;

    if (!gmq_errand_look(errand, line->name, &found, error))
        return false;
    if (!found.exists)
        return true;
    if (!is_taking_over && (found.ready > 0 || found.consumers > 0))
        return refuse(error,
                      "queue \"%s\" is there already, with %" G_GUINT64_FORMAT
                      " messages and %" G_GUINT64_FORMAT
                      " consumers. It is left alone; with --take-over it is deleted and "
                      "declared anew",
                      line->name, (guint64)found.ready, (guint64)found.consumers);
    if (!is_taking_over && !gmq_errand_declare(errand, "queue", line->name, &declare, error))
        return false;
    return gmq_errand_delete_queue(errand, line->name, error);
}

/* What the topology has and what the timeline will declare: of GmqQueueLine or GmqExchangeLine. */
static GPtrArray *
all_lines(const GmqScenario *scenario, bool are_queues)
{
    const GPtrArray *first = are_queues ? scenario->queues : scenario->exchanges;
    GPtrArray *lines       = g_ptr_array_new();

    for (unsigned i = 0; i < first->len; i++)
        g_ptr_array_add(lines, first->pdata[i]);
    for (unsigned i = 0; i < scenario->timeline->len; i++) {
        const GmqDeed *deed         = gmq_deed_find(scenario->timeline->pdata[i], GMQ_DEED_DECLARE);
        const GmqTopologySpec *spec = deed == NULL ? NULL : deed->spec;

        if (spec != NULL && (are_queues ? spec->queue_name : spec->exchange_name) != NULL)
            g_ptr_array_add(lines,
                            are_queues ? (void *)&spec->line.queue : (void *)&spec->line.exchange);
    }
    return lines;
}

static bool
make_room(const GmqReal *real, bool is_taking_over, GError **error)
{
    g_autoptr(GmqErrand) errand    = gmq_errand_new(real->url, real->dial, error);
    g_autoptr(GPtrArray) queues    = all_lines(real->scenario, true);
    g_autoptr(GPtrArray) exchanges = all_lines(real->scenario, false);

    if (errand == NULL)
        return false;
    for (unsigned i = 0; i < queues->len; i++) {
        if (!make_room_for_queue(errand, queues->pdata[i], is_taking_over, error))
            return false;
    }
    for (unsigned i = 0; i < exchanges->len; i++) {
        if (!make_room_for_exchange(errand, exchanges->pdata[i], is_taking_over, error))
            return false;
    }
    return true;
}

GmqReal *
gmq_real_new(const GmqScenario *scenario, uint64_t seed, const GmqRealOptions *options,
             GError **error)
{
    g_autoptr(GmqReal) real = g_new0(GmqReal, 1);
    GmqRunOptions run       = *options->run;

    real->scenario = scenario;
    real->url      = options->url;
    if (!gmq_remote_can_play(scenario, error))
        return NULL;
    real->dial = gmq_dial_new(real->url, error);
    if (real->dial == NULL || !make_room(real, options->is_taking_over, error))
        return NULL;
    real->remote                              = gmq_remote_new(real->url, real->dial);
    gmq_remote_program(real->remote)->command = options->program;
    run.remote                                = real->remote;
    real->world                               = gmq_world_new_with(scenario, seed, &run);
    real->made_ns                             = gmq_dial_clock();
    real->has_declared                        = true;
    return g_steal_pointer(&real);
}

const GmqProgramRecord *
gmq_real_program(const GmqReal *real)
{
    return gmq_remote_program(real->remote);
}

GmqWorld *
gmq_real_world(GmqReal *real)
{
    return real->world;
}

const char *
gmq_real_trouble(const GmqReal *real)
{
    return real->trouble;
}

void
gmq_real_stop(GmqReal *real)
{
    real->is_stopped = 1;
}

/* ---- after ---- */

/* What is found in a queue at the end has entered it, unless it went back into it. */
static void
tell_found(GmqReal *real, const char *queue, const char *name)
{
    GmqWorld *world = real->world;
    GmqSlice who    = gmq_slice_of(queue);
    GmqSlice id     = gmq_slice_of(name);

    if (!gmq_tap_book_take(gmq_remote_book(real->remote), who, id, true))
        return;
    world->cause = 0;
    gmq_world_note(world, &(GmqEvent){.kind       = GMQ_EVENT_ENQUEUED,
                                      .who        = who,
                                      .message_id = id,
                                      .text       = GMQ_SLICE("tail")});
}

/* What went back and is not there any more has gone some way that nobody saw. */
static void
tell_gone(void *user, const char *queue, const char *name)
{
    GmqWorld *world = ((GmqReal *)user)->world;

    world->cause = 0;
    gmq_world_note(world, &(GmqEvent){.kind       = GMQ_EVENT_DROPPED,
                                      .who        = gmq_slice_of(queue),
                                      .message_id = gmq_slice_of(name),
                                      .text       = GMQ_SLICE(GMQ_DEATH_UNSEEN)});
}

static bool
empty_queue(GmqReal *real, GmqErrand *errand, const char *queue, GError **error)
{
    GmqErrandQueue found;

    if (!gmq_errand_look(errand, queue, &found, error))
        return false;
    for (uint64_t i = 0; i < found.ready; i++) {
        g_autoptr(GError) wrong = NULL;
        g_autofree char *name   = gmq_errand_take(errand, queue, &wrong);

        if (wrong != NULL) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return false;
        }
        if (name == NULL)
            break;
        tell_found(real, queue, name);
    }
    return true;
}

static bool
look_into_queues(GmqReal *real, GmqErrand *errand, GError **error)
{
    g_autoptr(GPtrArray) queues = all_lines(real->scenario, true);

    for (unsigned i = 0; i < queues->len; i++) {
        if (!empty_queue(real, errand, ((const GmqQueueLine *)queues->pdata[i])->name, error))
            return false;
    }
    gmq_tap_book_each_back(gmq_remote_book(real->remote), tell_gone, real);
    return true;
}

static bool
delete_all(const GmqReal *real, GmqErrand *errand, GError **error)
{
    g_autoptr(GPtrArray) queues    = all_lines(real->scenario, true);
    g_autoptr(GPtrArray) exchanges = all_lines(real->scenario, false);

    for (unsigned i = 0; i < queues->len; i++) {
        const GmqQueueLine *line = queues->pdata[i];

        if (!gmq_errand_delete_queue(errand, line->name, error))
            return false;
    }
    for (unsigned i = 0; i < exchanges->len; i++) {
        const GmqExchangeLine *line = exchanges->pdata[i];

        if (!gmq_errand_delete_exchange(errand, line->name, error))
            return false;
    }
    return true;
}

/* The last visit: while the clients are still there the queues are counted, then all goes. */
static bool
visit(GmqReal *real, bool is_looking, GError **error)
{
    g_autoptr(GmqErrand) errand = gmq_errand_new(real->url, real->dial, error);

    if (errand == NULL)
        return false;
    if (is_looking && !look_into_queues(real, errand, error))
        return false;
    gmq_remote_hang_up(real->remote);
    return delete_all(real, errand, error);
}

static void
leave(GmqReal *real, bool is_looking)
{
    g_autoptr(GError) error = NULL;

    if (!real->has_declared)
        return;
    real->has_declared = false;
    if (visit(real, is_looking, &error))
        return;
    gmq_remote_hang_up(real->remote);
    gmq_remote_set_blind(real->remote);
    real->trouble =
        g_strdup_printf("%s; what the scenario declared there may still be there", error->message);
}

static void
finish(GmqReal *real)
{
    if (real->is_stopped)
        gmq_remote_set_blind(real->remote);
    leave(real, real->world->has_begun);
    gmq_world_end(real->world);
}

void
gmq_real_finish(GmqReal *real)
{
    if (!real->world->is_over)
        finish(real);
}

void
gmq_real_free(GmqReal *real)
{
    if (real == NULL)
        return;
    leave(real, false);
    gmq_world_free(real->world);
    gmq_remote_free(real->remote);
    gmq_dial_free(real->dial);
    g_free(real->trouble);
    g_free(real);
}

/* ---- in between ---- */

/* Before the topology stands, time stands too. */
static int64_t
now_of(const GmqReal *real)
{
    return real->start_ns == 0 ? 0 : gmq_dial_clock() - real->start_ns;
}

static bool
is_setup_over(const GmqReal *real, int64_t next_ns)
{
    const GmqWorld *world = real->world;

    if (world->has_begun)
        return false;
    return gmq_dial_clock() - real->made_ns > SETUP_NS ||
           (next_ns == INT64_MAX && world->setup->state == GMQ_SIM_OFF);
}

static void
step_world(GmqReal *real)
{
    real->n_events++;
    gmq_world_step(real->world);
    if (real->world->has_begun && real->start_ns == 0)
        real->start_ns = gmq_dial_clock();
}

bool
gmq_real_step(GmqReal *real)
{
    GmqWorld *world = real->world;

    if (world->is_over)
        return false;

    int64_t stop_ns = world->scenario->stop_ns;
    int64_t next_ns = gmq_schedule_next_time(world->schedule);
    int64_t now_ns  = now_of(real);

    if (real->is_stopped || is_setup_over(real, next_ns)) {
        finish(real);
        return false;
    }
    if (next_ns <= MIN(now_ns, stop_ns) && real->n_events < EVENTS_MAX) {
        step_world(real);
        return true;
    }
    if (next_ns > stop_ns && now_ns >= stop_ns) {
        finish(real);
        return false;
    }
    real->n_events = 0;
    gmq_remote_wait(real->remote, world, real->start_ns, MIN(next_ns, stop_ns) - now_ns);
    return true;
}
