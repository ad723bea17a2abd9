"""When and in what order: the Dagster definitions, and `kaohe`, the same operations for people and scripts."""
