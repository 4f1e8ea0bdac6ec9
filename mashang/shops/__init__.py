"""The shops we serve: their sites, their customers' tokens, and what they know.

`site` says which pages may carry our widget and who a shop's customer is; `contract`
is what a shop implements; `context` asks it when a conversation starts; `events`
hears what it tells by itself.
"""
