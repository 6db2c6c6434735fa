"""What several stacks are built of."""
