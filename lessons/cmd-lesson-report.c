/* "glassmq lesson report": how far a class is, from the progress files of its people. */
#include <string.h>

#include "lessons/cmd-lesson-part.h"
#include "lessons/progress.h"
#include "lessons/text-table.h"
#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"

typedef struct {
    char *name; /* of the person: the file's, without folder and .progress */
    GmqProgress *progress;
} Person;

/* What became of one lesson in the whole class. */
typedef struct {
    char *lesson;
    unsigned n_begun;
    unsigned n_passed;
    unsigned n_predictions;
    unsigned n_right;
    unsigned n_hints;
} Sum;

static void
person_clear(void *data)
{
    Person *person = data;

    g_free(person->name);
    gmq_progress_free(person->progress);
}

static void
sum_clear(void *data)
{
    g_free(((Sum *)data)->lesson);
}

static char *
person_name(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *text = g_filename_display_name(base);

    if (g_str_has_suffix(text, ".progress") && strlen(text) > strlen(".progress"))
        text[strlen(text) - strlen(".progress")] = '\0';
    return g_steal_pointer(&text);
}

/* ---- a row per person ---- */

typedef struct {
    unsigned n_passed;
    unsigned n_predictions;
    unsigned n_right;
    unsigned n_hints;
    const char *last; /* date; "-" for nobody who has begun */
    const char *now;  /* the lesson that changed last and is not passed; "-" */
    const char *step;
} Row;

static Row
row_of(const GmqProgress *progress)
{
    Row row = {.last = "-", .now = "-", .step = ""};

    for (size_t i = 0; i < gmq_progress_length(progress); i++) {
        const GmqProgressLine *line = gmq_progress_line(progress, i);
        bool is_passed              = strcmp(line->step, GMQ_PROGRESS_PASSED) == 0;
        unsigned n_right;

        row.n_predictions += gmq_progress_predictions(line, &n_right);
        row.n_right += n_right;
        row.n_hints += gmq_progress_hints(line);
        row.n_passed += is_passed;
        row.last = line->date;
        if (!is_passed) {
            row.now  = line->lesson;
            row.step = line->step;
        }
    }
    return row;
}

static char *
number(unsigned value)
{
    return g_strdup_printf("%u", value);
}

static char **
cells_of(const Person *person)
{
    Row row      = row_of(person->progress);
    char **cells = g_new0(char *, 7);

    cells[0] = g_strdup(person->name);
    cells[1] = number(row.n_passed);
    cells[2] = g_strdup_printf(_("%u of %u"), row.n_right, row.n_predictions);
    cells[3] = number(row.n_hints);
    cells[4] = g_strdup(row.last);
    cells[5] = *row.step != '\0' ? g_strdup_printf("%s, %s", row.now, row.step) : g_strdup(row.now);
    return cells;
}

static void
add_people(const GArray *people, GString *out)
{
    const char *const head[]      = {_("person"), _("passed"),   _("predicted right"),
                                     _("hints"),  _("last day"), _("works on")};
    g_autoptr(GmqTextTable) table = gmq_text_table_new("lrrrll", head);

    for (unsigned i = 0; i < people->len; i++)
        gmq_text_table_add(table, cells_of(&g_array_index(people, Person, i)));
    gmq_text_table_print(table, out);
}

/* ---- a row per lesson ---- */

static Sum *
find_sum(GArray *sums, const char *lesson)
{
    for (unsigned i = 0; i < sums->len; i++) {
        Sum *sum = &g_array_index(sums, Sum, i);

        if (strcmp(sum->lesson, lesson) == 0)
            return sum;
    }
    const Sum sum = {.lesson = g_strdup(lesson)};
    g_array_append_val(sums, sum);
    return &g_array_index(sums, Sum, sums->len - 1);
}

static int
compare_sums(const void *a, const void *b)
{
    return strcmp(((const Sum *)a)->lesson, ((const Sum *)b)->lesson);
}

static void
add_sums(GArray *sums, const GmqProgress *progress)
{
    for (size_t i = 0; i < gmq_progress_length(progress); i++) {
        const GmqProgressLine *line = gmq_progress_line(progress, i);
        Sum *sum                    = find_sum(sums, line->lesson);
        unsigned n_right;

        sum->n_begun++;
        sum->n_passed += strcmp(line->step, GMQ_PROGRESS_PASSED) == 0;
        sum->n_predictions += gmq_progress_predictions(line, &n_right);
        sum->n_right += n_right;
        sum->n_hints += gmq_progress_hints(line);
    }
}

static char **
cells_of_sum(const Sum *sum)
{
    char **cells = g_new0(char *, 6);

    cells[0] = g_strdup(sum->lesson);
    cells[1] = number(sum->n_begun);
    cells[2] = number(sum->n_passed);
    cells[3] = g_strdup_printf(_("%u of %u"), sum->n_right, sum->n_predictions);
    cells[4] = number(sum->n_hints);
    return cells;
}

static void
add_lessons(const GArray *people, GString *out)
{
    const char *const head[]      = {_("lesson"), _("begun"), _("passed"), _("predicted right"),
                                     _("hints")};
    g_autoptr(GmqTextTable) table = gmq_text_table_new("lrrrr", head);
    g_autoptr(GArray) sums        = g_array_new(FALSE, FALSE, sizeof(Sum));

    g_array_set_clear_func(sums, sum_clear);
    for (unsigned i = 0; i < people->len; i++)
        add_sums(sums, g_array_index(people, Person, i).progress);
    g_array_sort(sums, compare_sums);
    for (unsigned i = 0; i < sums->len; i++)
        gmq_text_table_add(table, cells_of_sum(&g_array_index(sums, Sum, i)));
    if (sums->len > 0) {
        g_string_append_c(out, '\n');
        gmq_text_table_print(table, out);
    }
}

/* One bad file is told of, and the others count all the same. */
int
gmq_lesson_report(const GmqLessonOrder *order, char **words)
{
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(Person));
    g_autoptr(GString) out   = g_string_new(NULL);
    int status               = 0;

    (void)order;
    g_array_set_clear_func(people, person_clear);
    for (unsigned i = 0; words[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        Person person           = {.progress = gmq_progress_load_file(words[i], &error)};

        if (person.progress == NULL) {
            status =
                gmq_lesson_fail(GMQ_EXIT_FILE, _("%s is left out: %s."), words[i], error->message);
            continue;
        }
        person.name = person_name(words[i]);
        g_array_append_val(people, person);
    }
    if (people->len > 0) {
        add_people(people, out);
        add_lessons(people, out);
    }
    gmq_command_flush(out);
    return status;
}
