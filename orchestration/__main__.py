"""`python -m orchestration` is `kaohe`."""

from orchestration.cli import main

main()
