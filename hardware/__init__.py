"""The hardware as rows, and what is made of them. Run `make hardware`."""
