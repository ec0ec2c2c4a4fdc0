/* A program that is started leaves nothing behind. */
#include "sim/real-guardian.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace {

const int LONGEST_MS = 60000; /* no test waits for it unless it fails */

GmqGuardian *
start(const char *line, GError **error = nullptr)
{
    const char *command[]     = {"/bin/sh", "-c", line, nullptr};
    const char *environment[] = {"GLASSMQ_TRY=it is here", nullptr};

    return gmq_guardian_start(const_cast<char **>(command), const_cast<char **>(environment),
                              error);
}

bool
wait_for(int fd)
{
    struct pollfd polled = {fd, POLLIN, 0};

    return poll(&polled, 1, LONGEST_MS) == 1;
}

/* All that it writes until its end, or until a line has come. */
std::string
output(const GmqGuardian *guardian, bool is_line = false)
{
    std::string all;
    char room[4096];

    while (wait_for(gmq_guardian_output(guardian))) {
        ssize_t n = read(gmq_guardian_output(guardian), room, sizeof room);
        if (n <= 0)
            break;
        all.append(room, static_cast<size_t>(n));
        if (is_line && all.find('\n') != std::string::npos)
            break;
    }
    return all;
}

std::string
end_of(GmqGuardian *guardian)
{
    int status = -1;

    if (!wait_for(gmq_guardian_news(guardian)) || !gmq_guardian_has_ended(guardian, &status))
        return "it goes on";
    g_autofree char *how = gmq_guardian_describe(status);
    return how;
}

/* Nobody has that number, or only a zombie that is not ours. */
bool
is_gone(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
    g_autofree char *stat = nullptr;

    if (!g_file_get_contents(path, &stat, nullptr, nullptr))
        return true;
    return strstr(stat, ") Z ") != nullptr;
}

} // namespace

TEST(Guardian, TellsHowTheProgramEnds)
{
    g_autoptr(GmqGuardian) well  = start("exit 0");
    g_autoptr(GmqGuardian) badly = start("exit 3");
    g_autoptr(GmqGuardian) dead  = start("kill -TERM $$");

    EXPECT_EQ("ended by itself", end_of(well));
    EXPECT_EQ("ended with status 3", end_of(badly));
    EXPECT_EQ("was ended by signal 15 (Terminated)", end_of(dead));
    EXPECT_EQ("ended with status 3", end_of(badly)) << "it can be asked again";
}

TEST(Guardian, GivesWhatTheProgramWrites)
{
    g_autoptr(GmqGuardian) guardian = start("echo out; echo err >&2; echo \"$GLASSMQ_TRY\"");

    EXPECT_EQ("out\nerr\nit is here\n", output(guardian));
}

TEST(Guardian, GivesTheProgramNoInput)
{
    g_autoptr(GmqGuardian) guardian = start("read x && echo \"got $x\" || echo nothing");

    EXPECT_EQ("nothing\n", output(guardian));
}

TEST(Guardian, EndsAProgramThatGoesOnWithAllItsChildren)
{
    GmqGuardian *guardian =
        start("sleep 1000 & one=$!; setsid sleep 1000 & echo $$ $one $!; sleep 1000");
    std::string pids = output(guardian, true);
    int status;

    EXPECT_FALSE(gmq_guardian_has_ended(guardian, &status));
    gmq_guardian_free(guardian);

    g_auto(GStrv) words = g_strsplit_set(pids.c_str(), " \n", -1);
    unsigned n          = 0;
    for (char **word = words; *word != nullptr; word++) {
        if (**word == '\0')
            continue;
        EXPECT_TRUE(is_gone(atoi(*word))) << *word;
        n++;
    }
    EXPECT_EQ(3u, n) << pids;
}

TEST(Guardian, EndsTheChildrenOfAProgramThatHasEnded)
{
    GmqGuardian *guardian = start("setsid sleep 1000 & echo $!");
    pid_t child           = atoi(output(guardian, true).c_str());

    EXPECT_EQ("ended by itself", end_of(guardian));
    gmq_guardian_free(guardian);
    ASSERT_GT(child, 0);
    EXPECT_TRUE(is_gone(child));
}

TEST(Guardian, RefusesWhatIsNoProgram)
{
    const char *environment[] = {nullptr};

    for (const char *name : {"no-such-program-at-all", "/no/such/program"}) {
        const char *command[]   = {name, nullptr};
        g_autoptr(GError) error = nullptr;

        EXPECT_EQ(nullptr, gmq_guardian_start(const_cast<char **>(command),
                                              const_cast<char **>(environment), &error));
        ASSERT_NE(nullptr, error);
        EXPECT_NE(nullptr, strstr(error->message, name)) << error->message;
    }
}
