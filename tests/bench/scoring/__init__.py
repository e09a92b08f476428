"""How well the engine finds the best, and how fast, on simulated calls whose truth is known."""
