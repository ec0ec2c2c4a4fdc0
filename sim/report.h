/* report.h - the end of a run for people: numbers, expectations, broken checks, the verdict. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

/* Appends the report of a run that is over. In ASCII it uses no other characters. */
void gmq_report_add(const GmqWorld *world, const GmqScenario *scenario, bool is_ascii,
                    GString *out);

G_END_DECLS
