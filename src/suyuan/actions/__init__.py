"""One file per deed: what an officer, a program or the clock can do in the room."""
