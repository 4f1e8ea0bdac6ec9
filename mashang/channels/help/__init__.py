"""The public help centre: what customers can find out by themselves, and from everywhere the way to a person."""
