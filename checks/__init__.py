"""What must hold: expectations derived from the rulebook, asset checks that show them, and the gate's predicates."""
