"""`python -m bench [--quick]`, the same as `make bench`: docs/benchmarks.md and what the sandbox costs."""

import sys

from bench import (
    bench_ablation,
    bench_catalogue,
    bench_chat,
    bench_families,
    bench_ladder,
    bench_logos,
    bench_matching,
    bench_sandbox,
    bench_speed,
)

if __name__ == "__main__":
    is_quick = "--quick" in sys.argv
    bench_speed.main(is_quick)
    bench_sandbox.main(is_quick)
    bench_chat.main(is_quick)
    bench_matching.main(quick=is_quick)
    bench_families.main(quick=is_quick)
    bench_ablation.main(is_quick)
    bench_ladder.main(is_quick)
    bench_logos.main(None)
    sys.argv[1:] = []
    bench_catalogue.main()
