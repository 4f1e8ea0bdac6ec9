"""What stands beside the product to try it with."""
