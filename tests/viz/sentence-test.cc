#include "viz/sentence.h"

#include <gtest/gtest.h>

#include "tests/viz/made.h"

namespace {

std::string
last_sentence(const Made &made)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(made.trace());
    g_autofree char *sentence = gmq_sentence(stage, made.length());
    return sentence;
}

TEST(Sentence, TellsWhyAMessageComesBack)
{
    Made made;
    tell_work_queue(made);

    EXPECT_EQ(
        "w1 died while it was working on p1-5. It never sent the ack, so the broker puts p1-5 "
        "back at the head of tasks, marked redelivered.",
        last_sentence(made));
}

TEST(Sentence, TellsThatAMessageComesBackBeforeItArrived)
{
    Made made;
    made.queue("tasks");
    made.consume("w1", "tasks", 1);
    made.enqueue("", "tasks", "tasks", "p1-1", 0, "consumer");
    made.deliver("tasks", "w1", "p1-1", 1);
    made.note(GMQ_EVENT_CONNECTION_CLOSED, "w1");
    made.note(GMQ_EVENT_REQUEUED, "tasks", "", "p1-1", "", "head", 1, 0, true);

    EXPECT_EQ(
        "w1 went away before it got p1-1. It never sent the ack, so the broker puts p1-1 back "
        "at the head of tasks, marked redelivered.",
        last_sentence(made));
}

TEST(Sentence, NamesTheKeyAndThePatternThatMatched)
{
    Made made;
    made.exchange("events", "topic");
    made.queue("people");
    made.client("site", "producer");
    made.arrive("site", "events", "user.login", "site-1");
    uint64_t cause = made.length();
    made.note(GMQ_EVENT_ROUTED, "events", "site-1", [&](GmqEvent &event) {
        event.to    = GMQ_SLICE("people");
        event.key   = GMQ_SLICE("user.*");
        event.text  = GMQ_SLICE("queue");
        event.cause = cause;
    });

    EXPECT_EQ("The key user.login fits user.*, so events hands a copy of site-1 to people.",
              last_sentence(made));
}

TEST(Sentence, NamesTheMessageBehindAConfirm)
{
    Made made;
    made.client("p1", "producer");
    made.arrive("p1", "", "tasks", "p1-1", 1);
    made.arrive("p1", "", "tasks", "p1-2", 2);
    made.note(GMQ_EVENT_CONFIRMED, "p1", "", "", "", "", 1, 2);

    EXPECT_EQ("The broker tells p1 that it has everything up to p1-2 now: this is the confirm.",
              last_sentence(made));
}

TEST(Sentence, ShortensTheNameOfACopy)
{
    Made made;
    made.queue("diary");
    made.note(GMQ_EVENT_ENQUEUED, "diary", "", "station-1@diary", "", "tail", 1);

    EXPECT_EQ("station-1 waits in diary, alone so far.", last_sentence(made));
}

TEST(Sentence, TellsWhyAMessageIsRejected)
{
    Made made;
    made.note(GMQ_EVENT_REJECTED, "tasks", "w1", "p1-1", "", "", 0);
    EXPECT_EQ("w1 rejects p1-1, and tasks is rid of it.", last_sentence(made));
    made.note(GMQ_EVENT_REJECTED, "tasks", "w1", "p1-1", "", "unreadable", 0);
    EXPECT_EQ("w1 rejects p1-1 (unreadable), and tasks is rid of it.", last_sentence(made));
    made.note(GMQ_EVENT_REJECTED, "tasks", "w1", "p1-1", "", "", 1);
    EXPECT_EQ("w1 rejects p1-1 and wants it back in tasks.", last_sentence(made));
}

/* Every kind has words: nobody wants an empty line in the story. */
TEST(Sentence, IsThereForEveryKind)
{
    for (unsigned kind = 0; kind < GMQ_N_EVENTS; kind++) {
        Made made;
        made.note((GmqEventKind)kind, "who", "to", "m-1", "key", "text", 1, 1);
        std::string sentence = last_sentence(made);
        EXPECT_GT(sentence.size(), 3u) << gmq_event_info((GmqEventKind)kind)->kind;
        EXPECT_EQ(std::string::npos, sentence.find('{')) << sentence;
    }
}

} // namespace
