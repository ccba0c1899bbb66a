"""What the county itself does: its pack is loaded, its people appointed, its enterprises registered."""
