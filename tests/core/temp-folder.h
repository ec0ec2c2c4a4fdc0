/* temp-folder.h - a folder for a test, which goes with all that is in it. */
#pragma once

#include <filesystem>
#include <fstream>
#include <glib.h>
#include <string>

class TempFolder {
  public:
    TempFolder()
    {
        g_autofree char *made = g_dir_make_tmp("glassmq-XXXXXX", nullptr);

        g_assert(made != nullptr);
        path_ = made;
    }

    ~TempFolder()
    {
        std::error_code ignored;

        std::filesystem::remove_all(path_, ignored);
    }

    TempFolder(const TempFolder &)            = delete;
    TempFolder &operator=(const TempFolder &) = delete;

    const std::string &
    path() const
    {
        return path_;
    }

    /* Of something in it, which may not be there. */
    std::string
    path(const std::string &name) const
    {
        return path_ + "/" + name;
    }

    void
    write(const std::string &name, const std::string &bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes;
    }

  private:
    std::string path_;
};
