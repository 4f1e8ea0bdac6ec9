"""What staff see: lists, one conversation, its context and trace, and whom it can be given to.

Reads only; its `api` passes what an agent does on to the verbs of the packages below.
"""
