"""What is known, and finding it: articles, how customers ask for them, and how sure an answer is.

Does not: speak to customers (`bot`), show pages (`channels`, `desk`).
"""

import os

# One question is too small to share among processors, and threads that spin disturb whoever serves.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
