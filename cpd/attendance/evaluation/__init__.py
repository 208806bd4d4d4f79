"""What those who came thought of it: asked once, kept without their names, shown in groups of five or more."""
