/* words.js - the picture in words, for those who cannot see it. */

function nameTokens(value) {
    const names = value.slice(1).map((number) => {
        const token = readToken(number);
        return token.name + (token.isAgain ? " redelivered" : "");
    });
    const more = value[0] - names.length;

    if (more > 0)
        names.push(more + " more");
    return names.join(", ");
}

/* "Queue tasks, durable: ready 2 (5 redelivered, 6), unacked 1 (4), acked 3." */
function describeBox(entry) {
    const state = slot(entry.state[0]);
    const parts = [];

    if (state < 0)
        return entry.name + ", " + entry.about + ": not there yet.";
    if (data.words[state])
        parts.push(data.words[state]);
    for (const list of entry.lists) {
        const value = slot(list);
        parts.push(list[0] + " " + value[0] + (value.length > 1 ? " (" + nameTokens(value) + ")" : ""));
    }
    for (const count of entry.counts)
        parts.push(count[0] + " " + slot(count));
    return entry.name + ", " + entry.about + ": " + parts.join(", ") + ".";
}

/* What is on its way along a line; "" when nothing is. */
function describeLine(entry) {
    const from = data.boxes[entry.from].name;
    const to = data.boxes[entry.to].name;
    const parts = [];

    if (slot(entry.lists[0])[0] > 0)
        parts.push("On the way from " + from + " to " + to + ": " + nameTokens(slot(entry.lists[0])) + ".");
    if (slot(entry.lists[1])[0] > 0)
        parts.push("Answers from " + to + " to " + from + ": " +
            slot(entry.lists[1]).slice(1).map((number) => {
                const token = readToken(number);
                return token.what + " " + token.name;
            }).join(", ") + ".");
    return parts.join(" ");
}

/* Only while somebody has it open. */
function drawWords() {
    const twin = $("twin");

    if (!twin.open)
        return;
    const list = make("ul");
    for (const text of data.boxes.map(describeBox).concat(data.lines.map(describeLine))) {
        if (text !== "")
            list.append(make("li", "", text));
    }
    $("words-of-picture").replaceChildren(list);
}
