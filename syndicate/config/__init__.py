"""From config.yaml to options."""
