"""What is measured, one name a file (``bench_<name>.py`` with a ``run(quick)``); `main.py bench` prints the table.

A figure that is judged is a ratio: ours and the least that could do the same work alternate in one run, on the same
files with the same durability, and medians are quoted with their spread. No test asserts a time.
"""
