/* filter.js - the events that the filter of the page keeps; of a page without one, all.
 *
 * The program that made the page knows the language of filters, so the page has only the numbers.
 * The picture at an event is that of the whole run: what the filter leaves out has happened, but
 * it is not listed, nobody steps to it, and nothing is seen to move by it. The start and the end of
 * the page are reached by steps whether they are kept or not. */

const filter = data.filter
    ? { text: data.filter.text, kept: data.filter.kept, set: new Set(data.filter.kept) } : null;

const isKept = (n) => filter === null || filter.set.has(n);

const keptCount = () => filter === null ? run.last - run.first : filter.kept.length;

/* How many of the kept events stand at or before n. */
function keptUpTo(n) {
    let low = 0;
    let high = filter.kept.length;

    while (low < high) {
        const middle = (low + high) >> 1;
        if (filter.kept[middle] <= n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The kept event after n; the end of the page when there is none. */
function keptAfter(n) {
    if (filter === null)
        return clamp(n + 1, run.first, run.last);
    const index = keptUpTo(n);
    return index < filter.kept.length ? filter.kept[index] : run.last;
}

/* The kept event before n; the start of the page when there is none. */
function keptBefore(n) {
    if (filter === null)
        return clamp(n - 1, run.first, run.last);
    const index = keptUpTo(n - 1) - 1;
    return index >= 0 ? filter.kept[index] : run.first;
}

/* Where somebody stands who wants to stand at n: there, or at the kept event before it. */
const keptAt = (n) => isKept(n) || n <= run.first || n >= run.last ? n : keptBefore(n);

/* The next event after n, or before it with by -1, that is kept and has one of the flags; else
 * where it ends. */
function nextWith(flags, n, by) {
    for (n += by; n > run.first && n < run.last; n += by) {
        if (hasFlag(n, flags) && isKept(n))
            return n;
    }
    return clamp(n, run.first, run.last);
}

/* 1 + the line on which event n is seen to move a message, negative against its arrow; 0: none. */
const hopAt = (n) => isKept(n) ? eventAt(n, "hop", 0) : 0;

function startFilter() {
    if (filter === null)
        return;
    $("filter").hidden = false;
    $("filter-help").hidden = false;
    $("filter").replaceChildren(
        keptCount() + " of " + (run.last - run.first) + " events, filter: ",
        make("bdi", "", filter.text));
}
