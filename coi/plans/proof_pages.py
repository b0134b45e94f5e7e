"""The download of a file that shows that a condition is kept; thin."""

from flask import g
from flask.typing import ResponseReturnValue

from coi.attachments.serving import as_file
from coi.gate import Trace, needs
from coi.plans.blueprint import bp
from coi.plans.proofs import Proof, proof_for
from coi.rules.permissions import Permission
from coi.vocabulary import Event


def _read(one: Proof) -> Trace:
    whom = "filer" if g.actor.person_id == one.condition.plan.filer_id else "condition_only"
    told = {"attachment": one.paper.reference, "sha256": one.paper.sha256, "as": whom}
    return Event.ATTACHMENT_READ, f"disclosure:{one.condition.plan.disclosure.reference}", told


@bp.get("/one/<reference>/proof/<paper>")
@needs(Permission.CONDITION_READ, on=proof_for, reads=_read)
def proof(one: Proof) -> ResponseReturnValue:
    """The file itself, to be saved."""
    return as_file(one.paper)
