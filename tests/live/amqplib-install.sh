#!/bin/sh
# amqplib-install.sh SOURCE_FOLDER BUILD_FOLDER: installs the Node.js packages of package-lock.json in
# the folder node of the build folder, unless they are there from before. Tests that need them may run
# at the same time.
set -eu

source=$1
modules=$2/node
stamp=$modules/installed

mkdir -p "$modules"
exec 9>"$modules/lock"
flock 9
cmp -s "$source/package-lock.json" "$stamp" && exit
rm -f "$stamp"
cp "$source/package.json" "$source/package-lock.json" "$modules"
npm ci --prefix "$modules" --no-audit --no-fund >"$modules/npm.log" 2>&1 || {
    cat "$modules/npm.log"
    echo 'Bail out! npm cannot install the client amqplib'
    exit 1
}
cp "$source/package-lock.json" "$stamp"
