"""What everybody may see of how decisions are made, and what an auditor may."""
