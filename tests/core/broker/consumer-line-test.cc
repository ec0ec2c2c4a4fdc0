/* Who gets the next message, against a list that is too simple to be wrong. */
#include "core/broker/consumer-line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

class ConsumerLine : public testing::TestWithParam<int> {
  protected:
    ConsumerLine() : consumers(60)
    {
        for (GmqConsumer &consumer : consumers) {
            consumer.active_link.data = &consumer;
            consumer.priority         = static_cast<int32_t>(random() % 7) * GetParam();
        }
    }

    void
    join(GmqConsumer *consumer)
    {
        gmq_consumer_line_join(&line, consumer);
        auto behind = std::find_if(model.begin(), model.end(), [&](const GmqConsumer *other) {
            return other->priority < consumer->priority;
        });
        model.insert(behind, consumer);
    }

    void
    leave(GmqConsumer *consumer)
    {
        gmq_consumer_line_leave(&line, consumer);
        auto found = std::find(model.begin(), model.end(), consumer);
        if (found != model.end())
            model.erase(found);
    }

    std::vector<GmqConsumer *>
    walk() const
    {
        std::vector<GmqConsumer *> found;

        for (GList *link = line.consumers.head; link != nullptr; link = link->next)
            found.push_back(static_cast<GmqConsumer *>(link->data));
        return found;
    }

    std::mt19937 random{7};
    std::vector<GmqConsumer> consumers;
    std::vector<GmqConsumer *> model;
    GmqConsumerLine line = {};
};

TEST_P(ConsumerLine, StandsAsASimpleListWould)
{
    for (int step = 0; step < 20000; step++) {
        GmqConsumer *consumer = &consumers[random() % consumers.size()];

        if (random() % 3 == 0 && !model.empty())
            consumer = model.front();
        if (random() % 2 == 0)
            leave(consumer);
        else if (!consumer->is_active)
            join(consumer);
        ASSERT_EQ(model.size(), line.consumers.length);
        if (step % 50 == 0) {
            ASSERT_EQ(model, walk());
        } else if (!model.empty()) {
            ASSERT_EQ(model.front(), line.consumers.head->data);
        }
    }
    for (GmqConsumer &consumer : consumers)
        leave(&consumer);
    gmq_consumer_line_clear(&line);
}

INSTANTIATE_TEST_SUITE_P(Priorities, ConsumerLine, testing::Values(0, 1, -1, 1000));

} // namespace
