"""From feeds to bytes."""
