/* A producer, a queue and a consumer in ns-3 (package libns3-dev): how many events a second.
 *
 * The producer puts a message into the queue every 100 us, the consumer takes one and works on it
 * for 50 us, as in the load "producer, queue, consumer" of sim-speed.c. There is no protocol and no
 * broker. Prints one line of JSON. An event is one pop of the heap. simulators.py builds it where
 * the package is installed; it is no part of the project's own build. */
#include <cstdio>
#include <ctime>
#include <deque>

#include <ns3/core-module.h>

namespace {

constexpr unsigned kMessages = 50000;
constexpr unsigned kRounds   = 3;

std::deque<unsigned> queue;
unsigned sent, worked;
bool is_busy;

void Finish();

void
TakeNext()
{
    is_busy = !queue.empty();
    if (!is_busy)
        return;
    queue.pop_front();
    ns3::Simulator::Schedule(ns3::MicroSeconds(50), &Finish);
}

void
Finish()
{
    worked++;
    TakeNext();
}

void
Send()
{
    queue.push_back(sent++);
    if (!is_busy)
        ns3::Simulator::ScheduleNow(&TakeNext);
    if (sent < kMessages)
        ns3::Simulator::Schedule(ns3::MicroSeconds(100), &Send);
}

} // namespace

int
main()
{
    double best          = 1e9;
    unsigned long events = 0;

    for (unsigned round = 0; round < kRounds; round++) {
        sent = worked      = 0;
        is_busy            = false;
        std::clock_t start = std::clock();
        ns3::Simulator::ScheduleNow(&Send);
        ns3::Simulator::Run();
        double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        events         = ns3::Simulator::GetEventCount();
        ns3::Simulator::Destroy();
        best = seconds < best ? seconds : best;
    }
    if (worked != kMessages)
        return 1;
    std::printf("{\"events\":%lu,\"us\":%.0f}\n", events, best * 1e6);
}
