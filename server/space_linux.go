package server

import (
	"errors"
	"os"
	"syscall"
)

// freeSpace gives what an ordinary user may still write to the file system of a folder, and its size, in bytes.
func freeSpace(dir string) (free, total int64, err error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, 0, err
	}
	return int64(st.Bavail) * st.Bsize, int64(st.Blocks) * st.Bsize, nil
}

// occupy takes size bytes of the disk for a file, really: a file with holes would be no ballast.
func occupy(f *os.File, size int64) error {
	err := syscall.Fallocate(int(f.Fd()), 0, 0, size)
	if errors.Is(err, syscall.EOPNOTSUPP) {
		return fill(f, size)
	}
	return err
}
