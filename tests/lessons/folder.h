/* folder.h - a lesson folder for a test: written before, gone after it. */
#pragma once

#include <glib/gstdio.h>
#include <string>

#include "tests/core/temp-folder.h"

namespace {

class Folder {
  public:
    explicit Folder(const char *name = "05-test") : path_(above_.path(name))
    {
        g_mkdir(path_.c_str(), 0700);
    }

    void
    write(const std::string &name, const std::string &text) const
    {
        g_file_set_contents((path_ + "/" + name).c_str(), text.data(), (gssize)text.size(),
                            nullptr);
    }

    const char *
    path() const
    {
        return path_.c_str();
    }

    const char *
    above() const
    {
        return above_.path().c_str();
    }

  private:
    TempFolder above_;
    std::string path_;
};

} // namespace
