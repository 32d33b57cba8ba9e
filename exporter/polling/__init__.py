"""What is known of each project, and since when."""
