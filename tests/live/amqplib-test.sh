#!/bin/sh
# amqplib-test.sh SOURCE_FOLDER BUILD_FOLDER: runs the tests of the client amqplib.
set -eu

source=$1
modules=$2/node

sh "$source/amqplib-install.sh" "$source" "$2"
NODE_PATH=$modules/node_modules exec node --test-reporter=tap "$source/amqplib-test.js"
