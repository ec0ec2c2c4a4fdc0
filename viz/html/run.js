/* run.js - the run and the moment at which the reader stands.
 *
 * The data has the values of all slots before its first event, and for each event those that it
 * changes. What was there before a change is noted once, at the start, so that a step back is as
 * quick as one forward, and the moment after event n is the same however one came there. */

const data = JSON.parse($("run").textContent);

const FLAG = { story: 1, hop: 2, fault: 4, caption: 8, pause: 16, ask: 32, broken: 64, say: 128 };

const run = {
    first: data.from - 1, /* the moment before the first event */
    last: data.to,
    now: data.from - 1,
    slots: data.base.slice(),
    undo: [],
    times: [],
    captions: [], /* the last caption at or before each event; 0: none */
};

(function prepare() {
    const slots = data.base.slice();
    let time = data.start;
    let caption = 0;

    data.events.changes.forEach((changes, i) => {
        const undo = [];
        for (let c = 0; c < changes.length; c += 2) {
            undo.push(changes[c], slots[changes[c]]);
            slots[changes[c]] = changes[c + 1];
        }
        run.undo.push(undo);
        time += data.events.time[i];
        run.times.push(time);
        if (data.events.flags[i] & FLAG.say)
            caption = data.from + i;
        run.captions.push(caption);
    });
})();

function apply(changes) {
    for (let c = 0; c < changes.length; c += 2)
        run.slots[changes[c]] = changes[c + 1];
}

/* Stands at the moment after event n. */
function standAt(n) {
    n = clamp(n, run.first, run.last);
    while (run.now < n)
        apply(data.events.changes[run.now++ - run.first]);
    while (run.now > n)
        apply(run.undo[--run.now - run.first]);
}

/* One column of event n, or what stands for it before the first event. */
function eventAt(n, column, otherwise) {
    return n > run.first ? data.events[column][n - data.from] : otherwise;
}

const hasFlag = (n, flag) => (eventAt(n, "flags", 0) & flag) !== 0;
const timeAt = (n) => n > run.first ? run.times[n - data.from] : data.start;
const captionAt = (n) => n > run.first ? run.captions[n - data.from] : 0;
const slot = (entry) => run.slots[entry[1]];

/* The last event at or before that time. */
function eventOfTime(ns) {
    let low = run.first;
    let high = run.last;

    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (timeAt(middle) <= ns)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* A token is a number: the message, the word it carries back, and whether it is there again. */
function readToken(number) {
    const message = Math.floor(number / 32);

    return {
        message: message,
        name: data.tokens[message],
        what: data.whats[(number >> 2) & 7],
        isPassing: (number & 2) !== 0,
        isAgain: (number & 1) !== 0,
    };
}
