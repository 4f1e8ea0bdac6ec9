"""The web door: widget and phone page, over HTTP and a live socket."""
