"""Memory that a training step frees is there for the next one."""

import os
import platform
import subprocess
import sys

import pytest

STEP = """
import resource, numpy as np
{first}
def step():
    kept = [np.ones({size}, np.uint8) for _ in range(20)]
for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 10)
"""
MIB = 2**20


def faults_a_step(first, size=MIB, **settings):
    command = [sys.executable, "-c", STEP.format(first=first, size=size)]
    # a Dask cluster started before leaves settings of the allocator in the environment
    env = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    env |= settings
    return int(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout)


@pytest.mark.parametrize("first", ["from nnbook import ops"])
def test_a_step_gets_no_new_pages(first):
    if platform.libc_ver()[0] != "glibc":  # elsewhere nothing is promised, and importing must work
        assert subprocess.run([sys.executable, "-c", first], check=True).returncode == 0
        return
    for size in (MIB, 8 * MIB):  # in all 20 MiB and 160 MiB: those of a dense network, of images
        assert faults_a_step(first, size) < 100  # of 5,120 and 40,960 pages of 4 KiB
    assert faults_a_step("") > 1000  # what the import has changed
    # settings that somebody made stay as they are
    assert faults_a_step(first, MALLOC_TRIM_THRESHOLD_="0") > 1000
