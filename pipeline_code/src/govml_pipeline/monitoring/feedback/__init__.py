"""What people say of answers: accepted, rejected, or what is true; read, joined and held against what is usual."""
