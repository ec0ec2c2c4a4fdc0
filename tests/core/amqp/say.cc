#include "tests/core/amqp/say.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/wire/properties.h"

static GmqSlice
slice_of(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

static std::string
string_of(const GmqBuffer &buffer)
{
    return std::string(reinterpret_cast<const char *>(buffer.data), buffer.size);
}

/* A field's name as it is written: with dashes. */
static std::string
dashed(std::string name)
{
    for (char &letter : name) {
        if (letter == '_')
            letter = '-';
    }
    return name;
}

/* The words of a sentence: a name, and fields with values. */
class Words {
  public:
    Words(const std::string &text, bool has_name)
    {
        size_t at = 0;

        if (has_name)
            name = next(text, &at);
        while (at < text.size()) {
            std::string word = next(text, &at);
            size_t sign      = word.find('=');

            if (sign == std::string::npos)
                values_[word] = "1";
            else
                values_[word.substr(0, sign)] = word.substr(sign + 1);
        }
    }

    /* The value of a field, "" without one; and whether there is one. */
    const std::string &
    take(const std::string &field)
    {
        used_.insert(dashed(field));
        return values_[dashed(field)];
    }

    bool
    has(const std::string &field) const
    {
        return values_.count(dashed(field)) > 0;
    }

    void
    check_all_used() const
    {
        for (const auto &[field, value] : values_) {
            if (used_.count(field) == 0)
                throw std::invalid_argument(name + " has no field " + field);
        }
    }

    std::string name;

  private:
    static std::string
    next(const std::string &text, size_t *at)
    {
        size_t end       = std::min(text.find(' ', *at), text.size());
        std::string word = text.substr(*at, end - *at);

        *at = end + 1;
        return word;
    }

    std::map<std::string, std::string> values_;
    std::set<std::string> used_;
};

/* One for each type of methods.def. */

template <typename T>
static void
set_number(T *field, const std::string &text)
{
    *field = text.empty() ? T() : static_cast<T>(std::stoull(text));
}

static void
set_bytes(GmqSlice *field, const std::string &text)
{
    *field = slice_of(text);
}

#define set_bit(field, text, table) set_number(field, text)
#define set_octet(field, text, table) set_number(field, text)
#define set_short(field, text, table) set_number(field, text)
#define set_long(field, text, table) set_number(field, text)
#define set_qword(field, text, table) set_number(field, text)
#define set_shortstr(field, text, table) set_bytes(field, text)
#define set_longstr(field, text, table) set_bytes(field, text)
#define set_table(field, text, table) set_bytes(field, table)

static bool
fill(GmqMethod *method, Words *words, const std::string &table)
{
#define METHOD(NAME, name_, Name, class_id, method_id, from, content)                              \
    if (words->name == gmq_method_info(GMQ_##NAME)->name) {                                        \
        auto &fields = method->name_;                                                              \
        (void)fields;                                                                              \
        method->id = GMQ_##NAME;
#define FIELD(type, name) set_##type(&fields.name, words->take(#name), table);
#define END(Name)                                                                                  \
    return true;                                                                                   \
    }
#include "core/wire/methods.def"
    return false;
}

std::string
method_payload(const std::string &text, const std::string &table)
{
    Words words(text, true);
    GmqMethod method        = {};
    g_auto(GmqBuffer) bytes = {};

    if (!fill(&method, &words, table))
        throw std::invalid_argument("there is no method " + words.name);
    words.check_all_used();
    gmq_method_encode(&method, &bytes);
    return string_of(bytes);
}

std::string
frame(int type, int channel, const std::string &payload)
{
    g_auto(GmqBuffer) bytes = {};

    gmq_frame_add(&bytes, static_cast<GmqFrameType>(type), static_cast<uint16_t>(channel),
                  slice_of(payload));
    return string_of(bytes);
}

std::string
say(int channel, const std::string &text, const std::string &table)
{
    return frame(GMQ_FRAME_METHOD, channel, method_payload(text, table));
}

/* ---- content ---- */

std::string
header_payload(uint64_t body_size, const std::string &text, const std::string &headers)
{
    Words words(text, false);
    GmqProperties properties = {};
    g_auto(GmqBuffer) bytes  = {};

#define PROPERTY(NAME, name_, type)                                                                \
    if (words.has(#name_))                                                                         \
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_##NAME);                               \
    set_##type(&properties.name_, words.take(#name_), headers);
#include "core/wire/properties.def"
#undef PROPERTY
    words.check_all_used();
    if (!headers.empty())
        properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    gmq_properties_encode(&properties, body_size, &bytes);
    return string_of(bytes);
}

std::string
content_header(int channel, uint64_t body_size, const std::string &properties,
               const std::string &headers)
{
    return frame(GMQ_FRAME_HEADER, channel, header_payload(body_size, properties, headers));
}

std::string
content(int channel, const std::string &body, const std::string &properties,
        const std::string &headers, size_t part)
{
    std::string bytes = content_header(channel, body.size(), properties, headers);

    for (size_t at = 0; at < body.size(); at += part)
        bytes += frame(GMQ_FRAME_BODY, channel, body.substr(at, part));
    return bytes;
}

std::string
publish(int channel, const std::string &exchange, const std::string &key, const std::string &body,
        const std::string &properties, const std::string &headers)
{
    return say(channel, "basic.publish exchange=" + exchange + " routing-key=" + key) +
           content(channel, body, properties, headers);
}
