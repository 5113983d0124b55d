//go:build !linux

package visitlog

import "os"

func syncData(f *os.File) error { return f.Sync() }
