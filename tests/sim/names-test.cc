#include "sim/names.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "core/base/hash.h"

namespace {

GmqSlice
slice_of(const std::string &text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

/* Texts of all lengths, and many that differ in one character alone. */
std::vector<std::string>
many_texts()
{
    std::vector<std::string> texts;

    for (unsigned size = 1; size < 100; size++) {
        for (unsigned place = 0; place < size; place++) {
            std::string text(size, 'a');

            text[place] = 'b';
            texts.push_back(text);
        }
    }
    for (unsigned i = 0; i < 5000; i++)
        texts.push_back("producer-" + std::to_string(i) + "@queue");
    texts.emplace_back(100000, 'x');
    return texts;
}

TEST(Names, EqualTextsAreOnePointerAndOthersAreNot)
{
    g_autoptr(GmqNames) names = gmq_names_new();
    std::set<const char *> pointers;

    for (const std::string &text : many_texts()) {
        const char *name = gmq_names_intern(names, slice_of(text));

        EXPECT_EQ(name, text);
        EXPECT_TRUE(pointers.insert(name).second) << text;
    }
    for (const std::string &text : many_texts()) {
        const char *name = gmq_names_intern(names, slice_of(std::string(text)));

        EXPECT_EQ(pointers.count(name), 1u) << text;
        EXPECT_EQ(gmq_names_find(names, slice_of(text)), name);
    }
}

TEST(Names, NumbersCountFromOneAndTheEmptyTextIsZero)
{
    g_autoptr(GmqNames) names = gmq_names_new();
    uint32_t next             = 1;

    EXPECT_EQ(gmq_name_number(gmq_names_intern(names, GmqSlice{nullptr, 0})), 0u);
    for (const std::string &text : many_texts())
        EXPECT_EQ(gmq_name_number(gmq_names_intern(names, slice_of(text))), next++);
    EXPECT_EQ(gmq_name_number(gmq_names_intern(names, GMQ_SLICE("a"))), next);
    EXPECT_EQ(gmq_name_number(gmq_names_intern(names, GMQ_SLICE("b"))), 1u);
}

TEST(Names, HashesAreThoseOfTheTexts)
{
    g_autoptr(GmqNames) names = gmq_names_new();

    for (const std::string &text : many_texts())
        EXPECT_EQ(gmq_name_hash(gmq_names_intern(names, slice_of(text))),
                  gmq_hash_bytes(slice_of(text)));
}

TEST(Names, WhatWasNeverMadeIsNotFound)
{
    g_autoptr(GmqNames) names = gmq_names_new();

    EXPECT_EQ(gmq_names_find(names, GMQ_SLICE("q")), nullptr);
    EXPECT_STREQ(gmq_names_find(names, GmqSlice{nullptr, 0}), "");
    gmq_names_intern(names, GMQ_SLICE("q"));
    EXPECT_STREQ(gmq_names_find(names, GMQ_SLICE("q")), "q");
    EXPECT_EQ(gmq_names_find(names, GMQ_SLICE("qq")), nullptr);
}

TEST(Names, WhatIsNoUtf8IsMended)
{
    g_autoptr(GmqNames) names = gmq_names_new();
    const char *name          = gmq_names_intern(names, GMQ_SLICE("a\xff"));

    EXPECT_STREQ(name, "a\xef\xbf\xbd");
    EXPECT_EQ(gmq_names_intern(names, GMQ_SLICE("a\xff")), name);
    EXPECT_STREQ(gmq_names_intern(names, GmqSlice{reinterpret_cast<const uint8_t *>("a\0b"), 3}),
                 "a\xef\xbf\xbd"
                 "b");
}

} // namespace
