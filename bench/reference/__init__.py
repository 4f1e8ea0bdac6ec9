"""Small servers that do less than the product, as fast as they can honestly be made.

Both speak the product's frames, so that one load generator drives all three:

* `nothing_stored`: hands a message to its agent and acknowledges it, from memory.
  The ceiling of what sockets alone allow on this machine;
* `group_commit`: the same, after one statement numbered and stored the whole batch.

Neither knows who may say what, masks, repeats or lists anything.
"""
