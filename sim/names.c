#include "sim/names.h"

#include "sim/hash.h"

/* A text with its hash in front of it. */
typedef struct {
    size_t size;
    uint64_t hash;
    char text[];
} Name;

struct GmqNames {
    Name **slots; /* open addressing; a power of two of them, at most half in use */
    size_t n_slots;
    size_t n_names;
    Name *empty;
};

static Name *
name_new(GmqSlice text, uint64_t hash)
{
    Name *name = g_malloc0(sizeof *name + text.size + 1);

    name->size = text.size;
    name->hash = hash;
    if (text.size > 0)
        memcpy(name->text, text.data, text.size);
    return name;
}

GmqNames *
gmq_names_new(void)
{
    GmqNames *names = g_new0(GmqNames, 1);

    names->n_slots = 256;
    names->slots   = g_new0(Name *, names->n_slots);
    names->empty   = name_new(GMQ_SLICE(""), gmq_hash_bytes(GMQ_SLICE("")));
    return names;
}

void
gmq_names_free(GmqNames *names)
{
    if (names == NULL)
        return;
    for (size_t i = 0; i < names->n_slots; i++)
        g_free(names->slots[i]);
    g_free(names->slots);
    g_free(names->empty);
    g_free(names);
}

/* The slot that holds the text, or the free one where it belongs. */
static Name **
find_slot(const GmqNames *names, GmqSlice text, uint64_t hash)
{
    size_t mask = names->n_slots - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        Name *name = names->slots[i];

        if (name == NULL)
            return &names->slots[i];
        if (name->hash == hash && name->size == text.size &&
            memcmp(name->text, text.data, text.size) == 0)
            return &names->slots[i];
    }
}

static void
grow(GmqNames *names)
{
    g_autofree Name **old = names->slots;
    size_t n_old          = names->n_slots;

    names->n_slots *= 2;
    names->slots = g_new0(Name *, names->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i] != NULL)
            *find_slot(names, gmq_slice_of(old[i]->text), old[i]->hash) = old[i];
    }
}

/* A trace is UTF-8 and its texts end with a NUL, so what is neither is replaced. */
static const char *
intern_mended(GmqNames *names, GmqSlice text)
{
    g_autoptr(GString) mended = g_string_new(NULL);

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == 0)
            g_string_append(mended, "\xef\xbf\xbd");
        else
            g_string_append_c(mended, (char)text.data[i]);
    }

    g_autofree char *valid = g_utf8_make_valid(mended->str, (gssize)mended->len);
    return gmq_names_intern(names, gmq_slice_of(valid));
}

const char *
gmq_names_intern(GmqNames *names, GmqSlice text)
{
    if (text.size == 0)
        return names->empty->text;

    uint64_t hash = gmq_hash_bytes(text);
    Name **slot   = find_slot(names, text, hash);
    if (*slot != NULL)
        return (*slot)->text;
    if (!g_utf8_validate_len((const char *)text.data, text.size, NULL))
        return intern_mended(names, text);

    if (2 * (names->n_names + 1) > names->n_slots) {
        grow(names);
        slot = find_slot(names, text, hash);
    }
    names->n_names++;
    *slot = name_new(text, hash);
    return (*slot)->text;
}

uint64_t
gmq_name_hash(const char *name)
{
    return ((const Name *)(const void *)(name - offsetof(Name, text)))->hash;
}
