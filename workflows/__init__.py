"""What happens in one app because of another."""
