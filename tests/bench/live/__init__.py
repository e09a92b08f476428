"""Five hundred phones that follow a stage, as a winner is revealed."""
