/* chance.h - random numbers for tests: the same on every machine, from a fixed seed. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/* Marsaglia's xorshift64. */
class Chance {
  public:
    explicit Chance(uint64_t seed) : state_(seed)
    {
    }

    uint64_t
    bits()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }

    size_t
    below(size_t limit)
    {
        return static_cast<size_t>(bits() % limit);
    }

    bool
    one_in(size_t count)
    {
        return below(count) == 0;
    }

    std::string
    bytes(size_t size)
    {
        std::string made(size, '\0');

        for (char &octet : made)
            octet = static_cast<char>(bits());
        return made;
    }

  private:
    uint64_t state_;
};
