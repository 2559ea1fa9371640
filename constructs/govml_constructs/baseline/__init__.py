"""What an account needs once, whatever runs in it: settings, patches, alerts."""
