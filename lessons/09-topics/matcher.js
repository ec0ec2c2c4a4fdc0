// A topic matcher with three mistakes in it.
//
// It reads lines: "bind QUEUE PATTERN" adds a binding, "route KEY" asks which queues get a message
// with that key. The answer is one line with the names of the queues.
"use strict";

const bindings = [];

function fits(pattern, key) {
    const expression = pattern
        .replaceAll(".", "\\.")
        .replace("*", "[^.]+")
        .replaceAll("#", ".+");
    return new RegExp("^" + expression + "$").test(key);
}

function route(key) {
    const found = [];
    for (const [queue, pattern] of bindings) {
        if (fits(pattern, key) && !found.includes(queue)) {
            found.push(queue);
            break;
        }
    }
    return found;
}

for (const line of require("fs").readFileSync(0, "utf8").split("\n")) {
    const words = line.split(" ");
    if (words[0] === "bind")
        bindings.push([words[1], words[2]]);
    else if (words[0] === "route")
        console.log(route(words[1]).join(" "));
}
