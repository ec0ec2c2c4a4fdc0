/* talker.h - clients that say random things to a broker on a rig, and tell a model what they said
 * and heard. */
#pragma once

#include <algorithm>

#include "tests/core/broker/world.h"
#include "tests/sim/journal-model.h"

class Talker {
  protected:
    explicit Talker(uint64_t seed, bool is_loud)
        : rig(seed, 512 + 512 * (seed % 8)), model(rig), loud(is_loud)
    {
        gmq_random_init(&random, seed, "search");
        model.places = {
            {"a", "", "", true, Place::ABSENT, {}},  {"b", "", "", true, Place::ABSENT, {}},
            {"t", "d", "", true, Place::ABSENT, {}}, {"v", "", "", false, Place::ABSENT, {}},
            {"e", "", "", true, Place::ABSENT, {}},
        };
        connect();
        set_up();
    }

    struct Held {
        int message;
        std::string queue;
        uint64_t tag;
    };

    uint64_t
    below(uint64_t n)
    {
        return gmq_random_below(&random, n);
    }

    bool
    chance(uint64_t percent)
    {
        return below(100) < percent;
    }

    void
    log(const std::string &text)
    {
        if (loud)
            printf("%10.3f ms  %s\n", (double)gmq_schedule_now(rig.schedule) / 1e6, text.c_str());
    }

    /* ---- clients ---- */

    void
    disconnect()
    {
        p.reset();
        t.reset();
        c.reset();
        a.reset();
    }

    void
    connect()
    {
        disconnect();
        p = std::make_unique<Client>(rig);
        t = std::make_unique<Client>(rig);
        c = std::make_unique<Client>(rig);
        a = std::make_unique<Client>(rig);
        unconfirmed.clear();
        n_published = 0;
        held.clear();
        committed.clear();
        p->ask("confirm.select");
        t->ask("tx.select");
    }

    void
    declare(const std::string &name, bool is_durable = true, const std::string &table = "")
    {
        a->say("queue.declare queue=" + name + (is_durable ? " durable" : ""), table);
    }

    void
    set_up()
    {
        declare("a");
        declare("b");
        declare("d");
        declare("t", true,
                Table()
                    .add("x-message-ttl", 20)
                    .add("x-dead-letter-exchange", "")
                    .add("x-dead-letter-routing-key", "d"));
        declare("v", false);
        declare("e");
        a->say("exchange.declare exchange=x type=fanout durable");
        a->say("queue.bind queue=a exchange=x");
        rig.pass_ms(20);
        a->read();
        for (Place &place : model.places)
            place.state = Place::PRESENT;
        c->ask("basic.qos prefetch-count=3");
        c->ask("basic.consume queue=a consumer-tag=ct");
    }

    /* ---- hearing ---- */

    static uint64_t
    number_behind(const std::string &line, const std::string &word)
    {
        size_t at = line.find(word);
        return at == std::string::npos ? 0 : std::stoull(line.substr(at + word.size()));
    }

    void
    on_confirm(const std::string &line)
    {
        uint64_t tag     = number_behind(line, "delivery-tag=");
        bool is_multiple = line.find("multiple=1") != std::string::npos;

        if (line.rfind("basic.nack", 0) == 0)
            model.wrongs.push_back("S11: a nack without a reason");
        for (size_t i = 0; i < unconfirmed.size();) {
            if (unconfirmed[i].tag == tag || (is_multiple && unconfirmed[i].tag < tag)) {
                model.confirm(unconfirmed[i].message);
                unconfirmed.erase(unconfirmed.begin() + (long)i);
            } else {
                i++;
            }
        }
    }

    void
    on_line(Client *client, const std::string &line, const std::string &got_from)
    {
        if (line.empty())
            return;
        log("  heard " + line.substr(0, 70));
        if (client == p.get() && line.rfind("basic.", 0) == 0 &&
            line.find("ack") != std::string::npos)
            on_confirm(line);
        if (line.rfind("tx.commit-ok", 0) == 0) {
            for (int message : committed)
                model.confirm(message);
            committed.clear();
        }
        if (line.rfind("get-ok ", 0) == 0 || line.rfind("basic.get-empty", 0) == 0)
            is_waiting = false;
        if (line.rfind("deliver ct ", 0) == 0)
            take(line, "a", number_behind(line, "deliver ct "), true);
        if (line.rfind("get-ok ", 0) == 0)
            take(line, got_from, number_behind(line, "get-ok "), got_needs_ack);
        if (line.find(".close ") != std::string::npos)
            model.wrongs.push_back("closed: " + line);
        if (client == a.get() && line.find("-ok") != std::string::npos)
            on_answer();
    }

    void
    take(const std::string &line, const std::string &queue, uint64_t tag, bool needs_ack)
    {
        int message = model.deliver(line, queue, needs_ack);

        if (needs_ack)
            held.push_back({message, queue, tag});
    }

    void
    hear(const std::string &got_from = "")
    {
        /* What is taken out is heard of before the confirm that this allows. */
        for (Client *client : {c.get(), t.get(), a.get(), p.get()}) {
            std::istringstream lines(client->read());
            for (std::string line; std::getline(lines, line);)
                on_line(client, line, got_from);
        }
    }

    /* ---- deeds ---- */

    void
    publish_some()
    {
        static const char *const queues[] = {"a", "a", "b", "b", "t", "v", "e", "x"};
        std::string to                    = queues[below(8)];
        bool is_persistent                = chance(80);

        publish(to, is_persistent, padding());
    }

    /* To a queue, or to the exchange x. */
    void
    publish(const std::string &to, bool is_persistent, size_t padding)
    {
        int message = model.make(is_persistent, padding);
        bool is_x   = to == "x";

        log("publish m" + std::to_string(message) + " to " + to +
            (is_persistent ? "" : ", transient"));
        if (!p->peer->can_read || (to == "e" && model.find("e")->state == Place::UNKNOWN))
            return;
        p->send(::publish(1, is_x ? "x" : "", to, model.sent[message].body,
                          is_persistent ? "delivery-mode=2" : ""));
        enter(message, to);
        unconfirmed.push_back({message, to, ++n_published});
    }

    size_t
    padding()
    {
        return chance(5) ? 3000 + below(6000) : below(200);
    }

    void
    enter(int message, const std::string &to)
    {
        if (to != "x") {
            Place *place = model.find(to);
            if (place->state == Place::PRESENT)
                model.enter(message, *place, false);
            return;
        }
        model.enter(message, *model.find("a"), false);
        if (is_bound)
            model.enter(message, *model.find("b"), false);
    }

    void
    transact()
    {
        static const char *const queues[] = {"a", "b"};
        unsigned n                        = 1 + below(4);
        bool is_commit                    = chance(75);
        std::vector<std::pair<int, std::string>> all;

        if (!committed.empty())
            return;
        log(is_commit ? "commit" : "roll back");
        for (unsigned i = 0; i < n; i++) {
            int message    = model.make(true, padding());
            std::string to = queues[below(2)];

            t->send(::publish(1, "", to, model.sent[message].body, "delivery-mode=2"));
            all.push_back({message, to});
        }
        t->say(is_commit ? "tx.commit" : "tx.rollback");
        if (!is_commit)
            return;
        for (auto &one : all) {
            enter(one.first, one.second);
            committed.push_back(one.first);
        }
    }

    void
    get()
    {
        static const char *const queues[] = {"a", "b", "b", "d", "t", "v", "e"};
        std::string queue                 = queues[below(7)];

        if (model.find(queue)->state == Place::PRESENT)
            get(queue, chance(80));
    }

    void
    get(const std::string &queue, bool needs_ack)
    {
        got_needs_ack = needs_ack;
        log("get from " + queue);
        c->say("basic.get queue=" + queue + (got_needs_ack ? "" : " no-ack"));
        is_waiting = true;
        hear(queue);
        if (is_waiting)
            model.wrongs.push_back("a get has no answer");
    }

    void
    settle()
    {
        if (held.empty())
            return;
        size_t i      = below(held.size());
        uint64_t dice = below(10);

        settle(i, dice == 0 ? "reject" : dice <= 2 ? "requeue" : "ack");
    }

    /* Number i of those that are held. */
    void
    settle(size_t i, const std::string &how)
    {
        Held one   = held[i];
        auto tag   = " delivery-tag=" + std::to_string(one.tag);
        auto which = "m" + std::to_string(one.message) + " of " + one.queue;

        held.erase(held.begin() + (long)i);
        log(how + " " + which);
        if (how == "reject") {
            model.reject(one.message, one.queue);
            c->say("basic.reject" + tag);
        } else if (how == "requeue") {
            model.requeue(one.message, one.queue);
            c->say("basic.reject" + tag + " requeue");
        } else {
            model.ack(one.message, one.queue);
            c->say("basic.ack" + tag);
        }
    }

    void
    settle_all()
    {
        if (held.empty())
            return;
        uint64_t last = 0;

        log("ack all");
        for (const Held &one : held) {
            model.ack(one.message, one.queue);
            last = std::max(last, one.tag);
        }
        held.clear();
        c->say("basic.ack multiple delivery-tag=" + std::to_string(last));
    }

    void
    purge()
    {
        static const char *const queues[] = {"a", "b", "v", "e"};
        Place *place                      = model.find(queues[below(4)]);

        if (place->state == Place::PRESENT && pending.empty())
            purge(*place);
    }

    void
    purge(Place &place)
    {
        log("purge " + place.name);
        model.empty(place);
        pending = "purge";
        a->say("queue.purge queue=" + place.name);
    }

    /* One change of a definition at a time; nothing is done with it until it is answered. */
    void
    change()
    {
        if (!pending.empty())
            return;
        if (chance(50))
            change_queue();
        else
            change_binding();
    }

    void
    change_queue()
    {
        Place *e = model.find("e");

        pending  = e->state == Place::PRESENT ? "delete" : "declare";
        e->state = Place::UNKNOWN;
        log(pending + " e");
        a->say("queue." + pending + " queue=e" + (pending == "declare" ? " durable" : ""));
    }

    void
    change_binding()
    {
        pending = is_bound ? "unbind" : "bind";
        log(pending);
        a->say("queue." + pending + " queue=b exchange=x");
        is_bound = !is_bound;
    }

    void
    on_answer()
    {
        Place *e = model.find("e");

        if (pending == "declare")
            e->state = Place::PRESENT;
        if (pending == "delete") {
            e->state = Place::ABSENT;
            e->copies.clear();
        }
        pending.clear();
    }

    /* ---- after a start ---- */

    /* What does not survive is made again, and what is uncertain made sure. */
    void
    renew()
    {
        declare("v", false);
        if (pending == "bind" || pending == "unbind") {
            a->say("queue.bind queue=b exchange=x");
            is_bound = true;
        }
        pending.clear();
        rig.pass_ms(20);
        a->read();
        Place *v = model.find("v");
        v->state = Place::PRESENT;
        v->copies.clear();
        c->ask("basic.qos prefetch-count=3");
        c->say("basic.consume queue=a consumer-tag=ct");
        hear();
    }

    void
    drain()
    {
        static const char *const queues[] = {"a", "b", "t", "d", "v", "e"};

        p.reset();
        t.reset();
        c.reset(); /* what it held goes back */
        for (const Held &one : held) {
            model.requeue(one.message, one.queue);
        }
        held.clear();
        a = std::make_unique<Client>(rig);
        for (const char *queue : queues) {
            while (model.find(queue)->state == Place::PRESENT && model.wrongs.empty()) {
                std::string line = a->ask(std::string("basic.get no-ack queue=") + queue);
                if (model.deliver(line, queue, false) < 0)
                    break;
            }
        }
        if (model.wrongs.empty())
            model.check_end();
    }

    Rig rig;
    Model model;
    GmqRandom random;
    bool loud;
    std::unique_ptr<Client> p, t, c, a; /* publishes, transacts, consumes, administers */
    std::vector<Held> unconfirmed;      /* by their confirm numbers */
    std::vector<Held> held;
    std::vector<int> committed; /* and not answered */
    uint64_t n_published = 0;
    std::string pending; /* the change that is not answered */
    bool is_bound      = false;
    bool got_needs_ack = false;
    bool is_waiting    = false; /* for the answer to a get */
};
