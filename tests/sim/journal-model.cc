#include "tests/sim/journal-model.h"

#include <algorithm>

#include "core/base/limits.h"

/* A change is in one of so many syncs after it: see sim/check-durable.c. */
static const uint64_t syncs_max = 4;
static const int64_t settled_ns = 2 * (GMQ_COMMIT_WAIT_MS + GMQ_SETTLE_WAIT_MS) * INT64_C(1000000);

void
Model::wrong(const std::string &sentence)
{
    wrongs.push_back(sentence);
}

int
Model::make(bool is_persistent, size_t padding)
{
    std::string body = "m" + std::to_string(sent.size()) + ".";

    sent.push_back({body + std::string(padding, 'x'), is_persistent});
    return (int)sent.size() - 1;
}

Place *
Model::find(const std::string &queue)
{
    for (Place &place : places) {
        if (place.name == queue || (!place.next.empty() && place.next == queue))
            return &place;
    }
    return nullptr;
}

Copy *
Model::find_copy(Place &place, int message)
{
    for (Copy &copy : place.copies) {
        if (copy.message == message)
            return &copy;
    }
    return nullptr;
}

void
Model::enter(int message, Place &place, bool is_promised)
{
    Copy copy = {message, n_entered_++, Where::IN};

    copy.is_promised = is_promised;
    place.copies.push_back(copy);
    if (is_promised)
        confirm(message);
}

void
Model::confirm(int message)
{
    bool is_kept = false;

    for (Place &place : places) {
        Copy *copy = find_copy(place, message);

        /* In a queue that is being deleted it need not be kept any more. */
        if (copy == nullptr || place.state != Place::PRESENT ||
            (copy->where != Where::IN && copy->where != Where::HELD))
            continue;
        copy->is_promised = true;
        is_kept |= place.is_durable && place.next.empty();
    }
    std::string id = sent[message].body.substr(0, sent[message].body.find('.') + 1);
    if (is_kept && sent[message].is_persistent &&
        !gmq_sim_disk_has(rig_.disk, gmq_slice_of(id.c_str())))
        wrong("S12: " + id + " was confirmed and is not on the disk");
}

/* What is gone is gone for good once the disk knows; else nobody knows. */
bool
Model::is_settled(const Copy &copy) const
{
    return was_clean_ ||
           (start_syncs_ >= copy.syncs + syncs_max && start_ns_ - copy.gone_ns >= settled_ns);
}

/* "m17." somewhere behind a blank. */
static int
message_of(const std::string &line)
{
    for (size_t at = line.find(" m"); at != std::string::npos; at = line.find(" m", at + 1)) {
        size_t end = at + 2;

        while (end < line.size() && isdigit((unsigned char)line[end]))
            end++;
        if (end > at + 2 && end < line.size() && line[end] == '.')
            return std::stoi(line.substr(at + 2, end - at - 2));
    }
    return -1;
}

int
Model::deliver(const std::string &line, const std::string &queue, bool needs_ack)
{
    int message      = message_of(line);
    bool marked      = line.find(" redelivered") != std::string::npos;
    Place *at        = find(queue);
    std::string what = "m" + std::to_string(message) + " from " + queue;

    if (message < 0)
        return -1;
    if (message >= (int)sent.size() || line.find(sent[message].body) == std::string::npos) {
        wrong("S2: " + what + " has another body");
        return message;
    }
    Copy *copy = find_copy(*at, message);
    if (copy == nullptr || (copy->where == Where::NEVER && at->next.empty())) {
        wrong("S2: " + what + " never was there, or cannot be there any more");
        return message;
    }
    bool is_pair = !at->next.empty();
    if (copy->where == Where::HELD && !is_pair)
        wrong("S4: " + what + " is in two hands");
    if (copy->where == Where::GONE && !is_pair)
        wrong("S3: " + what + " was gone for good");
    if (!is_pair && marked != copy->is_marked && !(marked && copy->may_be))
        wrong("S5: " + what + (marked ? " is marked redelivered" : " is not marked redelivered"));
    for (const Copy &other : at->copies) {
        if (!is_pair && other.place < copy->place && other.where == Where::IN &&
            !other.is_uncertain)
            wrong("S6: " + what + " came before m" + std::to_string(other.message));
    }
    copy->where        = needs_ack ? Where::HELD : Where::GONE;
    copy->is_uncertain = false;
    copy->syncs        = gmq_sim_disk_syncs(rig_.disk);
    copy->gone_ns      = gmq_sim_disk_now(rig_.disk);
    copy->is_marked    = true;
    return message;
}

void
Model::ack(int message, const std::string &queue)
{
    Copy *copy = find_copy(*find(queue), message);

    if (copy == nullptr)
        return;
    copy->where   = Where::GONE;
    copy->syncs   = gmq_sim_disk_syncs(rig_.disk);
    copy->gone_ns = gmq_sim_disk_now(rig_.disk);
}

void
Model::reject(int message, const std::string &queue)
{
    const Place *place = find(queue);

    if (place->next.empty() || queue == place->next) {
        ack(message, queue);
        return;
    }
    requeue(message, queue); /* it is in the other queue now, which is the same place */
}

void
Model::requeue(int message, const std::string &queue)
{
    Copy *copy = find_copy(*find(queue), message);

    if (copy != nullptr)
        copy->where = Where::IN;
}

void
Model::empty(Place &place)
{
    for (Copy &copy : place.copies) {
        if (copy.where != Where::IN)
            continue;
        copy.where   = Where::GONE;
        copy.syncs   = gmq_sim_disk_syncs(rig_.disk);
        copy.gone_ns = gmq_sim_disk_now(rig_.disk);
    }
}

void
Model::lose_broker(bool was_clean)
{
    was_clean_   = was_clean;
    start_syncs_ = gmq_sim_disk_syncs(rig_.disk);
    start_ns_    = gmq_sim_disk_now(rig_.disk);
    for (Place &place : places) {
        for (Copy &copy : place.copies) {
            copy.is_new = false;
            if (!sent[copy.message].is_persistent || !place.is_durable)
                copy.where = Where::NEVER;
            else if (copy.where == Where::GONE && is_settled(copy))
                copy.where = Where::NEVER;
            else if (copy.where == Where::GONE)
                copy.where = Where::IN, copy.is_marked = true, copy.is_promised = false;
            else if (copy.where == Where::HELD)
                copy.where = Where::IN, copy.is_marked = true;
            if (was_clean && copy.where == Where::IN && !copy.is_uncertain)
                copy.is_promised = true;
            copy.is_uncertain |= copy.where == Where::IN && !copy.is_promised;
            copy.may_be |= !was_clean;
        }
        if (!place.is_durable)
            place.state = Place::ABSENT;
    }
}

/* ---- after a start ---- */

static std::string
list(const Place &place)
{
    std::string text;

    for (const Copy &copy : place.copies) {
        if (copy.where == Where::IN && copy.is_promised)
            text += " m" + std::to_string(copy.message);
    }
    return text;
}

/* The number of messages in a queue; -1 when it is not there. Ends the client then. */
static int
count_of(Client &client, const std::string &queue)
{
    std::string answer = client.ask("queue.declare queue=" + queue + " passive");
    size_t at          = answer.find("messages=");

    return at == std::string::npos ? -1 : std::stoi(answer.substr(at + 9));
}

void
Model::check_count(Client &client, Place &place)
{
    int least = 0, most = 0;
    int count = count_of(client, place.name);

    if (count >= 0 && place.state == Place::ABSENT)
        wrong("S21: queue " + place.name + " is there after the start");
    if (count < 0 && place.state == Place::PRESENT)
        wrong("S21: queue " + place.name + " is not there after the start");
    place.state = count < 0 ? Place::ABSENT : Place::PRESENT;
    if (count < 0) {
        place.copies.clear();
        return;
    }
    if (!place.next.empty())
        count += count_of(client, place.next);
    for (const Copy &copy : place.copies) {
        least += copy.where == Where::IN && copy.is_promised;
        most += copy.where == Where::IN;
    }
    /* A crash may come between the copy in the dead letters and the end of the other. */
    most *= place.next.empty() ? 1 : 2;
    if (count < least)
        wrong("S1: queue " + place.name + " has " + std::to_string(count) + " messages, and " +
              std::to_string(least) + " were promised:" + list(place));
    if (count > most)
        wrong("S17: queue " + place.name + " has " + std::to_string(count) +
              " messages, and at most " + std::to_string(most) + " can be left");
}

void
Model::check_start()
{
    for (Place &place : places) {
        Client client(rig_);
        check_count(client, place);
    }
}

void
Model::check_end()
{
    for (const Place &place : places) {
        for (const Copy &copy : place.copies) {
            if (copy.where == Where::IN && copy.is_promised)
                wrong("S1: m" + std::to_string(copy.message) + " was promised and is not in " +
                      place.name);
            if (copy.where == Where::IN && copy.is_new && !copy.is_uncertain)
                wrong("S17: m" + std::to_string(copy.message) + " went into " + place.name +
                      " and never came out");
        }
    }
}
