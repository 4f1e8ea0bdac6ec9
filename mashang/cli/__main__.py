"""`python -m mashang.cli`, which `bin/mashang` calls."""

from mashang.cli import main

main()
