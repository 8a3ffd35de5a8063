"""`python -m bench`, the same as `make bench`: every table of docs/benchmarks.md, in one run."""

import sys

from bench import bench_catalogue, bench_chat, bench_logos, bench_matching, bench_speed

if __name__ == "__main__":
    bench_speed.main("--quick" in sys.argv)
    bench_chat.main("--quick" in sys.argv)
    bench_matching.main(None)
    bench_logos.main(None)
    sys.argv[1:] = []
    bench_catalogue.main()
