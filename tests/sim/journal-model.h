/* journal-model.h - what must be in the queues of a rig after any crash, kept by whoever talks to
 * its broker, with plain lists and without looking into it.
 *
 * A message is told apart by its body, "m17." and what follows. A copy of it in a queue is in
 * there, or has gone for good, or nobody knows, because a crash came between. What was promised
 * (confirmed, committed, or there at an orderly stop) must be there until somebody takes it out,
 * and what is gone may come back only while the disk did not know. */
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/rig.h"

enum class Where {
    IN,
    HELD,
    GONE,
    NEVER
};

struct Copy {
    int message;
    int place; /* in the order of entering queues */
    Where where;
    bool is_promised  = false;
    bool is_uncertain = false; /* a crash came, and it was not promised */
    bool is_marked    = false; /* somebody had it: redelivered comes next */
    bool may_be       = false; /* it may be marked so, since a crash came */
    bool is_new       = true;  /* it entered since the last start */
    uint64_t syncs    = 0;     /* of the disk until it was gone */
    int64_t gone_ns   = 0;     /* the time then */
};

/* A queue. What dies in one with a time to live goes on to the next, so both are one place. */
struct Place {
    std::string name;
    std::string next; /* where dead letters go; "" for nowhere */
    std::string declare;
    bool is_durable;
    enum {
        ABSENT,
        PRESENT,
        UNKNOWN
    } state = ABSENT;
    std::vector<Copy> copies;
};

struct Sent {
    std::string body;
    bool is_persistent;
};

class Model {
  public:
    explicit Model(Rig &rig) : rig_(rig)
    {
    }

    /* The next message, and its bytes. */
    int make(bool is_persistent, size_t padding);

    /* It is in that queue now. */
    void enter(int message, Place &place, bool is_promised);

    /* It was confirmed: it must stay where it is, and must be on the disk (S12). */
    void confirm(int message);

    /* A delivery line from the queue of that name: checks it, and returns its copy's message, or -1
     * when the line is none. The copy is held, or gone when it needs no ack. */
    int deliver(const std::string &line, const std::string &queue, bool needs_ack);

    void ack(int message, const std::string &queue);

    /* Rejected, to the dead letters if there are any. */
    void reject(int message, const std::string &queue);
    void requeue(int message, const std::string &queue);

    void empty(Place &place);

    /* The broker is gone; was_clean: in an orderly way. */
    void lose_broker(bool was_clean);

    /* After a start: every queue has as many messages as it may, and is there if it must be. */
    void check_start();

    /* After everything was taken out: nothing that was promised is missing. */
    void check_end();

    Place *find(const std::string &queue);

    std::vector<Place> places;
    std::vector<Sent> sent;
    std::vector<std::string> wrongs; /* sentences */

  private:
    void wrong(const std::string &sentence);
    Copy *find_copy(Place &place, int message);
    bool is_settled(const Copy &copy) const;
    void check_count(Client &client, Place &place);

    Rig &rig_;
    int n_entered_        = 0;
    bool was_clean_       = true;
    uint64_t start_syncs_ = 0;
    int64_t start_ns_     = 0;
};
