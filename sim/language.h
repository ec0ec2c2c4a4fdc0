/* language.h - the language in which the program speaks to a person: English, or Korean.
 *
 * The texts stand in the code in English, marked for the tools of gettext. The Korean ones stand
 * in po/ko.po, which is compiled in: no locale has to be installed, and none is changed.
 *
 *     printf(_("%u messages are left.\n"), n);            a text that is told at once
 *     static const char *const names[] = {N_("queue")};   marked here, and _(names[i]) where told
 *     printf(P_("%u message\n", "%u messages\n", n), n);  one or several
 *     C_("of a list", "Open")                             the same English word, told apart
 *     NC_("of a list", "Open")                            the key of that, for a table
 *
 * Write whole sentences with places for what changes in them, no fragments that are put together:
 * words stand in another order in Korean, where "%2$s" names the second value. What a program reads
 * is never marked: traces, JSON, files, the names of keys, kinds and options. Runs do not depend on
 * the language; only what is told of them does. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Sets the language of this process: "en" or "ko" as asked, with or without what follows in names
 * of locales ("ko_KR.UTF-8"); NULL takes what LC_ALL, LC_MESSAGES, LANG and then LANGUAGE want, as
 * programs with gettext do, and English when they want another one. Asked for another language it
 * changes nothing, returns false and names those that there are (G_OPTION_ERROR_BAD_VALUE). */
bool gmq_language_choose(const char *asked, GError **error);

/* "en", as long as nothing else was chosen, or "ko". */
const char *gmq_language(void);

/* While one of these is there, all is told in English: a file that is written does not depend on
 * who wrote it.
 *
 *     g_auto(GmqEnglish) english = gmq_english_begin();
 *
 * Its end is its use: compilers need not miss another one. */
typedef struct {
    bool was_korean;
} G_GNUC_UNUSED GmqEnglish;

GmqEnglish gmq_english_begin(void);
void gmq_english_end(GmqEnglish *english);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqEnglish, gmq_english_end)

/* The text in the chosen language, valid for ever: the English one itself, or its translation. An
 * English text without one stays as it is. */
const char *gmq_text(const char *english) G_GNUC_FORMAT(1);

/* The same for a text that has a form for one and a form for several of what it counts. */
const char *gmq_text_plural(const char *one, const char *several, guint64 n) G_GNUC_FORMAT(1)
    G_GNUC_FORMAT(2);

/* The same for a text whose key in the catalog has its context before it. */
const char *gmq_text_context(const char *key, const char *english) G_GNUC_FORMAT(2);

#define _(english) gmq_text(english)
#define N_(english) (english)
#define C_(context, english) gmq_text_context(context "\004" english, english)
#define NC_(context, english) (context "\004" english)
#define P_(one, several, n) gmq_text_plural(one, several, n)

G_END_DECLS
