package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"zhijian/sandbox/journal"
)

func open(t *testing.T, path string) (*journal.File, []string) {
	t.Helper()
	var lines []string
	j, err := journal.Open(path, func(line []byte) error { lines = append(lines, string(line)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j, lines
}

func TestWhatWasAppendedIsThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	long := strings.Repeat("长", 300_000)
	j, lines := open(t, path)
	if len(lines) != 0 {
		t.Fatalf("a new journal has %d lines", len(lines))
	}
	for _, v := range []any{1, long, "two\nlines"} {
		if err := j.Append(v); err != nil {
			t.Fatal(err)
		}
	}
	// No Close: the process ends.
	if again, lines := open(t, path); !slices.Equal(lines, []string{"1", `"` + long + `"`, `"two\nlines"`}) || again.Lines() != 3 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestTornLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ has, want string }{
		"half a line":      {"1\n2\n{\"a", "1 2 9"},
		"only half a line": {"{\"a", "9"},
		"no newline":       {"1\n2", "1 9"}, // whether it was whole nobody can know
		"whole":            {"1\n2\n", "1 2 9"},
		"half a long line": {"1\n" + strings.Repeat("x", 600_000), "1 9"},
	} {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, []byte(c.has), 0o600); err != nil {
			t.Fatal(err)
		}
		j, _ := open(t, path)
		if err := j.Append(9); err != nil {
			t.Fatal(err)
		}
		if _, lines := open(t, path); strings.Join(lines, " ") != c.want {
			t.Errorf("%s: %.40q, want %q", name, lines, c.want)
		}
	}
}

func TestDamageIsTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	if err := os.WriteFile(path, []byte("1\nx\n3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := errors.New("not a number")
	_, err := journal.Open(path, func(line []byte) error {
		if _, err := strconv.Atoi(string(line)); err != nil {
			return damaged
		}
		return nil
	})
	if !errors.Is(err, damaged) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	j, _ := open(t, path)
	for i := range 100 {
		if err := j.Append(i); err != nil {
			t.Fatal(err)
		}
	}
	failed := errors.New("failed")
	err := j.Rewrite(func(put func(any) error) error { return errors.Join(put("half"), failed) })
	if !errors.Is(err, failed) || j.Lines() != 100 {
		t.Errorf("a rewrite that failed: %v, %d lines", err, j.Lines())
	}
	err = j.Rewrite(func(put func(any) error) error { return errors.Join(put("a"), put("b")) })
	if err != nil || j.Lines() != 2 {
		t.Fatalf("%v, %d lines", err, j.Lines())
	}
	if err := j.Append("c"); err != nil {
		t.Fatal(err)
	}
	if _, lines := open(t, path); strings.Join(lines, " ") != `"a" "b" "c"` {
		t.Errorf("%q", lines)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("%d files, %v", len(entries), err)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	j, _ := open(t, path)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for k := range 50 {
				if err := j.Append(map[string]int{"i": i, "k": k}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if _, lines := open(t, path); len(lines) != 1000 || j.Lines() != 1000 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestClosedAndAbsent(t *testing.T) {
	t.Parallel()
	j, _ := open(t, filepath.Join(t.TempDir(), "j"))
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Error(err)
	}
	if j.Append(1) == nil || j.Rewrite(func(func(any) error) error { return nil }) == nil {
		t.Error("a closed journal took a line")
	}
	var none *journal.File
	if err := errors.Join(none.Append(1), none.Rewrite(nil), none.Close()); err != nil || none.Lines() != 0 {
		t.Errorf("no journal: %v", err)
	}
}
