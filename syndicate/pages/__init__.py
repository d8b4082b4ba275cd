"""From articles and topics to the pages of output/."""
