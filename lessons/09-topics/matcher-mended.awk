# The matcher of matcher.awk without its mistakes: pattern and key are compared word by word.

function fits_from(i, j,    k) {
    if (i > n_pattern)
        return j > n_key
    if (pattern_word[i] == "#") {
        for (k = j; k <= n_key + 1; k++) {
            if (fits_from(i + 1, k))
                return 1
        }
        return 0
    }
    if (j > n_key || (pattern_word[i] != "*" && pattern_word[i] != key_word[j]))
        return 0
    return fits_from(i + 1, j + 1)
}

function fits(pattern, key) {
    n_pattern = split(pattern, pattern_word, "[.]")
    n_key = split(key, key_word, "[.]")
    return fits_from(1, 1)
}

function route(key,    found, i, names) {
    for (i = 1; i <= n; i++) {
        if (fits(patterns[i], key) && !(queues[i] in found)) {
            found[queues[i]] = 1
            names = names == "" ? queues[i] : names " " queues[i]
        }
    }
    return names
}

$1 == "bind" { n++; queues[n] = $2; patterns[n] = $3 }
$1 == "route" { print route($2) }
