"""What is counted of visits to sites, and how."""
