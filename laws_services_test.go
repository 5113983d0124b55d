package zhijian

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDefinitionsAreImmutable: cases stand on a version of a definition by its number, so what a number means never changes once it is
// published. A change is a new version; the old one stays as <id>@<version>.yaml. The file's own tests are no part of what it means.
func TestDefinitionsAreImmutable(t *testing.T) {
	files, err := filepath.Glob("catalog/services/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no definitions: %v", err)
	}
	head := regexp.MustCompile(`(?m)^(id|version): (\S+)`)
	tests := regexp.MustCompile(`(?m)^tests:\n(?:[ \t#-].*\n|\n)*`)
	now := map[string]string{}
	for _, f := range files {
		text := read(t, f)
		name := map[string]string{}
		for _, m := range head.FindAllStringSubmatch(text, -1) {
			name[m[1]] = m[2]
		}
		sum := sha256.Sum256([]byte(tests.ReplaceAllString(text, "")))
		now[name["id"]+"@"+name["version"]] = hex.EncodeToString(sum[:])
	}
	const kept = "catalog/services/SHA256SUMS"
	if os.Getenv("PUBLISH") != "" { // all that is there now is published: for new definitions, never to hide an edit
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(now)) {
			b.WriteString(now[name] + "  " + name + "\n")
		}
		if err := os.WriteFile(kept, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listed := map[string]bool{}
	for line := range strings.Lines(read(t, kept)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		listed[name] = true
		switch {
		case now[name] == "":
			t.Errorf("%s was published and is gone: keep it as catalog/services/%s.yaml, cases may stand on it", name, name)
		case now[name] != sum:
			t.Errorf("%s was edited after it was published: raise its version and keep the old file as catalog/services/%s.yaml", name, name)
		}
	}
	for name, sum := range now {
		if !listed[name] {
			t.Errorf("%s is new: add the line %q to %s when it is published", name, sum+"  "+name, kept)
		}
	}
}
