/* html-assets.h - the files of viz/html/ as texts in the program; only for html.c and its tests.
 *
 * The build makes them (viz/html/embed.py): the script is all .js files, one after the other. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char gmq_html_template[]; /* page.html, with {{names}} of what goes in */
extern const char gmq_html_style[];    /* page.css */
extern const char gmq_html_script[];

G_END_DECLS
