package store

// RepackSpends reads a packed list of spends and writes it again, for the fuzz test.
func RepackSpends(b []byte) []byte { return unpack(b).pack() }
