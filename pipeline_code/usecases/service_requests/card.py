"""What only people can say about this model."""

from __future__ import annotations

from govml_pipeline.model_card.text import CardText

CARD = CardText(
    description="Estimates, when a resident's request comes in, the probability that it is closed later than its service level.",
    owner="The agency's data science team that runs the use case service_requests",
    purpose="A list of requests that a supervisor looks at first, while there is still time.",
    intended_uses="Ordering of a supervisor's list by probability; planning of staff by the sum of probabilities.",
    not_for="Any decision about a resident; measuring people at work; setting a service level; a yes or no without the "
    "probability.",
    limits="Requests of new divisions and categories are estimated by what others are like. A change in a division's work is "
    "noticed only when late labels arrive, up to two months afterwards.",
    risk="Low",
    risk_reason="A wrong estimate costs a glance of a supervisor, or leaves a request in the order in which it came.",
    ethics="Requests in some languages wait for translation and are late more often. Language is no feature, so that the model "
    "does not learn to expect it; the fairness report shows the gap, which the agency has to close in its work.",
    problem="One request in eight is late, and nobody knows which until it is.",
    stakeholders="Residents, supervisors and officers of the divisions",
    choice="Shallow boosted trees with exact Shapley values: the odds are nearly additive, and each estimate can be taken apart.",
)
