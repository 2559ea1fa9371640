"""The events that AWS services put onto the account's default event bus, for what the emulator's services leave out."""
