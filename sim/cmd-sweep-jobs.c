#include "sim/cmd-sweep-jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/wide.h"

/* The memory of a worker; more is a leak, or a run without an end. */
#define WORKER_MEMORY_MAX (UINT64_C(2) << 30)

/* A worker has one seed at hand and one to go on with. */
#define SEEDS_AT_HAND 2

/* How often progress is told, on a terminal and elsewhere. */
#define TERMINAL_US 200000
#define LINES_US 10000000

/* Texts longer than that say nothing to anybody. */
#define TEXT_SIZE_MAX 2000

typedef struct {
    pid_t pid;
    int questions;    /* seeds go there */
    int answers;      /* and results come from here */
    int complaints;   /* a file in memory: all that it prints */
    GQueue seeds;     /* of uint64_t, the one being tried first; owned */
    int64_t began_us; /* with that one */
    bool is_late;     /* and was stopped for it */
} Worker;

typedef struct {
    GmqSweep *sweep;
    const GmqSweepJobs *jobs;
    Worker *workers;
    uint64_t next; /* seed */
    bool has_next;
    GQueue again;     /* of uint64_t: seeds whose worker died; owned */
    GHashTable *died; /* of seeds to how they died the first time */
    int64_t began_us;
    int64_t told_us;
} Run;

/* What a worker answers; two texts follow it. */
typedef struct {
    GmqTrial trial;
    size_t what_size;
    size_t sentence_size;
} Answer;

static volatile sig_atomic_t stop_wanted;

static void
on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

/* ---- pipes ---- */

static bool
write_all(int file, const void *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(file, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = (const char *)bytes + n;
        size -= (size_t)n;
    }
    return true;
}

static bool
read_all(int file, void *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = read(file, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = (char *)bytes + n;
        size -= (size_t)n;
    }
    return true;
}

/* ---- in a worker ---- */

static void
answer(int file, const GmqTrial *trial)
{
    Answer head = {.trial = *trial};

    if (trial->what != NULL)
        head.what_size = strlen(trial->what);
    if (trial->sentence != NULL)
        head.sentence_size = MIN(strlen(trial->sentence), TEXT_SIZE_MAX);
    if (!write_all(file, &head, sizeof head) || !write_all(file, trial->what, head.what_size) ||
        !write_all(file, trial->sentence, head.sentence_size))
        _exit(1);
}

static void
limit_worker(void)
{
    struct rlimit none = {0, 0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
#if !defined __SANITIZE_ADDRESS__
    struct rlimit memory = {WORKER_MEMORY_MAX, WORKER_MEMORY_MAX};
    setrlimit(RLIMIT_AS, &memory);
#endif
}

G_GNUC_NORETURN static void
work(const GmqSweepJobs *jobs, int questions, int answers)
{
    uint64_t seed;

    while (read_all(questions, &seed, sizeof seed)) {
        g_auto(GmqTrial) trial = {0};

        jobs->try_seed(jobs->user, seed, &trial);
        answer(answers, &trial);
    }
    _exit(0);
}

/* ---- workers ---- */

/* The pipes of the other workers are not for this one: a pipe ends when nobody holds its end. */
static void
close_others(const Run *run)
{
    for (unsigned i = 0; i < run->jobs->n_jobs; i++) {
        if (run->workers[i].pid > 0) {
            close(run->workers[i].questions);
            close(run->workers[i].answers);
        }
    }
}

static void
start_worker(Run *run, Worker *worker)
{
    int questions[2], answers[2];

    if (pipe2(questions, O_CLOEXEC) < 0 || pipe2(answers, O_CLOEXEC) < 0)
        g_error("no pipe for a worker: %s", g_strerror(errno));
    worker->complaints = memfd_create("stderr", MFD_CLOEXEC);
    worker->pid        = fork();
    if (worker->pid < 0)
        g_error("no process for a worker: %s", g_strerror(errno));
    if (worker->pid == 0) {
        worker->pid = -1;
        close_others(run);
        close(questions[1]);
        close(answers[0]);
        if (worker->complaints >= 0)
            dup2(worker->complaints, STDERR_FILENO);
        if (worker->complaints >= 0)
            dup2(worker->complaints, STDOUT_FILENO);
        limit_worker();
        work(run->jobs, questions[0], answers[1]);
    }
    close(questions[0]);
    close(answers[1]);
    worker->questions = questions[1];
    worker->answers   = answers[0];
    worker->is_late   = false;
}

/* Takes the next seed there is; false without one. */
static bool
next_seed(Run *run, uint64_t *seed)
{
    uint64_t *again = g_queue_pop_head(&run->again);

    if (again != NULL) {
        *seed = *again;
        g_free(again);
        return true;
    }
    if (!run->has_next || stop_wanted)
        return false;
    if (run->jobs->time_us > 0 && g_get_monotonic_time() - run->began_us >= run->jobs->time_us)
        return false;
    *seed         = run->next;
    run->has_next = run->sweep->plan.last - run->next >= run->sweep->plan.n_shards;
    run->next += run->sweep->plan.n_shards;
    return true;
}

static void
feed(Run *run, Worker *worker)
{
    uint64_t seed;

    while (worker->seeds.length < SEEDS_AT_HAND && next_seed(run, &seed)) {
        if (worker->pid == 0)
            start_worker(run, worker);
        if (worker->seeds.length == 0)
            worker->began_us = g_get_monotonic_time();
        g_queue_push_tail(&worker->seeds, g_memdup2(&seed, sizeof seed));
        /* A worker that has died says so by the end of its answers. */
        write_all(worker->questions, &seed, sizeof seed);
    }
}

/* ---- when a worker died ---- */

/* The last line that it printed, without its end; the caller frees it. */
static char *
last_words(const Worker *worker)
{
    char text[TEXT_SIZE_MAX + 1] = {0};
    off_t end = worker->complaints < 0 ? 0 : lseek(worker->complaints, 0, SEEK_END);
    ssize_t n =
        end <= 0 ? 0 : pread(worker->complaints, text, TEXT_SIZE_MAX, MAX(0, end - TEXT_SIZE_MAX));

    g_strchomp(text);
    const char *line = n <= 0 ? "" : strrchr(text, '\n');
    return g_utf8_make_valid(line == NULL ? text : line + (*line == '\n'), -1);
}

/* How a worker ended, as a sentence without its end; the caller frees it. */
static char *
end_worker(Worker *worker)
{
    int status = 0;

    close(worker->questions);
    close(worker->answers);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    g_autofree char *words = last_words(worker);
    if (worker->complaints >= 0)
        close(worker->complaints);
    worker->pid = 0;

    const char *colon = *words == '\0' ? "" : ": ";
    if (WIFSIGNALED(status))
        return g_strdup_printf("the program died of signal %d (%s)%s%s", WTERMSIG(status),
                               strsignal(WTERMSIG(status)), colon, words);
    return g_strdup_printf("the program left with status %d%s%s", WEXITSTATUS(status), colon,
                           words);
}

static void
add_result(Run *run, uint64_t seed, const GmqTrial *trial)
{
    gmq_sweep_add(run->sweep, seed, trial);
    g_hash_table_remove(run->died, &seed);
}

/* The worker is gone, and the seed that it had at hand is to blame. That is tried again: only what
 * happens twice is a failure of the seed, and anything else is worse. */
static void
lose_worker(Run *run, Worker *worker)
{
    bool was_late             = worker->is_late;
    g_autofree char *how      = end_worker(worker);
    g_autofree uint64_t *seed = g_queue_pop_head(&worker->seeds);
    g_auto(GmqTrial) trial    = {0};

    while (worker->seeds.length > 0)
        g_queue_push_tail(&run->again, g_queue_pop_head(&worker->seeds));
    if (seed == NULL)
        return;
    if (was_late) {
        gmq_trial_fail(&trial, GMQ_TRIAL_SLOW, "the run took too long, and was stopped");
        add_result(run, *seed, &trial);
    } else if (g_hash_table_contains(run->died, seed)) {
        gmq_trial_fail(&trial, GMQ_TRIAL_DIED, how);
        add_result(run, *seed, &trial);
    } else {
        g_hash_table_insert(run->died, g_memdup2(seed, sizeof *seed), g_steal_pointer(&how));
        g_queue_push_head(&run->again, g_steal_pointer(&seed));
    }
}

static bool
read_text(const Worker *worker, size_t size, char **text)
{
    *text = g_malloc0(size + 1);
    return read_all(worker->answers, *text, size);
}

static void
take_answer(Run *run, Worker *worker)
{
    Answer head;
    g_autofree char *what     = NULL;
    g_autofree char *sentence = NULL;

    if (!read_all(worker->answers, &head, sizeof head) ||
        !read_text(worker, head.what_size, &what) ||
        !read_text(worker, head.sentence_size, &sentence)) {
        lose_worker(run, worker);
        return;
    }
    g_autofree uint64_t *seed = g_queue_pop_head(&worker->seeds);
    g_assert(seed != NULL);
    const char *death      = g_hash_table_lookup(run->died, seed);
    g_auto(GmqTrial) other = {0};

    worker->began_us    = g_get_monotonic_time();
    head.trial.what     = what;
    head.trial.sentence = sentence;
    head.trial.kind     = NULL;
    if (death != NULL) {
        g_autofree char *text =
            g_strconcat("the second time it went on, and the first time ", death, NULL);
        gmq_trial_fail(&other, GMQ_TRIAL_UNSTABLE, text);
        add_result(run, *seed, &other);
        return;
    }
    add_result(run, *seed, &head.trial);
}

static void
stop_late(Run *run, Worker *worker)
{
    int64_t limit = run->jobs->seed_time_us;

    if (worker->seeds.length == 0 || worker->is_late || limit == 0 ||
        g_get_monotonic_time() - worker->began_us < limit)
        return;
    worker->is_late = true;
    kill(worker->pid, SIGKILL);
}

/* ---- progress ---- */

/* How long the rest will take, in seconds; -1 when nobody knows. */
static int64_t
seconds_left(const Run *run, int64_t passed_us)
{
    uint64_t done = run->sweep->n_done;
    int64_t left  = INT64_MAX;

    if (run->jobs->time_us > 0)
        left = MAX(0, run->jobs->time_us - passed_us) / 1000000;
    if (done > 0) {
        uint64_t rest = gmq_sweep_size(&run->sweep->plan) - done;
        uint64_t us   = gmq_wide_ratio(rest, (uint64_t)passed_us, done);
        left          = MIN(left, (int64_t)(us / 1000000));
    }
    return left == INT64_MAX ? -1 : left;
}

static void
tell_progress(Run *run)
{
    int64_t now    = g_get_monotonic_time();
    int64_t passed = now - run->began_us;
    bool is_line   = !run->jobs->has_terminal;

    if (now - run->told_us < (is_line ? LINES_US : TERMINAL_US))
        return;
    run->told_us = now;

    uint64_t done = run->sweep->n_done;
    int64_t left  = seconds_left(run, passed);
    fprintf(stderr, "%s%" G_GUINT64_FORMAT " done, %u failed, %" G_GUINT64_FORMAT " seeds/s",
            is_line ? "" : "\r", (guint64)done, run->sweep->failures->len,
            (guint64)(done * 1000000 / (uint64_t)MAX(passed, 1)));
    if (left >= 0)
        fprintf(stderr, ", %" G_GINT64_FORMAT " s left", (gint64)left);
    fputs(is_line ? "\n" : "\033[K", stderr);
}

/* ---- the whole ---- */

/* Waits until something is there to read, or for a moment. */
static void
wait_for_answers(Run *run)
{
    unsigned n                      = run->jobs->n_jobs;
    g_autofree struct pollfd *files = g_new0(struct pollfd, n);

    for (unsigned i = 0; i < n; i++) {
        files[i].fd     = run->workers[i].pid > 0 ? run->workers[i].answers : -1;
        files[i].events = POLLIN;
    }
    if (poll(files, n, TERMINAL_US / 1000) < 0)
        return;
    for (unsigned i = 0; i < n; i++) {
        if (files[i].revents != 0)
            take_answer(run, &run->workers[i]);
    }
}

static bool
is_work_left(Run *run)
{
    bool is_left = false;

    for (unsigned i = 0; i < run->jobs->n_jobs; i++) {
        feed(run, &run->workers[i]);
        is_left |= run->workers[i].seeds.length > 0;
    }
    return is_left && !stop_wanted;
}

static void
stop_workers(Run *run)
{
    for (unsigned i = 0; i < run->jobs->n_jobs; i++) {
        Worker *worker = &run->workers[i];

        g_queue_clear_full(&worker->seeds, g_free);
        if (worker->pid == 0)
            continue;
        kill(worker->pid, SIGKILL);
        g_free(end_worker(worker));
    }
}

static void
loop(Run *run)
{
    while (is_work_left(run)) {
        wait_for_answers(run);
        for (unsigned i = 0; i < run->jobs->n_jobs; i++)
            stop_late(run, &run->workers[i]);
        tell_progress(run);
    }
}

void
gmq_sweep_run(GmqSweep *sweep, const GmqSweepJobs *jobs)
{
    g_autofree Worker *workers = g_new0(Worker, jobs->n_jobs);
    g_autoptr(GHashTable) died = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    struct sigaction stop      = {.sa_handler = on_signal};
    struct sigaction nothing   = {.sa_handler = SIG_IGN};
    struct sigaction old_int, old_term, old_pipe;
    Run run = {.sweep    = sweep,
               .jobs     = jobs,
               .workers  = workers,
               .next     = sweep->plan.first + (sweep->plan.shard - 1),
               .died     = died,
               .began_us = g_get_monotonic_time()};

    run.has_next = gmq_sweep_size(&sweep->plan) > 0;
    run.told_us  = run.began_us;
    stop_wanted  = 0;
    sigaction(SIGINT, &stop, &old_int);
    sigaction(SIGTERM, &stop, &old_term);
    sigaction(SIGPIPE, &nothing, &old_pipe);
    fflush(NULL);
    loop(&run);
    stop_workers(&run);
    g_queue_clear_full(&run.again, g_free);
    if (jobs->has_terminal)
        fputs("\r\033[K", stderr);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    sigaction(SIGPIPE, &old_pipe, NULL);

    sweep->n_jobs     = jobs->n_jobs;
    sweep->wall_us    = (uint64_t)(g_get_monotonic_time() - run.began_us);
    sweep->is_stopped = stop_wanted != 0;
}
