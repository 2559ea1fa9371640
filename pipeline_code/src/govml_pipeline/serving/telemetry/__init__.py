"""What a running server tells: log lines always; metrics and traces where environment variables ask for them."""
