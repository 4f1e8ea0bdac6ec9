"""What this process holds in memory.

Does not: know of other processes.
"""

from __future__ import annotations

from pathlib import Path


def resident_mb() -> float:
    """Megabytes held now; 0 where the system does not say (only Linux does)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = [line for line in status.read_text("ascii", "replace").splitlines() if line.startswith("VmRSS:")]
    return int(lines[0].split()[1]) / 1024
