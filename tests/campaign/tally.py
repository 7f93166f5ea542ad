"""What a campaign did, counted, and the one table it ends with."""

from collections import Counter
from dataclasses import dataclass, field

COUNTED = "faults"


@dataclass
class Tally:
    """faults: how often each struck; seeds: of each part; the rest: records, bytes and syncs of all parts."""

    faults: Counter[str] = field(default_factory=Counter)
    seeds: dict[str, str] = field(default_factory=dict)
    records: int = 0
    received: int = 0
    octets: int = 0
    syncs: int = 0
    whole: int = 0
    commits: int = 0
    boots: int = 0
    days: float = 0.0
    killed_records: int = 0
    ended: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        refetched = (self.received - self.records) / max(self.received, 1)
        lines = [f"  {name:<52}{count:>8}" for name, count in sorted(self.faults.items())]
        lines.append(f"  {COUNTED + ' in all':<52}{self.faults.total():>8}")
        rows: list[tuple[str, str]] = [
            ("records, each in every database exactly once", f"{self.records}"),
            ("records received", f"{self.received}"),
            ("fetched again, of the records received", f"{100 * refetched:.1f} %"),
            ("bytes received", f"{self.octets}"),
            ("syncs begun, of them whole", f"{self.syncs}, {self.whole}"),
            ("commits", f"{self.commits}"),
            ("records of the killed computers, once each", f"{self.killed_records}"),
            ("boots, days on the brace's clock", f"{self.boots}, {self.days:.0f}"),
        ]
        lines += [f"  {name:<45}{said:>15}" for name, said in rows]
        lines += [f"  ended by {name:<43}{count:>8}" for name, count in sorted(self.ended.items())]
        return lines + [f"  seed of {part}: {seed}" for part, seed in self.seeds.items()]
