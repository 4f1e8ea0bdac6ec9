"""The assistant: an agent that is not a person, and knows when not to answer.

Does not: find articles (`knowledge`) or decide who of the staff answers (`routing`).
"""
