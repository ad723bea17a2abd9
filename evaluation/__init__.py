"""The rules themselves: rulebook, measures, rules, scoring and ranking, as pure functions of data."""
