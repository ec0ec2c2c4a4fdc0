/* lesson-block.c - the parts of lesson.md that are YAML: its head and its blocks. Which keys there
 * are is a table for each. */
#include <string.h>

#include "core/base/nearest.h"
#include "lessons/lesson-private.h"
#include "sim/units.h"

#define CHOICES_LEAST 2
#define CHOICES_MOST 4
#define HINTS 3
#define TASKS 3
#define SEEDS_DEFAULT 20
#define LIMIT_DEFAULT_NS (INT64_C(20) * 1000000000)
#define LIMIT_MOST_NS (INT64_C(120) * 1000000000)

typedef struct Field Field;

typedef void (*ReadValue)(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to);

/* A key: where its value goes, who reads it, and between what it must be: a number, or how many
 * items a list has. */
struct Field {
    const char *key;
    ReadValue read;
    size_t offset;
    bool is_needed;
    unsigned least, most;
};

typedef struct {
    const char *name; /* "A predict block" */
    const Field *fields;
    size_t n_fields;
} Schema;

/* ---- problems ---- */

static void G_GNUC_PRINTF(3, 4)
    complain(GmqLesson *lesson, const GmqYaml *node, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    gmq_problems_add(lesson->problems, node->line, node->column, "%s", sentence);
}

static void
complain_unknown(GmqLesson *lesson, const GmqYaml *node, const char *sentence,
                 const char *const *known, size_t n_known)
{
    const char *nearest = gmq_nearest(node->text, known, n_known);

    if (nearest == NULL)
        complain(lesson, node, "%s", sentence);
    else
        complain(lesson, node, "%s Did you mean \"%s\"?", sentence, nearest);
}

/* ---- values ---- */

/* NULL after a problem. */
static const char *
text_of(GmqLesson *lesson, const char *key, const GmqYaml *node)
{
    if (node->type != GMQ_YAML_SCALAR) {
        complain(lesson, node, "\"%s\" takes a text.", key);
        return NULL;
    }
    g_autofree char *text = g_strstrip(g_strdup(node->text));
    if (*text == '\0') {
        complain(lesson, node, "\"%s\" is empty.", key);
        return NULL;
    }
    return g_string_chunk_insert(lesson->texts, text);
}

static void
read_text(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    const char *text = text_of(lesson, field->key, node);

    if (text != NULL)
        *(const char **)to = text;
}

static void
read_number(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    uint64_t number = 0;

    if (node->type == GMQ_YAML_SCALAR && gmq_read_count(node->text, &number) &&
        number >= field->least && number <= field->most)
        *(unsigned *)to = (unsigned)number;
    else
        complain(lesson, node, "\"%s\" takes a whole number from %u to %u.", field->key,
                 field->least, field->most);
}

/* How many there must be, "3" or "2 to 4"; the caller frees it. */
static char *
range_text(const Field *field)
{
    return field->least == field->most ? g_strdup_printf("%u", field->least)
                                       : g_strdup_printf("%u to %u", field->least, field->most);
}

/* Whether node is a list of as many items as there must be. */
static bool
is_list(GmqLesson *lesson, const Field *field, const GmqYaml *node)
{
    g_autofree char *range = range_text(field);

    if (node->type != GMQ_YAML_LIST && !(gmq_yaml_is_empty(node) && field->least == 0)) {
        complain(lesson, node, "\"%s\" takes a list: [a, b], or lines that begin with \"- \".",
                 field->key);
        return false;
    }
    unsigned n = node->type == GMQ_YAML_LIST ? node->items->len : 0;
    if (n < field->least || n > field->most)
        complain(lesson, node, "\"%s\" has %u items, but takes %s.", field->key, n, range);
    return true;
}

static void
read_texts(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    if (!is_list(lesson, field, node))
        return;
    GPtrArray *texts = g_ptr_array_new();
    g_ptr_array_add(lesson->arrays, texts);
    for (unsigned i = 0; node->type == GMQ_YAML_LIST && i < node->items->len; i++) {
        const char *text = text_of(lesson, field->key, node->items->pdata[i]);
        if (text != NULL)
            g_ptr_array_add(texts, (char *)text);
    }
    *(GPtrArray **)to = texts;
}

static void
read_limit(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    int64_t ns = 0;

    if (node->type == GMQ_YAML_SCALAR && gmq_read_duration(node->text, &ns) && ns > 0 &&
        ns <= LIMIT_MOST_NS)
        *(int64_t *)to = ns;
    else
        complain(lesson, node, "\"%s\" takes a duration with its unit, up to 120s, such as 20s.",
                 field->key);
}

static void
read_take(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    const char *names[GMQ_N_TAKES];

    for (unsigned i = 0; i < GMQ_N_TAKES; i++) {
        names[i] = gmq_take_name((GmqTake)i);
        if (node->type == GMQ_YAML_SCALAR && strcmp(node->text, names[i]) == 0) {
            *(GmqTake *)to = (GmqTake)i;
            return;
        }
    }
    if (node->type != GMQ_YAML_SCALAR)
        complain(lesson, node, "\"%s\" takes a word.", field->key);
    else
        complain_unknown(lesson, node,
                         "\"take\" is one of event, message, queue, client, time and count.", names,
                         G_N_ELEMENTS(names));
}

static void
read_faults(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    GmqFaultLevel level =
        node->type == GMQ_YAML_SCALAR ? gmq_faults_find_level(node->text) : GMQ_N_FAULT_LEVELS;

    if (level == GMQ_N_FAULT_LEVELS)
        complain(lesson, node, "\"%s\" is none, some, many or exam.", field->key);
    else
        *(GmqFaultLevel *)to = level;
}

/* "44: kind:requeued" and its like. */
static void
read_see(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    if (node->type != GMQ_YAML_MAP) {
        complain(lesson, node, "\"%s\" takes a mapping from events to filters: {44: \"kind:ack\"}.",
                 field->key);
        return;
    }
    GPtrArray *see = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(lesson->arrays, see);
    for (unsigned i = 0; i + 1 < node->items->len; i += 2) {
        const GmqYaml *key = node->items->pdata[i];
        const char *filter = text_of(lesson, field->key, node->items->pdata[i + 1]);
        GmqSee one         = {.filter = filter, .node = key};
        if (!gmq_read_count(key->text, &one.event) || one.event == 0)
            complain(lesson, key, "\"%s\" is no number of an event.", key->text);
        else if (filter != NULL)
            g_ptr_array_add(see, g_memdup2(&one, sizeof one));
    }
    *(GPtrArray **)to = see;
}

/* ---- a map by its table ---- */

static const Field *
find_field(const Schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->n_fields; i++) {
        if (strcmp(schema->fields[i].key, key) == 0)
            return &schema->fields[i];
    }
    return NULL;
}

static void
complain_key(GmqLesson *lesson, const Schema *schema, const GmqYaml *key)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_autofree char *sentence  = g_strdup_printf("%s has no key \"%s\".", schema->name, key->text);

    for (size_t i = 0; i < schema->n_fields; i++)
        g_ptr_array_add(known, (char *)schema->fields[i].key);
    complain_unknown(lesson, key, sentence, (const char *const *)known->pdata, known->len);
}

static void
read_map(GmqLesson *lesson, const Schema *schema, const GmqYaml *map, void *target)
{
    if (map->type != GMQ_YAML_MAP) {
        complain(lesson, map, "%s is a mapping: lines such as \"%s: ...\".", schema->name,
                 schema->fields[0].key);
        return;
    }
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        const GmqYaml *key = map->items->pdata[i];
        const Field *field = find_field(schema, key->text);
        if (field == NULL)
            complain_key(lesson, schema, key);
        else
            field->read(lesson, field, map->items->pdata[i + 1], (char *)target + field->offset);
    }
    for (size_t i = 0; i < schema->n_fields; i++) {
        const Field *field = &schema->fields[i];
        if (field->is_needed && gmq_yaml_find(map, field->key) == NULL)
            complain(lesson, map, "%s needs \"%s\".", schema->name, field->key);
    }
}

/* ---- the head ---- */

static const Field head_fields[] = {
    {"title", read_text, G_STRUCT_OFFSET(GmqLesson, title), true, 0, 0},
    {"minutes", read_number, G_STRUCT_OFFSET(GmqLesson, minutes), true, 10, 20},
    {"terms", read_texts, G_STRUCT_OFFSET(GmqLesson, terms), true, 0, 20},
};
static const Schema head_schema = {"The head of a lesson", head_fields, G_N_ELEMENTS(head_fields)};

void
gmq_lesson_read_head(GmqLesson *lesson, const GmqYaml *yaml)
{
    lesson->head = yaml;
    read_map(lesson, &head_schema, yaml, lesson);
}

/* ---- blocks ---- */

static void
add_step(GmqLesson *lesson, const GmqStep *step)
{
    g_ptr_array_add(lesson->steps, g_memdup2(step, sizeof *step));
}

static void *
new_block(GmqLesson *lesson, size_t size)
{
    void *block = g_malloc0(size);

    g_ptr_array_add(lesson->blocks, block);
    return block;
}

#define PREDICT(member) G_STRUCT_OFFSET(GmqPredict, member)
static const Field predict_fields[] = {
    {"scenario", read_text, PREDICT(scenario), true, 0, 0},
    {"stop", read_text, PREDICT(stop), true, 0, 0},
    {"end", read_text, PREDICT(end), true, 0, 0},
    {"question", read_text, PREDICT(question), true, 0, 0},
    {"choices", read_texts, PREDICT(choices), true, CHOICES_LEAST, CHOICES_MOST},
    {"right", read_number, PREDICT(right), true, 1, CHOICES_MOST},
    {"why", read_text, PREDICT(why), true, 0, 0},
    {"see", read_see, PREDICT(see), true, 0, 0},
};
static const Schema predict_schema = {"A predict block", predict_fields,
                                      G_N_ELEMENTS(predict_fields)};

static void
read_predict(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like)
{
    GmqPredict *predict = new_block(lesson, sizeof *predict);
    GmqStep step        = *like;

    predict->yaml = yaml;
    step.predict  = predict;
    add_step(lesson, &step); /* from here on it is freed with the lesson */
    read_map(lesson, &predict_schema, yaml, predict);
    if (predict->choices != NULL && predict->right > predict->choices->len)
        complain(lesson, gmq_yaml_find(yaml, "right"), "There is no choice %u.", predict->right);
}

#define TASK(member) G_STRUCT_OFFSET(GmqTask, member)
static const Field task_fields[] = {
    {"question", read_text, TASK(question), true, 0, 0},
    {"answer", read_text, TASK(answer), true, 0, 0},
    {"find", read_text, TASK(find), true, 0, 0},
    {"take", read_take, TASK(take), true, 0, 0},
    {"hint", read_text, TASK(hint), true, 0, 0},
};
static const Schema task_schema = {"A task", task_fields, G_N_ELEMENTS(task_fields)};

typedef struct {
    const char *scenario;
    const GmqYaml *tasks;
} Investigate;

static void
keep_node(GmqLesson *lesson, const Field *field, const GmqYaml *node, void *to)
{
    if (is_list(lesson, field, node))
        *(const GmqYaml **)to = node;
}

static const Field investigate_fields[] = {
    {"scenario", read_text, G_STRUCT_OFFSET(Investigate, scenario), true, 0, 0},
    {"tasks", keep_node, G_STRUCT_OFFSET(Investigate, tasks), true, TASKS, TASKS},
};
static const Schema investigate_schema = {"An investigate block", investigate_fields,
                                          G_N_ELEMENTS(investigate_fields)};

/* The only client of the scenario that sends messages; NULL for several, or a wrong file. */
static const char *
find_sender(GmqLesson *lesson, const char *file)
{
    g_autofree char *path           = gmq_lesson_file(lesson, file == NULL ? "" : file);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, NULL);
    const char *sender              = NULL;

    for (unsigned i = 0; scenario != NULL && i < scenario->clients->len; i++) {
        const GmqClientSpec *client = scenario->clients->pdata[i];
        if (client->role == GMQ_ROLE_CONSUMER || client->role == GMQ_ROLE_GETTER ||
            client->role == GMQ_ROLE_ADMIN)
            continue;
        if (sender != NULL)
            return NULL;
        sender = g_string_chunk_insert(lesson->texts, client->name);
    }
    return sender;
}

static void
read_investigate(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like)
{
    Investigate whole = {0};
    GmqStep step      = *like;

    read_map(lesson, &investigate_schema, yaml, &whole);
    const char *sender = find_sender(lesson, whole.scenario);
    for (unsigned i = 0; whole.tasks != NULL && i < whole.tasks->items->len; i++) {
        GmqTask *task  = new_block(lesson, sizeof *task);
        task->yaml     = whole.tasks->items->pdata[i];
        task->scenario = whole.scenario;
        task->sender   = sender;
        task->number   = i + 1;
        read_map(lesson, &task_schema, task->yaml, task);
        step.task = task;
        add_step(lesson, &step);
        step.text = "";
    }
}

#define MODIFY(member) G_STRUCT_OFFSET(GmqModify, member)
static const Field modify_fields[] = {
    {"file", read_text, MODIFY(file), true, 0, 0},
    {"solution", read_text, MODIFY(solution), true, 0, 0},
    {"task", read_text, MODIFY(task), true, 0, 0},
    {"may", read_texts, MODIFY(may), false, 1, 50},
    {"keep", read_texts, MODIFY(keep), false, 1, 50},
    {"seeds", read_number, MODIFY(seeds), false, 1, 1000},
    {"faults", read_faults, MODIFY(faults), false, 0, 0},
    {"fails", read_text, MODIFY(fails), true, 0, 0},
    {"hints", read_texts, MODIFY(hints), true, HINTS, HINTS},
};
static const Schema modify_schema = {"A modify block", modify_fields, G_N_ELEMENTS(modify_fields)};

static void
read_modify(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like)
{
    GmqModify *modify = new_block(lesson, sizeof *modify);
    GmqStep step      = *like;

    *modify     = (GmqModify){.yaml = yaml, .seeds = SEEDS_DEFAULT};
    step.modify = modify;
    read_map(lesson, &modify_schema, yaml, modify);
    add_step(lesson, &step);
    if ((modify->may == NULL) == (modify->keep == NULL))
        complain(lesson, yaml,
                 "A modify block says what may change with \"may\", or what must stay with "
                 "\"keep\": one of them.");
}

#define MAKE(member) G_STRUCT_OFFSET(GmqMake, member)
static const Field make_fields[] = {
    {"scenario", read_text, MAKE(scenario), false, 0, 0},
    {"matcher", read_text, MAKE(matcher), false, 0, 0},
    {"task", read_text, MAKE(task), true, 0, 0},
    {"files", read_texts, MAKE(files), false, 1, 10},
    {"limit", read_limit, MAKE(limit_ns), false, 0, 0},
    {"hints", read_texts, MAKE(hints), true, HINTS, HINTS},
};
static const Schema make_schema = {"A make block", make_fields, G_N_ELEMENTS(make_fields)};

static void
read_make(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like)
{
    GmqMake *make = new_block(lesson, sizeof *make);
    GmqStep step  = *like;

    *make     = (GmqMake){.yaml = yaml, .limit_ns = LIMIT_DEFAULT_NS};
    step.make = make;
    read_map(lesson, &make_schema, yaml, make);
    add_step(lesson, &step);
    if ((make->scenario == NULL) == (make->matcher == NULL))
        complain(lesson, yaml, "A make block has a \"scenario\" or a \"matcher\": one of them.");
}

/* ---- by their kind ---- */

static void (*const readers[GMQ_N_STEP_KINDS])(GmqLesson *, const GmqYaml *, const GmqStep *) = {
    [GMQ_STEP_PREDICT]     = read_predict,
    [GMQ_STEP_INVESTIGATE] = read_investigate,
    [GMQ_STEP_MODIFY]      = read_modify,
    [GMQ_STEP_MAKE]        = read_make,
};

void
gmq_lesson_read_block(GmqLesson *lesson, const GmqYaml *yaml, const GmqStep *like)
{
    readers[like->kind](lesson, yaml, like);
}

GmqStepKind
gmq_lesson_block_kind(GmqLesson *lesson, const char *word, unsigned line)
{
    const char *names[GMQ_N_STEP_KINDS - 1];

    for (unsigned i = GMQ_STEP_PREDICT; i < GMQ_N_STEP_KINDS; i++) {
        names[i - GMQ_STEP_PREDICT] = gmq_step_kind_name((GmqStepKind)i);
        if (strcmp(word, gmq_step_kind_name((GmqStepKind)i)) == 0)
            return (GmqStepKind)i;
    }
    const char *nearest = gmq_nearest(word, names, G_N_ELEMENTS(names));
    g_autofree char *meant =
        nearest == NULL ? g_strdup("") : g_strdup_printf(" Did you mean %s?", nearest);
    gmq_problems_add(lesson->problems, line, 4,
                     "There is no block \"%s\": there are predict, investigate, modify and make; "
                     "plain code has no word behind ```.%s",
                     word, meant);
    return GMQ_STEP_READ;
}

const GmqYaml *
gmq_lesson_yaml(GmqLesson *lesson, const GmqLessonYaml *part)
{
    g_autoptr(GString) text = g_string_new(NULL);
    unsigned before         = gmq_problems_count(lesson->problems);

    /* Empty lines in front give its lines the numbers that they have in lesson.md. */
    for (unsigned i = 1; i < part->line; i++)
        g_string_append_c(text, '\n');
    g_string_append_len(text, part->start, (gssize)part->size);
    GmqYamlDocument *document = gmq_yaml_parse(text->str, text->len, lesson->problems);
    if (document != NULL)
        g_ptr_array_add(lesson->documents, document);
    const GmqYaml *root = document == NULL ? NULL : gmq_yaml_root(document);
    if (root == NULL && gmq_problems_count(lesson->problems) == before)
        gmq_problems_add(lesson->problems, part->line, 1, "Nothing stands here.");
    return root;
}
