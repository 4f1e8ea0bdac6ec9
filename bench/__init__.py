"""What the product costs, measured beside something that does less.

Every figure is a ratio: product and reference in the same run, on the same machine,
with the same load generator.  The absolute numbers belong to the machine that is
named in `RESULTS.md`.

    bin/bench messages latency start widget [--json] [--seconds N] [--record]
"""
