package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// openRing reads the master keys from the data folder, making the first one when the folder is new.
// The file has one line per key version, "VERSION SUITE HEX", and must be readable by its owner alone.
func openRing(dir string) (_ *seal.Ring, err error) {
	defer fault.Wrap(&err, "master keys in %s", dir)
	path := filepath.Join(dir, "keys")
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKeys(dir, path); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	} else if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("mode is %v: others can read it; chmod 400", info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(string(text))
	if err != nil {
		return nil, err
	}
	return seal.New(keys...)
}

func makeKeys(dir, path string) error {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	return keepSecret(dir, path, "1 aes "+hex.EncodeToString(secret)+"\n")
}

// keepSecret writes a file that its owner alone can read, whole or not at all; one that is there already stays.
func keepSecret(dir, path, text string) error {
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
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
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
	defer d.Close()
	return d.Sync()
}

func parseKeys(text string) ([]seal.Key, error) {
	var keys []seal.Key
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var version byte
		var suite, hexed string
		if _, err := fmt.Sscanf(line, "%d %s %s", &version, &suite, &hexed); err != nil {
			return nil, fmt.Errorf("line %d: want VERSION SUITE HEX", i+1)
		}
		secret, err := hex.DecodeString(hexed)
		if err != nil {
			return nil, fmt.Errorf("line %d: the key is not hexadecimal", i+1)
		}
		keys = append(keys, seal.Key{Version: version, Suite: seal.Suite(suite), Secret: secret})
	}
	return keys, nil
}
