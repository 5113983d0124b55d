package visitlog

import (
	"errors"
	"os"
	"syscall"
)

// syncData spares the write of the time stamps. The length, which reading needs, is included.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
