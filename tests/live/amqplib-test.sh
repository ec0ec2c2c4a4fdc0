#!/bin/sh
# amqplib-test.sh SOURCE_FOLDER BUILD_FOLDER: installs the Node.js packages of package-lock.json in
# the build folder, unless they are there from before, and runs the tests of the client amqplib.
set -eu

source=$1
modules=$2/node
stamp=$modules/installed

if ! cmp -s "$source/package-lock.json" "$stamp"; then
    mkdir -p "$modules"
    rm -f "$stamp"
    cp "$source/package.json" "$source/package-lock.json" "$modules"
    npm ci --prefix "$modules" --no-audit --no-fund >"$modules/npm.log" 2>&1 || {
        cat "$modules/npm.log"
        echo 'Bail out! npm cannot install the client amqplib'
        exit 1
    }
    cp "$source/package-lock.json" "$stamp"
fi
NODE_PATH=$modules/node_modules exec node --test-reporter=tap "$source/amqplib-test.js"
