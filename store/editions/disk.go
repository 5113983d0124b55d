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

// writeManifest replaces the manifest and its signature, each in one step. Killed between the two the signature is not the
// manifest's, which Signer says and computing again mends.
func (s *Shelf) writeManifest(folder string, m Manifest) error {
	key, err := s.signer()
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	for _, f := range []struct {
		name string
		data []byte
	}{{signatureFile, signature(key, b)}, {manifestFile, b}} {
		fresh := filepath.Join(folder, "."+f.name+".new")
		if err := writeFile(fresh, f.data); err != nil {
			return err
		}
		if err := os.Rename(fresh, filepath.Join(folder, f.name)); err != nil {
			return err
		}
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
