"""The profile that allows the worker's sandboxes their namespaces, and nothing for nothing."""

from typing import Any

import msgspec
import pytest

from sandbox.isolation import namespaces
from sandbox.isolation.syscalls import ALLOWED
from tests.tree import ROOT

PROFILE = msgspec.json.decode((ROOT / "deploy/seccomp/worker-userns.json").read_bytes())
CLONE_NEW = 0x7E020000
"""Every CLONE_NEW* flag that clone knows. Source: linux/sched.h."""
FOR_THE_PRIVILEGED = {"setgroups", "setresgid", "setresuid"}
"""What gives guests a user each where the server is root, which it is not in a container."""
NEVER = """
acct add_key bpf clock_settime delete_module fanotify_init finit_module fsconfig fsmount fsopen
init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load
kexec_load keyctl mknod mknodat modify_ldt mount_setattr move_mount move_pages name_to_handle_at
nfsservctl open_by_handle_at open_tree perf_event_open personality pidfd_getfd process_vm_readv
process_vm_writev ptrace quotactl reboot request_key setdomainname setgid sethostname setns
settimeofday setuid swapoff swapon syslog userfaultfd vhangup
""".split()


def rules(name: str) -> list[dict[str, Any]]:
    """Return the rules about a call."""
    return [rule for rule in PROFILE["syscalls"] if name in rule["names"]]


def test_what_is_not_named_is_refused() -> None:
    allowed = [rule for rule in PROFILE["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW"]

    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"
    assert {rule["action"] for rule in PROFILE["syscalls"] if rule not in allowed} == {
        "SCMP_ACT_ERRNO"
    }


@pytest.mark.parametrize("name", NEVER)
def test_a_call_that_reaches_beyond_the_container_is_not_named(name: str) -> None:
    assert rules(name) == []


def test_all_that_the_sandbox_allows_itself_is_allowed() -> None:
    assert {name for name in ALLOWED if not rules(name)} == FOR_THE_PRIVILEGED


def test_namespaces_are_had_by_exactly_the_call_the_sandbox_makes() -> None:
    wanted = namespaces._NEWUSER
    for flag in namespaces._FLAGS.values():
        wanted |= flag
    (unshare,), (clone,), (clone3,) = rules("unshare"), rules("clone"), rules("clone3")

    assert unshare["args"] == [{"index": 0, "value": wanted, "op": "SCMP_CMP_EQ"}]
    assert clone["args"] == [
        {"index": 0, "value": CLONE_NEW, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 0}
    ]
    assert (clone3["action"], clone3["errnoRet"]) == ("SCMP_ACT_ERRNO", 38)


def test_no_packet_filter_can_be_reached_from_a_network_namespace() -> None:
    families = [rule["args"][0]["value"] for rule in rules("socket")]
    (netlink,) = [rule for rule in rules("socket") if rule["args"][0]["value"] == 16]
    (options,) = rules("setsockopt")

    assert families == [1, 2, 10, 16]
    assert netlink["args"][1] == {"index": 2, "value": 0, "op": "SCMP_CMP_EQ"}
    assert options["args"] == [{"index": 2, "value": 64, "op": "SCMP_CMP_LT"}]
