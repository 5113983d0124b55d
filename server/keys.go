package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/secret"
)

// openRing reads the master keys from the data folder, making the first one when the folder is new.
// The file has one line per key version, "VERSION SUITE HEX", and must be readable by its owner alone.
func openRing(dir string) (_ *seal.Ring, err error) {
	defer fault.Wrap(&err, "master keys in %s", dir)
	path := filepath.Join(dir, "keys")
	text, err := secret.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKeys(path); err != nil {
			return nil, err
		}
		text, err = secret.Read(path)
	}
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(text)
	if err != nil {
		return nil, err
	}
	return seal.New(keys...)
}

func makeKeys(path string) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return secret.Keep(path, "1 aes "+hex.EncodeToString(key)+"\n")
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
