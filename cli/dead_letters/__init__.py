"""Dead letters: which there are, why they died, how they are delivered again."""
