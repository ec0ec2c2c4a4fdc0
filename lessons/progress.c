#include "lessons/progress.h"

#include <string.h>

#include "sim/language.h"

#define FIRST_LINE "format 1"
#define WORDS 5

struct GmqProgress {
    GPtrArray *lines; /* of GmqProgressLine, that which changed last at the end */
};

G_DEFINE_QUARK(gmq - progress - error - quark, gmq_progress_error)

static void
line_free(void *data)
{
    GmqProgressLine *line = data;

    g_free(line->lesson);
    g_free(line->step);
    g_free(line->date);
    g_free(line->predictions);
    g_free(line->hints);
    g_free(line);
}

static GmqProgressLine *
line_copy(const GmqProgressLine *line)
{
    GmqProgressLine *copy = g_new0(GmqProgressLine, 1);

    copy->lesson      = g_strdup(line->lesson);
    copy->step        = g_strdup(line->step);
    copy->date        = g_strdup(line->date);
    copy->predictions = g_strdup(line->predictions != NULL ? line->predictions : "");
    copy->hints       = g_strdup(line->hints != NULL ? line->hints : "");
    return copy;
}

GmqProgress *
gmq_progress_new(void)
{
    GmqProgress *progress = g_new0(GmqProgress, 1);

    progress->lines = g_ptr_array_new_with_free_func(line_free);
    return progress;
}

void
gmq_progress_free(GmqProgress *progress)
{
    if (progress == NULL)
        return;
    g_ptr_array_unref(progress->lines);
    g_free(progress);
}

/* ---- reading ---- */

static bool
is_step(const char *text)
{
    if (!g_ascii_islower(text[0]))
        return false;
    for (; *text != '\0'; text++) {
        if (!g_ascii_islower(*text) && !g_ascii_isdigit(*text) && *text != '-')
            return false;
    }
    return true;
}

/* "2026-11-23" */
static bool
is_date(const char *text)
{
    static const char shape[] = "dddd-dd-dd";

    if (strlen(text) != strlen(shape))
        return false;
    for (unsigned i = 0; shape[i] != '\0'; i++) {
        if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
            return false;
    }
    int month = (int)g_ascii_strtoll(text + 5, NULL, 10);
    int day   = (int)g_ascii_strtoll(text + 8, NULL, 10);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
is_prediction(const char *text)
{
    return strcmp(text, "right") == 0 || strcmp(text, "wrong") == 0;
}

/* "modify:2" */
static bool
is_hint(const char *text)
{
    const char *colon     = strchr(text, ':');
    g_autofree char *step = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : NULL;

    return step != NULL && is_step(step) &&
           g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, NULL, NULL);
}

/* Whether the text is "-", or items with commas between them. */
static bool
is_list(const char *text, bool (*is_item)(const char *text))
{
    g_auto(GStrv) items = g_strsplit(text, ",", -1);

    if (strcmp(text, "-") == 0)
        return true;
    for (unsigned i = 0; items[i] != NULL; i++) {
        if (!is_item(items[i]))
            return false;
    }
    return items[0] != NULL;
}

/* What is wrong with the words of a line; NULL: nothing is. */
static const char *
find_fault(char **words)
{
    if (g_strv_length(words) != WORDS)
        return N_("it has not five words");
    if (!is_step(words[1]))
        return N_("its second word is no step of a lesson");
    if (!is_date(words[2]))
        return N_("its third word is no date such as 2026-11-23");
    if (!is_list(words[3], is_prediction))
        return N_("its fourth word tells of predictions neither right nor wrong");
    return is_list(words[4], is_hint) ? NULL : N_("its fifth word does not count hints");
}

static char *
from_list(const char *word)
{
    return g_strdup(strcmp(word, "-") == 0 ? "" : word);
}

static bool
refuse(GError **error, unsigned number, const char *why)
{
    g_set_error(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_DAMAGED, _("line %u is damaged: %s"),
                number, _(why));
    return false;
}

static bool
add_line(GmqProgress *progress, unsigned number, const char *text, GError **error)
{
    g_auto(GStrv) words   = g_strsplit(text, " ", -1);
    const char *fault     = find_fault(words);
    g_autofree char *name = fault == NULL ? g_uri_unescape_string(words[0], NULL) : NULL;

    if (fault != NULL)
        return refuse(error, number, fault);
    if (name == NULL || *name == '\0' || !g_utf8_validate(name, -1, NULL))
        return refuse(error, number, N_("its first word is no name of a lesson"));
    if (gmq_progress_find(progress, name) != NULL)
        return refuse(error, number, N_("the same lesson has a line above it"));

    GmqProgressLine *line = g_new0(GmqProgressLine, 1);
    line->lesson          = g_steal_pointer(&name);
    line->step            = g_strdup(words[1]);
    line->date            = g_strdup(words[2]);
    line->predictions     = from_list(words[3]);
    line->hints           = from_list(words[4]);
    g_ptr_array_add(progress->lines, line);
    return true;
}

static bool
check_format(const char *line, GError **error)
{
    guint64 format;

    if (strcmp(line, FIRST_LINE) == 0)
        return true;
    if (g_str_has_prefix(line, "format ") &&
        g_ascii_string_to_unsigned(line + strlen("format "), 10, 2, G_MAXUINT32, &format, NULL)) {
        g_set_error(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_NEWER,
                    _("it was written by a later glassmq, in format %u; this one knows format 1"),
                    (unsigned)format);
        return false;
    }
    return refuse(error, 1, N_("it is not \"format 1\""));
}

GmqProgress *
gmq_progress_parse(const char *text, size_t length, GError **error)
{
    g_autoptr(GmqProgress) progress = gmq_progress_new();

    if (!g_utf8_validate_len(text, length, NULL)) {
        g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_DAMAGED,
                            _("it is no text in UTF-8"));
        return NULL;
    }
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines   = g_strsplit(copy, "\n", -1);
    if (lines[0] == NULL) {
        g_set_error_literal(error, GMQ_PROGRESS_ERROR, GMQ_PROGRESS_ERROR_DAMAGED,
                            _("it is empty"));
        return NULL;
    }
    for (unsigned i = 0; lines[i] != NULL; i++) {
        size_t end = strlen(lines[i]);

        if (end > 0 && lines[i][end - 1] == '\r') /* it was sent by a machine that ends lines so */
            lines[i][end - 1] = '\0';
        if (i == 0 && !check_format(lines[i], error))
            return NULL;
        if (i > 0 && lines[i][0] != '\0' && !add_line(progress, i + 1, lines[i], error))
            return NULL;
    }
    return g_steal_pointer(&progress);
}

/* ---- writing ---- */

static const char *
to_list(const char *text)
{
    return *text == '\0' ? "-" : text;
}

char *
gmq_progress_to_text(const GmqProgress *progress)
{
    GString *out = g_string_new(FIRST_LINE "\n");

    for (unsigned i = 0; i < progress->lines->len; i++) {
        const GmqProgressLine *line = progress->lines->pdata[i];
        g_autofree char *name       = g_uri_escape_string(line->lesson, NULL, TRUE);

        g_string_append_printf(out, "%s %s %s %s %s\n", name, line->step, line->date,
                               to_list(line->predictions), to_list(line->hints));
    }
    return g_string_free(out, FALSE);
}

/* ---- lines ---- */

size_t
gmq_progress_length(const GmqProgress *progress)
{
    return progress->lines->len;
}

const GmqProgressLine *
gmq_progress_line(const GmqProgress *progress, size_t index)
{
    g_assert(index < progress->lines->len);

    return progress->lines->pdata[index];
}

const GmqProgressLine *
gmq_progress_find(const GmqProgress *progress, const char *lesson)
{
    for (unsigned i = 0; i < progress->lines->len; i++) {
        const GmqProgressLine *line = progress->lines->pdata[i];

        if (strcmp(line->lesson, lesson) == 0)
            return line;
    }
    return NULL;
}

bool
gmq_progress_is_passed(const GmqProgress *progress, const char *lesson)
{
    const GmqProgressLine *line = gmq_progress_find(progress, lesson);

    return line != NULL && strcmp(line->step, GMQ_PROGRESS_PASSED) == 0;
}

unsigned
gmq_progress_predictions(const GmqProgressLine *line, unsigned *n_right)
{
    g_auto(GStrv) words = g_strsplit(line->predictions, ",", -1);

    *n_right = 0;
    for (unsigned i = 0; words[i] != NULL; i++)
        *n_right += strcmp(words[i], "right") == 0;
    return g_strv_length(words);
}

unsigned
gmq_progress_hints(const GmqProgressLine *line)
{
    g_auto(GStrv) words = g_strsplit(line->hints, ",", -1);
    unsigned n          = 0;

    for (unsigned i = 0; words[i] != NULL; i++) {
        const char *colon = strchr(words[i], ':');

        n += colon != NULL ? (unsigned)g_ascii_strtoull(colon + 1, NULL, 10) : 0;
    }
    return n;
}

bool
gmq_progress_set(GmqProgress *progress, const GmqProgressLine *line)
{
    if (gmq_progress_is_passed(progress, line->lesson))
        return false;
    GmqProgressLine *copy = line_copy(line);

    gmq_progress_forget(progress, line->lesson);
    g_ptr_array_add(progress->lines, copy);
    return true;
}

bool
gmq_progress_forget(GmqProgress *progress, const char *lesson)
{
    for (unsigned i = 0; i < progress->lines->len; i++) {
        const GmqProgressLine *line = progress->lines->pdata[i];

        if (strcmp(line->lesson, lesson) == 0) {
            g_ptr_array_remove_index(progress->lines, i);
            return true;
        }
    }
    return false;
}
