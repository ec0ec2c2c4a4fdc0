/* real-signals.h - a run on the real clock ends in order when its person stops it. */
#pragma once

#include "sim/real.h"

G_BEGIN_DECLS

/* From now on SIGINT, SIGTERM and SIGHUP end the run, which is lent until the release, and not the
 * program; an ignored SIGHUP, as under nohup, stays ignored. One run at a time. */
void gmq_real_signals_catch(GmqReal *real);

/* Whether one of them has come since they were caught. */
bool gmq_real_signals_came(void);

/* The signals do again what they did before. */
void gmq_real_signals_release(void);

G_END_DECLS
