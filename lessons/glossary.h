/* glossary.h - the words of the field: what each means, and which lesson explains it.
 *
 * They stand in glossary.yaml beside the lessons, whose head says what is written there. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define GMQ_GLOSSARY_FILE "glossary.yaml"

/* The file was read and is wrong; the message holds every error found, one below the other. */
#define GMQ_GLOSSARY_ERROR gmq_glossary_error_quark()
GQuark gmq_glossary_error_quark(void);

typedef enum {
    GMQ_GLOSSARY_ERROR_WRONG,
} GmqGlossaryError;

/* A word in one language. */
typedef struct {
    char *term;
    GStrv also; /* other forms and names of it */
    char *meaning;
} GmqTermText;

typedef struct {
    unsigned line;     /* in the file */
    unsigned lesson;   /* that explains it, from 1; 0: none does */
    bool is_everyday;  /* people know it without the lesson */
    char *picture;     /* "scenario.yaml#31", seen from the folder of the file; NULL: none */
    GStrv see;         /* terms, in English, that belong to it */
    GmqTermText words; /* in English */
    GmqTermText ko;    /* in Korean; its term is NULL when nobody has translated it */
} GmqTerm;

typedef struct GmqGlossary GmqGlossary;

/* Reads the glossary of that directory of lessons; the caller frees it. NULL with an error of
 * GMQ_GLOSSARY_ERROR, or a GFileError. */
GmqGlossary *gmq_glossary_load(const char *directory, GError **error);
void gmq_glossary_free(GmqGlossary *glossary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqGlossary, gmq_glossary_free)

/* The terms in the order of the file; NULL behind the last one. Lent, as everything below. */
const GmqTerm *gmq_glossary_at(const GmqGlossary *glossary, unsigned index);

/* The term that somebody means, in any language and by any of its forms; case counts for nothing.
 * NULL when there is none. */
const GmqTerm *gmq_glossary_find(const GmqGlossary *glossary, const char *text);

/* The nearest known word to a mistyped one; NULL when none is near. */
const char *gmq_glossary_nearest(const GmqGlossary *glossary, const char *text);

/* The words of a term in that language, "en" or "ko"; in English where there are no others. */
const GmqTermText *gmq_term_text(const GmqTerm *term, const char *language);

G_END_DECLS
