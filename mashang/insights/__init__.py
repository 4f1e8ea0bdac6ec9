"""What was learned: numbers, each defined once, and what the knowledge lacks.

Reads what everybody else wrote; nobody waits for it.  Does not: serve anybody.
"""
