/* events.js - the list of events: all of them, those that contain some words, or those of one
 * message; of each only what the page's filter keeps. Only the rows in sight exist, so a long run
 * costs no more than a short one. */

const list = {
    shown: [],    /* numbers of events */
    height: 36,   /* of a row */
    texts: null,  /* what the search looks at, made when it is first used */
    drawn: "",
};

const AROUND = 6; /* rows above and below the sight */

function isFiltered() {
    return $("words").value.trim() !== "" || picture.followed >= 0;
}

function textOf(n) {
    if (list.texts === null)
        list.texts = data.events.tell.map((tell, i) => [
            "#" + (data.from + i), data.names[data.events.kind[i]], data.names[data.events.who[i]],
            data.messages[data.events.message[i]] || "", data.events.words[i], tell,
        ].join(" ").toLowerCase());
    return list.texts[n - data.from];
}

/* Finds what is shown after the words or the message changed. */
function findEvents() {
    const words = $("words").value.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");

    list.shown = [];
    for (let n = data.from; n <= run.last; n++) {
        if (!isKept(n))
            continue;
        if (picture.followed >= 0 && eventAt(n, "message") !== picture.followed)
            continue;
        if (words.every((word) => textOf(n).includes(word)))
            list.shown.push(n);
    }
    $("found").textContent = isFiltered()
        ? list.shown.length + " of " + keptCount() + " events" : "";
    $("rows").style.height = list.shown.length * list.height + "px";
    list.drawn = "";
}

/* The row of the event, or of the last one before it; -1: before the first row. */
function rowOf(n) {
    let low = 0;
    let high = list.shown.length;

    while (low < high) {
        const middle = (low + high) >> 1;
        if (list.shown[middle] <= n)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

function makeRow(n, index) {
    const row = make("div", "row");
    const kind = hasFlag(n, FLAG.fault) ? "fault" : hasFlag(n, FLAG.caption) ? "caption" : "";

    row.id = "event-" + n;
    row.dataset.event = n;
    row.className = "row " + kind + (n === run.now ? " now" : n > run.now ? " ahead" : "");
    row.style.top = index * list.height + "px";
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", n === run.now);
    row.setAttribute("aria-setsize", list.shown.length);
    row.setAttribute("aria-posinset", index + 1);
    row.append(make("span", "number", n), make("span", "time", timeText(timeAt(n))),
               make("bdi", "who", data.names[eventAt(n, "who")]),
               make("bdi", "what", eventAt(n, "words")));
    row.title = eventAt(n, "tell");
    return row;
}

/* Draws the rows in sight, if they are not there already. */
function drawRows() {
    const root = $("events");
    const first = Math.max(Math.floor(root.scrollTop / list.height) - AROUND, 0);
    const end = Math.min(Math.ceil((root.scrollTop + root.clientHeight) / list.height) + AROUND,
                         list.shown.length);
    const key = first + " " + end + " " + run.now;

    if (key === list.drawn)
        return;
    list.drawn = key;
    const rows = [];
    for (let i = first; i < end; i++)
        rows.push(makeRow(list.shown[i], i));
    $("rows").replaceChildren(...rows);
    if ($("event-" + run.now))
        root.setAttribute("aria-activedescendant", "event-" + run.now);
    else
        root.removeAttribute("aria-activedescendant");
}

/* The current event stands in the middle third, where what came before and comes next is seen. */
function drawEvents() {
    const root = $("events");
    const top = Math.max(rowOf(run.now), 0) * list.height;
    const third = root.clientHeight / 3;

    if (top < root.scrollTop + third || top > root.scrollTop + 2 * third)
        root.scrollTop = top - third;
    drawRows();
}

/* ---- following one message ---- */

function follow(message) {
    picture.followed = picture.followed === message ? -1 : message;

    const button = $("unfollow");
    const isFollowing = picture.followed >= 0;
    button.hidden = !isFollowing;
    if (isFollowing) {
        button.replaceChildren(make("bdi", "", data.tokens[message]), " \u00d7");
        button.setAttribute("aria-label", "Follow " + data.messages[message] + " no more");
    }
    for (const pill of document.querySelectorAll("#stage .pill"))
        pill.classList.toggle("followed", Number(pill.dataset.message) === picture.followed);
    findEvents();
    drawEvents();
    drawBar();
    const n = list.shown.length;
    $("say").textContent = isFollowing
        ? "Following " + data.messages[message] + ": " + n + (n === 1 ? " event." : " events.")
        : filter === null ? "All events." : "All events of the filter.";
}

/* That of the current event, or else the last one before it that had one. */
function followCurrent() {
    let n = run.now;

    if (picture.followed >= 0) {
        follow(picture.followed);
        return;
    }
    while (n > run.first && eventAt(n, "message", -1) < 0)
        n--;
    if (eventAt(n, "message", -1) >= 0)
        follow(eventAt(n, "message"));
}

function searchAgain() {
    findEvents();
    drawEvents();
}

/* The next event that is shown, from the top again behind the last one. */
function goToFound() {
    const row = rowOf(run.now) + 1;

    if (list.shown.length > 0)
        stepTo(list.shown[row < list.shown.length ? row : 0]);
}

function startEvents() {
    list.height = matchMedia("(pointer: coarse)").matches ? 46 : 34;
    document.documentElement.style.setProperty("--row", list.height + "px");
    document.documentElement.style.setProperty("--digits", String(run.last).length + 1 + "ch");
    findEvents();
    $("events").addEventListener("scroll", drawRows, { passive: true });
    $("events").addEventListener("click", (event) => {
        const row = event.target.closest(".row");
        if (row)
            stepTo(Number(row.dataset.event));
    });
    $("words").addEventListener("input", searchAgain);
    $("words").addEventListener("keydown", (event) => {
        if (event.key === "Enter")
            goToFound();
    });
    $("unfollow").addEventListener("click", () => follow(picture.followed));
    $("stage").addEventListener("click", (event) => {
        const pill = event.target.closest(".pill");
        if (pill)
            follow(Number(pill.dataset.message));
    });
}
