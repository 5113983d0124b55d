package secret_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/store/secret"
)

func TestKeep(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if _, err := secret.Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is none: %v", err)
	}
	for _, text := range []string{"first\n", "second\n"} {
		if err := secret.Keep(path, text); err != nil {
			t.Fatal(err)
		}
		if got, err := secret.Read(path); got != "first\n" || err != nil {
			t.Errorf("%q %v: what was kept once stays", got, err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); len(left) != 1 || err != nil {
		t.Errorf("something is left over: %v %v", left, err)
	}
	if err := os.Chmod(path, 0o440); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Read(path); err == nil || !strings.Contains(err.Error(), "chmod 400") {
		t.Errorf("others can read it: %v", err)
	}
	if err := secret.Keep(filepath.Join(filepath.Dir(path), "none", "key"), "x"); err == nil {
		t.Error("kept in no folder")
	}
}
