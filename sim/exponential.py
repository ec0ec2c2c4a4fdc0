#!/usr/bin/env python3
"""Writes sim/exponential.def: -ln(u) at the midpoints of 4,096 equal slices of (0, 1), times 65,536.

The table is committed, and its hash tested; this says where it came from. Decimal numbers with 40
digits leave no doubt about any rounding: python3 sim/exponential.py > sim/exponential.def"""
import decimal

SLICES = 4096
PER_LINE = 10

decimal.getcontext().prec = 40


def entry(index):
    middle = decimal.Decimal(2 * index + 1) / (2 * SLICES)
    return int((-middle.ln() * 65536).to_integral_value(decimal.ROUND_HALF_EVEN))


print("/* exponential.def - written by sim/exponential.py: -ln(u) in 16.16, from the longest on. */")
for start in range(0, SLICES, PER_LINE):
    line = ", ".join(str(entry(i)) for i in range(start, min(start + PER_LINE, SLICES)))
    print(line + ",")
