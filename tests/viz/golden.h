/* golden.h - texts that must stay as they are, unless somebody means to change them. */
#pragma once

#include <gtest/gtest.h>

#include "tests/sim/shipped.h"

/* Compares the text with tests/viz/golden/NAME; with GLASSMQ_GOLDEN=write it writes that file. */
inline void
expect_golden(const std::string &name, const std::string &text)
{
    std::string path   = source_path("tests/viz/golden/" + name);
    const char *wanted = g_getenv("GLASSMQ_GOLDEN");

    if (wanted != NULL && strcmp(wanted, "write") == 0) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read_text(path), text)
        << "If this is how " << name << " shall look from now on, run\n"
        << "    GLASSMQ_GOLDEN=write meson test -C build viz/dot-test viz/shipped-test "
           "viz/view-test\n"
        << "and look at what git diff shows.";
}
