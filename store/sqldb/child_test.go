package sqldb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// Some things can only happen to a process of its own: being killed, running into a limit of
// file size, living on a full file system. The test binary starts itself again for them.
const (
	childVariable = "ZHIJIAN_TEST_CHILD" // what the child does
	placeVariable = "ZHIJIAN_TEST_PLACE" // the file or folder it does it in
)

// child is the main function of such a process.
func child(role string) {
	place := os.Getenv(placeVariable)
	var err error
	switch role {
	case "write":
		err = childWrite(place)
	case "limit":
		err = childLimit(place)
	case "full":
		err = childFull(place)
	case "assert":
		err = childAssert(place)
	default:
		err = fmt.Errorf("unknown role %s", role)
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

func start(t *testing.T, role, place string, attr *syscall.SysProcAttr) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+role, placeVariable+"="+place)
	cmd.SysProcAttr = attr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

// writeUntil has callers write words as long as it works and says each that was acknowledged.
func writeUntil(db *sqldb.DB, callers int, size int) error {
	var mu sync.Mutex
	out := bufio.NewWriter(os.Stdout)
	filler := strings.Repeat("x", size)
	errs := make(chan error, callers)
	run := db.ID()
	for c := range callers {
		go func() {
			for n := 0; ; n++ {
				word := fmt.Sprintf("%d.%d.%d", run, c, n)
				err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
					if _, err := tx.Exec(`insert into probe (id, word, bits) values ($1, $2, $3)`, db.ID(), word, []byte(filler)); err != nil {
						return err
					}
					return tx.Append(word, noted{Text: word})
				})
				if err != nil {
					errs <- err
					return
				}
				mu.Lock()
				_, _ = fmt.Fprintln(out, "saved", word)
				_ = out.Flush()
				mu.Unlock()
			}
		}()
	}
	return <-errs
}

func openChild(path string) (*sqldb.DB, error) {
	return sqldb.Open(context.Background(), sqldb.Config{Path: path, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

func childWrite(path string) error {
	db, err := openChild(path)
	if err != nil {
		return err
	}
	return writeUntil(db, 16, 100)
}

// collect reads acknowledgements into saved until the child's output ends.
func collect(lines *bufio.Scanner, saved map[string]bool) (other []string) {
	for lines.Scan() {
		if word, ok := strings.CutPrefix(lines.Text(), "saved "); ok {
			saved[word] = true
		} else {
			other = append(other, lines.Text())
		}
	}
	return other
}

func wantSaved(t *testing.T, db *sqldb.DB, saved map[string]bool) {
	t.Helper()
	stored := map[string]bool{}
	for _, w := range words(t, db) {
		stored[w] = true
	}
	lost := 0
	for w := range saved {
		if !stored[w] {
			lost++
		}
	}
	if lost > 0 || len(saved) == 0 {
		t.Errorf("%d of %d acknowledged changes are lost", lost, len(saved))
	}
	wantChain(t, db, int64(len(stored)))
}

// What was acknowledged survives SIGKILL at any instant (R01), whole (R03). The power-cut and
// n-th-syscall harnesses are elsewhere; this is the everyday check.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	saved := map[string]bool{}
	for round := range 8 {
		cmd, lines := start(t, "write", path, nil)
		// The instant is drawn by count: after a different number of answers each round.
		for n := 0; n < 1+round*37 && lines.Scan(); n++ {
			if word, ok := strings.CutPrefix(lines.Text(), "saved "); ok {
				saved[word] = true
			} else {
				t.Fatalf("child: %s", lines.Text())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		collect(lines, saved)
		_ = cmd.Wait()
	}
	wantSaved(t, testkit.OpenFile(t, path, nil), saved)
}

// A copy of the files of a stopped instant is what a power cut would leave.
func TestCopiedInFlight(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	for i := range 300 {
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			if err := insert(tx, int64(i), fmt.Sprint("w", i)); err != nil {
				return err
			}
			return tx.Append(fmt.Sprint("k", i%9), noted{})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	err := db.Write(ctx, func(tx *sqldb.Tx) error { // the writer stands still meanwhile
		if err := insert(tx, 1000, "not committed"); err != nil {
			return err
		}
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil {
				return err
			}
			if err := os.WriteFile(copied+suffix, data, 0o600); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	again := testkit.OpenFile(t, copied, nil)
	if got := len(words(t, again)); got != 300 {
		t.Errorf("the copy has %d rows, want 300", got)
	}
	wantChain(t, again, 300)
}

// childLimit runs into RLIMIT_FSIZE: writing fails with EFBIG, an I/O error like any other.
func childLimit(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	db, err := openChild(path)
	if err != nil {
		return err
	}
	limit := syscall.Rlimit{Cur: 2 << 20, Max: 2 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	err = writeUntil(db, 8, 2000)
	fmt.Println("answered", err)
	select {} // the process must have ended by itself
}

// An I/O error while committing stops the process at once, with its own exit code, and the
// next start checks the file (R04).
func TestIOErrorIsFatal(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cmd, lines := start(t, "limit", path, nil)
	saved := map[string]bool{}
	other := collect(lines, saved)
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != sqldb.ExitStorage {
		t.Errorf("the process ended with %v, want exit code %d", err, sqldb.ExitStorage)
	}
	if len(other) > 0 {
		t.Errorf("after the error the process still said %q", other)
	}
	if _, err := os.Stat(path + ".suspect"); err != nil {
		t.Errorf("no note for the next start: %v", err)
	}
	wantSaved(t, testkit.OpenFile(t, path, nil), saved)
	if _, err := os.Stat(path + ".suspect"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the note was not removed after the check: %v", err)
	}
}

// childFull lives on a file system of 8 MiB of its own.
func childFull(dir string) error {
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := syscall.Mount("zhijian", dir, "tmpfs", 0, "size=8m"); err != nil {
		return fmt.Errorf("mount a tmpfs: %w", err)
	}
	path, ballast := filepath.Join(dir, "full.db"), filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		return err
	}
	distrusted := make(chan error, 1)
	db, err := sqldb.Open(context.Background(), sqldb.Config{
		Path: path, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Fatal: func(err error) { distrusted <- err },
	})
	if err != nil {
		return err
	}
	if err := db.Write(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(probe); return err }); err != nil {
		return err
	}
	for round := range 3 {
		err := writeUntil(db, 8, 2000)
		if f := fault.Of(err); f == nil || f.Kind != fault.KindUnavailable || f.Code != "store.full" {
			return fmt.Errorf("round %d: a full disk was answered with %w", round, err)
		}
		var n int
		if err := db.QueryRow(context.Background(), `select count(*) from probe`).Scan(&n); err != nil || n == 0 {
			return fmt.Errorf("round %d: reading on a full disk: %d rows, %w", round, n, err)
		}
		// Space returns, without a restart: an operator frees one MiB after the other.
		if err := os.Truncate(ballast, int64(2-round)<<20); err != nil {
			return err
		}
		if err := writes(db, fmt.Sprintf("back.%d", round)); err != nil {
			return fmt.Errorf("round %d: writing after space returned: %w", round, err)
		}
	}
	select {
	case err := <-distrusted:
		return fmt.Errorf("a full disk counted as broken storage: %w", err)
	default:
	}
	if err := os.Remove(ballast); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	// The files are only in this process's mount: check them here.
	db, err = openChild(path)
	if err != nil {
		return fmt.Errorf("open again: %w", err)
	}
	rows, err := db.Query(context.Background(), `select word from probe`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var w string
		if err := rows.Scan(&w); err != nil {
			return err
		}
		fmt.Println("stored", w)
	}
	return errors.Join(rows.Err(), db.Close())
}

// writes tries a change until it succeeds: callers of the round before may still be failing.
func writes(db *sqldb.DB, word string) (err error) {
	for range 100 {
		err = db.Write(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`insert into probe (id, word) values ($1, $2)`, db.ID(), word)
			return err
		})
		if err == nil || !fault.Is(err, fault.KindUnavailable) {
			return err
		}
	}
	return err
}

// childAssert breaks a CHECK of an ordinary table, which is an error, and then one of a vital table.
func childAssert(path string) error {
	db, err := sqldb.Open(context.Background(), sqldb.Config{
		Path: path, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Vital: []string{"purse"},
	})
	if err != nil {
		return err
	}
	for _, table := range []string{"basket", "purse"} {
		err = db.Write(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`insert into ` + table + ` (fen) values (-1)`)
			return err
		})
		fmt.Println(table, err != nil)
	}
	return nil
}

// What breaks a rule of money or stock is a mistake of the program: the process ends and nothing of the change is saved.
func TestBrokenRuleOfMoneyEndsTheProcess(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, `create table basket (fen bigint not null check (fen >= 0))`)
	run(t, db, `create table purse (fen bigint not null check (fen >= 0))`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cmd, lines := start(t, "assert", path, nil)
	said := collect(lines, nil)
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != sqldb.ExitAssertion {
		t.Errorf("the process ended with %v, want exit code %d", err, sqldb.ExitAssertion)
	}
	if len(said) != 1 || said[0] != "basket true" {
		t.Errorf("it said %q, want only that an ordinary rule is an error", said)
	}
}

// A full disk harms nobody's data: writes are refused in words, reads go on, and writing
// goes on without a restart when there is space again (R05).
func TestDiskFull(t *testing.T) {
	t.Parallel()
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	cmd, lines := start(t, "full", t.TempDir(), attr)
	saved, stored := map[string]bool{}, map[string]bool{}
	for _, line := range collect(lines, saved) {
		if w, ok := strings.CutPrefix(line, "stored "); ok {
			stored[w] = true
		} else {
			t.Errorf("child: %s", line)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("child: %v", err)
	}
	for w := range saved {
		if !stored[w] {
			t.Errorf("acknowledged %s is lost", w)
		}
	}
	if len(saved) == 0 {
		t.Error("nothing was saved at all")
	}
}

// The WAL is folded into the file while writing goes on, and emptied when nobody writes.
func TestWALStaysSmall(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	filler := make([]byte, 8000)
	for i := range 6000 / 50 {
		err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
			for k := range 50 {
				if _, err := tx.Exec(`insert into probe (id, word, bits) values ($1, $2, $3)`, i*50+k, fmt.Sprint(i, "-", k), filler); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	st, err := os.Stat(path + "-wal")
	if err != nil || st.Size() > 24<<20 {
		t.Errorf("after 48 MB of rows the WAL has %d bytes, %v, want at most 24 MiB", st.Size(), err)
	}
	deadline := time.After(2 * time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		st, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		if st.Size() == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the WAL still has %d bytes though nobody writes", st.Size())
		}
	}
}
