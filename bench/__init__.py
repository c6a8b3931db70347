"""What Makegood is measured by: each module compares one part with a peer, in one run."""
