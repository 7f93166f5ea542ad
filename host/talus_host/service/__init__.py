"""`talus watch`: a collector that goes on by itself. It joins what the other rooms have; only verbs import it."""
