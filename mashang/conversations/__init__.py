"""What is said: conversations, their numbered timelines, and who may read them.

Does not decide who answers (`routing`) or push anything to a browser (`live`).
"""
