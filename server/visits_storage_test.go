package server_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zhijian/server"
	"zhijian/store/sqldb"
	"zhijian/testkit/walk"
)

// The folders of the children of the two tests here.
const (
	visitsFullVariable   = "ZHIJIAN_TEST_VISITS_FULL"
	visitsBrokenVariable = "ZHIJIAN_TEST_VISITS_BROKEN"
)

// TestVisitsDiskFull: with no room left pages answer as ever and their visits are dropped; a posting is refused with what it got to, and goes on
// there when there is room again. Mounting needs a process of its own.
func TestVisitsDiskFull(t *testing.T) {
	if dir := os.Getenv(visitsFullVariable); dir != "" {
		if err := mount(dir); err != nil {
			t.Fatal(err)
		}
		visitsDiskFull(t, dir)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	cmd := again(t, "TestVisitsDiskFull", visitsFullVariable+"="+dir, "TMPDIR="+dir)
	cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestVisitsDiskFull") {
		t.Fatalf("child: %v\n%s", err, out)
	}
}

// again runs one test of this program in a process of its own.
func again(t *testing.T, name string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+name+"$", "-test.v")
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

func visitsDiskFull(t *testing.T, dir string) {
	n := openNode(t, "")
	text := lines(t, 150_000)
	if status, _ := n.post("", bytes.NewReader(text[:bytes.IndexByte(text, '\n')+1])); status != 200 {
		t.Fatal(status)
	}
	n.has(1)
	fill := filepath.Join(dir, "fill")
	f, err := os.Create(fill)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, endless{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filled the disk: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p := walk.New(n.h.Origin(), agent(phone))
	dropped := func() string {
		res, err := http.Get(n.h.AdminURL() + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		all, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(all)) {
			if text, ok := strings.CutPrefix(line, "zhijian_visits_dropped_total "); ok {
				return strings.TrimSpace(text)
			}
		}
		return ""
	}
	n.until("a visit is dropped", func() bool {
		if err := p.Get(t.Context(), "/city/hangzhou"); err != nil || p.Page.Status != http.StatusOK {
			t.Fatalf("a page on a full disk: %v %+v", err, p.Page)
		}
		return dropped() != "0"
	})
	key := []string{"Idempotency-Key", "full"}
	if status, r := n.post("", bytes.NewReader(text), key...); status != http.StatusServiceUnavailable || r.Code != "visits.unsaved" {
		t.Errorf("posted to a full disk: %d %+v", status, r)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	if status, r := n.post("", bytes.NewReader(text), key...); status != 200 || r.Accepted != 150_000 || r.Repeated {
		t.Errorf("when there is room again: %d %+v", status, r)
	}
	n.has(150_001)
	n.shut()
	if n := strings.Count(n.log.String(), "visits were dropped"); n != 1 {
		t.Errorf("said %d times within a minute that visits were dropped", n)
	}
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || c.Wrong != "" {
		t.Errorf("recount: %+v, %v", c, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestVisitsBrokenStorage: a write that fails ends the process with the status of lost storage; the next start finds all that was acknowledged.
func TestVisitsBrokenStorage(t *testing.T) {
	if dir := os.Getenv(visitsBrokenVariable); dir != "" {
		visitsBroken(t, dir)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	out, err := again(t, "TestVisitsBrokenStorage", visitsBrokenVariable+"="+dir).CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != sqldb.ExitStorage || !strings.Contains(string(out), "the visit log can no longer be trusted") {
		t.Fatalf("child: %v\n%s", err, out)
	}
	n := openNode(t, "")
	n.shut()
	n.c.Data = filepath.Join(dir, "data")
	n.start()
	n.has(1000)
	n.shut()
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || c.Wrong != "" || c.Folded != 1000 {
		t.Errorf("recount: %+v, %v", c, err)
	}
}

// visitsBroken lives until a frame grows a file beyond what the process may write.
func visitsBroken(t *testing.T, dir string) {
	n := openNode(t, "")
	n.shut()
	n.c.Data = filepath.Join(dir, "data")
	n.c.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	n.start()
	if status, _ := n.post("", bytes.NewReader(lines(t, 1000))); status != 200 {
		t.Fatal(status)
	}
	n.has(1000)
	signal.Ignore(syscall.SIGXFSZ) // a write beyond the limit fails instead
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 600_000, Max: 600_000}); err != nil {
		t.Fatal(err)
	}
	status, r := n.post("", bytes.NewReader(lines(t, 65_536)))
	t.Fatalf("the house still answers: %d %+v", status, r)
}
