#include "sim/language.h"

#include <string.h>

#include "sim/catalog.h"
#include "sim/po/catalogs.h"

/* The language of people, not of runs: chosen once, before anything is told. */
static bool is_korean;

/* Whether the name of a locale, "ko_KR.UTF-8", is of this language. */
static bool
is_of(const char *locale, size_t n_locale, const char *language)
{
    size_t n = strlen(language);

    return n_locale >= n && strncmp(locale, language, n) == 0 &&
           (n_locale == n || strchr("_.@-", locale[n]) != NULL);
}

/* The first of the languages that LANGUAGE lists, "fr:ko:en", which there is here. */
static const char *
first_known(const char *list)
{
    for (const char *word = list; *word != '\0';) {
        size_t n = strcspn(word, ":");

        if (is_of(word, n, "ko"))
            return "ko";
        if (is_of(word, n, "en") || is_of(word, n, "C"))
            return "en";
        word += n + (word[n] == ':');
    }
    return NULL;
}

static const char *
wanted_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value != NULL && *value != '\0')
            return value;
    }
    return "C";
}

/* As gettext does it: LANGUAGE is a wish of those who have a locale other than plain "C". */
static const char *
wanted_language(void)
{
    const char *locale = wanted_locale();
    const char *list   = g_getenv("LANGUAGE");

    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return "en";
    const char *listed = list == NULL ? NULL : first_known(list);
    return listed != NULL ? listed : is_of(locale, strlen(locale), "ko") ? "ko" : "en";
}

bool
gmq_language_choose(const char *asked, GError **error)
{
    const char *language = asked == NULL ? wanted_language() : asked;
    size_t n             = strlen(language);
    bool korean          = is_of(language, n, "ko");

    if (!korean && !is_of(language, n, "en")) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "there is no language \"%s\": there are en (English) and ko (Korean)", asked);
        return false;
    }
    is_korean = korean;
    return true;
}

const char *
gmq_language(void)
{
    return is_korean ? "ko" : "en";
}

GmqEnglish
gmq_english_begin(void)
{
    GmqEnglish english = {is_korean};

    is_korean = false;
    return english;
}

void
gmq_english_end(GmqEnglish *english)
{
    is_korean = english->was_korean;
}

static const char *
find(const char *key)
{
    GmqCatalog korean = {gmq_catalog_ko, gmq_catalog_ko_bytes};

    return is_korean ? gmq_catalog_find(&korean, key) : NULL;
}

const char *
gmq_text(const char *english)
{
    /* The empty text is the key of the catalog's own head. */
    const char *found = *english == '\0' ? NULL : find(english);

    return found != NULL ? found : english;
}

const char *
gmq_text_plural(const char *one, const char *several, guint64 n)
{
    const char *found = find(one);

    /* Korean has one form for every number. */
    return found != NULL ? found : n == 1 ? one : several;
}

const char *
gmq_text_context(const char *key, const char *english)
{
    const char *found = find(key);

    return found != NULL ? found : english;
}
