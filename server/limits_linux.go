package server

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// raiseFiles raises the limit of open files as far as this process may, and gives what it is now.
func raiseFiles() (uint64, error) {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0, err
	}
	if l.Cur < l.Max {
		l.Cur = l.Max
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
			return 0, err
		}
	}
	return l.Cur, nil
}

// memoryAllowed is what the control group of this process may use, in bytes; 0 for no limit.
func memoryAllowed() int64 {
	for _, at := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		b, err := os.ReadFile(at)
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
		if err == nil && n > 0 && n < 1<<50 { // version 1 says "none" with a huge number
			return n
		}
	}
	return 0
}
