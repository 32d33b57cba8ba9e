"""The polls of `today` of one process, and what follows from them."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.facts import Facts, Look, observe
from tests.oracle.polls import ANY, INTERVALS, Poll
from tests.oracle.presence import Status, statuses


@dataclass(slots=True)
class Line:
    """Every good poll, the statuses held at the newest one, and the facts of each day."""

    polls: list[Poll] = field(default_factory=list)
    held: dict[str, Status] = field(default_factory=dict)
    facts: dict[tuple[str, str], Facts] = field(default_factory=dict)

    def add(self, poll: Poll, interval: float, shown: set[str]) -> None:
        """One more good poll, while the interval is so and these names pass the filters."""
        before = next((one for one in reversed(self.polls) if one.day == poll.day), None)
        detour = bool(before and before is not self.polls[-1])
        near = before
        # By docs/contract.md#presence: "how far apart two polls are is told by the clock of ages".
        if before and poll.sent.age - before.sent.age > INTERVALS * interval:
            near = None
        self.held = statuses(poll, near, self.held, shown)
        if detour:
            # The wall clock named another day for a while. Whether the poll before that is the
            # one before is not said: this poll may know the status or not.
            self.held = {name: Status(ANY, ANY) for name in self.held}
        for name, person in poll.reading.people.items():
            facts = self.facts.setdefault((poll.day, name), Facts())
            observe(facts, Look(name, person, poll, near, detour, self.held[name]))
        self.polls.append(poll)
        self._forget(date.fromisoformat(poll.day))

    def _forget(self, today: date) -> None:
        """How long a day's facts are kept for a clock that goes back to it is said of marks only.

        They are "of the newest report's day, the two before and the one after".
        """
        for (day, _), facts in self.facts.items():
            if not -2 <= (date.fromisoformat(day) - today).days <= 1:
                facts.forget()
