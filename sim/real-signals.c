#include "sim/real-signals.h"

#include <signal.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

static struct sigaction before[G_N_ELEMENTS(signals)];
static GmqReal *playing; /* what a signal stops; NULL when none is caught */
static volatile sig_atomic_t has_come;

static void
on_signal(int number)
{
    (void)number;
    has_come = 1;
    gmq_real_stop(playing);
}

void
gmq_real_signals_catch(GmqReal *real)
{
    const struct sigaction ours = {.sa_handler = on_signal};

    g_assert(playing == NULL);
    playing  = real;
    has_come = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++) {
        sigaction(signals[i], &ours, &before[i]);
        if (signals[i] == SIGHUP && before[i].sa_handler == SIG_IGN)
            sigaction(signals[i], &before[i], NULL);
    }
}

bool
gmq_real_signals_came(void)
{
    return has_come != 0;
}

void
gmq_real_signals_release(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    playing = NULL;
}
