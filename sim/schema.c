#include "sim/schema.h"

#include "core/base/json.h"

/* What stands behind a key whose inside is not one value. */
typedef enum {
    INSIDE_MAP,        /* the keys of a part */
    INSIDE_WORD_MAP,   /* one word, or that */
    INSIDE_NAMED,      /* names, each with the keys of a part */
    INSIDE_LIST,       /* a list of the keys of a part */
    INSIDE_NAMES,      /* a list of words */
    INSIDE_WORD_NAMES, /* one word, or a list of them */
    INSIDE_OPEN,       /* a map of keys of several parts */
    INSIDE_VALUES,     /* names, each with a value */
} Shape;

typedef struct {
    GmqKeyOwner owner;
    const char *key;
    Shape shape;
    GmqKeyOwner part;
} Inside;

static const Inside insides[] = {
    {GMQ_IN_SCENARIO, "broker", INSIDE_MAP, GMQ_IN_BROKER},
    {GMQ_IN_SCENARIO, "topology", INSIDE_MAP, GMQ_IN_TOPOLOGY},
    {GMQ_IN_SCENARIO, "clients", INSIDE_NAMED, GMQ_IN_CLIENT},
    {GMQ_IN_SCENARIO, "links", INSIDE_NAMED, GMQ_IN_LINK},
    {GMQ_IN_SCENARIO, "timeline", INSIDE_LIST, GMQ_IN_ENTRY},
    {GMQ_IN_SCENARIO, "expect", INSIDE_MAP, GMQ_IN_RUN},
    {GMQ_IN_TOPOLOGY, "exchanges", INSIDE_NAMED, GMQ_IN_EXCHANGE},
    {GMQ_IN_TOPOLOGY, "queues", INSIDE_NAMED, GMQ_IN_QUEUE},
    {GMQ_IN_TOPOLOGY, "bindings", INSIDE_LIST, GMQ_IN_BINDING},
    {GMQ_IN_QUEUE, "dead_letter", INSIDE_MAP, GMQ_IN_DEAD_LETTER},
    {GMQ_IN_BINDING, "headers", INSIDE_VALUES, GMQ_N_OWNERS},
    {GMQ_IN_CLIENT, "reconnect", INSIDE_WORD_MAP, GMQ_IN_RECONNECT},
    {GMQ_IN_PRODUCER, "publish", INSIDE_MAP, GMQ_IN_PUBLISH},
    {GMQ_IN_PRODUCER, "confirms", INSIDE_MAP, GMQ_IN_CONFIRMS},
    {GMQ_IN_PRODUCER, "tx", INSIDE_MAP, GMQ_IN_TX},
    {GMQ_IN_PUBLISH, "headers", INSIDE_VALUES, GMQ_N_OWNERS},
    {GMQ_IN_PUBLISH, "messages", INSIDE_LIST, GMQ_IN_MESSAGE},
    {GMQ_IN_MESSAGE, "headers", INSIDE_VALUES, GMQ_N_OWNERS},
    {GMQ_IN_RECEIVER, "rules", INSIDE_LIST, GMQ_IN_RULE},
    {GMQ_IN_RAW, "send", INSIDE_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "when", INSIDE_MAP, GMQ_IN_WHEN},
    {GMQ_IN_ENTRY, "publish", INSIDE_MAP, GMQ_IN_ENTRY_PUBLISH},
    {GMQ_IN_ENTRY_PUBLISH, "headers", INSIDE_VALUES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "ask", INSIDE_MAP, GMQ_IN_ASK},
    {GMQ_IN_ENTRY, "disk", INSIDE_MAP, GMQ_IN_DISK},
    {GMQ_IN_ENTRY, "set", INSIDE_MAP, GMQ_IN_LINK},
    {GMQ_IN_ENTRY, "cut", INSIDE_WORD_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "clog", INSIDE_WORD_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "reset", INSIDE_WORD_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "close", INSIDE_WORD_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "declare", INSIDE_OPEN, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "bind", INSIDE_OPEN, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "unbind", INSIDE_OPEN, GMQ_N_OWNERS},
    {GMQ_IN_ENTRY, "delete", INSIDE_MAP, GMQ_IN_DELETE},
    {GMQ_IN_ENTRY, "purge", INSIDE_MAP, GMQ_IN_PURGE},
    {GMQ_IN_ASK, "choices", INSIDE_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_RUN, "queues", INSIDE_NAMED, GMQ_IN_EXPECT_QUEUE},
    {GMQ_IN_RUN, "messages", INSIDE_NAMED, GMQ_IN_EXPECT_MESSAGE},
    {GMQ_IN_RUN, "clients", INSIDE_NAMED, GMQ_IN_EXPECT_CLIENT},
    {GMQ_IN_RUN, "latency", INSIDE_MAP, GMQ_IN_LATENCY},
    {GMQ_IN_RUN, "sometimes", INSIDE_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_RUN, "allowed", INSIDE_NAMES, GMQ_N_OWNERS},
    {GMQ_IN_EXPECT_QUEUE, "dead_lettered", INSIDE_MAP, GMQ_IN_EXPECT_DEAD},
    {GMQ_IN_EXPECT_MESSAGE, "route", INSIDE_NAMES, GMQ_N_OWNERS},
};

/* Names of the parts inside the schema. */
static const char *const parts[] = {
#define OWNER(IN, Struct, what) #IN,
#include "sim/keys.def"
};

/* Values that are one text; YAML gives some of them to an editor as numbers or truths. */
#define ANY_SCALAR "{\"type\": [\"string\", \"number\", \"boolean\"]}"
#define UNIT(units) "{\"type\": \"string\", \"pattern\": \"^[0-9]+(\\\\.[0-9]+)? ?(" units ")$\"}"

static const char *const types[] = {
    [GMQ_KEY_TEXT]          = ANY_SCALAR,
    [GMQ_KEY_TRUTH]         = "{\"enum\": [true, false, \"yes\", \"no\"]}",
    [GMQ_KEY_TRISTATE]      = "{\"enum\": [true, false, \"yes\", \"no\"]}",
    [GMQ_KEY_DURATION]      = UNIT("ns|us|ms|s|min"),
    [GMQ_KEY_SECONDS]       = UNIT("ns|us|ms|s|min"),
    [GMQ_KEY_SIZE]          = UNIT("B|kB|KiB|MB|MiB"),
    [GMQ_KEY_RATE]          = UNIT("bit/s|kbit/s|Mbit/s"),
    [GMQ_KEY_PERCENT]       = UNIT("%"),
    [GMQ_KEY_EXPECT_COUNTS] = "{\"type\": [\"integer\", \"string\"]}",
};

static const Inside *
find_inside(const GmqKey *key)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(insides); i++) {
        if (insides[i].owner == key->owner && strcmp(insides[i].key, key->key) == 0)
            return &insides[i];
    }
    return NULL;
}

bool
gmq_schema_knows(const GmqKey *key)
{
    return find_inside(key) != NULL;
}

GmqKeyOwner
gmq_schema_part(const GmqKey *key)
{
    const Inside *inside = find_inside(key);
    return inside == NULL ? GMQ_N_OWNERS : inside->part;
}

/* ---- one key ---- */

static void
add_part(GString *out, GmqKeyOwner part)
{
    g_autofree char *name = g_ascii_strdown(parts[part], -1);

    g_string_append_printf(out, "{\"$ref\": \"#/$defs/%s\"}", name);
}

static void
add_inside(GString *out, const Inside *inside)
{
    static const struct {
        const char *before;
        const char *behind;
    } around[] = {
        [INSIDE_MAP]        = {"{\"anyOf\": [{\"type\": \"null\"}, ", "]}"},
        [INSIDE_WORD_MAP]   = {"{\"anyOf\": [{\"type\": \"string\"}, ", "]}"},
        [INSIDE_NAMED]      = {"{\"type\": [\"object\", \"null\"], \"additionalProperties\": "
                                    "{\"anyOf\": [{\"type\": \"null\"}, ",
                               "]}}"},
        [INSIDE_LIST]       = {"{\"type\": \"array\", \"items\": ", "}"},
        [INSIDE_NAMES]      = {"{\"type\": \"array\", \"items\": ", "}"},
        [INSIDE_WORD_NAMES] = {"{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", "
                               "\"items\": ",
                               "}]}"},
        [INSIDE_OPEN]       = {"{\"type\": \"object\", \"anyOf\": [true, ", "]}"},
        [INSIDE_VALUES]     = {"{\"type\": \"object\", \"additionalProperties\": ", "}"},
    };

    g_string_append(out, around[inside->shape].before);
    if (inside->part == GMQ_N_OWNERS)
        g_string_append(out, ANY_SCALAR);
    else
        add_part(out, inside->part);
    g_string_append(out, around[inside->shape].behind);
}

static void
add_choice(GString *out, const char *values)
{
    g_auto(GStrv) words = g_strsplit(values, "|", -1);

    g_string_append(out, "{\"enum\": [");
    for (unsigned i = 0; words[i] != NULL; i++) {
        g_string_append(out, i == 0 ? "" : ", ");
        gmq_json_add_text(out, words[i]);
    }
    g_string_append(out, "]}");
}

static void
add_count(GString *out, const GmqKey *key)
{
    g_string_append_printf(out,
                           "{\"type\": \"integer\", \"minimum\": %" G_GUINT64_FORMAT
                           ", \"maximum\": %" G_GUINT64_FORMAT "}",
                           (guint64)key->least, (guint64)key->most);
}

static void
add_type(GString *out, const GmqKey *key)
{
    const Inside *inside = find_inside(key);

    if (inside != NULL)
        add_inside(out, inside);
    else if (key->type == GMQ_KEY_CHOICE)
        add_choice(out, key->values);
    else if (key->type == GMQ_KEY_COUNT)
        add_count(out, key);
    else if (key->type < G_N_ELEMENTS(types) && types[key->type] != NULL)
        g_string_append(out, types[key->type]);
    else
        g_string_append(out, ANY_SCALAR);
}

/* The type with what people read about it. */
static void
add_key(GString *out, const GmqKey *key)
{
    g_autofree char *doc = g_strdup_printf("%s: %s", key->values, key->doc);

    gmq_json_add_text(out, key->key);
    g_string_append(out, ": {\"description\": ");
    gmq_json_add_text(out, doc);
    g_string_append(out, ", \"allOf\": [");
    add_type(out, key);
    g_string_append(out, "]}");
}

/* ---- parts ---- */

static void
add_keys(GString *out, GmqKeyOwner owner, bool *is_first)
{
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        if (keys[i].owner != owner || keys[i].type == GMQ_KEY_LATER)
            continue;
        g_string_append(out, *is_first ? "\n        " : ",\n        ");
        add_key(out, &keys[i]);
        *is_first = false;
    }
}

static void
add_object(GString *out, GmqKeyOwner owner)
{
    bool is_first = true;

    g_string_append(out, "{\"type\": \"object\", \"additionalProperties\": false, "
                         "\"properties\": {");
    add_keys(out, owner, &is_first);
    g_string_append(out, "}}");
}

/* A client has the keys of all clients and those of its role. */
static void
add_clients(GString *out)
{
    g_string_append(out, "{\"oneOf\": [");
    for (unsigned role = 0; role < GMQ_N_ROLES; role++) {
        bool is_first = true;

        g_string_append_printf(out,
                               "%s{\"type\": \"object\", \"additionalProperties\": false, "
                               "\"required\": [\"role\"], \"allOf\": [{\"properties\": {\"role\": "
                               "{\"const\": \"%s\"}}}], \"properties\": {",
                               role == 0 ? "" : ", ", gmq_role_name((GmqRole)role));
        add_keys(out, GMQ_IN_CLIENT, &is_first);
        for (unsigned i = 0; i < 2; i++)
            add_keys(out, gmq_key_owners_of_role((GmqRole)role)[i], &is_first);
        g_string_append(out, "}}");
    }
    g_string_append(out, "]}");
}

void
gmq_schema_add(GString *out)
{
    g_string_append(out, "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                         "  \"title\": \"A GlassMQ scenario\",\n"
                         "  \"allOf\": [{\"$ref\": \"#/$defs/scenario\"}],\n"
                         "  \"required\": [\"glassmq\", \"title\", \"stop\"],\n"
                         "  \"$defs\": {");
    for (unsigned part = 0; part < GMQ_N_OWNERS; part++) {
        g_autofree char *name = g_ascii_strdown(parts[part], -1);

        g_string_append_printf(out, "%s\n    \"%s\": ", part == 0 ? "" : ",", name);
        if (part == GMQ_IN_CLIENT)
            add_clients(out);
        else
            add_object(out, (GmqKeyOwner)part);
    }
    g_string_append(out, "}}\n");
}
