/* twin.h - the same run in another language: "scenario.ko.yaml" beside "scenario.yaml".
 *
 * A twin differs in words alone: title, about, captions, questions, and comments. So the events of
 * both have the same numbers, and whatever is said of the one is true of the other. */
#pragma once

#include "sim/yaml.h"

G_BEGIN_DECLS

/* The path of a file of a folder for readers of that language: its twin when there is one, else
 * itself. Only files called NAME.yaml have twins, and nothing in "en" is one. The caller frees it.
 */
char *gmq_twin_path(const char *folder, const char *name, const char *language);

/* "scenario.yaml" of "scenario.ko.yaml" in "ko"; NULL when a file of that name is no twin in that
 * language. The caller frees it. */
char *gmq_twin_origin(const char *name, const char *language);

/* Whether what stands at that path of a scenario, a list of keys and of numbers from 1 on, is words
 * for people, which change nothing in the run. */
bool gmq_twin_is_words(const GPtrArray *path);

G_END_DECLS
