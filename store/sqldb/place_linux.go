package sqldb

import (
	"fmt"
	"syscall"
)

// checkPlace refuses network file systems, whose locks and shared memory SQLite's WAL
// cannot rely on. Magic numbers: statfs(2).
func checkPlace(dir string) error {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return fmt.Errorf("look at %s: %w", dir, err)
	}
	names := map[uint32]string{
		0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2", 0x01021997: "9P", 0x564c: "NCP",
		0x5346414f: "AFS", 0x73757245: "Coda", 0x00c36400: "Ceph", 0x0bd00bd0: "Lustre",
	}
	if name := names[uint32(st.Type)]; name != "" {
		return wrongSetting("the file system of "+dir, name, "a local one")
	}
	return nil
}
