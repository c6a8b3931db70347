"""How templates show what a draft would change."""
