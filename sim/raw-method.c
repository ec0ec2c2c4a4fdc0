/* Methods in words: "connection.start-ok mechanism=PLAIN response=\x00guest\x00guest". */
#include "core/base/nearest.h"
#include "sim/language.h"
#include "sim/raw-line.h"
#include "sim/units.h"

/* A field as it was written. */
typedef struct {
    char *name;
    GmqBuffer value;
    const char *at; /* in the text */
    bool is_used;
} Word;

/* What is being read. */
typedef struct {
    GmqScenarioReader *reader;
    const GmqYaml *node;
    GPtrArray *words; /* of Word */
    bool is_bad;
} Sentence;

static void
free_word(void *data)
{
    Word *word = data;

    g_free(word->name);
    gmq_buffer_clear(&word->value);
    g_free(word);
}

static void
complain(Sentence *sentence, const char *at, const char *format, const char *what)
{
    g_autoptr(GString) text = g_string_new(format);

    g_string_replace(text, "%s", what, 0);
    gmq_raw_problem(sentence->reader, sentence->node, at, text->str);
    sentence->is_bad = true;
}

/* ---- words ---- */

/* Up to a blank, or to the other quote; \xNN is a byte. Returns where it ends. */
static const char *
take_value(Sentence *sentence, const char *at, GmqBuffer *value)
{
    char end = *at == '"' ? '"' : ' ';

    at += end == '"';
    while (*at != '\0' && *at != end) {
        bool is_byte =
            at[0] == '\\' && at[1] == 'x' && g_ascii_isxdigit(at[2]) && g_ascii_isxdigit(at[3]);

        if (is_byte)
            gmq_buffer_add_u8(
                value, (uint8_t)(g_ascii_xdigit_value(at[2]) << 4 | g_ascii_xdigit_value(at[3])));
        else
            gmq_buffer_add_u8(value, (uint8_t)*at);
        at += is_byte ? 4 : 1;
    }
    if (end == '"' && *at == '\0')
        complain(sentence, at, _("Here a quote is missing."), "");
    return *at == '"' ? at + 1 : at;
}

/* "name=value name=value" */
static void
take_words(Sentence *sentence, const char *at)
{
    while (*at != '\0' && !sentence->is_bad) {
        size_t size = strcspn(at, " =");

        if (*at == ' ') {
            at++;
            continue;
        }
        Word *word = g_new0(Word, 1);
        g_ptr_array_add(sentence->words, word);
        word->name = g_strndup(at, size);
        word->at   = at;
        if (size == 0 || at[size] != '=')
            complain(sentence, at, _("Behind a method stand fields as NAME=VALUE, not \"%s\"."),
                     word->name);
        else
            at = take_value(sentence, at + size + 1, &word->value);
    }
}

/* The word for a field, written with dashes; NULL when nothing is said of it. */
static Word *
find_word(Sentence *sentence, const char *field)
{
    g_autofree char *name = g_strdelimit(g_strdup(field), "_", '-');

    for (unsigned i = 0; i < sentence->words->len; i++) {
        Word *word = sentence->words->pdata[i];

        if (strcmp(word->name, name) == 0) {
            word->is_used = true;
            return word;
        }
    }
    return NULL;
}

/* ---- one for each type of methods.def ---- */

static uint64_t
number_of(Sentence *sentence, const char *field, uint64_t most)
{
    const Word *word = find_word(sentence, field);
    uint64_t number  = 0;

    if (word == NULL)
        return 0;
    g_autofree char *text = gmq_slice_dup(gmq_buffer_slice(&word->value));
    if (!gmq_read_count(text, &number) || number > most)
        complain(sentence, word->at, _("\"%s\" is no number that fits into that field."), text);
    return number;
}

static bool
truth_of(Sentence *sentence, const char *field)
{
    const Word *word = find_word(sentence, field);
    bool truth       = false;

    if (word == NULL)
        return false;
    g_autofree char *text = gmq_slice_dup(gmq_buffer_slice(&word->value));
    if (!gmq_read_truth(text, &truth))
        complain(sentence, word->at, _("That field is yes or no, not \"%s\"."), text);
    return truth;
}

static GmqSlice
bytes_of(Sentence *sentence, const char *field, size_t most)
{
    const Word *word = find_word(sentence, field);

    if (word == NULL)
        return (GmqSlice){0};
    if (word->value.size > most)
        complain(sentence, word->at, _("That field has at most 255 bytes."), "");
    return gmq_buffer_slice(&word->value);
}

static GmqSlice
table_of(Sentence *sentence, const char *field)
{
    const Word *word = find_word(sentence, field);

    if (word != NULL)
        complain(sentence, word->at,
                 _("A table cannot be said in words: leave it out, or write the frame in hex."),
                 "");
    return (GmqSlice){0};
}

#define value_bit(sentence, name) truth_of(sentence, name)
#define value_octet(sentence, name) (uint8_t) number_of(sentence, name, UINT8_MAX)
#define value_short(sentence, name) (uint16_t) number_of(sentence, name, UINT16_MAX)
#define value_long(sentence, name) (uint32_t) number_of(sentence, name, UINT32_MAX)
#define value_qword(sentence, name) number_of(sentence, name, UINT64_MAX)
#define value_shortstr(sentence, name) bytes_of(sentence, name, UINT8_MAX)
#define value_longstr(sentence, name) bytes_of(sentence, name, SIZE_MAX)
#define value_table(sentence, name) table_of(sentence, name)

/* ---- methods ---- */

static void
fill(Sentence *sentence, GmqMethod *method)
{
    switch (method->id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME: {                                                                             \
        Gmq##Name *fields = &method->name;                                                         \
        (void)fields;
#define FIELD(type, name) fields->name = value_##type(sentence, #name);
#define END(Name)                                                                                  \
    break;                                                                                         \
    }
#include "core/wire/methods.def"
    default:
        g_assert_not_reached();
    }
}

static void
check_used(Sentence *sentence)
{
    for (unsigned i = 0; i < sentence->words->len && !sentence->is_bad; i++) {
        const Word *word = sentence->words->pdata[i];

        if (!word->is_used)
            complain(sentence, word->at,
                     _("That method has no field \"%s\", or it stands here twice."), word->name);
    }
}

GmqMethodId
gmq_raw_method_find(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                    const char *name)
{
    const char *names[GMQ_N_METHODS];

    for (unsigned id = 0; id < GMQ_N_METHODS; id++) {
        names[id] = gmq_method_info((GmqMethodId)id)->name;
        if (strcmp(name, names[id]) == 0)
            return (GmqMethodId)id;
    }
    const char *near = gmq_nearest(name, names, GMQ_N_METHODS);
    g_autofree char *why =
        g_strdup_printf("\"%s\" is neither AMQP, hex, text, wait, hear, nor a method.%s%s%s", name,
                        near == NULL ? "" : " Did you mean \"", near == NULL ? "" : near,
                        near == NULL ? "" : "\"?");
    gmq_raw_problem(reader, node, at, why);
    return GMQ_N_METHODS;
}

bool
gmq_raw_method_read(GmqScenarioReader *reader, const GmqYaml *node, const char *at,
                    GmqBuffer *bytes)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(free_word);
    Sentence sentence          = {.reader = reader, .node = node, .words = words};
    uint64_t channel           = 0;
    size_t digits              = strspn(at, "0123456789");

    if (digits > 0 && at[digits] == ' ') {
        g_autofree char *number = g_strndup(at, digits);

        if (!gmq_read_count(number, &channel) || channel > UINT16_MAX) {
            gmq_raw_problem(reader, node, at, _("A channel is a number from 0 to 65535."));
            return false;
        }
        at += digits + 1;
    }
    g_autofree char *name = g_strndup(at, strcspn(at, " "));
    GmqMethod method      = {.id = gmq_raw_method_find(reader, node, at, name)};
    if (method.id == GMQ_N_METHODS)
        return false;
    take_words(&sentence, at + strlen(name));
    if (!sentence.is_bad)
        fill(&sentence, &method);
    check_used(&sentence);
    if (!sentence.is_bad)
        gmq_method_add_frame(&method, (uint16_t)channel, bytes);
    return !sentence.is_bad;
}
