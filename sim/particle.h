/* particle.h - Korean particles, which depend on how the word before them ends.
 *
 * A Korean text writes them as {은}, {이}, {을}, {와} and {로}, or the other form of each, behind a
 * place for a word: "%s{이} %s{을} 받았습니다". The word says which it is: w1이, tasks가. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes a text of any language and gives it back with the particles that fit. The caller frees
 * it. */
char *gmq_particles(char *text) G_GNUC_WARN_UNUSED_RESULT;

/* As g_strdup_printf() and g_string_append_printf(), with particles. */
char *gmq_told(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_WARN_UNUSED_RESULT;
void gmq_told_append(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
