"""The memory limit of the gate's child on Windows: a job object. Written from the API's description, not tried here."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

_PROCESS_MEMORY, _KILL_ON_CLOSE, _EXTENDED = 0x100, 0x2000, 9
_jobs: list[Any] = []


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("Basic", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def bound(process: subprocess.Popen[bytes], memory: int) -> None:
    """Hold the process to `memory` bytes, and end it with this program."""
    if sys.platform != "win32":
        return
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        return
    limit = _Extended()
    limit.Basic.LimitFlags = _PROCESS_MEMORY | _KILL_ON_CLOSE
    limit.ProcessMemoryLimit = memory
    handle = ctypes.c_void_p(job)
    kernel.SetInformationJobObject(handle, _EXTENDED, ctypes.byref(limit), ctypes.sizeof(limit))
    kernel.AssignProcessToJobObject(handle, ctypes.c_void_p(int(process._handle)))
    for old in _jobs:
        kernel.CloseHandle(old)
    _jobs[:] = [handle]
