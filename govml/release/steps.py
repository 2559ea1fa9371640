"""What a decision can ask for: one step, after which the account is looked at afresh."""

from __future__ import annotations

from dataclasses import dataclass

from govml.release.entry import Action, Entry, Evidence
from govml.release.events import Claim
from govml.release.state import Serving


@dataclass(frozen=True)
class Rest:
    """Nothing is to be done now.

    Args:
        why: the reason, for the log.
        trouble: a person must look: the account does not become right by itself.
    """

    why: str
    trouble: bool = False


@dataclass(frozen=True)
class Approve:
    """Write down an approval that counts, with the digests of what was approved, and who trained it."""

    claim: Claim
    trainers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """Write one entry.

    Args:
        action: what was done.
        version: version of the model package, 0 for none.
        who: who did it.
        why: the reason.
        evidence: what it rests on.
        about: the deployment whose outcome it is.
        alert: tell the alert topic too.
    """

    action: Action
    version: int
    why: str
    who: str = ""
    evidence: tuple[Evidence, ...] = ()
    about: Entry | None = None
    alert: bool = False


@dataclass(frozen=True)
class SetBack:
    """Set a package's approval, which does not count, back to pending."""

    version: int


@dataclass(frozen=True)
class Cancel:
    """Stop an update whose version is no longer wanted; CloudFormation then rolls it back."""

    deploying: Entry


@dataclass(frozen=True)
class Deploy:
    """Let the serving stack serve something else.

    Args:
        target: what it is to serve.
        version: the version that this is about; 0 for the end of the service.
        why: the reason.
        resumed: the entry of a deployment that was begun and did not reach CloudFormation.
    """

    target: Serving
    version: int
    why: str
    resumed: Entry | None = None


Step = Rest | Approve | Record | SetBack | Cancel | Deploy
