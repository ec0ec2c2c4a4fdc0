/* player.js - where the reader goes: steps, jumps and play. */

/* At normal speed: time to see one hop, less for what happens around the messages, and time to read
 * a caption. Nobody waits longer than a second for nothing. */
const HOP_MS = 500;
const OTHER_MS = 80;
const READ_MS = 1500;
const READ_LETTER_MS = 50;
const GAP_MS = 1000;

const STEP_MS = 450; /* how long a step by hand is seen to move */
const FAST_MS = 5000; /* "fast" shows any run in about so long */

const SPEEDS = [["\u00d70.1", 0.1], ["\u00d70.25", 0.25], ["\u00d70.5", 0.5], ["\u00d71", 1],
                ["\u00d72", 2], ["\u00d75", 5], ["\u00d710", 10], ["fast", 0]];
const NORMAL = 3;

const player = {
    isPlaying: false,
    speed: NORMAL,
    since: 0, /* when the current event began to be shown */
    stay: 0,  /* how long it is shown */
    frame: 0,
};

/* ---- showing ---- */

function drawButtons() {
    const atEnd = run.now >= run.last;

    document.body.classList.toggle("playing", player.isPlaying);
    $("play").setAttribute("aria-label", player.isPlaying ? "Pause" : "Play");
    for (const id of ["first", "back", "story-back"])
        $(id).setAttribute("aria-disabled", run.now <= run.first);
    for (const id of ["step", "story-on", "last"])
        $(id).setAttribute("aria-disabled", atEnd);
}

/* Shows the moment after event n. It is the same picture however the reader came there; ms is how
 * long messages slide, when it is the next event. */
function show(n, ms) {
    const isNext = n === keptAfter(run.now) && n > run.now;

    standAt(n);
    drawPicture();
    drawMoving(isNext, ms);
    drawStory(player.isPlaying);
    drawEvents();
    drawBar();
    drawWords();
    drawButtons();
}

/* ---- play ---- */

function stayOf(n) {
    if (n >= run.last)
        return 0;
    if (SPEEDS[player.speed][1] === 0)
        return FAST_MS / Math.max(keptCount(), 50);

    const next = keptAfter(n);
    const gap = n > run.first ? (timeAt(next) - timeAt(n)) / 1e6 : 0;
    let stay = Math.max(Math.min(gap, GAP_MS), hasFlag(next, FLAG.hop) ? HOP_MS : OTHER_MS);
    if (hasFlag(n, FLAG.caption))
        stay = Math.max(stay, READ_MS + eventAt(n, "tell").length * READ_LETTER_MS);
    return stay / SPEEDS[player.speed][1];
}

function pausePlay() {
    player.isPlaying = false;
    cancelAnimationFrame(player.frame);
    player.frame = 0;
    keepPlace();
}

/* A pause of the scenario stops the play, behind the question that belongs to it. */
function stopAtPause() {
    if (!hasFlag(run.now, FLAG.pause))
        return false;
    if (run.now < run.last && hasFlag(run.now + 1, FLAG.ask) && isKept(run.now + 1))
        standAt(run.now + 1);
    return true;
}

/* Between two events the clock runs, and with it the work of consumers. */
function tick(now) {
    let next = run.now;

    player.frame = 0;
    while (player.isPlaying && now - player.since >= player.stay && next < run.last) {
        player.since = Math.max(player.since + player.stay, now - 200);
        next = keptAfter(next);
        standAt(next);
        player.stay = stayOf(next);
        if (hasFlag(next, FLAG.pause) || next >= run.last)
            break;
    }
    if (next !== picture.event)
        showPlayed(next);
    else
        drawClock(now);
    if (player.isPlaying)
        player.frame = requestAnimationFrame(tick);
}

function showPlayed(next) {
    if (stopAtPause() || next >= run.last)
        pausePlay();
    drawPicture();
    drawMoving(true, Math.min(player.stay * 0.85, 700));
    drawStory(player.isPlaying);
    drawEvents();
    drawBar();
    drawWords();
    drawButtons();
    picture.event = run.now;
}

function drawClock(now) {
    if (run.now >= run.last || player.stay < 50)
        return;
    const part = clamp((now - player.since) / player.stay, 0, 1);
    const ns = timeAt(run.now) + part * (timeAt(keptAfter(run.now)) - timeAt(run.now));

    drawTime(ns);
    drawWork(ns);
}

function startPlay() {
    if (run.now >= run.last)
        show(run.first, 0);
    player.isPlaying = run.now < run.last;
    player.since = performance.now();
    player.stay = stayOf(run.now) * (hasFlag(run.now, FLAG.caption) ? 0.2 : 1);
    picture.event = run.now;
    drawButtons();
    if (player.isPlaying)
        player.frame = requestAnimationFrame(tick);
}

function togglePlay() {
    if (!player.isPlaying) {
        startPlay();
        return;
    }
    pausePlay();
    show(run.now, 0);
}

function setSpeed(speed) {
    player.speed = clamp(speed, 0, SPEEDS.length - 1);
    $("speed").value = player.speed;
    player.stay = stayOf(run.now);
}

/* ---- steps ---- */

/* A step by hand stops the play. */
function stepTo(n, isDragged) {
    pausePlay();
    show(n, isDragged ? 0 : STEP_MS);
    picture.event = run.now;
}

function stopAfter(n) {
    return data.stops.find((stop) => stop > n && stop <= run.last);
}

function stopBefore(n) {
    return data.stops.filter((stop) => stop < n && stop > run.first).pop();
}

/* Of faults and captions that belong together a filter may keep any. */
const STOPS = FLAG.fault | FLAG.caption;

const steps = {
    first: () => stepTo(run.first),
    last: () => stepTo(run.last),
    back: () => stepTo(keptBefore(run.now)),
    step: () => stepTo(keptAfter(run.now)),
    "story-back": () => stepTo(nextWith(FLAG.story, run.now, -1)),
    "story-on": () => stepTo(nextWith(FLAG.story, run.now, 1)),
    "stop-back": () => stepTo(filter !== null ? nextWith(STOPS, run.now, -1)
        : stopBefore(run.now) || run.first),
    "stop-on": () => stepTo(filter !== null ? nextWith(STOPS, run.now, 1)
        : stopAfter(run.now) || run.last),
    play: togglePlay,
};

/* As to a cause, a time or a number one goes there even if the filter leaves the event out. */
function goToBroken() {
    let n = run.now + 1;

    while (n <= run.last && !hasFlag(n, FLAG.broken))
        n++;
    if (n <= run.last)
        stepTo(n);
    else
        $("say").textContent = "No check is broken behind this event.";
}

function goToCause() {
    const cause = eventAt(run.now, "cause", 0);

    if (cause > run.first)
        stepTo(cause);
}

/* "90" and "#90" are events, "1.5s" is a time. */
function goToText(text) {
    const time = text.trim().match(/^([0-9.]+)\s*(s|ms)$/);
    const event = text.trim().match(/^#?([0-9]+)$/);

    if (time)
        stepTo(eventOfTime(Number(time[1]) * (time[2] === "s" ? 1e9 : 1e6)));
    else if (event)
        stepTo(Number(event[1]));
    else
        drawBar();
}

/* The address names the event, so that it can be handed on. */
function keepPlace() {
    try {
        history.replaceState(null, "", "#" + run.now);
    } catch (error) {
        /* then the address stays as it is */
    }
}

function startPlayer() {
    SPEEDS.forEach((speed, i) => {
        const option = make("option", "", speed[0]);
        option.value = i;
        $("speed").append(option);
    });
    $("speed").value = NORMAL;
    $("speed").addEventListener("change", () => setSpeed(Number($("speed").value)));
    for (const id in steps)
        $(id).addEventListener("click", steps[id]);
    $("length").textContent = "of " + data.length;
    $("goto").addEventListener("change", () => goToText($("goto").value));
    $("goto").addEventListener("keydown", (event) => {
        if (event.key === "Enter")
            $("goto").blur();
    });
}
