//go:build !linux

package sqldb

// checkPlace knows no way to tell file systems apart here.
func checkPlace(string) error { return nil }
