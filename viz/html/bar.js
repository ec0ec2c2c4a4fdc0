/* bar.js - the time of the run as a bar, with its faults and captions, and with dots where nothing
 * happens. It is a slider: pointers drag it, and the keys of the page move it. */

const bar = { marks: null, done: null, thumb: null, followed: null };

function partOf(ns) {
    const span = Math.max(endOfBar() - data.start, 1);

    return clamp((ns - data.start) / span, 0, 1);
}

/* The planned end of the run, or of the part of it that the page has. */
function endOfBar() {
    return run.last < data.length ? timeAt(run.last) : Math.max(data.end, timeAt(run.last));
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

function startBar() {
    const track = make("div", "track");

    bar.done = make("div", "done");
    bar.followed = make("div", "of-followed");
    bar.thumb = make("div", "thumb");
    track.append(bar.done);
    for (const gap of data.gaps) {
        if (gap[1] > data.start && gap[0] < timeAt(run.last))
            track.append(makeMark("gap", gap[0], gap[1], "Nothing happens"));
    }
    for (let n = data.from; n <= run.last; n++) {
        if (hasFlag(n, FLAG.fault | FLAG.say))
            track.append(makeMark(hasFlag(n, FLAG.fault) ? "mark fault" : "mark caption", timeAt(n),
                                  undefined, n + ": " + eventAt(n, "tell")));
    }
    track.append(bar.followed, bar.thumb);
    $("bar").append(track);
    $("bar").setAttribute("aria-valuemin", run.first);
    $("bar").setAttribute("aria-valuemax", run.last);

    const drag = (event) => {
        const box = track.getBoundingClientRect();
        const part = clamp((event.clientX - box.left) / box.width, 0, 1);
        stepTo(eventOfTime(data.start + part * (endOfBar() - data.start)), true);
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
