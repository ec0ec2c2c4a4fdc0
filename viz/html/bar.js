/* bar.js - the time of the run as a bar, with its faults and captions, and with stripes where
 * nothing happens for long. It is a slider: pointers drag it, and the keys of the page move it. */

const bar = { done: null, thumb: null, followed: null };

const WAIT_NS = 1e9; /* the most that a time without events takes on the bar */

const KEPT_PLACES = 400; /* on the bar, for marks of kept events */

/* The time at the end of the bar: that of the last event. */
const endOfBar = () => Math.max(timeAt(run.last), data.start + 1);

/* Time on the bar, where nobody wants to wait for nothing: of a long gap little is left. */
function squeeze(ns) {
    let squeezed = ns - data.start;

    for (const gap of data.gaps) {
        const passed = Math.min(ns, gap[1]) - Math.max(gap[0], data.start);
        const length = gap[1] - Math.max(gap[0], data.start);
        if (passed > 0)
            squeezed -= passed * (1 - Math.min(WAIT_NS / length, 1));
    }
    return squeezed;
}

const partOf = (ns) => clamp(squeeze(ns) / Math.max(squeeze(endOfBar()), 1), 0, 1);

/* The last event at or before that part of the bar. */
function eventOfPart(part) {
    let low = run.first;
    let high = run.last;

    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (partOf(timeAt(middle)) <= part)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

function makeMark(classes, from, to, title) {
    const mark = make("span", classes);

    mark.style.left = partOf(from) * 100 + "%";
    if (to !== undefined)
        mark.style.width = (partOf(to) - partOf(from)) * 100 + "%";
    if (title)
        mark.title = title;
    return mark;
}

/* Where the events are that the filter keeps; those that would stand on each other are one mark. */
function makeKeptMarks() {
    const marks = make("div", "of-filter");
    let last = -1;

    for (const n of filter === null ? [] : filter.kept) {
        const place = Math.round(partOf(timeAt(n)) * KEPT_PLACES);
        if (place !== last)
            marks.append(makeMark("dot", timeAt(n)));
        last = place;
    }
    return marks;
}

function startBar() {
    const track = make("div", "track");

    bar.done = make("div", "done");
    bar.followed = make("div", "of-followed");
    bar.thumb = make("div", "thumb");
    track.append(bar.done);
    for (const gap of data.gaps) {
        if (gap[1] > data.start && gap[0] < timeAt(run.last))
            track.append(makeMark("gap", gap[0], gap[1],
                                  "Nothing happens for " + timeText(gap[1] - gap[0])));
    }
    for (let n = data.from; n <= run.last; n++) {
        if (hasFlag(n, FLAG.fault | FLAG.say) && isKept(n))
            track.append(makeMark(hasFlag(n, FLAG.fault) ? "mark fault" : "mark caption", timeAt(n),
                                  undefined, n + ": " + eventAt(n, "tell")));
    }
    track.append(makeKeptMarks(), bar.followed, bar.thumb);
    $("bar").append(track);
    $("bar").setAttribute("aria-valuemin", run.first);
    $("bar").setAttribute("aria-valuemax", run.last);

    const drag = (event) => {
        const box = track.getBoundingClientRect();
        const part = clamp((event.clientX - box.left) / box.width, 0, 1);
        stepTo(keptAt(eventOfPart(part)), true);
    };
    $("bar").addEventListener("pointerdown", (event) => {
        $("bar").setPointerCapture(event.pointerId);
        drag(event);
    });
    $("bar").addEventListener("pointermove", (event) => {
        if (event.buttons > 0 && $("bar").hasPointerCapture(event.pointerId))
            drag(event);
    });
}

/* The events of the followed message below the bar. */
function drawFollowed() {
    const marks = [];

    for (const n of picture.followed >= 0 ? list.shown : [])
        marks.push(makeMark("dot", timeAt(n)));
    bar.followed.replaceChildren(...marks);
}

function drawTime(ns) {
    bar.done.style.transform = "scaleX(" + partOf(ns) + ")";
    bar.thumb.style.left = partOf(ns) * 100 + "%";
    $("time").textContent = timeText(ns);
}

function drawBar() {
    const n = run.now;

    drawTime(timeAt(n));
    drawFollowed();
    $("bar").setAttribute("aria-valuenow", n);
    $("bar").setAttribute("aria-valuetext", timeText(timeAt(n)) + ", event " + n + " of " +
                          data.length);
    if (document.activeElement !== $("goto"))
        $("goto").value = n;
}
