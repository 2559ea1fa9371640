"""What is looked at while all runs, and what rings: alarms, the drift engine, the canary, costs, the overview pages."""
