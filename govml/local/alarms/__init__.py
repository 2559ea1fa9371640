"""How alarms are judged: statistics, metric math, missing data, bands. Knows no account; the emulator and tests judge by it."""
