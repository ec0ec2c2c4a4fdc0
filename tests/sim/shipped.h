/* shipped.h - the scenarios that come with the program, for tests. */
#pragma once

#include <gio/gio.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

/* Where the sources are; the build says it. */
inline std::string
source_path(const std::string &name)
{
    return std::string(GMQ_SOURCE_ROOT) + "/" + name;
}

inline std::string
read_text(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;

    text << file.rdbuf();
    return text.str();
}

/* The names of all files in scenarios/ that end with .yaml, in order. */
inline std::vector<std::string>
shipped_scenarios()
{
    std::vector<std::string> names;
    g_autoptr(GDir) folder = g_dir_open(source_path("scenarios").c_str(), 0, NULL);

    for (const char *name = g_dir_read_name(folder); name != NULL; name = g_dir_read_name(folder)) {
        if (g_str_has_suffix(name, ".yaml"))
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

/* "03-publish-subscribe.yaml" as a name that GoogleTest takes. */
inline std::string
test_name(const std::string &file)
{
    std::string name;

    for (char c : file.substr(0, file.find('.')))
        name += g_ascii_isalnum(c) ? c : '_';
    return name;
}
