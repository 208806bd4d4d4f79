"""What must hold whatever happens, each as one check that names the rows which break it (`flask doctor`)."""
