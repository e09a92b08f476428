"""Baige: grant applications, blind scoring, and announced winners."""

import os

__version__ = "0.1.0"

# Read once, when numpy is first imported. Several threads would divide sums by the number of cores, and so
# change their last digits from one machine to another. Our tables are too small to gain by them, and where
# other work runs the threads wait for each other ten times as long as they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
