"""What comes in: captured requests, labels and what else people tell, read leniently and counted."""
