#include "lessons/twin.h"

#include <string.h>

#define ENDING ".yaml"

/* "scenario.ko.yaml" of "scenario.yaml"; NULL when it has no twin. The caller frees it. */
static char *
twin_name(const char *name, const char *language)
{
    if (strcmp(language, "en") == 0 || !g_str_has_suffix(name, ENDING))
        return NULL;
    return g_strdup_printf("%.*s.%s" ENDING, (int)(strlen(name) - strlen(ENDING)), name, language);
}

char *
gmq_twin_path(const char *folder, const char *name, const char *language)
{
    g_autofree char *twin = twin_name(name, language);
    g_autofree char *path = twin == NULL ? NULL : g_build_filename(folder, twin, NULL);

    if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&path);
    return g_build_filename(folder, name, NULL);
}

char *
gmq_twin_origin(const char *name, const char *language)
{
    g_autofree char *ending = g_strdup_printf(".%s" ENDING, language);

    if (strcmp(language, "en") == 0 || !g_str_has_suffix(name, ending) ||
        strlen(name) == strlen(ending))
        return NULL;
    return g_strdup_printf("%.*s" ENDING, (int)(strlen(name) - strlen(ending)), name);
}

/* ---- words ---- */

static bool
is_part(const GPtrArray *path, unsigned index, const char *word)
{
    return index < path->len && strcmp(path->pdata[index], word) == 0;
}

bool
gmq_twin_is_words(const GPtrArray *path)
{
    if (path->len == 1)
        return is_part(path, 0, "title") || is_part(path, 0, "about");
    if (!is_part(path, 0, "timeline"))
        return false;
    /* timeline.3.say, timeline.3.ask.question, timeline.3.ask.choices.2 */
    return is_part(path, 2, "say") || (path->len > 3 && is_part(path, 2, "ask"));
}
