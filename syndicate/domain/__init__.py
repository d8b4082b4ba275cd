"""The words of the field as frozen values, and the rules about them."""
