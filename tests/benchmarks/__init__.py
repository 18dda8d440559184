"""Tests of `benchmarks`. None of them measures a time: that is what the benchmarks are for."""
