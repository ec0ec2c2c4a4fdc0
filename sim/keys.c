#include "sim/keys.h"

#include "sim/language.h"
#include "sim/reader.h"

/* The struct that the keys of a part fill, under a name that offsetof can be made of. */
#define OWNER(IN, Struct, what) typedef Struct InStruct_##IN;
#include "sim/keys.def"

static const GmqKey keys[] = {
#define VALUE(IN, name, TYPE, member, takes, text)                                                 \
    {.owner  = GMQ_IN_##IN,                                                                        \
     .key    = name,                                                                               \
     .type   = GMQ_KEY_##TYPE,                                                                     \
     .offset = offsetof(InStruct_##IN, member),                                                    \
     .values = takes,                                                                              \
     .doc    = text},
#define COUNT(IN, name, member, low, high, text)                                                   \
    {.owner  = GMQ_IN_##IN,                                                                        \
     .key    = name,                                                                               \
     .type   = GMQ_KEY_COUNT,                                                                      \
     .offset = offsetof(InStruct_##IN, member),                                                    \
     .least  = low,                                                                                \
     .most   = high,                                                                               \
     .values = "N",                                                                                \
     .doc    = text},
#define CHOICE(IN, name, member, words, text) VALUE(IN, name, CHOICE, member, words, text)
#define NODE(IN, name, member, takes, text) VALUE(IN, name, NODE, member, takes, text)
#define PART(IN, name, function, takes, text)                                                      \
    {.owner  = GMQ_IN_##IN,                                                                        \
     .key    = name,                                                                               \
     .type   = GMQ_KEY_PART,                                                                       \
     .read   = gmq_read_##function,                                                                \
     .values = takes,                                                                              \
     .doc    = text},
#define EXPECT(IN, name, KIND, TYPE, takes, text)                                                  \
    {.owner  = GMQ_IN_##IN,                                                                        \
     .key    = name,                                                                               \
     .type   = GMQ_KEY_EXPECT_##TYPE,                                                              \
     .kind   = GMQ_EXPECT_##KIND,                                                                  \
     .values = takes,                                                                              \
     .doc    = text},
#define LATER(IN, name)                                                                            \
    {.owner = GMQ_IN_##IN, .key = name, .type = GMQ_KEY_LATER, .values = "", .doc = ""},
#include "sim/keys.def"
};

static const char *const owners[] = {
#define OWNER(IN, Struct, what) what,
#include "sim/keys.def"
};

const GmqKey *
gmq_keys(size_t *n)
{
    *n = G_N_ELEMENTS(keys);
    return keys;
}

const GmqKey *
gmq_key_find(GmqKeyOwner owner, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].owner == owner && strcmp(keys[i].key, key) == 0)
            return &keys[i];
    }
    return NULL;
}

bool
gmq_key_works(GmqKeyOwner owner, const char *key)
{
    const GmqKey *row = gmq_key_find(owner, key);
    return row != NULL && row->type != GMQ_KEY_LATER;
}

const char *
gmq_key_owner_name(GmqKeyOwner owner)
{
    g_assert(owner < GMQ_N_OWNERS);
    return _(owners[owner]);
}
