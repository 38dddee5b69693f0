"""Samples of a run, their medians and ratios."""
import statistics


class Results:
    """samples[row][system] is a list of {figure: value} by round (None: that round failed)."""

    def __init__(self):
        self.rounds = {}
        self.failures = []

    def add(self, row, system, figures):
        self.rounds.setdefault(row, {}).setdefault(system, []).append(figures)

    def fail(self, row, system, reason):
        self.add(row, system, None)
        self.failures.append({"row": row, "system": system, "reason": reason})

    def count_failed(self, row, system):
        return sum(failure["row"] == row and failure["system"] == system for failure in self.failures)

    def samples(self, row, system, key):
        rounds = self.rounds.get(row, {}).get(system, [])
        return [figures[key] for figures in rounds if figures and key in figures]

    def median(self, row, system, key):
        samples = self.samples(row, system, key)
        return statistics.median(samples) if samples else None

    def ratio(self, row, system, key, base):
        """Median over the rounds of the ratio within each round: the two stand next to each other in time, so
        that a machine whose speed drifts does not tilt it."""
        ours, theirs = (self.rounds.get(row, {}).get(name, []) for name in (system, base))
        ratios = [mine[key] / base_figures[key] for mine, base_figures in zip(ours, theirs)
                  if mine and base_figures and key in mine and base_figures.get(key)]
        return statistics.median(ratios) if ratios else None
