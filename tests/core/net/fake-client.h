/* fake-client.h - the other end of a connection, with a blocking socket. */
#pragma once

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "core/net/address.h"

class FakeClient {
  public:
    explicit FakeClient(const GmqAddress &address)
    {
        fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, &address.any, gmq_address_size(&address)) < 0)
            hang_up();
    }

    ~FakeClient()
    {
        hang_up();
    }

    FakeClient(const FakeClient &)            = delete;
    FakeClient &operator=(const FakeClient &) = delete;

    bool
    is_connected() const
    {
        return fd >= 0;
    }

    void
    send(const std::string &text)
    {
        ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    }

    void
    end_output()
    {
        shutdown(fd, SHUT_WR);
    }

    /* As a program that crashes: the other side gets a reset. */
    void
    reset()
    {
        struct linger at_once = {1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        hang_up();
    }

    void
    hang_up()
    {
        if (fd >= 0)
            close(fd);
        fd = -1;
    }

    /* Reads up to size bytes, fewer only at the end; last_errno is 0 at a clean one. */
    std::string
    read(size_t size)
    {
        std::string text(size, '\0');
        size_t have = 0;
        ssize_t got = 1;

        while (have < size && (got = recv(fd, &text[have], size - have, 0)) > 0)
            have += (size_t)got;
        last_errno = got < 0 ? errno : 0;
        text.resize(have);
        return text;
    }

    int last_errno = 0;

  private:
    int fd = -1;
};
