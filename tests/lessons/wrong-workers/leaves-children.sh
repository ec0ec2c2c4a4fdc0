#!/bin/sh
# Never connects, and leaves children behind who do not want to end.
for i in 1 2 3; do
    setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 7351; done' &
done
exec sleep 7351
