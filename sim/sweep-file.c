#include <json-glib/json-glib.h>
#include <string.h>

#include "core/base/json.h"
#include "sim/sweep.h"

G_DEFINE_QUARK(gmq - sweep - error, gmq_sweep_error)

/* ---- writing ---- */

static void
add_text(GString *out, const char *key, const char *text)
{
    gmq_json_add_text(out, key);
    g_string_append_c(out, ':');
    gmq_json_add_text(out, text);
    g_string_append_c(out, ',');
}

static void
add_number(GString *out, const char *key, uint64_t number)
{
    gmq_json_add_text(out, key);
    g_string_append_c(out, ':');
    gmq_json_add_number(out, number);
    g_string_append_c(out, ',');
}

/* The comma behind the last member becomes the end. */
static void
close_map(GString *out, const char *end)
{
    if (out->str[out->len - 1] == ',')
        g_string_truncate(out, out->len - 1);
    g_string_append(out, end);
}

static void
add_sometimes(const GmqSweep *sweep, GString *out)
{
    g_string_append(out, "\"sometimes\":{");
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++)
        add_number(out, gmq_sometimes_name((GmqSometimes)i), sweep->seen[i]);
    close_map(out, "},\"needed\":{");
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        if (sweep->is_needed[i])
            add_number(out, gmq_sometimes_name((GmqSometimes)i), 1);
    }
    close_map(out, "}");
}

static void
add_head(const GmqSweep *sweep, GString *out)
{
    g_string_append_c(out, '{');
    add_number(out, "glassmq_sweep", 1);
    add_text(out, "of", sweep->plan.of);
    gmq_json_add_text(out, "hash");
    g_string_append_c(out, ':');
    gmq_json_add_hash(out, sweep->plan.hash);
    g_string_append_c(out, ',');
    add_text(out, "faults", gmq_faults_level_name(sweep->plan.faults));
    add_number(out, "first", sweep->plan.first);
    add_number(out, "last", sweep->plan.last);
    add_number(out, "shard", sweep->plan.shard);
    add_number(out, "shards", sweep->plan.n_shards);
    add_number(out, "done", sweep->n_done);
    add_number(out, "undecided", sweep->n_undecided);
    add_number(out, "failed", sweep->failures->len);
    add_number(out, "pops", sweep->n_pops);
    add_number(out, "jobs", sweep->n_jobs);
    add_number(out, "wall_us", sweep->wall_us);
    add_number(out, "stopped", sweep->is_stopped);
    add_sometimes(sweep, out);
    g_string_append(out, "}\n");
}

gboolean
gmq_sweep_save(GmqSweep *sweep, const char *path, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);

    add_head(sweep, out);
    for (unsigned i = 0; i < sweep->failures->len; i++) {
        const GmqSweepFailure *failure = sweep->failures->pdata[i];

        g_string_append_c(out, '{');
        add_number(out, "seed", failure->seed);
        add_text(out, "what", failure->what);
        add_number(out, "event", failure->event);
        add_number(out, "t", (uint64_t)failure->time_ns);
        add_text(out, "text", failure->sentence);
        close_map(out, "}\n");
    }
    return g_file_set_contents(path, out->str, (gssize)out->len, error);
}

/* ---- reading ---- */

/* A line that is being read. Members that are missing or of another kind make it wrong. */
typedef struct {
    JsonObject *object;
    bool is_wrong;
} Line;

static JsonNode *
member(Line *line, const char *key, GType type)
{
    JsonNode *node = line->object == NULL ? NULL : json_object_get_member(line->object, key);

    if (node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type)
        return node;
    line->is_wrong = true;
    return NULL;
}

static uint64_t
read_number(Line *line, const char *key)
{
    JsonNode *node = member(line, key, G_TYPE_INT64);

    if (node != NULL && json_node_get_int(node) >= 0)
        return (uint64_t)json_node_get_int(node);
    line->is_wrong = true;
    return 0;
}

static const char *
read_text(Line *line, const char *key)
{
    JsonNode *node = member(line, key, G_TYPE_STRING);
    return node == NULL ? "" : json_node_get_string(node);
}

static JsonObject *
read_map(Line *line, const char *key)
{
    JsonNode *node = line->object == NULL ? NULL : json_object_get_member(line->object, key);

    if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
        return json_node_get_object(node);
    line->is_wrong = true;
    return NULL;
}

static void
read_sometimes(Line *line, GmqSweep *sweep)
{
    Line seen          = {.object = read_map(line, "sometimes")};
    JsonObject *needed = read_map(line, "needed");

    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        const char *name = gmq_sometimes_name((GmqSometimes)i);

        sweep->seen[i]      = read_number(&seen, name);
        sweep->is_needed[i] = needed != NULL && json_object_has_member(needed, name);
    }
    line->is_wrong |= seen.is_wrong;
}

static bool
is_plan_right(const GmqSweepPlan *plan)
{
    return plan->faults < GMQ_N_FAULT_LEVELS && plan->first <= plan->last &&
           plan->last <= GMQ_SWEEP_SEED_MAX && plan->shard >= 1 && plan->shard <= plan->n_shards;
}

static GmqSweep *
read_head(Line *line, uint64_t *n_failed)
{
    GmqSweepPlan plan = {
        .of       = read_text(line, "of"),
        .hash     = g_ascii_strtoull(read_text(line, "hash"), NULL, 16),
        .faults   = gmq_faults_find_level(read_text(line, "faults")),
        .first    = read_number(line, "first"),
        .last     = read_number(line, "last"),
        .shard    = read_number(line, "shard"),
        .n_shards = read_number(line, "shards"),
    };
    if (read_number(line, "glassmq_sweep") != 1 || !is_plan_right(&plan))
        return NULL;

    g_autoptr(GmqSweep) sweep = gmq_sweep_new(&plan);
    sweep->n_done             = read_number(line, "done");
    sweep->n_undecided        = read_number(line, "undecided");
    sweep->n_pops             = read_number(line, "pops");
    sweep->n_jobs             = read_number(line, "jobs");
    sweep->wall_us            = read_number(line, "wall_us");
    sweep->is_stopped         = read_number(line, "stopped") > 0;
    *n_failed                 = read_number(line, "failed");
    read_sometimes(line, sweep);
    return line->is_wrong ? NULL : g_steal_pointer(&sweep);
}

static bool
read_failure(Line *line, GmqSweep *sweep)
{
    GmqSweepFailure *failure = g_new0(GmqSweepFailure, 1);

    *failure = (GmqSweepFailure){
        .seed     = read_number(line, "seed"),
        .what     = g_strdup(read_text(line, "what")),
        .sentence = g_strdup(read_text(line, "text")),
        .event    = read_number(line, "event"),
        .time_ns  = (int64_t)read_number(line, "t"),
    };
    g_ptr_array_add(sweep->failures, failure);
    return !line->is_wrong;
}

/* Reads one line of the file; the first one makes the sweep. */
static bool
take_line(const char *text, GmqSweep **sweep, uint64_t *n_failed)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();

    if (!json_parser_load_from_data(parser, text, -1, NULL))
        return false;
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return false;
    Line line = {.object = json_node_get_object(root)};
    if (*sweep != NULL)
        return read_failure(&line, *sweep);
    *sweep = read_head(&line, n_failed);
    return *sweep != NULL;
}

GmqSweep *
gmq_sweep_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;

    g_auto(GStrv) lines       = g_strsplit(text, "\n", -1);
    g_autoptr(GmqSweep) sweep = NULL;
    uint64_t n_failed         = 0;
    for (unsigned i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
        if (take_line(lines[i], &sweep, &n_failed))
            continue;
        g_set_error(error, GMQ_SWEEP_ERROR, GMQ_SWEEP_ERROR_WRONG,
                    "%s, line %u: this is no result of a sweep", path, i + 1);
        return NULL;
    }
    if (sweep != NULL && sweep->failures->len == n_failed)
        return g_steal_pointer(&sweep);
    g_set_error(error, GMQ_SWEEP_ERROR, GMQ_SWEEP_ERROR_WRONG,
                "%s is no whole result of a sweep: lines are missing", path);
    return NULL;
}

/* ---- adding ---- */

gboolean
gmq_sweep_merge(GmqSweep *sweep, const GmqSweep *other, GError **error)
{
    const GmqSweepPlan *a = &sweep->plan;
    const GmqSweepPlan *b = &other->plan;

    if (strcmp(a->of, b->of) != 0 || a->hash != b->hash || a->faults != b->faults ||
        a->first != b->first || a->last != b->last || a->n_shards != b->n_shards) {
        g_set_error(error, GMQ_SWEEP_ERROR, GMQ_SWEEP_ERROR_WRONG,
                    "these are results of different sweeps: of %s and of %s", a->of, b->of);
        return FALSE;
    }
    sweep->n_done += other->n_done;
    sweep->n_undecided += other->n_undecided;
    sweep->n_pops += other->n_pops;
    sweep->n_jobs += other->n_jobs;
    sweep->n_merged += other->n_merged;
    sweep->wall_us = MAX(sweep->wall_us, other->wall_us);
    sweep->is_stopped |= other->is_stopped;
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        sweep->seen[i] += other->seen[i];
        sweep->is_needed[i] |= other->is_needed[i];
    }
    for (unsigned i = 0; i < other->failures->len; i++) {
        const GmqSweepFailure *failure = other->failures->pdata[i];
        GmqSweepFailure *copy          = g_new0(GmqSweepFailure, 1);

        *copy          = *failure;
        copy->what     = g_strdup(failure->what);
        copy->sentence = g_strdup(failure->sentence);
        g_ptr_array_add(sweep->failures, copy);
    }
    return TRUE;
}
