/* samples.h - methods with a different value in every field, made from methods.def. */
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/wire/frame.h"
#include "core/wire/method.h"
#include "core/wire/table.h"

inline GmqSlice
slice_of(const std::string &bytes)
{
    return GmqSlice{reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

inline std::string
string_of(GmqSlice slice)
{
    return slice.size == 0 ? ""
                           : std::string(reinterpret_cast<const char *>(slice.data), slice.size);
}

inline std::string
string_of(const GmqBuffer &buffer)
{
    return string_of(gmq_buffer_slice(&buffer));
}

/* Bytes as they are written in a test: bytes({60, 80}). */
inline std::string
bytes(std::initializer_list<int> octets)
{
    std::string result;
    for (int octet : octets)
        result.push_back(static_cast<char>(octet));
    return result;
}

/* Makes sample methods and keeps the strings in them alive. */
class Samples {
  public:
    /* Every field differs from its neighbours; bits go on and off with the seed's parity. */
    GmqMethod
    method(GmqMethodId id, unsigned seed)
    {
        GmqMethod made = {};
        unsigned n     = seed;

        made.id = id;
        switch (id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME: {                                                                             \
        auto &fields = made.name;                                                                  \
        (void)fields;
#define FIELD(type, name) fields.name = sample_##type(n++);
#define END(Name)                                                                                  \
    break;                                                                                         \
    }
#include "core/wire/methods.def"
        default:
            break;
        }
        return made;
    }

    GmqSlice
    keep(const std::string &bytes)
    {
        kept.push_back(bytes);
        return slice_of(kept.back());
    }

    GmqSlice
    sample_table(unsigned n)
    {
        g_auto(GmqBuffer) table = {};
        g_auto(GmqBuffer) inner = {};

        gmq_table_add_bool(&inner, "odd", n % 2 != 0);
        gmq_table_add_int(&table, "n", n);
        gmq_table_add_text(&table, "text", sample_shortstr(n));
        gmq_table_add_table(&table, "inner", gmq_buffer_slice(&inner));
        return keep(string_of(table));
    }

    GmqSlice
    sample_shortstr(unsigned n)
    {
        return keep("name-" + std::to_string(n) + std::string(n % 7, 'x'));
    }

    GmqSlice
    sample_longstr(unsigned n)
    {
        return keep("long \xFF octets " + std::to_string(n) + std::string(300, 'y'));
    }

    static bool
    sample_bit(unsigned n)
    {
        return n % 2 != 0;
    }

    static uint8_t
    sample_octet(unsigned n)
    {
        return static_cast<uint8_t>(0xA1 + n);
    }

    static uint16_t
    sample_short(unsigned n)
    {
        return static_cast<uint16_t>(0xB1B2 + n);
    }

    static uint32_t
    sample_long(unsigned n)
    {
        return 0xC1C2C3C4 + n;
    }

    static uint64_t
    sample_qword(unsigned n)
    {
        return UINT64_C(0xD1D2D3D4D5D6D7D8) + n;
    }

  private:
    std::deque<std::string> kept;
};

template <typename T>
bool
same_field(T a, T b)
{
    return a == b;
}

inline bool
same_field(GmqSlice a, GmqSlice b)
{
    return gmq_slice_equal(a, b);
}

inline bool
same_method(const GmqMethod &a, const GmqMethod &b)
{
    if (a.id != b.id)
        return false;
    switch (a.id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME: {                                                                             \
        const auto &one   = a.name;                                                                \
        const auto &other = b.name;                                                                \
        (void)one;                                                                                 \
        (void)other;
#define FIELD(type, name)                                                                          \
    if (!same_field(one.name, other.name))                                                         \
        return false;
#define END(Name)                                                                                  \
    return true;                                                                                   \
    }
#include "core/wire/methods.def"
    default:
        return false;
    }
}

inline std::string
encoded(const GmqMethod &method)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_method_encode(&method, &buffer);
    return string_of(buffer);
}

inline std::vector<GmqMethodId>
all_methods()
{
    std::vector<GmqMethodId> ids;
    for (int id = 0; id < GMQ_N_METHODS; id++)
        ids.push_back(static_cast<GmqMethodId>(id));
    return ids;
}

/* A name that may stand in a test's name: BASIC_ACK. */
inline std::string
test_name(GmqMethodId id)
{
    static const char *const names[] = {
#define METHOD(NAME, name, Name, class_id, method_id, from, content) #NAME,
#include "core/wire/methods.def"
    };
    return names[id];
}
