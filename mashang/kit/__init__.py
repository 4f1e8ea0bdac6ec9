"""What every package stands on; no word of customer service."""
