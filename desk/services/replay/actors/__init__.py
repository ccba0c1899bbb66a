"""The people of a play: each looks at what waits and does what is theirs."""
