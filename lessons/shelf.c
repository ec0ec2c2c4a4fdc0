#include "lessons/shelf.h"

#include <string.h>

#include "core/base/nearest.h"
#include "sim/units.h"

unsigned
gmq_shelf_number(const char *name)
{
    unsigned number = 0;
    size_t digits   = strspn(name, "0123456789");

    if (digits == 0 || digits > 4 || name[digits] != '-')
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (unsigned)(name[i] - '0');
    return number;
}

const char *
gmq_shelf_directory(void)
{
    return g_file_test(GMQ_LESSONS_DIR, G_FILE_TEST_IS_DIR) ? GMQ_LESSONS_DIR
                                                            : GMQ_LESSONS_INSTALLED;
}

static bool
is_lesson(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, "lesson.md", NULL);

    return gmq_shelf_number(name) > 0 && g_file_test(path, G_FILE_TEST_EXISTS);
}

static int
compare_names(const void *a, const void *b)
{
    const char *one   = *(const char *const *)a;
    const char *other = *(const char *const *)b;
    unsigned number   = gmq_shelf_number(one);
    unsigned second   = gmq_shelf_number(other);

    return number != second ? (number < second ? -1 : 1) : strcmp(one, other);
}

GmqShelf *
gmq_shelf_new(const char *directory, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, error);

    if (dir == NULL)
        return NULL;
    g_autoptr(GmqShelf) shelf = g_new0(GmqShelf, 1);
    shelf->directory          = g_strdup(directory);
    shelf->names              = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (is_lesson(directory, name))
            g_ptr_array_add(shelf->names, g_strdup(name));
    }
    g_ptr_array_sort(shelf->names, compare_names);
    if (shelf->names->len > 0)
        return g_steal_pointer(&shelf);
    g_set_error(error, GMQ_LESSON_ERROR, GMQ_LESSON_ERROR_MISSING,
                "There is no lesson in %s: a lesson is a folder such as 05-ack with a lesson.md.",
                directory);
    return NULL;
}

void
gmq_shelf_free(GmqShelf *shelf)
{
    if (shelf == NULL)
        return;
    g_ptr_array_unref(shelf->names);
    g_free(shelf->directory);
    g_free(shelf);
}

const char *
gmq_shelf_name(const GmqShelf *shelf, unsigned index)
{
    g_assert(index < shelf->names->len);
    return shelf->names->pdata[index];
}

/* ---- by what a person calls it ---- */

static bool
is_called(const char *name, const char *text)
{
    uint64_t number = 0;

    if (gmq_read_count(text, &number))
        return number == gmq_shelf_number(name);
    return strcmp(name, text) == 0 || strcmp(strchr(name, '-') + 1, text) == 0;
}

static void
refuse(const GmqShelf *shelf, const char *text, GError **error)
{
    const char *nearest =
        gmq_nearest(text, (const char *const *)shelf->names->pdata, shelf->names->len);
    g_autofree char *meant =
        nearest == NULL ? g_strdup("") : g_strdup_printf(" Did you mean %s?", nearest);

    g_set_error(error, GMQ_LESSON_ERROR, GMQ_LESSON_ERROR_MISSING,
                "There is no lesson \"%s\"; the first is %s, the last %s.%s", text,
                gmq_shelf_name(shelf, 0), gmq_shelf_name(shelf, shelf->names->len - 1), meant);
}

bool
gmq_shelf_find(const GmqShelf *shelf, const char *text, unsigned *index, GError **error)
{
    for (unsigned i = 0; i < shelf->names->len; i++) {
        if (is_called(gmq_shelf_name(shelf, i), text)) {
            *index = i;
            return true;
        }
    }
    refuse(shelf, text, error);
    return false;
}

GmqLesson *
gmq_shelf_load(const GmqShelf *shelf, unsigned index, const char *language, GError **error)
{
    g_autofree char *folder =
        g_build_filename(shelf->directory, gmq_shelf_name(shelf, index), NULL);

    return gmq_lesson_load(folder, language, error);
}
