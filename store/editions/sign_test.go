package editions_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/ground/fault"
	"zhijian/store/editions"
)

func TestSigner(t *testing.T) {
	t.Parallel()
	dir, cat := t.TempDir(), loaded(t)
	s := editions.Open(dir)
	if key, err := s.Key(); key != nil || err != nil {
		t.Errorf("a shelf that signed nothing has the key %v (%v)", key, err)
	}
	m := computed(t, s, editions.Manifest{Name: "2015"}, facts(5))
	key, err := s.Key()
	if err != nil || len(key) != ed25519.PublicKeySize {
		t.Fatal(key, err)
	}
	for _, trusted := range []editions.Key{nil, key} {
		if by, err := s.Signer("2015", trusted); err != nil || by.String() != key.String() {
			t.Errorf("%v %v", by, err)
		}
	}
	place := func(name string) string { return filepath.Join(dir, "observatory", "2015", name) }
	info, err := os.Stat(filepath.Join(dir, "observatory", "signing.key"))
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the key is no secret: %v %v", info.Mode(), err)
	}
	line, err := os.ReadFile(place("manifest.sig"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(place("manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := hex.DecodeString(strings.Fields(string(line))[2])
	if err != nil || !ed25519.Verify(ed25519.PublicKey(key), manifest, signed) {
		t.Errorf("others cannot check the signature: %s (%v)", line, err)
	}

	other := editions.Open(t.TempDir())
	computed(t, other, editions.Manifest{Name: "x"}, facts(1))
	foreign, err := other.Key()
	if err != nil {
		t.Fatal(err)
	}
	if by, err := s.Signer("2015", foreign); !fault.Is(err, fault.KindConflict) || by.String() != key.String() {
		t.Errorf("another key than the one trusted: %v %v", by, err)
	}
	forge(t, place("manifest.json"), m.CodeVersion, m.CodeVersion+"x")
	code(t, s, "edition.forged")
	forge(t, place("manifest.json"), m.CodeVersion+"x", m.CodeVersion)
	for name, text := range map[string]string{"cut": string(line[:len(line)/2]), "of another": strings.Replace(string(line), key.String(), foreign.String(), 1), "empty": ""} {
		if err := os.WriteFile(place("manifest.sig"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Signer("2015", nil); !fault.Is(err, fault.KindConflict) || fault.Of(err).Code != "edition.forged" {
			t.Errorf("a signature that is %s: %v", name, err)
		}
	}
	if err := os.Remove(place("manifest.sig")); err != nil {
		t.Fatal(err)
	}
	code(t, s, "edition.unsigned")
	computed(t, s, editions.Manifest{Name: "2015"}, facts(5))
	if by, err := s.Signer("2015", nil); err != nil || by.String() != key.String() {
		t.Errorf("computing again does not sign with the same key: %v %v", by, err)
	}
	if d, _, err := s.Verify("2015", cat); d != nil || err != nil {
		t.Error(d, err)
	}
	if err := os.Chmod(filepath.Join(dir, "observatory", "signing.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save("2015", "test", nil); err == nil || !strings.Contains(err.Error(), "chmod 400") {
		t.Errorf("a key that others can read signs: %v", err)
	}
}

func code(t *testing.T, s *editions.Shelf, want string) {
	t.Helper()
	if _, err := s.Signer("2015", nil); fault.Of(err) == nil || fault.Of(err).Code != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0f", 32)
	for _, text := range []string{good, " " + good + "\n", "ed25519 " + good, "ed25519 " + good + " " + good + good} {
		if k, err := editions.ParseKey(text); err != nil || k.String() != good {
			t.Errorf("%q: %v %v", text, k, err)
		}
	}
	for _, text := range []string{"", "ed25519", good[1:], good + "00", "xyz"} {
		if _, err := editions.ParseKey(text); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q is taken for a key (%v)", text, err)
		}
	}
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	dir, cat := t.TempDir(), loaded(t)
	s := editions.Open(dir)
	for name, m := range map[string]editions.Manifest{"no reason": {Name: "b", Corrects: "a"}, "nothing corrected": {Name: "b", Reason: "r"}, "itself": {Name: "b", Corrects: "b", Reason: "r"}} {
		if _, err := s.Put(m, facts(5), false); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	correcting := editions.Manifest{Name: "b", Corrects: "a", Reason: "a month was counted twice"}
	if _, err := s.Put(correcting, facts(6), false); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("no such edition: %v", err)
	}
	if _, err := s.Put(editions.Manifest{Name: "a"}, facts(5), false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(correcting, facts(6), false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save("b", "test", nil); !fault.Is(err, fault.KindConflict) {
		t.Errorf("what is corrected was never computed: %v", err)
	}
	computed(t, s, editions.Manifest{Name: "a"}, facts(5))
	m := computed(t, s, correcting, facts(6))
	list, err := s.Corrections("b")
	if err != nil || len(list) == 0 || len(list) != m.Corrections {
		t.Fatalf("%d corrections, the manifest says %d (%v)", len(list), m.Corrections, err)
	}
	all, err := s.Compare("a", "b", 1<<20)
	if err != nil || len(all) != len(list) {
		t.Errorf("compare finds %d, the list has %d (%v)", len(all), len(list), err)
	}
	if d, _, err := s.Verify("b", cat); d != nil || err != nil {
		t.Fatal(d, err)
	}
	path, err := filepath.Glob(filepath.Join(dir, "observatory", "b", "exhibits-*", "corrections.jsonl"))
	if err != nil || len(path) != 1 {
		t.Fatal(path, err)
	}
	was, err := json.Marshal(list[0])
	if err != nil {
		t.Fatal(err)
	}
	forge(t, path[0], string(was)+"\n", "")
	if d, _, err := s.Verify("b", cat); d == nil || err != nil || !strings.Contains(d.String(), "corrections") {
		t.Errorf("a list that was cut: %v %v", d, err)
	}
	if _, err := s.Corrections("b"); err == nil {
		t.Error("a list that was cut is shown")
	}
	if list, err := s.Corrections("a"); list != nil || err != nil {
		t.Error("an edition that corrects nothing has corrections", list, err)
	}
}
