"""Training and CPD booking for social-work employers: one package per capability."""
