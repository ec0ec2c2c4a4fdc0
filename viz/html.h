/* html.h - a run as one page for a browser: nothing beside it, no network.
 *
 * Style, script and data stand in the page itself, and its policy forbids everything else. */
#pragma once

#include "viz/html-data.h"

G_BEGIN_DECLS

/* The page of those events, of which it shows those that the filter keeps; NULL: all. The caller
 * frees it. */
char *gmq_html_page(const GmqStage *stage, GmqHtmlRange range, const GmqFilter *filter);

G_END_DECLS
