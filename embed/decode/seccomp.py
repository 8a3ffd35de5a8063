"""Locks this process in: no file, no socket, no program, no other process, no new code. Linux on x86_64 and aarch64.

    lock(memory) -> is the filter in force?     limits first, then an allow-list of system calls; nothing takes it back

The list holds what an interpreter with numpy, Pillow and FFmpeg calls once everything is imported: memory, threads,
clocks, and reading and writing what is open already. Any other call fails with EPERM, so that a library's curiosity
costs it an error and not us the image. Numbers: the kernel's arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h; the filter's form: Documentation/userspace-api/seccomp_filter.rst.
"""

import ctypes
import platform
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

LOAD, EQUAL, AT_LEAST, AND, ANSWER = 0x20, 0x15, 0x35, 0x54, 0x06
KILL, ALLOW, DENY, UNKNOWN = 0x80000000, 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
"""End the process, let the call through, fail it with EPERM, fail it with ENOSYS."""

NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16
X32_BIT = 0x40000000
CLONE_THREAD, PROT_EXEC = 0x10000, 4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 4, 38, 22
SIGKILL, SECCOMP_MODE_FILTER = 9, 2

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The kernel's name of each architecture, and which column below is its own."""

PLAIN = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "exit": (60, 93),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}


@dataclass(frozen=True, slots=True)
class Only:
    """A call that is allowed if the masked low half of one argument has this value."""

    numbers: tuple[int, int]
    argument: int
    mask: int
    value: int


LIMITED = (
    Only((9, 222), 2, PROT_EXEC, 0),  # mmap and
    Only((10, 226), 2, PROT_EXEC, 0),  # mprotect: of data, never of code
    Only((56, 220), 0, CLONE_THREAD, CLONE_THREAD),  # clone: threads, no processes
    Only((302, 261), 0, 0xFFFFFFFF, 0),  # prlimit64: of itself
)
CLONE3 = (435, 435)
"""Refused as unknown, because its flags lie behind a pointer; the C library then uses `clone`."""


class Instruction(ctypes.Structure):
    """`struct sock_filter` of linux/filter.h."""

    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))


def is_known_here() -> bool:
    """Return whether there is a filter for this kernel and machine."""
    return sys.platform == "linux" and platform.machine() in ARCHITECTURES and struct.calcsize("P") == 8


def lock(memory: int) -> bool:
    """Shut this process in for good, with `memory` bytes of address space; return False if only limits are in force."""
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (value, value))
    return is_known_here() and _filtered(ctypes.CDLL(None, use_errno=True))


def _filtered(libc: ctypes.CDLL) -> bool:
    rules = tuple(_rules(*ARCHITECTURES[platform.machine()]))
    program = Program(len(rules), (Instruction * len(rules))(*(Instruction(*rule) for rule in rules)))
    libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _rules(arch: int, column: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the filter as (code, jump if true, jump if false, value): the first recognised call answers."""
    yield from ((LOAD, 0, 0, ARCH_AT), (EQUAL, 1, 0, arch), (ANSWER, 0, 0, KILL))
    yield from ((LOAD, 0, 0, NUMBER_AT), (AT_LEAST, 0, 1, X32_BIT), (ANSWER, 0, 0, KILL))
    for numbers in PLAIN.values():
        number = numbers[column]
        if number is not None:
            yield from ((EQUAL, 0, 1, number), (ANSWER, 0, 0, ALLOW))
    for only in LIMITED:
        yield (EQUAL, 0, 5, only.numbers[column])
        yield from ((LOAD, 0, 0, ARGUMENTS_AT + 8 * only.argument), (AND, 0, 0, only.mask))
        yield from ((EQUAL, 0, 1, only.value), (ANSWER, 0, 0, ALLOW), (ANSWER, 0, 0, DENY))
    yield from ((EQUAL, 0, 1, CLONE3[column]), (ANSWER, 0, 0, UNKNOWN), (ANSWER, 0, 0, DENY))
