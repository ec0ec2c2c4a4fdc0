#include "sim/names.h"

#include "core/base/hash.h"
#include "core/base/json.h"
#include "sim/arena.h"

typedef struct {
    GmqNameHead head;
    char text[];
} Name;

G_STATIC_ASSERT(offsetof(Name, text) == sizeof(GmqNameHead));

/* A place in the table; free without a name. */
typedef struct {
    uint64_t mix; /* of the text, to find it by */
    Name *name;
} Slot;

struct GmqNames {
    Slot *slots; /* open addressing; a power of two of them, at most half in use */
    size_t n_slots;
    unsigned shift; /* of a mix: its first bits are stirred best and say which slot */
    size_t n_names;
    GmqArena arena; /* of all names */
    Name *empty;
};

static uint64_t
read_8(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t
read_4(const uint8_t *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* Stirs the text, eight bytes at a time; the last eight may overlap those before. It decides where
 * a name stands in the table and nothing else, so it may differ from machine to machine. */
static inline uint64_t
mix_of(GmqSlice text)
{
    const uint8_t *end = text.data + text.size;
    uint64_t mix       = text.size;

    for (const uint8_t *at = text.data; end - at > 16; at += 8)
        mix = gmq_hash_add(mix, read_8(at));
    if (text.size >= 16)
        mix = gmq_hash_add(mix, read_8(end - 16));
    if (text.size >= 8)
        return gmq_hash_add(gmq_hash_add(mix, read_8(text.data)), read_8(end - 8));
    if (text.size >= 4)
        return gmq_hash_add(mix, read_4(text.data) << 32 | read_4(end - 4));
    return gmq_hash_add(mix, (uint64_t)text.data[0] << 16 |
                                 (uint64_t)text.data[text.size / 2] << 8 | end[-1]);
}

static Name *
name_new(GmqNames *names, GmqSlice text)
{
    Name *name = gmq_arena_take(&names->arena, sizeof *name + text.size + 1);

    g_assert(text.size < UINT32_MAX);
    g_assert(names->n_names < INT32_MAX);
    name->head.hash     = gmq_hash_bytes(text);
    name->head.size     = (uint32_t)text.size;
    name->head.number   = (uint32_t)names->n_names & INT32_MAX;
    name->head.is_plain = gmq_json_is_plain(text);
    if (text.size > 0)
        memcpy(name->text, text.data, text.size);
    return name;
}

GmqNames *
gmq_names_new(void)
{
    GmqNames *names = g_new0(GmqNames, 1);

    names->n_slots = 256;
    names->shift   = 64 - 8;
    names->slots   = g_new0(Slot, names->n_slots);
    names->empty   = name_new(names, GMQ_SLICE(""));
    return names;
}

void
gmq_names_free(GmqNames *names)
{
    if (names == NULL)
        return;
    gmq_arena_clear(&names->arena);
    g_free(names->slots);
    g_free(names);
}

/* The slot that holds the text, or the free one where it belongs. */
static inline Slot *
find_slot(const GmqNames *names, GmqSlice text, uint64_t mix)
{
    size_t mask = names->n_slots - 1;

    for (size_t i = mix >> names->shift;; i = (i + 1) & mask) {
        Slot *slot = &names->slots[i];

        if (slot->name == NULL)
            return slot;
        if (slot->mix == mix && slot->name->head.size == text.size &&
            memcmp(slot->name->text, text.data, text.size) == 0)
            return slot;
    }
}

/* No two names are equal, so each goes to the first slot that is free. */
static void
grow(GmqNames *names)
{
    g_autofree Slot *old = names->slots;
    size_t n_old         = names->n_slots;

    names->n_slots *= 2;
    names->shift--;
    names->slots = g_new0(Slot, names->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        size_t place = old[i].mix >> names->shift;

        if (old[i].name == NULL)
            continue;
        while (names->slots[place].name != NULL)
            place = (place + 1) & (names->n_slots - 1);
        names->slots[place] = old[i];
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

/* Apart from what happens most of the time, so that that is short. */
G_GNUC_NO_INLINE static const char *
intern_new(GmqNames *names, GmqSlice text, uint64_t mix)
{
    if (!g_utf8_validate_len((const char *)text.data, text.size, NULL))
        return intern_mended(names, text);
    if (2 * (names->n_names + 1) > names->n_slots)
        grow(names);
    names->n_names++;

    Slot *slot = find_slot(names, text, mix);
    *slot      = (Slot){mix, name_new(names, text)};
    return slot->name->text;
}

const char *
gmq_names_intern(GmqNames *names, GmqSlice text)
{
    if (text.size == 0)
        return names->empty->text;

    uint64_t mix     = mix_of(text);
    const Slot *slot = find_slot(names, text, mix);
    return G_LIKELY(slot->name != NULL) ? slot->name->text : intern_new(names, text, mix);
}

const char *
gmq_names_find(const GmqNames *names, GmqSlice text)
{
    if (text.size == 0)
        return names->empty->text;

    const Slot *slot = find_slot(names, text, mix_of(text));
    return slot->name == NULL ? NULL : slot->name->text;
}
