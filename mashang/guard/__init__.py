"""What must not pass: secrets are masked before anything is stored.

Does not: know conversations or shops; whoever stores a text asks here first.
"""
