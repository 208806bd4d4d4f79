"""Room at a career level: vacant posts and ceilings."""
