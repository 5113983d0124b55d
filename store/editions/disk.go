package editions

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// writeAll writes files into a new folder and returns when they are on disk.
func writeAll(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, b := range files {
		if err := writeFile(filepath.Join(folder, name), b); err != nil {
			return err
		}
	}
	return syncFolder(folder)
}

func writeFile(path string, b []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.Sync()
}

// writeManifest replaces the manifest in one step.
func writeManifest(folder string, m Manifest) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	fresh := filepath.Join(folder, ".manifest.new")
	if err := writeFile(fresh, append(b, '\n')); err != nil {
		return err
	}
	if err := os.Rename(fresh, filepath.Join(folder, manifestFile)); err != nil {
		return err
	}
	return syncFolder(folder)
}

func syncFolder(path string) (err error) {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}
