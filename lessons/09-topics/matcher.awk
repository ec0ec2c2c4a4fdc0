# A topic matcher with three mistakes in it.
#
# It reads lines: "bind QUEUE PATTERN" adds a binding, "route KEY" asks which queues get a message
# with that key. The answer is one line with the names of the queues.

function fits(pattern, key) {
    gsub(/[.]/, "[.]", pattern)
    sub(/[*]/, "[^.]+", pattern)
    gsub(/#/, ".+", pattern)
    return key ~ ("^" pattern "$")
}

function route(key,    found, i, names) {
    for (i = 1; i <= n; i++) {
        if (fits(patterns[i], key) && !(queues[i] in found)) {
            found[queues[i]] = 1
            names = names == "" ? queues[i] : names " " queues[i]
            break
        }
    }
    return names
}

$1 == "bind" { n++; queues[n] = $2; patterns[n] = $3 }
$1 == "route" { print route($2) }
