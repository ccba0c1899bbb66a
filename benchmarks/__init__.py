"""How fast it is, as ratios within one run on one machine: `python -m benchmarks.NAME --help`; docs/benchmarks.md."""
