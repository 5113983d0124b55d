// Package secret keeps keys as files that their owner alone can read.
//
// A file is written as a whole or not at all, and is on disk when Keep returns; what was kept once is never written over, so that two
// processes that start at once end with one key. It blocks on the disk.
package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Keep writes a file with mode 0400; one that is there already stays.
func Keep(path, text string) (err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.WriteString(text); err == nil {
		err = tmp.Chmod(0o400)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	// Link, not rename: two houses starting at once must end with one key.
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Read gives a kept text; an error that wraps fs.ErrNotExist when there is none, and one that says how to mend it when others than
// the owner can read the file.
func Read(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("mode is %v: others can read it; chmod 400 %s", info.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}
