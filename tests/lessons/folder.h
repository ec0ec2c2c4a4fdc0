/* folder.h - a lesson folder for a test: written before, gone after it. */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string>

namespace {

class Folder {
  public:
    explicit Folder(const char *name = "05-test")
        : above_(take(g_dir_make_tmp("glassmq-lesson-XXXXXX", nullptr))), path_(above_ + "/" + name)
    {
        g_mkdir(path_.c_str(), 0700);
    }

    ~Folder()
    {
        remove(path_);
        remove(above_);
    }

    Folder(const Folder &)            = delete;
    Folder &operator=(const Folder &) = delete;

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
        return above_.c_str();
    }

  private:
    static std::string
    take(char *text)
    {
        std::string copy = text;
        g_free(text);
        return copy;
    }

    static void
    remove(const std::string &folder)
    {
        GDir *dir = g_dir_open(folder.c_str(), 0, nullptr);

        while (const char *name = dir == nullptr ? nullptr : g_dir_read_name(dir))
            g_remove((folder + "/" + name).c_str());
        g_clear_pointer(&dir, g_dir_close);
        g_rmdir(folder.c_str());
    }

    std::string above_;
    std::string path_;
};

} // namespace
