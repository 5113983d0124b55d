package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"os"
	"strings"

	"zhijian/ground/fault"
)

// leastVisitKey is how many characters a key has at least: 32 of base 64 are 192 bits.
const leastVisitKey = 32

// visitKeys are who may post visits. Only hashes of the keys are kept, so that nothing of them can come into a log or a dump.
type visitKeys []visitKey

type visitKey struct {
	name string
	hash [sha256.Size]byte
}

// readVisitKeys reads lines "NAME KEY" from a file that its owner alone may read; empty lines and those that begin with # say nothing. No
// path, no keys: the door is closed.
func readVisitKeys(path string) (_ visitKeys, err error) {
	if path == "" {
		return nil, nil
	}
	defer fault.Wrap(&err, "keys of those who may post visits")
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: mode is %v: others can read it; chmod 400", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var keys visitKeys
	seen := map[string]bool{}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
			continue
		case len(fields) != 2:
			return nil, fmt.Errorf("%s: line %d: want NAME KEY", path, n)
		case len(fields[1]) < leastVisitKey:
			return nil, fmt.Errorf("%s: line %d: the key has fewer than %d characters; openssl rand -base64 33 makes one", path, n, leastVisitKey)
		case seen[fields[0]] || seen[fields[1]]:
			return nil, fmt.Errorf("%s: line %d: the name or the key is there twice", path, n)
		}
		seen[fields[0]], seen[fields[1]] = true, true
		keys = append(keys, visitKey{name: fields[0], hash: sha256.Sum256([]byte(fields[1]))})
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s: there is no key in it", path)
	}
	return keys, nil
}

// holder gives the name of who holds a key. It takes the same time whichever key is given and however much of it is right.
func (k visitKeys) holder(key string) (name string, err error) {
	if len(k) == 0 {
		return "", fault.Denied("visits.closed", "本平台没有开放访问量接收接口。需要接入的，请联系平台运营方配置密钥")
	}
	given := sha256.Sum256([]byte(key))
	for _, one := range k {
		if subtle.ConstantTimeCompare(given[:], one.hash[:]) == 1 {
			name = one.name
		}
	}
	if name == "" {
		return "", fault.Denied("visits.key", "访问量接收密钥不对。请核对后再发，或联系平台运营方")
	}
	return name, nil
}
