/* picture.js - boxes and lines: built once for each way the picture can be turned, then kept up to
 * date with the slots. */

const ZOOM_MOST = 1.4;
const ZOOM_GOOD = 0.75;
const ZOOM_LEAST = 0.5; /* smaller cannot be read: then the picture scrolls */

const picture = {
    plan: null, /* the one that is shown */
    boxes: [],
    lines: [],
    drawn: [],  /* the values of the slots on the screen */
    zoom: 1,
    choice: 0,  /* of zoom by the reader; 0: fit */
    turned: null, /* 0 or 1 when the reader chose */
    followed: -1,
};

/* ---- pieces ---- */

/* A message as people see it: its number, and a sign when it was delivered before. */
function makePill(token, classes) {
    const pill = make("span", "pill " + (classes || ""));

    if (token.what && token.what !== "ack")
        pill.append(token.what + " ");
    pill.append(make("bdi", "", token.name));
    if (token.isAgain) {
        pill.classList.add("again");
        pill.append(make("i", "", "R"));
    }
    if (token.what)
        pill.classList.add(token.what === "nack" || token.what === "return" ? "refused" : "answer");
    if (token.what === "ack")
        pill.prepend("ack ");
    if (token.isPassing)
        pill.classList.add("passing");
    pill.classList.toggle("followed", token.message === picture.followed);
    pill.dataset.message = token.message;
    pill.title = data.messages[token.message] + (token.isAgain ? ", redelivered" : "") +
        (token.isPassing ? ", passes through at once" : "") + " - click to follow it";
    return pill;
}

function buildHead(box, entry) {
    const head = make("div", "head");
    const name = make("bdi", "name", entry.name);

    name.title = entry.name;
    box.state = make("span", "state");
    head.append(name);
    if (entry.sort === "queue" && entry.about.includes("durable"))
        head.append(make("span", "tag", "durable"));
    head.append(box.state);
    return head;
}

function buildBox(entry) {
    const box = { entry: entry, root: make("div", "box " + entry.sort), lists: [], counts: [] };

    box.root.setAttribute("role", "group");
    box.body = make("div", "body");
    box.root.append(buildHead(box, entry), box.body);
    if (entry.sort === "exchange")
        box.body.append(make("p", "about", entry.about.replace(" exchange", "")));
    for (const list of entry.lists) {
        const row = make("div", "list");
        const parts = { count: make("b"), tokens: make("span", "tokens") };
        row.append(make("span", "word", list[0]), parts.count, parts.tokens);
        box.body.append(row);
        box.lists.push(parts);
    }
    if (entry.work.length > 0) {
        box.work = make("div", "work");
        box.work.append(make("div"));
        box.body.append(box.work);
    }
    const counts = make("dl", "counts" + (entry.counts.length > 1 ? " two" : ""));
    for (const count of entry.counts) {
        const pair = make("div");
        const value = make("dd");
        pair.append(make("dt", "", count[0]), value);
        counts.append(pair);
        box.counts.push(value);
    }
    box.body.append(counts);
    return box;
}

/* Keys of bindings, one below the other, and how often the line was taken. */
function buildLabel(entry) {
    const label = make("div", "label");
    const words = { alternate: "alternate", dead: "dead letters" };

    if (words[entry.kind])
        label.append(make("span", "key", words[entry.kind]));
    for (const key of entry.keys.filter((text) => text !== "")) {
        const row = make("bdi", "key", key);
        row.title = key;
        label.append(row);
    }
    if (entry.more > 0)
        label.append(make("span", "key", "+" + entry.more + " more"));
    return label;
}

function buildLine(entry) {
    const line = { entry: entry, label: buildLabel(entry), count: make("span", "count") };

    line.label.append(line.count);
    line.path = makeSvg("path", { class: "line " + entry.kind, "marker-end": "url(#arrow)" });
    return line;
}

/* The head of an arrow takes the colour of its line where the browser can do that. */
function buildMarkers() {
    const defs = makeSvg("defs", {});

    for (const name of ["arrow", "arrow-hot", "arrow-broken", "arrow-idle"]) {
        const marker = makeSvg("marker", {
            id: name, viewBox: "0 0 10 10", refX: 9, refY: 5, orient: "auto",
            markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse",
        });
        marker.append(makeSvg("path", { class: name, d: "M0 0.8 10 5 0 9.2z" }));
        defs.append(marker);
    }
    return defs;
}

function pathText(points) {
    let text = "M" + points[0] + " " + points[1];

    for (let i = 2; i < points.length; i += 6)
        text += "C" + points.slice(i, i + 6).join(" ");
    return text;
}

/* ---- the whole ---- */

/* Around exchanges and queues: what belongs to the broker. */
function frameOf(plan) {
    const inside = plan.boxes.filter((box, i) => /exchange|queue/.test(data.boxes[i].sort));

    if (inside.length === 0)
        return null;
    const left = Math.min(...inside.map((box) => box[0]));
    const top = Math.min(...inside.map((box) => box[1]));
    return {
        x: left - 14,
        y: top - 14,
        width: Math.max(...inside.map((box) => box[0] + box[2])) - left + 28,
        height: Math.max(...inside.map((box) => box[1] + box[3])) - top + 28,
    };
}

function setPlace(element, x, y, width, height) {
    element.style.left = x + "px";
    element.style.top = y + "px";
    if (width !== undefined) {
        element.style.width = width + "px";
        element.style.height = height + "px";
    }
}

function buildPicture() {
    const stage = $("stage");
    const svg = makeSvg("svg", { "aria-hidden": "true" });

    picture.svg = svg;
    picture.frame = make("div", "frame");
    picture.frameWord = make("span", "", "broker");
    picture.frame.append(picture.frameWord);
    svg.append(buildMarkers());
    stage.append(picture.frame, svg);
    picture.lines = data.lines.map(buildLine);
    for (const line of picture.lines) {
        svg.append(line.path);
        stage.append(line.label);
    }
    picture.boxes = data.boxes.map(buildBox);
    for (const box of picture.boxes)
        stage.append(box.root);
    picture.moving = make("div", "moving");
    stage.append(picture.moving);
}

function placeAll(plan) {
    const frame = frameOf(plan);

    picture.plan = plan;
    picture.svg.setAttribute("width", plan.width);
    picture.svg.setAttribute("height", plan.height);
    picture.frame.hidden = frame === null;
    if (frame)
        setPlace(picture.frame, frame.x, frame.y, frame.width, frame.height);
    plan.boxes.forEach((box, i) => setPlace(picture.boxes[i].root, ...box));
    plan.lines.forEach((place, i) => {
        const line = picture.lines[i];
        line.path.setAttribute("d", place[0].length > 0 ? pathText(place[0]) : "");
        line.length = place[0].length > 0 ? line.path.getTotalLength() : 0;
        setPlace(line.label, place[1], place[2]);
        line.label.style.maxWidth = place[3] + "px";
    });
}

/* ---- size ---- */

function fitOf(plan) {
    const scroller = $("scroller");

    return Math.min(scroller.clientWidth / plan.width, scroller.clientHeight / plan.height,
                    ZOOM_MOST);
}

/* From left to right; from top to bottom where that would be small, unless the reader chose. */
function fitPicture() {
    const isNarrow = fitOf(data.plans[0]) < ZOOM_GOOD &&
        fitOf(data.plans[1]) > fitOf(data.plans[0]) * 1.15;
    const best = isNarrow ? 1 : 0;
    const plan = data.plans[picture.turned === null ? best : picture.turned];

    if (plan !== picture.plan)
        placeAll(plan);
    picture.zoom = picture.choice || Math.max(fitOf(plan), ZOOM_LEAST);

    const scroller = $("scroller");
    const width = plan.width * picture.zoom;
    const height = plan.height * picture.zoom;
    $("room").style.width = Math.max(width, 1) + "px";
    $("room").style.height = Math.max(height, 1) + "px";
    $("room").style.marginLeft = Math.max((scroller.clientWidth - width) / 2, 0) + "px";
    $("room").style.marginTop = Math.max((scroller.clientHeight - height) / 2, 0) + "px";
    $("stage").style.transform = "scale(" + picture.zoom + ")";
    drawMoving(false, 0);
    showPlace();
}

function turnPicture() {
    picture.turned = picture.plan === data.plans[0] ? 1 : 0;
    picture.choice = 0;
    fitPicture();
}

function zoomBy(factor) {
    picture.choice = clamp(picture.zoom * factor, 0.3, 3);
    fitPicture();
}

/* All of it, or large enough to be read from afar. */
function toggleZoom() {
    const fit = fitOf(picture.plan);

    picture.choice = Math.abs(picture.zoom - fit) < 0.01 ? Math.max(1, fit * 1.5) : fit;
    fitPicture();
}

/* Scrolls what the current event is about into sight. */
function showPlace() {
    const scroller = $("scroller");
    const index = eventAt(run.now, "place", -1);

    if (index < 0 || (scroller.scrollWidth <= scroller.clientWidth &&
                      scroller.scrollHeight <= scroller.clientHeight))
        return;
    const box = picture.plan.boxes[index].map((number) => number * picture.zoom);
    const isSeen = box[0] >= scroller.scrollLeft && box[1] >= scroller.scrollTop &&
        box[0] + box[2] <= scroller.scrollLeft + scroller.clientWidth &&
        box[1] + box[3] <= scroller.scrollTop + scroller.clientHeight;
    const isFar = Math.abs(box[0] - scroller.scrollLeft) > 2 * scroller.clientWidth ||
        Math.abs(box[1] - scroller.scrollTop) > 2 * scroller.clientHeight;
    if (!isSeen)
        scroller.scrollTo({
            left: box[0] + box[2] / 2 - scroller.clientWidth / 2,
            top: box[1] + box[3] / 2 - scroller.clientHeight / 2,
            behavior: wantsStillness() || isFar ? "auto" : "smooth",
        });
}

/* ---- keeping it up to date ---- */

/* Whether the slot has another value than the one on the screen, which it has from now on. */
function isNew(entry) {
    const changed = picture.drawn[entry[1]] !== run.slots[entry[1]];

    picture.drawn[entry[1]] = run.slots[entry[1]];
    return changed;
}

function drawList(parts, value) {
    const shown = value.slice(1);

    parts.count.textContent = value[0];
    parts.tokens.replaceChildren(...shown.map((number) => makePill(readToken(number))));
    if (value[0] > shown.length)
        parts.tokens.append(make("span", "more", "+" + (value[0] - shown.length)));
}

const TROUBLES = ["CRASHED", "FROZEN", "CUT", "LATE"];

function drawBox(box, isHot) {
    const entry = box.entry;
    const state = slot(entry.state[0]);
    const word = state < 0 ? "" : data.words[state];
    const classes = [state < 0 ? " absent" : "", word === "DELETED" ? " deleted" : "",
                     TROUBLES.includes(word) ? " trouble" : "", isHot ? " hot" : ""];

    box.root.className = "box " + entry.sort + classes.join("");
    box.root.dataset.state = word;
    box.state.textContent = word;
    entry.lists.forEach((list, i) => isNew(list) && drawList(box.lists[i], slot(list)));
    entry.counts.forEach((count, i) => {
        if (isNew(count)) {
            box.counts[i].textContent = slot(count);
            box.counts[i].parentNode.classList.toggle("zero", slot(count) === 0);
        }
    });
    box.root.setAttribute("aria-label", describeBox(entry));
}

/* How far a consumer is with what it works on, at that time. */
function drawWork(ns) {
    for (const box of picture.boxes) {
        if (!box.work)
            continue;
        const work = slot(box.entry.work[0]);
        const done = work.length > 0 && work[1] > 0
            ? clamp((ns / 1000 - work[0]) / work[1], 0, 1) : 0;
        box.work.classList.toggle("busy", work.length > 0 && work[1] > 0);
        box.work.firstChild.style.transform = "scaleX(" + done + ")";
    }
}

const LINE_STATES = { "-1": "absent", 0: "idle", 1: "alive", 2: "broken" };

function drawLine(line, index, hop) {
    const entry = line.entry;
    const count = slot(entry.counts[0]);
    const state = LINE_STATES[slot(entry.state[0])];
    const isHot = Math.abs(hop) === index + 1;
    const isUsed = count > 0 || slot(entry.lists[0])[0] > 0;
    const head = isHot ? "-hot" : state === "broken" ? "-broken" : isUsed && state === "alive"
        ? "" : "-idle";

    line.path.setAttribute("class", ["line", entry.kind, state, isUsed ? "used" : "unused",
                                     isHot ? "hot" : ""].join(" "));
    line.path.setAttribute("marker-end", "url(#arrow" + head + ")");
    line.label.className = "label " + state + (isHot ? " hot" : "") + (isUsed ? "" : " unused");
    line.count.textContent = count;
}

function drawPicture() {
    const hop = hopAt(run.now);
    const place = eventAt(run.now, "place", -1);
    const down = slot(data.down[0]);

    picture.boxes.forEach((box, i) => drawBox(box, i === place));
    picture.lines.forEach((line, i) => drawLine(line, i, hop));
    picture.frame.classList.toggle("down", down > 0);
    picture.frameWord.textContent = down > 0 ? "broker DOWN" : "broker";
    drawWork(timeAt(run.now));
    showPlace();
}
