"""How templates show explanations."""
