/* segment.h - segments of a journal put together by hand, for tests. */
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/store/record.h"
#include "core/wire/buffer.h"

class Segment {
  public:
    explicit Segment(uint32_t number = 1, uint64_t own_salt = UINT64_C(0x1122334455667788))
        : salt(own_salt), seed(gmq_record_seed(own_salt))
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, GMQ_JOURNAL_MAGIC);
        gmq_buffer_add_u32(&body, GMQ_JOURNAL_FORMAT);
        gmq_buffer_add_u32(&body, number);
        gmq_buffer_add_u64(&body, salt);
        add(GMQ_RECORD_HEADER, 0, body, "");
    }

    void
    batch(uint64_t number)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, salt);
        gmq_buffer_add_u64(&body, number);
        add(GMQ_RECORD_BATCH, 0, body, "");
    }

    void
    definition(uint64_t id, GmqSlice table)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, id);
        add(GMQ_RECORD_DEFINITION, 0, body,
            std::string(reinterpret_cast<const char *>(table.data), table.size));
    }

    void
    message(uint64_t id, const std::vector<uint32_t> &queues, const std::string &text,
            uint8_t marks = 0)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, id);
        gmq_buffer_add_u64(&body, 1000 + id);
        gmq_buffer_add_u32(&body, static_cast<uint32_t>(text.size()));
        gmq_buffer_add_u8(&body, 3);
        gmq_buffer_add_u8(&body, marks);
        gmq_buffer_add_u16(&body, 0);
        for (uint32_t queue : queues) {
            gmq_buffer_add_u32(&body, queue);
            gmq_buffer_add_u32(&body, 7);
            gmq_buffer_add_u64(&body, INT64_MAX);
        }
        add(GMQ_RECORD_MESSAGE, static_cast<unsigned>(queues.size()), body, text);
    }

    void
    dropped(uint64_t first, uint32_t n)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, first);
        gmq_buffer_add_u32(&body, n);
        add(GMQ_RECORD_DROPPED, 1, body, "");
    }

    void
    copy_dropped(uint64_t id, uint32_t queue)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, id);
        gmq_buffer_add_u32(&body, queue);
        add(GMQ_RECORD_COPY_DROPPED, 1, body, "");
    }

    void
    copy_marked(uint64_t id, uint32_t queue, uint32_t flags)
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, id);
        gmq_buffer_add_u32(&body, queue);
        gmq_buffer_add_u32(&body, flags);
        add(GMQ_RECORD_COPY_MARKED, 1, body, "");
    }

    void
    end()
    {
        g_auto(GmqBuffer) body = {};
        gmq_buffer_add_u64(&body, salt);
        add(GMQ_RECORD_END, 0, body, "");
    }

    /* Its type, flags and so on may be anything. */
    void
    add(unsigned type, unsigned count, const GmqBuffer &body, const std::string &rest,
        unsigned flags = 0)
    {
        std::vector<uint8_t> record(GMQ_RECORD_HEAD + body.size);
        uint8_t *at = gmq_record_begin(record.data(), GMQ_RECORD_HEADER, flags, count);

        record[type_at] = static_cast<uint8_t>(type);
        if (body.size > 0)
            memcpy(at, body.data, body.size);
        gmq_record_finish(record.data(), record.size(),
                          {reinterpret_cast<const uint8_t *>(rest.data()), rest.size()},
                          type == GMQ_RECORD_HEADER ? 0 : seed);
        starts.push_back(bytes.size());
        bytes.insert(bytes.end(), record.begin(), record.end());
        bytes.insert(bytes.end(), rest.begin(), rest.end());
    }

    uint64_t salt;
    uint32_t seed;
    std::vector<uint8_t> bytes;
    std::vector<size_t> starts; /* of the records */

  private:
    static const size_t type_at = 8;
};
