"""Who hears of it now: sockets, and the announcements that reach them.

Announcements are hints.  Every entry frame names its predecessor, so a reader
notices a gap and asks again; the heads of all watched conversations are compared
every 15 seconds, so even a lost last announcement is made good.  The truth is in
the database and nowhere here.
"""
