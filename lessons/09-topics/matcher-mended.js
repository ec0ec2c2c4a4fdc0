// The matcher of matcher.js without its mistakes: pattern and key are compared word by word.
"use strict";

const bindings = [];

function fits(pattern, key) {
    if (pattern.length === 0)
        return key.length === 0;
    if (pattern[0] === "#") {
        for (let n = 0; n <= key.length; n++) {
            if (fits(pattern.slice(1), key.slice(n)))
                return true;
        }
        return false;
    }
    return key.length > 0 && ["*", key[0]].includes(pattern[0]) &&
        fits(pattern.slice(1), key.slice(1));
}

function route(key) {
    const found = [];
    for (const [queue, pattern] of bindings) {
        if (fits(pattern.split("."), key.split(".")) && !found.includes(queue))
            found.push(queue);
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
