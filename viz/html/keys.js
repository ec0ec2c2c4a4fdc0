/* keys.js - the keyboard: the same keys as those of the view on a terminal. */

const KEYS = [
    ["Space", "play and pause", togglePlay, " "],
    [". \u2192", "one event on", steps.step, ".", "ArrowRight"],
    [", \u2190", "one event back", steps.back, ",", "ArrowLeft"],
    [">", "one story step on", steps["story-on"], ">"],
    ["<", "one story step back", steps["story-back"], "<"],
    ["n", "next fault or caption", steps["stop-on"], "n"],
    ["N", "the fault or caption before", steps["stop-back"], "N"],
    ["b", "next broken check", goToBroken, "b"],
    ["c", "the cause of this event", goToCause, "c"],
    ["g", "to the start", steps.first, "g", "Home"],
    ["G", "to the end", steps.last, "G", "End"],
    ["t", "go to an event or a time", () => $("goto").select(), "t"],
    ["+", "faster", () => setSpeed(player.speed + 1), "+", "="],
    ["-", "slower", () => setSpeed(player.speed - 1), "-"],
    ["m", "follow the message of this event", followCurrent, "m"],
    ["/ f", "search the events", () => $("words").select(), "/", "f"],
    ["p", "answer the question", focusQuestion, "p"],
    ["l", "turn the picture", turnPicture, "l"],
    ["z", "all of the picture, or large", toggleZoom, "z"],
    ["?", "this help", openManual, "?", "F1"],
    ["Esc", "end of search and following", forgetSearch, "Escape"],
];

function focusQuestion() {
    const choice = $("question").querySelector("button");

    if (choice)
        choice.focus();
}

function openManual() {
    pausePlay();
    drawButtons();
    if (!$("manual").open)
        $("manual").showModal();
}

function forgetSearch() {
    $("words").value = "";
    if (picture.followed >= 0)
        follow(picture.followed);
    searchAgain();
}

/* What a key does that goes to a field or a button by itself. */
function isTaken(event) {
    const target = event.target;

    if (event.ctrlKey || event.metaKey || event.altKey || $("manual").open)
        return true;
    if (target.closest("input, select"))
        return event.key !== "Escape";
    return event.key === " " && target.closest("button, summary") !== null;
}

/* Up and down in the list go to its rows, and on the bar they go back and forth. False elsewhere. */
function moveInside(event) {
    const isDown = event.key === "ArrowDown";

    if (!isDown && event.key !== "ArrowUp")
        return false;
    if (event.target === $("bar"))
        stepTo(isDown ? keptBefore(run.now) : keptAfter(run.now));
    else if ($("events").contains(event.target) && list.shown.length > 0)
        stepTo(list.shown[clamp(rowOf(run.now) + (isDown ? 1 : -1), 0, list.shown.length - 1)]);
    else
        return false;
    event.preventDefault();
    return true;
}

function onKey(event) {
    const row = KEYS.find((key) => key.slice(3).includes(event.key));

    if (isTaken(event) || moveInside(event) || !row)
        return;
    event.preventDefault();
    row[2]();
    if (event.key === "Escape" && event.target.closest("input"))
        event.target.blur();
}

function startKeys() {
    const rows = $("keys").querySelector("tbody");

    for (const key of KEYS) {
        const row = make("tr");
        const cell = make("th");
        cell.scope = "row";
        for (const word of key[0].split(" "))
            cell.append(make("kbd", "", word), " ");
        row.append(cell, make("td", "", key[1]));
        rows.append(row);
    }
    document.addEventListener("keydown", onKey);
    $("help").addEventListener("click", openManual);
}
