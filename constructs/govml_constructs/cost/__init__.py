"""What is spent: budgets and alerts on unusual spending."""
