package server_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"zhijian/testkit/house"
)

// fullVariable names the folder in which the child of TestDiskFull mounts a small file system of its own.
const fullVariable = "ZHIJIAN_TEST_FULL"

const (
	diskSize  = 96 << 20
	diskFloor = diskSize / 20 // the default floor: 5 %
)

// TestDiskFull has a whole house live on a file system of 96 MiB that fills up: new cases are refused in words, what runs
// is paid and ends, and the house comes back by itself (reliability.md R05). Mounting needs a process of its own.
func TestDiskFull(t *testing.T) {
	if dir := os.Getenv(fullVariable); dir != "" {
		if err := mount(dir); err != nil {
			t.Fatal(err)
		}
		diskFull(t, dir)
		return
	}
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestDiskFull$", "-test.v")
	cmd.Env = append(os.Environ(), fullVariable+"="+dir, "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestDiskFull") {
		t.Fatalf("child: %v\n%s", err, out)
	}
}

func mount(dir string) error {
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	return syscall.Mount("zhijian", dir, "tmpfs", 0, "size="+strconv.Itoa(diskSize))
}

func diskFull(t *testing.T, dir string) {
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 0))
	no := p.toCashier(h.Resident(t, "L4", 0).Plates[0])
	ballast := filepath.Join(h.Data, "ballast")
	h.Until(t, "the ballast is laid down", func() bool { _, err := os.Stat(ballast); return err == nil })
	another := resident(t, h, h.Resident(t, "L4", 1))

	fill := filepath.Join(dir, "fill")
	for round := range 2 {
		h.Until(t, "the ballast is given up", func() bool {
			occupy(t, dir, fill) // again what a checkpoint or a merge gave back meanwhile
			_, err := os.Stat(ballast)
			return err != nil
		})
		another.open("/city/hangzhou/services/hall-appointment")
		another.send("/start", nil)
		another.status(http.StatusServiceUnavailable)
		another.reads("存储空间", "正在办的", "不受影响")
		if round == 0 {
			p.pay() // with the disk full
			p.until("/cases/"+no, "已办结")
			p.open("/cases/" + no + "/receipt")
			p.until("/me/messages", "办好了")
		}
		if err := os.Remove(fill); err != nil {
			t.Fatal(err)
		}
		h.Until(t, "the ballast is back", func() bool { _, err := os.Stat(ballast); return err == nil })
		another.start("hall-appointment")
	}
	metrics := visitor(t, h)
	metrics.open(h.Ready.AdminURL + "/metrics")
	if body := string(metrics.Page.Body); !strings.Contains(body, "zhijian_space_full 0") || !strings.Contains(body, "zhijian_space_free_bytes ") {
		t.Error("the metrics do not say how the disk is")
	}
}

// occupy fills the disk up to half the floor with a file that may be there already.
func occupy(t *testing.T, dir, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	if more := int64(st.Bavail)*st.Bsize - diskFloor/2; more > 0 {
		if err := syscall.Fallocate(int(f.Fd()), 0, size, more); err != nil {
			t.Fatal(err)
		}
	}
}
