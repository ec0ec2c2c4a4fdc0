/* moving.js - messages on the lines: where they rest, and how they come there.
 *
 * At rest a message that was sent and has not arrived stands in the middle of its line, and what
 * the current event moved stands near the end of its line. So the picture of a moment is complete
 * without any motion; in play and after a step the messages only slide to where they rest. */

const MIDDLE = 0.5;
const NEAR = 10; /* pixels between a message and the end of its line, where its arrow is */

const moving = {
    pills: new Map(), /* by line and direction */
    frame: 0,
    since: 0,
    lasts: 0,
};

/* The token of a message as it was on its line before this event; a plain one when it was not. */
function tokenBefore(index, message) {
    const undo = run.undo[run.now - data.from];
    const place = undo.findIndex((number, i) => i % 2 === 0 && number === index);
    const number = place < 0 ? undefined
        : undo[place + 1].slice(1).find((token) => readToken(token).message === message);

    return number === undefined ? { message: message, name: data.tokens[message] }
        : readToken(number);
}

/* What rests on the lines at this moment: for each line and direction the oldest message, how many
 * more there are, and how far along the arrow it stands. */
function restingPills() {
    const found = [];
    const hop = hopAt(run.now);
    const message = eventAt(run.now, "message", -1);

    data.lines.forEach((entry, index) => {
        entry.lists.forEach((list, side) => {
            const isBack = side === 1;
            const tokens = slot(list);
            const isHere = hop === (isBack ? -1 : 1) * (index + 1) && message >= 0;
            const isOnWire = isHere && tokens.slice(1).some((t) => readToken(t).message === message);
            const key = (isBack ? "b" : "f") + index;
            if (tokens[0] > 0)
                found.push({ key: key, line: index, isBack: isBack, more: tokens[0] - 1,
                             isMoved: isHere && readToken(tokens[1]).message === message,
                             token: readToken(tokens[1]), at: MIDDLE });
            if (isHere && !isOnWire)
                found.push({ key: "h" + key, line: index, isBack: isBack, more: 0, isNear: true,
                             isMoved: true,
                             token: tokenBefore(list[1], message) });
        });
    });
    return found;
}

/* Where a pill begins its way: where it stood, where it stood on the wire, or at the end of the
 * line where it comes from. */
function startOf(pill, before) {
    const same = before.get(pill.key) || before.get(pill.key.replace(/^h/, ""));

    if (same && same.token.message === pill.token.message)
        return same.at;
    return 0;
}

/* Where a pill rests that has come to the end of its line. */
function nearEnd(pill) {
    const length = Math.max(picture.lines[pill.line].length, 1);

    return Math.max(1 - (pill.element.offsetWidth / 2 + NEAR) / length, MIDDLE);
}

function put(pill, at) {
    const line = picture.lines[pill.line];
    const along = pill.isBack ? 1 - at : at;
    const point = line.path.getPointAtLength(along * line.length);

    pill.element.style.transform =
        "translate(" + point.x + "px," + point.y + "px) translate(-50%,-50%)";
}

const ease = (part) => part < 0.5 ? 2 * part * part : 1 - 2 * (1 - part) * (1 - part);

function slide(now) {
    const part = clamp((now - moving.since) / moving.lasts, 0, 1);

    moving.frame = part < 1 ? requestAnimationFrame(slide) : 0;
    for (const pill of moving.pills.values()) {
        if (pill.from !== pill.at)
            put(pill, pill.from + (pill.at - pill.from) * ease(part));
    }
}

/* Shows what is on the lines now; when it moves, it takes so many ms to slide to its places. What
 * moved by events that the filter leaves out is where it rests at once. */
function drawMoving(moves, ms) {
    const before = moving.pills;
    const slides = moves && ms > 0 && !wantsStillness();

    cancelAnimationFrame(moving.frame);
    moving.frame = 0;
    moving.pills = new Map();
    picture.moving.replaceChildren();
    for (const pill of restingPills()) {
        if (picture.lines[pill.line].length === 0)
            continue;
        pill.element = makePill(pill.token, pill.isBack ? "back" : "forth");
        if (pill.more > 0)
            pill.element.append(make("span", "more", "+" + pill.more));
        picture.moving.append(pill.element);
        if (pill.isNear)
            pill.at = nearEnd(pill);
        pill.from = slides && (filter === null || pill.isMoved) ? startOf(pill, before) : pill.at;
        put(pill, pill.from);
        moving.pills.set(pill.key, pill);
    }
    if (slides && moving.pills.size > 0) {
        moving.since = performance.now();
        moving.lasts = ms;
        moving.frame = requestAnimationFrame(slide);
    }
}
